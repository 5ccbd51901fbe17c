//! A building in a member of staff's charge (分管楼宇).

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{Condition, DbBackend};

use super::among;
use crate::base::Scope;
use crate::base::id::*;

/// A building in a member of staff's charge (分管楼宇).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "charge")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ChargeId,
    /// The community of the building.
    pub community_id: CommunityId,
    /// Who is in charge.
    pub staff_id: StaffId,
    /// Of which building.
    pub building_id: BuildingId,
    /// Since when.
    pub created_at: DateTimeUtc,
    /// When it ended; it is kept.
    pub closed_at: Option<DateTimeUtc>,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The charges that `scope` sees; the only way to load any.
    #[must_use]
    pub fn visible_to(scope: &Scope, backend: DbBackend) -> Select<Self> {
        let sight = &scope.staff;
        let mut any = Condition::any().add(Expr::value(sight.everywhere)).add(among(
            backend,
            Column::CommunityId,
            sight.communities.iter().copied(),
        ));
        if let Some(own) = sight.own {
            any = any.add(Column::StaffId.eq(own));
        }
        Self::find().filter(any)
    }
}
