//! Compliance: patrols done ÷ owed, by building and week.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, Days, NaiveDate};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::base::id::{BuildingId, CommunityId};
use crate::domain::{Domain, Refusal, Result, Viewer, row};
use crate::storage::patrol::{Column, Entity, State};
use crate::storage::{among, building, community, patrol_plan};

/// The most weeks that are told at once.
const WEEKS_MAX: i32 = 53;

/// What was owed and done in a building in a week, Monday to Sunday in the community's time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compliance {
    /// The building.
    pub building: building::Model,
    /// The week's Monday.
    pub week_of: NaiveDate,
    /// How many patrols were owed.
    pub owed: usize,
    /// The days with a complete patrol.
    pub days: BTreeSet<NaiveDate>,
}

impl Compliance {
    /// Done ÷ owed in whole percent, rounded down and at most 100, so that one building's zeal hides no other's lack;
    /// nothing where nothing was owed.
    #[must_use]
    pub fn percent(&self) -> Option<i32> {
        let counted = self.days.len().min(self.owed);
        (counted * 100).checked_div(self.owed).and_then(|percent| i32::try_from(percent).ok())
    }
}

/// The compliance of a community's buildings that the viewer sees, building by building, from the week of a day on. A
/// building without a plan and without a patrol is left out.
///
/// # Errors
/// When it is asked for wrongly or the database fails.
pub async fn compliance(
    domain: &Domain,
    viewer: &Viewer,
    id: CommunityId,
    week_of: NaiveDate,
    weeks: i32,
) -> Result<Vec<Compliance>> {
    if !(1..=WEEKS_MAX).contains(&weeks) {
        let message = format!("{weeks} weeks cannot be told; ask for 1 to {WEEKS_MAX}");
        return Err(Refusal::invalid("weeks", message).into());
    }
    if !(1900..2200).contains(&week_of.year()) {
        let message = format!("{week_of} is not a day that is kept here; the year goes from 1900 to 2199");
        return Err(Refusal::invalid("weekOf", message).into());
    }
    let (db, backend) = (domain.db.read(), domain.db.backend());
    let community = row::find::<community::Entity>(domain, viewer, db, "communityId", id).await?;
    let mondays = mondays(week_of, weeks);
    let (Some(first), Some(last)) = (mondays.first().copied(), mondays.last().map(|day| sunday(*day))) else {
        return Ok(Vec::new());
    };
    let plans = patrol_plan::Entity::visible_to(&viewer.scope, backend)
        .filter(patrol_plan::Column::CommunityId.eq(community.id))
        .filter(patrol_plan::Column::FromOn.lte(last))
        .filter(
            sea_orm::Condition::any()
                .add(patrol_plan::Column::ToOn.is_null())
                .add(patrol_plan::Column::ToOn.gte(first)),
        )
        .all(db)
        .await?;
    let walked = Entity::visible_to(&viewer.scope, backend)
        .filter(Column::CommunityId.eq(community.id))
        .filter(Column::State.eq(State::Finished))
        .filter(Column::Complete.eq(true))
        .filter(Column::OnDay.between(first, last))
        .select_only()
        .column(Column::BuildingId)
        .column(Column::OnDay)
        .distinct()
        .into_tuple::<(BuildingId, NaiveDate)>()
        .all(db)
        .await?;
    let concerned = plans.iter().map(|plan| plan.building_id).chain(walked.iter().map(|(id, _)| *id));
    let concerned = concerned.collect::<BTreeSet<_>>();
    let buildings = building::Entity::visible_to(&viewer.scope, backend)
        .filter(among(backend, building::Column::Id, concerned))
        .order_by_asc(building::Column::Name)
        .order_by_asc(building::Column::Id)
        .all(db)
        .await?;
    let mut days: HashMap<BuildingId, BTreeSet<NaiveDate>> = HashMap::new();
    for (building, day) in walked {
        days.entry(building).or_default().insert(day);
    }
    let none = BTreeSet::new();
    let rows = buildings.iter().flat_map(|building| {
        let plans = plans.iter().filter(|plan| plan.building_id == building.id).collect::<Vec<_>>();
        let done = days.get(&building.id).unwrap_or(&none);
        mondays.iter().map(move |monday| Compliance {
            building: building.clone(),
            week_of: *monday,
            owed: owed(&plans, *monday),
            days: done.range(*monday..=sunday(*monday)).copied().collect(),
        })
    });
    Ok(rows.collect())
}

/// What plans ask for in a week: as often as the busiest of them says, and no more often than there are days with one.
fn owed(plans: &[&patrol_plan::Model], monday: NaiveDate) -> usize {
    let asks = |day: NaiveDate| {
        let on =
            plans.iter().filter(move |plan| plan.from_on <= day && plan.to_on.is_none_or(|last| day <= last));
        on.map(|plan| plan.times_a_week).max()
    };
    let days = monday.iter_days().take(7).filter_map(asks).collect::<Vec<_>>();
    let most = days.iter().max().and_then(|times| usize::try_from(*times).ok()).unwrap_or(0);
    most.min(days.len())
}

fn mondays(day: NaiveDate, weeks: i32) -> Vec<NaiveDate> {
    let first = day - Days::new(u64::from(day.weekday().num_days_from_monday()));
    (0..weeks.unsigned_abs()).map(|week| first + Days::new(7 * u64::from(week))).collect()
}

fn sunday(monday: NaiveDate) -> NaiveDate {
    monday + Days::new(6)
}
