//! A patrol that was walked without a line, from its start or from somewhere on: the phone sends it later, with its own
//! times, once.

use std::collections::HashSet;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::checkpoint::CODE_MAX;
use super::finding::{self, Found, Ready, Scene, Source};
use super::patrol::{coded, hanging, is_complete, lock_own, not_here, plan_of};
use super::policy::{self, Act, Relation};
use super::{TEXT_MAX, staff_of};
use crate::base::id::{BuildingId, CheckpointId, PatrolId, StaffId};
use crate::domain::attachment::{self, Prepared};
use crate::domain::{
    Domain, Error, Field, Once, Refusal, Result, Tx, Viewer, clean, find, required, row, viewer,
};
use crate::storage::patrol::{Column, Entity, Model as Patrol, State};
use crate::storage::{building, finding as findings, patrol_step};

/// How late a patrol may be sent.
const LATE_AT_MOST: TimeDelta = TimeDelta::days(7);

/// How long a patrol may take; one that was begun online is given up after as long.
const LONG_AT_MOST: TimeDelta = TimeDelta::hours(24);

/// The most checkpoints that one patrol passes.
const STEPS_MAX: usize = 500;

/// The most findings that one patrol brings.
const FINDINGS_MAX: usize = 100;

/// A patrol as the phone remembers it.
#[derive(Clone, Debug)]
pub struct Walked {
    /// The phone's own id of it.
    pub client_id: String,
    /// The patrol under way that it goes on with; none: it was walked without a line from its start.
    pub patrol: Option<PatrolId>,
    /// The building.
    pub building: BuildingId,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: DateTime<Utc>,
    /// What there is to say of it.
    pub remarks: Option<String>,
    /// What was passed.
    pub steps: Vec<Passed>,
    /// What was found, and when.
    pub findings: Vec<(DateTime<Utc>, Found)>,
}

/// A checkpoint passed.
#[derive(Clone, Debug)]
pub struct Passed {
    /// The code that was scanned.
    pub code: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A walk that can be written.
struct Taken {
    /// The patrol as it has ended, but for whether it is complete.
    patrol: Patrol,
    /// It was begun with a line.
    is_begun: bool,
    house: building::Model,
    steps: Vec<(CheckpointId, DateTime<Utc>)>,
    findings: Vec<(Ready, Prepared)>,
}

/// Takes in a patrol that was walked without a line. Sent again it gives the same patrol.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn sync(domain: &Domain, viewer: &Viewer, walked: Walked, once: Option<&Once>) -> Result<Patrol> {
    let staff = staff_of(viewer)?;
    let client_id = required("input.clientId", &walked.client_id, 200)?;
    if let Some(known) = sent_before(domain, staff, &client_id).await? {
        let tx = domain.begin().await?;
        tx.claim(viewer, once, known.id.uuid()).await?;
        return row::made_before::<Entity>(domain, viewer, &tx, known.id.uuid()).await;
    }
    let db = domain.db.read();
    let house =
        row::find::<building::Entity>(domain, viewer, db, "input.buildingId", walked.building).await?;
    let now = domain.clock.now();
    let begun = begun(domain, viewer, &walked).await?;
    let is_begun = begun.is_some();
    let (walked, patrol) = match begun {
        // Who began a patrol goes on with it, and its start is known.
        Some(begun) => (check_times(now, Walked { started_at: begun.started_at, ..walked })?, begun),
        None => {
            policy::check(&Relation::of(viewer, house.community_id, Some(house.id), None), Act::Patrol)?;
            let walked = check_times(now, walked)?;
            let started = started(domain, staff, &house, walked.started_at).await?;
            (walked, started)
        }
    };
    let patrol = Patrol {
        client_id: Some(client_id),
        state: State::Finished,
        finished_at: Some(walked.finished_at),
        remarks: clean("input.remarks", walked.remarks.as_deref(), TEXT_MAX)?,
        ..patrol
    };
    let steps = resolve(domain, &house, &walked).await?;
    let findings = prepare(domain, viewer, &patrol, walked.findings).await?;
    write(domain, viewer, Taken { patrol, is_begun, house, steps, findings }, once).await
}

/// The patrol that the walk goes on with. Whether it is the viewer's own and still under way is asked under its lock,
/// after the key: sent twice at once, the walk finds it finished the second time.
async fn begun(domain: &Domain, viewer: &Viewer, walked: &Walked) -> Result<Option<Patrol>> {
    let Some(id) = walked.patrol else { return Ok(None) };
    let found = find::patrols(domain, viewer, &[id]).await?.remove(&id);
    let patrol = found.ok_or_else(|| Refusal::not_found("input.patrolId", id))?;
    let invalid = |field: &str, message: String| Err(Refusal::invalid(field, message).into());
    if patrol.building_id != walked.building {
        return invalid("input.buildingId", "the patrol was begun in another building".to_owned());
    }
    if patrol.state == State::Abandoned {
        let message = "the patrol was given up, since it took more than 24 hours; \
                       send all that was walked without a patrolId";
        return invalid("input.patrolId", message.to_owned());
    }
    if walked.started_at.trunc_subsecs(6) < patrol.started_at {
        let (at, start) = (walked.started_at.to_rfc3339(), patrol.started_at.to_rfc3339());
        return invalid("input.startedAt", format!("{at} lies before the patrol began, at {start}"));
    }
    Ok(Some(patrol))
}

/// A patrol that was begun without a line.
async fn started(
    domain: &Domain,
    staff: StaffId,
    house: &building::Model,
    at: DateTime<Utc>,
) -> Result<Patrol> {
    let now = domain.clock.now();
    Ok(Patrol {
        id: domain.clock.id(),
        community_id: house.community_id,
        building_id: house.id,
        plan_id: plan_of(domain, house.id).await?,
        staff_id: staff,
        client_id: None,
        state: State::UnderWay,
        on_day: viewer::clocks(domain, house.community_id).await?.day(at),
        started_at: at,
        finished_at: None,
        complete: false,
        remarks: None,
        created_at: now,
        updated_at: now,
        version: 1,
    })
}

async fn sent_before(domain: &Domain, staff: StaffId, client_id: &str) -> Result<Option<Patrol>> {
    let known = Entity::find().filter(Column::StaffId.eq(staff)).filter(Column::ClientId.eq(client_id));
    Ok(known.one(domain.db.read()).await?)
}

async fn write(domain: &Domain, viewer: &Viewer, taken: Taken, once: Option<&Once>) -> Result<Patrol> {
    let Taken { mut patrol, is_begun, house, mut steps, findings } = taken;
    let tx = domain.begin().await?;
    if let Some(before) = tx.claim(viewer, once, patrol.id.uuid()).await? {
        return row::made_before::<Entity>(domain, viewer, &tx, before).await;
    }
    let was = match is_begun {
        // Since it began, nobody could take in another walk beside it.
        true => Some(lock_own(domain, viewer, &tx, patrol.id).await?),
        false => {
            // Two phones of one person are put one behind the other.
            row::lock_open::<building::Entity>(domain, viewer, &tx, "input.buildingId", house.id).await?;
            check_alone(&tx, &patrol, &house.name).await?;
            None
        }
    };
    let before = passed_before(&tx, &patrol).await?;
    steps.retain(|(id, _)| !before.contains(id));
    let passed = before.into_iter().chain(steps.iter().map(|(id, _)| *id)).collect();
    patrol.complete = is_complete(&tx, &patrol, &passed).await?;
    let made = match was {
        Some(was) => row::save::<Entity>(domain, &tx, &was, patrol).await,
        None => patrol.into_active_model().insert(&tx.db).await,
    };
    let message = || "a patrol with this clientId was sent before".to_owned();
    let made = made.map_err(row::taken("input.clientId", message))?;
    write_steps(domain, &tx, &made, steps).await?;
    for (place, (ready, photos)) in findings.into_iter().enumerate() {
        let written = finding::write(domain, viewer, &tx, ready, photos).await;
        written.map_err(|error| within(place, error))?;
    }
    tx.commit().await?;
    Ok(made)
}

/// What was passed while there was a line. The walk does not end before that.
async fn passed_before(tx: &Tx<'_>, patrol: &Patrol) -> Result<HashSet<CheckpointId>> {
    let steps = patrol_step::Entity::find().filter(patrol_step::Column::PatrolId.eq(patrol.id));
    let steps = steps.all(&tx.db).await?;
    let found = findings::Entity::find().filter(findings::Column::PatrolId.eq(patrol.id));
    let found = found.filter(findings::Column::FoundAt.gt(patrol.finished_at)).one(&tx.db).await?;
    let late = steps.iter().map(|step| step.passed_at).find(|at| Some(*at) > patrol.finished_at);
    let Some(late) = late.or(found.map(|found| found.found_at)) else {
        return Ok(steps.into_iter().map(|step| step.checkpoint_id).collect());
    };
    let message = format!("the patrol was still walked at {}; it ended after that", late.to_rfc3339());
    Err(Refusal::invalid("input.finishedAt", message).into())
}

async fn write_steps(
    domain: &Domain,
    tx: &Tx<'_>,
    patrol: &Patrol,
    steps: Vec<(CheckpointId, DateTime<Utc>)>,
) -> Result<()> {
    for (checkpoint_id, passed_at) in steps {
        let step = patrol_step::Model {
            id: domain.clock.id(),
            community_id: patrol.community_id,
            patrol_id: patrol.id,
            checkpoint_id,
            passed_at,
            created_at: patrol.updated_at,
        };
        step.into_active_model().insert(&tx.db).await?;
    }
    Ok(())
}

/// The walk's times in whole microseconds, if they can be true.
fn check_times(now: DateTime<Utc>, mut walked: Walked) -> Result<Walked> {
    let invalid = |field: String, message: String| -> Result<Walked> {
        Err(Refusal::invalid(field.as_str(), message).into())
    };
    if walked.steps.len() > STEPS_MAX {
        return invalid(
            "input.steps".into(),
            format!("{} steps are too many; send at most {STEPS_MAX}", walked.steps.len()),
        );
    }
    if walked.findings.len() > FINDINGS_MAX {
        let message = format!("{} findings are too many; send at most {FINDINGS_MAX}", walked.findings.len());
        return invalid("input.findings".into(), message);
    }
    let (start, end) = (walked.started_at.trunc_subsecs(6), walked.finished_at.trunc_subsecs(6));
    (walked.started_at, walked.finished_at) = (start, end);
    if end > now {
        return invalid("input.finishedAt".into(), format!("{} lies in the future", end.to_rfc3339()));
    }
    if start < now - LATE_AT_MOST {
        let message =
            format!("{} is more than 7 days ago; a patrol is sent within 7 days", start.to_rfc3339());
        return invalid("input.startedAt".into(), message);
    }
    if end < start || end - start > LONG_AT_MOST {
        let message = format!(
            "a patrol from {} to {} cannot be; it ends within 24 hours of its start",
            start.to_rfc3339(),
            end.to_rfc3339()
        );
        return invalid("input.finishedAt".into(), message);
    }
    let mut last = start;
    for (place, step) in walked.steps.iter_mut().enumerate() {
        step.at = step.at.trunc_subsecs(6);
        if step.at < last || step.at > end {
            let message = format!(
                "{} is out of order; steps go from the start to the end of the patrol",
                step.at.to_rfc3339()
            );
            return invalid(format!("input.steps.{place}.passedAt"), message);
        }
        last = step.at;
    }
    for (place, (at, _)) in walked.findings.iter_mut().enumerate() {
        *at = at.trunc_subsecs(6);
        if *at < start || *at > end {
            let message = format!("{} is not within the patrol", at.to_rfc3339());
            return invalid(format!("input.findings.{place}.foundAt"), message);
        }
    }
    Ok(walked)
}

/// The checkpoints that were passed, each at its first time.
async fn resolve(
    domain: &Domain,
    house: &building::Model,
    walked: &Walked,
) -> Result<Vec<(CheckpointId, DateTime<Utc>)>> {
    let mut codes = Vec::new();
    for (place, step) in walked.steps.iter().enumerate() {
        codes.push(required(format!("input.steps.{place}.code").as_str(), &step.code, CODE_MAX)?);
    }
    let points = coded(domain.db.read(), house.community_id, codes.iter().map(String::as_str)).await?;
    let mut passed: Vec<(CheckpointId, DateTime<Utc>)> = Vec::new();
    for (place, (step, code)) in walked.steps.iter().zip(&codes).enumerate() {
        match hanging(&points, code, house.id, step.at) {
            Ok(point) if passed.iter().any(|(id, _)| *id == point.id) => {}
            Ok(point) => passed.push((point.id, step.at)),
            Err(elsewhere) => {
                let field = format!("input.steps.{place}.code");
                return Err(not_here(domain.db.read(), &field, code, elsewhere).await?.into());
            }
        }
    }
    Ok(passed)
}

async fn prepare(
    domain: &Domain,
    viewer: &Viewer,
    patrol: &Patrol,
    findings: Vec<(DateTime<Utc>, Found)>,
) -> Result<Vec<(Ready, Prepared)>> {
    let mut ready = Vec::new();
    for (place, (at, mut found)) in findings.into_iter().enumerate() {
        let photos = attachment::uploaded(domain, std::mem::take(&mut found.photos.ids));
        let photos = photos.map_err(|error| within(place, error))?;
        let scene = Scene {
            source: Source::Patrol(patrol.id),
            community: patrol.community_id,
            building: Some(patrol.building_id),
            at,
        };
        let one = finding::prepare(domain, viewer, &scene, found).await;
        ready.push((one.map_err(|error| within(place, error))?, photos));
    }
    Ok(ready)
}

/// Says in which of many findings the trouble lies.
fn within(place: usize, error: Error) -> Error {
    let Error::Refused(mut refusal) = error else { return error };
    if let Refusal::Invalid { field, .. } | Refusal::NotFound { field, .. } = refusal.as_mut() {
        let Field(path) = field;
        let at = 1.min(path.len());
        path.splice(at..at, ["findings".to_owned(), place.to_string()]);
    }
    Error::Refused(refusal)
}

/// Nobody walks through a building twice at a time.
async fn check_alone(tx: &Tx<'_>, patrol: &Patrol, house: &str) -> Result<()> {
    let Some(end) = patrol.finished_at else { return Ok(()) };
    let others = Entity::find()
        .filter(Column::StaffId.eq(patrol.staff_id))
        .filter(Column::BuildingId.eq(patrol.building_id))
        .filter(Column::State.ne(State::Abandoned))
        .filter(Column::StartedAt.lt(end))
        .filter(
            sea_orm::Condition::any()
                .add(Column::FinishedAt.is_null())
                .add(Column::FinishedAt.gt(patrol.started_at)),
        );
    let Some(other) = others.one(&tx.db).await? else { return Ok(()) };
    let start = other.started_at.to_rfc3339();
    let message = match other.finished_at {
        Some(end) => format!(
            "you were on another patrol of {house} from {start} to {}; one person walks it once at a time",
            end.to_rfc3339()
        ),
        None => format!(
            "you are on a patrol of {house} since {start}; to finish it send the patrolId {}",
            other.id
        ),
    };
    Err(Refusal::invalid("input.startedAt", message).into())
}
