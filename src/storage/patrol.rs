//! One walk through a building (巡查).

use sea_orm::DbBackend;
use sea_orm::entity::prelude::*;

use super::inspected;
use crate::base::Scope;
use crate::base::id::*;

/// Where a patrol stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Somebody is walking it.
    UnderWay,
    /// It was walked to its end.
    Finished,
    /// It was begun and never finished.
    Abandoned,
}

/// One walk through a building (巡查).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "patrol")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PatrolId,
    /// The community of the building.
    pub community_id: CommunityId,
    /// The building.
    pub building_id: BuildingId,
    /// The plan under which it was owed.
    pub plan_id: Option<PatrolPlanId>,
    /// Who walked it.
    pub staff_id: StaffId,
    /// The phone's own id of a patrol that was sent later.
    pub client_id: Option<String>,
    /// Where it stands.
    pub state: State,
    /// The day of its start, in the community's time zone.
    pub on_day: Date,
    /// When it began.
    pub started_at: DateTimeUtc,
    /// When it was finished.
    pub finished_at: Option<DateTimeUtc>,
    /// Whether it was finished with every checkpoint passed.
    pub complete: bool,
    /// What there is to say of it.
    pub remarks: Option<String>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// What compare-and-set compares.
    pub version: i32,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Somebody is walking it.
pub(crate) fn under_way() -> Expr {
    Column::State.eq(State::UnderWay)
}

impl Entity {
    /// The patrols that `scope` sees; the only way to load any.
    #[must_use]
    pub fn visible_to(scope: &Scope, backend: DbBackend) -> Select<Self> {
        let sight = &scope.inspections;
        let seen = inspected::seen(sight, backend, Column::CommunityId, Column::BuildingId);
        Self::find().filter(seen.add_option(sight.staff.map(|own| Column::StaffId.eq(own))))
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_value())
    }
}
