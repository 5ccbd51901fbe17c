//! A department or crew of a community (部门、班组).

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{Condition, DbBackend};

use super::among;
use crate::base::Scope;
use crate::base::id::*;

/// What a team does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// 客户服务.
    CustomerService,
    /// 工程.
    Engineering,
    /// 保安.
    Security,
    /// 保洁.
    Cleaning,
    /// 绿化.
    Greening,
    /// 财务.
    Finance,
    /// Anything else.
    Other,
}

/// A department or crew of a community (部门、班组).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "team")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TeamId,
    /// The community it belongs to.
    pub community_id: CommunityId,
    /// What it does.
    pub kind: Kind,
    /// Its name, unique in the community.
    pub name: String,
    /// Who leads it.
    pub lead_id: Option<StaffId>,
    /// Whether it is an outside contractor (外单位).
    pub contractor: bool,
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
    /// The teams that `scope` sees; the only way to load any.
    #[must_use]
    pub fn visible_to(scope: &Scope, backend: DbBackend) -> Select<Self> {
        let sight = &scope.staff;
        Self::find().filter(
            Condition::any()
                .add(Expr::value(sight.everywhere))
                .add(among(backend, Column::CommunityId, sight.communities.iter().copied()))
                .add(among(backend, Column::Id, sight.teams.iter().copied())),
        )
    }
}
