//! Patrol plans: how often a building is to be patrolled, and by whom.

use chrono::NaiveDate;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    Select,
};

use super::policy::{self, Act, Relation};
use crate::base::id::{BuildingId, CommunityId, PatrolPlanId, StaffId};
use crate::domain::list::listed;
use crate::domain::{Change, Domain, Once, Refusal, Result, Tx, Viewer, post, row, span, viewer};
use crate::storage::patrol_plan::{Column, Entity, Model as PatrolPlan};
use crate::storage::post::{Column as PostColumn, Entity as Posts, Role};
use crate::storage::{among, building, charge, staff};

/// Which plans; every part that is set narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of one of these communities.
    pub communities: Option<Vec<CommunityId>>,
    /// Of one of these buildings.
    pub buildings: Option<Vec<BuildingId>>,
    /// Also those that are closed.
    pub include_closed: bool,
}

/// What a new plan is.
#[derive(Clone, Debug)]
pub struct New {
    /// The building, with its shops.
    pub building: BuildingId,
    /// How many patrols a week are owed.
    pub times_a_week: i32,
    /// Who owes them; none: those in whose charge the building is.
    pub staff: Option<StaffId>,
    /// The first day on which they are owed; none: today.
    pub from_on: Option<NaiveDate>,
}

listed! {
    /// By when it was made.
    Created => CreatedAt,
}

fn visible(domain: &Domain, viewer: &Viewer, filter: &Filter) -> Select<Entity> {
    let backend = domain.db.backend();
    let communities = filter.communities.as_ref();
    let communities = communities.map(|ids| among(backend, Column::CommunityId, ids.iter().copied()));
    let buildings = filter.buildings.as_ref();
    let buildings = buildings.map(|ids| among(backend, Column::BuildingId, ids.iter().copied()));
    let narrowed = Condition::all()
        .add_option(communities)
        .add_option(buildings)
        .add_option((!filter.include_closed).then(|| Column::ClosedAt.is_null()));
    Entity::visible_to(&viewer.scope, backend).filter(narrowed)
}

/// Plans the patrols of a building.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn create(domain: &Domain, viewer: &Viewer, input: New, once: Option<&Once>) -> Result<PatrolPlan> {
    check_times(input.times_a_week)?;
    let db = domain.db.read();
    let house = row::find::<building::Entity>(domain, viewer, db, "input.buildingId", input.building).await?;
    policy::check(&Relation::of(viewer, house.community_id, Some(house.id), None), Act::Plan)?;
    check_owes(domain, viewer, db, (house.community_id, house.id), input.staff).await?;
    let today = viewer::today(domain, house.community_id).await?;
    let from_on = input.from_on.unwrap_or(today);
    span(("input.fromOn", from_on), ("input.fromOn", None))?;
    let now = domain.clock.now();
    let plan = PatrolPlan {
        id: domain.clock.id(),
        community_id: house.community_id,
        building_id: house.id,
        staff_id: input.staff,
        times_a_week: input.times_a_week,
        from_on,
        to_on: None,
        created_at: now,
        updated_at: now,
        closed_at: None,
        version: 1,
    };
    let message = || format!("{} has a patrol plan already; close that one first", house.name);
    let tx = domain.begin().await?;
    if let Some(before) = tx.claim(viewer, once, plan.id.uuid()).await? {
        return row::made_before::<Entity>(domain, viewer, &tx, before).await;
    }
    row::keep_open::<building::Entity>(&tx, "input.buildingId", plan.building_id).await?;
    keep_owing(&tx, plan.staff_id).await?;
    let made = plan.into_active_model().insert(&tx.db).await;
    let made = made.map_err(row::taken("input.buildingId", message))?;
    tx.commit().await?;
    Ok(made)
}

/// Changes who owes the patrols. How many there are stays as it is, since past weeks are measured by it.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn update(
    domain: &Domain,
    viewer: &Viewer,
    id: PatrolPlanId,
    expected_version: Option<i32>,
    staff: Change<Option<StaffId>>,
) -> Result<PatrolPlan> {
    let tx = domain.begin().await?;
    let was = row::lock::<Entity>(domain, viewer, &tx, "input.id", id).await?;
    policy::check(&Relation::of(viewer, was.community_id, Some(was.building_id), None), Act::Plan)?;
    row::expect_version::<Entity>(&was, expected_version)?;
    check_open(&was)?;
    if let Change::Set(staff) = staff {
        keep_owing(&tx, staff).await?;
        check_owes(domain, viewer, &tx.db, (was.community_id, was.building_id), staff).await?;
    }
    let mut plan = was.clone();
    staff.put(&mut plan.staff_id);
    let saved = row::save::<Entity>(domain, &tx, &was, plan).await?;
    tx.commit().await?;
    Ok(saved)
}

/// Ends a plan today; what it asked for so far stays owed.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn close(
    domain: &Domain,
    viewer: &Viewer,
    id: PatrolPlanId,
    expected_version: Option<i32>,
) -> Result<PatrolPlan> {
    let tx = domain.begin().await?;
    let was = row::lock::<Entity>(domain, viewer, &tx, "input.id", id).await?;
    policy::check(&Relation::of(viewer, was.community_id, Some(was.building_id), None), Act::Plan)?;
    row::expect_version::<Entity>(&was, expected_version)?;
    check_open(&was)?;
    let mut plan = was.clone();
    let now = domain.clock.now();
    plan.closed_at = Some(now);
    plan.to_on = Some(viewer::clocks(domain, was.community_id).await?.day(now));
    let saved = row::save::<Entity>(domain, &tx, &was, plan).await?;
    tx.commit().await?;
    Ok(saved)
}

/// Whoever is named does not leave meanwhile.
async fn keep_owing(tx: &Tx<'_>, id: Option<StaffId>) -> Result<()> {
    match id {
        Some(id) => row::keep_open::<staff::Entity>(tx, "input.staffId", id).await,
        None => Ok(()),
    }
}

/// Whoever is named can patrol there.
async fn check_owes(
    domain: &Domain,
    viewer: &Viewer,
    db: &impl ConnectionTrait,
    (community, building): (CommunityId, BuildingId),
    id: Option<StaffId>,
) -> Result<()> {
    let named = row::find_named::<staff::Entity>(domain, viewer, db, "input.staffId", id).await?;
    let Some(named) = named else { return Ok(()) };
    let posts = Posts::find()
        .filter(PostColumn::StaffId.eq(named.id))
        .filter(PostColumn::CommunityId.eq(community))
        .filter(post::not_over(domain.today()))
        .all(db)
        .await?;
    let charged = charge::Entity::find()
        .filter(charge::Column::StaffId.eq(named.id))
        .filter(charge::Column::BuildingId.eq(building))
        .filter(charge::Column::ClosedAt.is_null());
    let relation = Relation {
        roles: posts.iter().map(|post| post.role).collect::<Vec<Role>>(),
        in_charge: row::any(db, charged).await?,
        own_team: false,
    };
    if policy::may(&relation, Act::Patrol) {
        return Ok(());
    }
    let message = format!(
        "{} cannot patrol this building; name a SUPERVISOR of the community or an ASSISTANT in charge of it",
        named.name
    );
    Err(Refusal::invalid("input.staffId", message).into())
}

fn check_times(times: i32) -> Result<()> {
    if (1..=7).contains(&times) {
        return Ok(());
    }
    let message = format!("{times} patrols a week do not fit on distinct days; ask for 1 to 7");
    Err(Refusal::invalid("input.timesAWeek", message).into())
}

fn check_open(plan: &PatrolPlan) -> Result<()> {
    match plan.closed_at {
        None => Ok(()),
        Some(at) => {
            let message = format!("the plan was closed at {} already", at.to_rfc3339());
            Err(Refusal::invalid("input.id", message).into())
        }
    }
}
