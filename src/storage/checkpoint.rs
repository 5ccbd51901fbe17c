//! A place that a patrol passes, known by the code that hangs there.

use sea_orm::DbBackend;
use sea_orm::entity::prelude::*;

use super::inspected;
use crate::base::Scope;
use crate::base::id::*;

/// A place that a patrol passes, known by the code that hangs there.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "checkpoint")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CheckpointId,
    /// The community of the building.
    pub community_id: CommunityId,
    /// The building whose patrols pass it.
    pub building_id: BuildingId,
    /// The shop or other unit where it is.
    pub unit_id: Option<UnitId>,
    /// The code that is scanned, unique in the community.
    pub code: String,
    /// Where it is, in words.
    pub place: String,
    /// Its place in the round.
    pub position: i32,
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
    /// The checkpoints that `scope` sees; the only way to load any.
    #[must_use]
    pub fn visible_to(scope: &Scope, backend: DbBackend) -> Select<Self> {
        let sight = &scope.inspections;
        Self::find().filter(inspected::seen(sight, backend, Column::CommunityId, Column::BuildingId))
    }
}
