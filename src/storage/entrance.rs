//! A stairwell of a building (单元).

use sea_orm::entity::prelude::*;

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
    /// When it ended; it is kept.
    pub closed_at: Option<DateTimeUtc>,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
