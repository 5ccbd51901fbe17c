//! How often a building is to be patrolled, and by whom.

use sea_orm::DbBackend;
use sea_orm::entity::prelude::*;

use super::inspected;
use crate::base::Scope;
use crate::base::id::*;

/// How often a building is to be patrolled, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "patrol_plan")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PatrolPlanId,
    /// The community of the building.
    pub community_id: CommunityId,
    /// The building, with its shops.
    pub building_id: BuildingId,
    /// Who owes the patrols; none: those in whose charge the building is.
    pub staff_id: Option<StaffId>,
    /// How many patrols a week are owed, on distinct days.
    pub times_a_week: i32,
    /// The first day on which patrols are owed.
    pub from_on: Date,
    /// The last one.
    pub to_on: Option<Date>,
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
    /// The plans that `scope` sees; the only way to load any.
    #[must_use]
    pub fn visible_to(scope: &Scope, backend: DbBackend) -> Select<Self> {
        let sight = &scope.inspections;
        let seen = inspected::seen(sight, backend, Column::CommunityId, Column::BuildingId);
        Self::find().filter(seen.add_option(sight.staff.map(|own| Column::StaffId.eq(own))))
    }
}
