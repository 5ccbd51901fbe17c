//! A look at a patrolled building or at a team's service (抽查).

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, DbBackend};

use super::among;
use crate::base::Scope;
use crate::base::id::*;

/// A look at a patrolled building or at a team's service (抽查).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "spot_check")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SpotCheckId,
    /// The community of what was looked at.
    pub community_id: CommunityId,
    /// The building that was looked at.
    pub building_id: Option<BuildingId>,
    /// The team that was looked at.
    pub team_id: Option<TeamId>,
    /// The patrol of the building that was looked at.
    pub patrol_id: Option<PatrolId>,
    /// Who looked and judged.
    pub staff_id: StaffId,
    /// 0 to 100.
    pub score: i32,
    /// What was seen.
    pub remarks: String,
    /// When it was published (通报).
    pub published_at: Option<DateTimeUtc>,
    /// The day by which things are to be put right.
    pub rectify_by: Option<Date>,
    /// What was put right.
    pub rectification: Option<String>,
    /// When that was reported.
    pub rectified_at: Option<DateTimeUtc>,
    /// Who reported it.
    pub rectified_by_id: Option<StaffId>,
    /// When it was confirmed.
    pub confirmed_at: Option<DateTimeUtc>,
    /// Who confirmed it.
    pub confirmed_by_id: Option<StaffId>,
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
    /// The spot checks that `scope` sees, until they are published only those who judge and their superiors; the only
    /// way to load any.
    #[must_use]
    pub fn visible_to(scope: &Scope, backend: DbBackend) -> Select<Self> {
        let sight = &scope.inspections;
        let to_staff = Expr::value(sight.published_everywhere).or(among(
            backend,
            Column::CommunityId,
            sight.published_in.iter().copied(),
        ));
        let seen = Condition::any()
            .add(Expr::value(sight.everywhere))
            .add(among(backend, Column::CommunityId, sight.communities.iter().copied()))
            .add_option(sight.staff.map(|own| Column::StaffId.eq(own)))
            .add(Column::PublishedAt.is_not_null().and(to_staff));
        Self::find().filter(seen)
    }
}
