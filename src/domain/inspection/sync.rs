//! A patrol that was walked without a line: the phone sends it later, whole, with its own times, once.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::checkpoint::CODE_MAX;
use super::finding::{self, Found, Ready, Scene, Source};
use super::patrol::{coded, hanging, hung, not_here, plan_of};
use super::policy::{self, Act, Relation};
use super::{TEXT_MAX, staff_of};
use crate::base::id::{BuildingId, CheckpointId, StaffId};
use crate::domain::attachment::{self, Prepared};
use crate::domain::{Domain, Error, Field, Once, Refusal, Result, Tx, Viewer, clean, required, row, viewer};
use crate::storage::patrol::{Column, Entity, Model as Patrol, State};
use crate::storage::{building, checkpoint, patrol_step};

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
    policy::check(&Relation::of(viewer, house.community_id, Some(house.id), None), Act::Patrol)?;
    let walked = check_times(domain.clock.now(), walked)?;
    let steps = resolve(domain, &house, &walked).await?;
    let all = checkpoint::Entity::find().filter(checkpoint::Column::BuildingId.eq(house.id)).all(db).await?;
    let mut owed = all.iter().filter(|point| hung(point, walked.finished_at));
    let complete = owed.all(|point| steps.iter().any(|(id, _)| *id == point.id));
    let now = domain.clock.now();
    let patrol = Patrol {
        id: domain.clock.id(),
        community_id: house.community_id,
        building_id: house.id,
        plan_id: plan_of(domain, house.id).await?,
        staff_id: staff,
        client_id: Some(client_id),
        state: State::Finished,
        on_day: viewer::clocks(domain, house.community_id).await?.day(walked.started_at),
        started_at: walked.started_at,
        finished_at: Some(walked.finished_at),
        complete,
        remarks: clean("input.remarks", walked.remarks.as_deref(), TEXT_MAX)?,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    let findings = prepare(domain, viewer, &patrol, walked.findings).await?;
    write(domain, viewer, patrol, &house.name, steps, findings, once).await
}

async fn sent_before(domain: &Domain, staff: StaffId, client_id: &str) -> Result<Option<Patrol>> {
    let known = Entity::find().filter(Column::StaffId.eq(staff)).filter(Column::ClientId.eq(client_id));
    Ok(known.one(domain.db.read()).await?)
}

async fn write(
    domain: &Domain,
    viewer: &Viewer,
    patrol: Patrol,
    house: &str,
    steps: Vec<(CheckpointId, DateTime<Utc>)>,
    findings: Vec<(Ready, Prepared)>,
    once: Option<&Once>,
) -> Result<Patrol> {
    let tx = domain.begin().await?;
    if let Some(before) = tx.claim(viewer, once, patrol.id.uuid()).await? {
        return row::made_before::<Entity>(domain, viewer, &tx, before).await;
    }
    // Two phones of one person are put one behind the other.
    row::lock_open::<building::Entity>(domain, viewer, &tx, "input.buildingId", patrol.building_id).await?;
    check_alone(&tx, &patrol, house).await?;
    let (now, message) = (patrol.created_at, || "a patrol with this clientId was sent before".to_owned());
    let made = patrol.into_active_model().insert(&tx.db).await;
    let made = made.map_err(row::taken("input.clientId", message))?;
    for (checkpoint_id, passed_at) in steps {
        let step = patrol_step::Model {
            id: domain.clock.id(),
            community_id: made.community_id,
            patrol_id: made.id,
            checkpoint_id,
            passed_at,
            created_at: now,
        };
        step.into_active_model().insert(&tx.db).await?;
    }
    for (place, (ready, photos)) in findings.into_iter().enumerate() {
        let written = finding::write(domain, viewer, &tx, ready, photos).await;
        written.map_err(|error| within(place, error))?;
    }
    tx.commit().await?;
    Ok(made)
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
    let until = other.finished_at.map_or_else(|| "now".to_owned(), |end| end.to_rfc3339());
    let message = format!(
        "you were on another patrol of {house} from {} to {until}; one person walks it once at a time",
        other.started_at.to_rfc3339()
    );
    Err(Refusal::invalid("input.startedAt", message).into())
}
