//! Patrols as they are walked: begun, past the checkpoints, to their end.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, Select};

use super::checkpoint::CODE_MAX;
use super::policy::{self, Act, Relation};
use super::{TEXT_MAX, staff_of};
use crate::base::id::{BuildingId, CheckpointId, CommunityId, PatrolId, PatrolPlanId, StaffId};
use crate::domain::list::listed;
use crate::domain::{Domain, Once, Refusal, Result, Tx, Viewer, clean, required, row, viewer};
use crate::storage::checkpoint::{self, Model as Checkpoint};
use crate::storage::patrol::{Column, Entity, Model as Patrol, State};
use crate::storage::{among, building, patrol_plan, patrol_step};

/// Which patrols; every part that is set narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of one of these communities.
    pub communities: Option<Vec<CommunityId>>,
    /// Of one of these buildings.
    pub buildings: Option<Vec<BuildingId>>,
    /// Walked by one of these.
    pub staff: Option<Vec<StaffId>>,
    /// In one of these states.
    pub states: Option<Vec<State>>,
    /// Finished with every checkpoint passed, or not.
    pub complete: Option<bool>,
    /// Begun on or after this day.
    pub from: Option<NaiveDate>,
    /// Begun on or before this day.
    pub to: Option<NaiveDate>,
}

listed! {
    /// By when it began.
    Started => StartedAt,
}

fn visible(domain: &Domain, viewer: &Viewer, filter: &Filter) -> Select<Entity> {
    let backend = domain.db.backend();
    let communities = filter.communities.as_ref();
    let buildings = filter.buildings.as_ref();
    let staff = filter.staff.as_ref();
    let states = filter.states.as_ref();
    let narrowed = Condition::all()
        .add_option(communities.map(|ids| among(backend, Column::CommunityId, ids.iter().copied())))
        .add_option(buildings.map(|ids| among(backend, Column::BuildingId, ids.iter().copied())))
        .add_option(staff.map(|ids| among(backend, Column::StaffId, ids.iter().copied())))
        .add_option(states.map(|states| Column::State.is_in(states.iter().copied())))
        .add_option(filter.complete.map(|complete| Column::Complete.eq(complete)))
        .add_option(filter.from.map(|day| Column::OnDay.gte(day)))
        .add_option(filter.to.map(|day| Column::OnDay.lte(day)));
    Entity::visible_to(&viewer.scope, backend).filter(narrowed)
}

/// Begins a patrol of a building.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn start(
    domain: &Domain,
    viewer: &Viewer,
    building: BuildingId,
    once: Option<&Once>,
) -> Result<Patrol> {
    let house =
        row::find::<building::Entity>(domain, viewer, domain.db.read(), "input.buildingId", building).await?;
    policy::check(&Relation::of(viewer, house.community_id, Some(house.id), None), Act::Patrol)?;
    let now = domain.clock.now();
    let patrol = Patrol {
        id: domain.clock.id(),
        community_id: house.community_id,
        building_id: house.id,
        plan_id: plan_of(domain, house.id).await?,
        staff_id: staff_of(viewer)?,
        client_id: None,
        state: State::UnderWay,
        on_day: viewer::today(domain, house.community_id).await?,
        started_at: now,
        finished_at: None,
        complete: false,
        remarks: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let tx = domain.begin().await?;
    if let Some(before) = tx.claim(viewer, once, patrol.id.uuid()).await? {
        return row::made_before::<Entity>(domain, viewer, &tx, before).await;
    }
    row::keep_open::<building::Entity>(&tx, "input.buildingId", patrol.building_id).await?;
    let message = || format!("you are on a patrol of {} already; finish that one first", house.name);
    let made = patrol.into_active_model().insert(&tx.db).await;
    let made = made.map_err(row::taken("input.buildingId", message))?;
    tx.commit().await?;
    Ok(made)
}

/// Passes the checkpoint with this code. Scanned again, it stays passed since the first time.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn pass(domain: &Domain, viewer: &Viewer, id: PatrolId, code: &str) -> Result<Patrol> {
    let code = required("input.code", code, CODE_MAX)?;
    let tx = domain.begin().await?;
    let patrol = lock_own(domain, viewer, &tx, id).await?;
    let now = domain.clock.now();
    let points = coded(&tx.db, patrol.community_id, [code.as_str()]).await?;
    let point = match hanging(&points, &code, patrol.building_id, now) {
        Ok(point) => point,
        Err(elsewhere) => return Err(not_here(&tx.db, "input.code", &code, elsewhere).await?.into()),
    };
    let passed = patrol_step::Entity::find()
        .filter(patrol_step::Column::PatrolId.eq(patrol.id))
        .filter(patrol_step::Column::CheckpointId.eq(point.id));
    if !row::any(&tx.db, passed).await? {
        let step = patrol_step::Model {
            id: domain.clock.id(),
            community_id: patrol.community_id,
            patrol_id: patrol.id,
            checkpoint_id: point.id,
            passed_at: now,
            created_at: now,
        };
        step.into_active_model().insert(&tx.db).await?;
    }
    tx.commit().await?;
    Ok(patrol)
}

/// Ends a patrol. It is complete when every checkpoint of the building has been passed.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn finish(
    domain: &Domain,
    viewer: &Viewer,
    id: PatrolId,
    expected_version: Option<i32>,
    remarks: Option<&str>,
) -> Result<Patrol> {
    let remarks = clean("input.remarks", remarks, TEXT_MAX)?;
    let tx = domain.begin().await?;
    let was = lock_own(domain, viewer, &tx, id).await?;
    row::expect_version::<Entity>(&was, expected_version)?;
    let now = domain.clock.now();
    let steps = patrol_step::Entity::find().filter(patrol_step::Column::PatrolId.eq(id)).all(&tx.db).await?;
    let passed = steps.into_iter().map(|step| step.checkpoint_id).collect();
    let mut patrol = was.clone();
    patrol.state = State::Finished;
    patrol.finished_at = Some(now);
    patrol.complete = is_complete(&tx, &patrol, &passed).await?;
    patrol.remarks = remarks;
    let saved = row::save::<Entity>(domain, &tx, &was, patrol).await?;
    tx.commit().await?;
    Ok(saved)
}

/// Whether every checkpoint that hung in the building at the patrol's end was passed.
pub(super) async fn is_complete(
    tx: &Tx<'_>,
    patrol: &Patrol,
    passed: &HashSet<CheckpointId>,
) -> Result<bool> {
    let Some(end) = patrol.finished_at else { return Ok(false) };
    let points = checkpoint::Entity::find().filter(checkpoint::Column::BuildingId.eq(patrol.building_id));
    let points = points.all(&tx.db).await?;
    Ok(points.iter().filter(|point| hung(point, end)).all(|point| passed.contains(&point.id)))
}

/// The viewer's own patrol that is still under way, locked.
pub(super) async fn lock_own(domain: &Domain, viewer: &Viewer, tx: &Tx<'_>, id: PatrolId) -> Result<Patrol> {
    let patrol = row::lock::<Entity>(domain, viewer, tx, "input.patrolId", id).await?;
    check_own(viewer, &patrol)?;
    Ok(patrol)
}

/// Whether the viewer is walking this patrol.
pub(super) fn check_own(viewer: &Viewer, patrol: &Patrol) -> Result<()> {
    if viewer.staff_id() != Some(patrol.staff_id) {
        return Err(Refusal::forbidden("only who began a patrol goes on with it").into());
    }
    if patrol.state != State::UnderWay {
        let message = format!("the patrol is {} and no longer under way; begin a new one", patrol.state);
        return Err(Refusal::invalid("input.patrolId", message).into());
    }
    Ok(())
}

/// The plan under which patrols of a building are owed, whoever sees it.
pub(super) async fn plan_of(domain: &Domain, building: BuildingId) -> Result<Option<PatrolPlanId>> {
    let plan = patrol_plan::Entity::find()
        .filter(patrol_plan::Column::BuildingId.eq(building))
        .filter(patrol_plan::Column::ClosedAt.is_null())
        .one(domain.db.read())
        .await?;
    Ok(plan.map(|plan| plan.id))
}

/// The checkpoints of a community with these codes, seen or not: whoever scans a code stands before it.
pub(super) async fn coded<'a>(
    db: &impl sea_orm::ConnectionTrait,
    community: CommunityId,
    codes: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<Checkpoint>> {
    let points = checkpoint::Entity::find()
        .filter(checkpoint::Column::CommunityId.eq(community))
        .filter(checkpoint::Column::Code.is_in(codes));
    Ok(points.all(db).await?)
}

/// The checkpoint with this code that hung in the building at a moment; else the building where it hung.
pub(super) fn hanging<'a>(
    points: &'a [Checkpoint],
    code: &str,
    building: BuildingId,
    at: DateTime<Utc>,
) -> std::result::Result<&'a Checkpoint, Option<BuildingId>> {
    match points.iter().find(|point| point.code == code && hung(point, at)) {
        Some(point) if point.building_id == building => Ok(point),
        other => Err(other.map(|point| point.building_id)),
    }
}

/// Why a code cannot be passed: it hangs nowhere, or in another building.
pub(super) async fn not_here(
    db: &impl sea_orm::ConnectionTrait,
    field: &str,
    code: &str,
    elsewhere: Option<BuildingId>,
) -> Result<Refusal> {
    let house = match elsewhere {
        Some(id) => building::Entity::find_by_id(id).one(db).await?,
        None => None,
    };
    let message = match house {
        Some(house) => format!("the code {code} hangs in {}, which this patrol does not walk", house.name),
        None => format!("no checkpoint of this community has the code {code}"),
    };
    Ok(Refusal::invalid(field, message))
}

/// Whether a checkpoint hung in its place at a moment.
pub(in crate::domain) fn hung(point: &Checkpoint, at: DateTime<Utc>) -> bool {
    point.created_at <= at && point.closed_at.is_none_or(|closed| closed > at)
}
