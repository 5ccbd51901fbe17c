//! Spot checks: somebody looks at a building or at a team's service, scores it, publishes it (通报) and has things put
//! right by a day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, DbBackend, EntityTrait, IntoActiveModel, QueryFilter, Select,
};

use super::policy::{self, Act, Relation};
use super::{TEXT_MAX, staff_of};
use crate::base::id::{BuildingId, CommunityId, PatrolId, SpotCheckId, TeamId};
use crate::domain::attachment::{self, Given, Hook, On, Prepared};
use crate::domain::list::listed;
use crate::domain::sla::Clocks;
use crate::domain::{Domain, Error, Once, Refusal, Result, Tx, Viewer, find, required, row, span, viewer};
use crate::storage::spot_check::{Column, Entity, Model as SpotCheck};
use crate::storage::{among, building, community, team};

const CLOSED_SUBJECT: &str = "what was looked at is closed, and nobody is left to put anything right there; \
                              publish it without a day";

/// Which spot checks; every part that is set narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of one of these communities.
    pub communities: Option<Vec<CommunityId>>,
    /// Of one of these buildings.
    pub buildings: Option<Vec<BuildingId>>,
    /// Of one of these teams.
    pub teams: Option<Vec<TeamId>>,
    /// Published, or not.
    pub published: Option<bool>,
    /// With rectification asked for and not confirmed, or not so.
    pub open: Option<bool>,
    /// With rectification asked for by a day that is over in its community and not reported, or not so.
    pub overdue: Option<bool>,
    /// With rectification asked for by a day before this one and not reported.
    pub due_before: Option<NaiveDate>,
}

/// The day it is, and the communities where it is that day.
type Day = (NaiveDate, Vec<CommunityId>);

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A building, or one patrol of it.
    Building(BuildingId, Option<PatrolId>),
    /// A team's service.
    Team(TeamId),
}

listed! {
    @with days;
    /// By when it was made.
    Created => CreatedAt,
    /// By its score.
    Score => Score,
}

fn visible(domain: &Domain, viewer: &Viewer, filter: &Filter, days: &[Day]) -> Select<Entity> {
    let backend = domain.db.backend();
    let communities = filter.communities.as_ref();
    let buildings = filter.buildings.as_ref();
    let teams = filter.teams.as_ref();
    let published =
        |yes: bool| if yes { Column::PublishedAt.is_not_null() } else { Column::PublishedAt.is_null() };
    let overdue = || is_overdue(backend, days);
    let narrowed = Condition::all()
        .add_option(communities.map(|ids| among(backend, Column::CommunityId, ids.iter().copied())))
        .add_option(buildings.map(|ids| among(backend, Column::BuildingId, ids.iter().copied())))
        .add_option(teams.map(|ids| among(backend, Column::TeamId, ids.iter().copied())))
        .add_option(filter.published.map(published))
        .add_option(filter.open.map(|open| if open { is_open() } else { is_open().not() }))
        .add_option(filter.overdue.map(|late| if late { overdue() } else { overdue().not() }))
        .add_option(filter.due_before.map(is_due_before));
    Entity::visible_to(&viewer.scope, backend).filter(narrowed)
}

/// Which day it is where; asked only where something may be overdue. There are two or three days on earth at a time.
async fn days(domain: &Domain, filter: &Filter) -> Result<Vec<Day>> {
    if filter.overdue.is_none() {
        return Ok(Vec::new());
    }
    let mut days: BTreeMap<NaiveDate, Vec<CommunityId>> = BTreeMap::new();
    for community in community::Entity::find().all(domain.db.read()).await? {
        let today = Clocks::of(&community).day(domain.clock.now());
        days.entry(today).or_default().push(community.id);
    }
    Ok(days.into_iter().collect())
}

/// Something is to be put right by a day before this one, and nobody has reported that it is.
fn is_due_before(day: NaiveDate) -> Condition {
    let by = Condition::all().add(Column::RectifyBy.is_not_null()).add(Column::RectifyBy.lt(day));
    by.add(Column::RectifiedAt.is_null())
}

/// It was to be put right by a day that is over where it is.
fn is_overdue(backend: DbBackend, days: &[Day]) -> Condition {
    days.iter().fold(Condition::any(), |any, (today, communities)| {
        let there = among(backend, Column::CommunityId, communities.iter().copied());
        any.add(is_due_before(*today).add(there))
    })
}

/// Something is to be put right, and nobody has confirmed that it is.
pub(in crate::domain) fn is_open() -> Condition {
    Condition::all().add(Column::RectifyBy.is_not_null()).add(Column::ConfirmedAt.is_null())
}

/// Records what a look at a building or a team showed.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn create(
    domain: &Domain,
    viewer: &Viewer,
    subject: Subject,
    score: i32,
    remarks: &str,
    photos: Given,
    once: Option<&Once>,
) -> Result<SpotCheck> {
    // Asked first, so that what is sent again stores no photo.
    if let Some(before) = domain.made(viewer, once).await? {
        let tx = domain.begin().await?;
        return row::made_before::<Entity>(domain, viewer, &tx, before).await;
    }
    let remarks = required("input.remarks", remarks, TEXT_MAX)?;
    if !(0..=100).contains(&score) {
        let message = format!("{score} is no score; give 0 to 100");
        return Err(Refusal::invalid("input.score", message).into());
    }
    let (community_id, building_id, team_id, patrol_id) = find_subject(domain, viewer, subject).await?;
    let now = domain.clock.now();
    let check = SpotCheck {
        id: domain.clock.id(),
        community_id,
        building_id,
        team_id,
        patrol_id,
        staff_id: staff_of(viewer)?,
        score,
        remarks,
        published_at: None,
        rectify_by: None,
        rectification: None,
        rectified_at: None,
        rectified_by_id: None,
        confirmed_at: None,
        confirmed_by_id: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    attachment::with(domain, viewer, photos, async |photos| {
        let tx = domain.begin().await?;
        if let Some(before) = tx.claim(viewer, once, check.id.uuid()).await? {
            return row::made_before::<Entity>(domain, viewer, &tx, before).await;
        }
        let made = check.into_active_model().insert(&tx.db).await?;
        let hook = Hook { on: On::SpotCheck(made.id), community: made.community_id, at: now };
        photos.attach(&tx, viewer, hook).await?;
        tx.commit().await?;
        Ok(made)
    })
    .await
}

type Found = (CommunityId, Option<BuildingId>, Option<TeamId>, Option<PatrolId>);

/// What is looked at, if the viewer may, and it is not their own work.
async fn find_subject(domain: &Domain, viewer: &Viewer, subject: Subject) -> Result<Found> {
    let db = domain.db.read();
    match subject {
        Subject::Team(id) => {
            let crew = row::find::<team::Entity>(domain, viewer, db, "input.teamId", id).await?;
            let relation = Relation::of(viewer, crew.community_id, None, Some(crew.id));
            policy::check(&relation, Act::SpotCheck)?;
            if relation.own_team {
                return Err(own_work("the team is your own"));
            }
            Ok((crew.community_id, None, Some(crew.id), None))
        }
        Subject::Building(id, patrol) => {
            let house = row::find::<building::Entity>(domain, viewer, db, "input.buildingId", id).await?;
            policy::check(&Relation::of(viewer, house.community_id, Some(house.id), None), Act::SpotCheck)?;
            if let Some(patrol) = patrol {
                check_patrol(domain, viewer, &house, patrol).await?;
            }
            Ok((house.community_id, Some(house.id), None, patrol))
        }
    }
}

async fn check_patrol(domain: &Domain, viewer: &Viewer, house: &building::Model, id: PatrolId) -> Result<()> {
    let walked = find::patrols(domain, viewer, &[id]).await?.remove(&id);
    let walked = walked.ok_or_else(|| Refusal::not_found("input.patrolId", id))?;
    if walked.building_id != house.id {
        let message = format!("the patrol did not walk {}", house.name);
        return Err(Refusal::invalid("input.patrolId", message).into());
    }
    if viewer.staff_id() == Some(walked.staff_id) {
        return Err(own_work("the patrol is your own"));
    }
    Ok(())
}

fn own_work(why: &str) -> Error {
    Refusal::forbidden(format!("{why}, and nobody judges their own work")).into()
}

/// Tells the community's staff (通报), and asks for things to be put right by a day.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn publish(
    domain: &Domain,
    viewer: &Viewer,
    id: SpotCheckId,
    expected_version: Option<i32>,
    rectify_by: Option<NaiveDate>,
) -> Result<SpotCheck> {
    let tx = domain.begin().await?;
    let was = lock(domain, viewer, &tx, id, Act::SpotCheck).await?;
    row::expect_version::<Entity>(&was, expected_version)?;
    check_unpublished(&was, "input.id")?;
    let now = domain.clock.now();
    if let Some(day) = rectify_by {
        span(("input.rectifyBy", day), ("input.rectifyBy", None))?;
        let today = viewer::clocks(domain, was.community_id).await?.day(now);
        if day < today {
            let message = format!("{day} is over; ask for it by today, {today}, or later");
            return Err(Refusal::invalid("input.rectifyBy", message).into());
        }
        keep_subject_open(&tx, &was).await?;
    }
    let mut check = was.clone();
    check.published_at = Some(now);
    check.rectify_by = rectify_by;
    save(domain, tx, was, check).await
}

/// What is to be put right is put right by somebody who is still there.
async fn keep_subject_open(tx: &Tx<'_>, check: &SpotCheck) -> Result<()> {
    let field = "input.rectifyBy";
    let kept = match (check.building_id, check.team_id) {
        (Some(house), _) => row::keep_open::<building::Entity>(tx, field, house).await,
        (None, Some(crew)) => row::keep_open::<team::Entity>(tx, field, crew).await,
        (None, None) => return Ok(()),
    };
    kept.map_err(|error| match error {
        Error::Refused(_) => Refusal::invalid(field, CLOSED_SUBJECT).into(),
        failed => failed,
    })
}

/// Reports what was put right. Until it is confirmed, it can be reported anew.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn rectify(
    domain: &Domain,
    viewer: &Viewer,
    id: SpotCheckId,
    expected_version: Option<i32>,
    rectification: &str,
    photos: Given,
) -> Result<SpotCheck> {
    let rectification = required("input.rectification", rectification, TEXT_MAX)?;
    attachment::with(domain, viewer, photos, async |photos| {
        write_rectification(domain, viewer, id, expected_version, rectification, photos).await
    })
    .await
}

async fn write_rectification(
    domain: &Domain,
    viewer: &Viewer,
    id: SpotCheckId,
    expected_version: Option<i32>,
    rectification: String,
    photos: Prepared,
) -> Result<SpotCheck> {
    let tx = domain.begin().await?;
    let was = lock(domain, viewer, &tx, id, Act::Rectify).await?;
    row::expect_version::<Entity>(&was, expected_version)?;
    if was.rectify_by.is_none() {
        return Err(Refusal::invalid("input.id", "the spot check asks for nothing to be put right").into());
    }
    check_unconfirmed(&was)?;
    let mut check = was.clone();
    let now = domain.clock.now();
    check.rectification = Some(rectification);
    check.rectified_at = Some(now);
    check.rectified_by_id = Some(staff_of(viewer)?);
    let hook = Hook { on: On::Rectification(id), community: was.community_id, at: now };
    photos.attach(&tx, viewer, hook).await?;
    save(domain, tx, was, check).await
}

/// Confirms that things have been put right; not by whoever reported it, nor by one of the team.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn confirm(
    domain: &Domain,
    viewer: &Viewer,
    id: SpotCheckId,
    expected_version: Option<i32>,
) -> Result<SpotCheck> {
    let tx = domain.begin().await?;
    let was = lock(domain, viewer, &tx, id, Act::SpotCheck).await?;
    row::expect_version::<Entity>(&was, expected_version)?;
    if was.rectified_at.is_none() {
        return Err(Refusal::invalid("input.id", "nobody has reported yet that it was put right").into());
    }
    check_unconfirmed(&was)?;
    if was.rectified_by_id == viewer.staff_id() {
        return Err(own_work("you reported it yourself"));
    }
    if Relation::of(viewer, was.community_id, None, was.team_id).own_team {
        return Err(own_work("the team is your own"));
    }
    let mut check = was.clone();
    check.confirmed_at = Some(domain.clock.now());
    check.confirmed_by_id = Some(staff_of(viewer)?);
    save(domain, tx, was, check).await
}

async fn lock(domain: &Domain, viewer: &Viewer, tx: &Tx<'_>, id: SpotCheckId, act: Act) -> Result<SpotCheck> {
    let check = row::lock::<Entity>(domain, viewer, tx, "input.id", id).await?;
    policy::check(&Relation::of(viewer, check.community_id, check.building_id, check.team_id), act)?;
    Ok(check)
}

/// The viewer's own spot check before it is published: findings can still be added.
pub(super) async fn lock_draft(
    domain: &Domain,
    viewer: &Viewer,
    tx: &Tx<'_>,
    id: SpotCheckId,
) -> Result<SpotCheck> {
    let check = row::lock::<Entity>(domain, viewer, tx, "input.spotCheckId", id).await?;
    if viewer.staff_id() != Some(check.staff_id) {
        return Err(Refusal::forbidden("only who made a spot check adds findings to it").into());
    }
    check_unpublished(&check, "input.spotCheckId")?;
    Ok(check)
}

async fn save(domain: &Domain, tx: Tx<'_>, was: SpotCheck, check: SpotCheck) -> Result<SpotCheck> {
    let saved = row::save::<Entity>(domain, &tx, &was, check).await?;
    tx.commit().await?;
    Ok(saved)
}

fn check_unpublished(check: &SpotCheck, field: &str) -> Result<()> {
    match check.published_at {
        None => Ok(()),
        Some(at) => {
            let message = format!("it was published at {} already", at.to_rfc3339());
            Err(Refusal::invalid(field, message).into())
        }
    }
}

fn check_unconfirmed(check: &SpotCheck) -> Result<()> {
    match check.confirmed_at {
        None => Ok(()),
        Some(at) => {
            let message = format!("it was confirmed at {} already", at.to_rfc3339());
            Err(Refusal::invalid("input.id", message).into())
        }
    }
}
