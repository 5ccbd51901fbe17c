//! A shared or fire-safety installation (公共/消防设施).

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{Condition, DbBackend};

use super::among;
use crate::base::Scope;
use crate::base::id::*;

/// What a facility is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// 公共: all use it.
    Shared,
    /// 消防: it is there for a fire.
    FireSafety,
}

/// A shared or fire-safety installation (公共/消防设施).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "facility")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FacilityId,
    /// The community it belongs to.
    pub community_id: CommunityId,
    /// The building it is in or on; none: it is the community's.
    pub building_id: Option<BuildingId>,
    /// Shared, or for fire safety.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Where exactly, in words.
    pub place: Option<String>,
    /// What it is there for.
    pub purpose: Option<String>,
    /// The day of its next check.
    pub next_check_on: Option<Date>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// When it ended; it is kept.
    pub closed_at: Option<DateTimeUtc>,
    /// What compare-and-set compares.
    pub version: i32,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The facilities that `scope` sees, which are those of the register that it reads; the only way to load any.
    #[must_use]
    pub fn visible_to(scope: &Scope, backend: DbBackend) -> Select<Self> {
        let sight = &scope.register;
        Self::find().filter(Condition::any().add(Expr::value(sight.everywhere)).add(among(
            backend,
            Column::CommunityId,
            sight.communities.iter().copied(),
        )))
    }
}
