//! A stairwell of a building (单元).

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{Condition, DbBackend};

use super::among;
use crate::base::Scope;
use crate::base::id::*;

/// A stairwell of a building (单元).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "entrance")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EntranceId,
    /// The community it belongs to.
    pub community_id: CommunityId,
    /// The building.
    pub building_id: BuildingId,
    /// Its name, unique in the building.
    pub name: String,
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
    /// The entrances that `scope` sees; the only way to load any.
    #[must_use]
    pub fn visible_to(scope: &Scope, backend: DbBackend) -> Select<Self> {
        let sight = &scope.register;
        Self::find().filter(
            Condition::any()
                .add(Expr::value(sight.everywhere))
                .add(among(backend, Column::CommunityId, sight.communities.iter().copied()))
                .add(among(backend, Column::BuildingId, sight.own_buildings.iter().copied())),
        )
    }
}
