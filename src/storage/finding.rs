//! What a patrol or a spot check came across.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, DbBackend, QuerySelect};

use super::{inspected, spot_check};
use crate::base::Scope;
use crate::base::id::*;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Severity {
    /// It looks bad.
    Minor,
    /// It does not work.
    Major,
    /// Somebody may come to harm.
    Danger,
}

/// What looking again brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CheckResult {
    /// It is as it should be.
    Mended,
    /// It is not.
    NotMended,
}

/// What a patrol or a spot check came across.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "finding")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FindingId,
    /// The community.
    pub community_id: CommunityId,
    /// The building; none where a team was looked at.
    pub building_id: Option<BuildingId>,
    /// The shop or other unit.
    pub unit_id: Option<UnitId>,
    /// The patrol that came across it.
    pub patrol_id: Option<PatrolId>,
    /// The spot check that came across it.
    pub spot_check_id: Option<SpotCheckId>,
    /// The ticket that it raised.
    pub ticket_id: Option<TicketId>,
    /// Who found it.
    pub found_by_id: StaffId,
    /// The place, in words.
    pub place: Option<String>,
    /// What was found.
    pub what: String,
    /// How bad it is.
    pub severity: Severity,
    /// Whether it was mended on the spot, so that no ticket was needed.
    pub mended_on_spot: bool,
    /// When it was found.
    pub found_at: DateTimeUtc,
    /// When somebody last looked again.
    pub checked_at: Option<DateTimeUtc>,
    /// Who did.
    pub checked_by_id: Option<StaffId>,
    /// What that brought.
    pub check_result: Option<CheckResult>,
    /// What they said.
    pub check_remarks: Option<String>,
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

impl Entity {
    /// The findings that `scope` sees: a patrol's as the patrol, a spot check's with it; the only way to load any.
    #[must_use]
    pub fn visible_to(scope: &Scope, backend: DbBackend) -> Select<Self> {
        let sight = &scope.inspections;
        let of_patrol = inspected::seen(sight, backend, Column::CommunityId, Column::BuildingId)
            .add_option(sight.staff.map(|own| Column::FoundById.eq(own)));
        let of_patrol = Condition::all().add(Column::SpotCheckId.is_null()).add(of_patrol);
        let mut checks =
            spot_check::Entity::visible_to(scope, backend).select_only().column(spot_check::Column::Id);
        let checks = QuerySelect::query(&mut checks).take();
        Self::find().filter(Condition::any().add(of_patrol).add(Column::SpotCheckId.in_subquery(checks)))
    }
}
