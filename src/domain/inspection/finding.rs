//! Findings: what a patrol or a spot check came across. One that was not mended on the spot raises a ticket in the
//! same transaction, and is looked at again.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, Select};

use super::policy::{self, Act, Relation};
use super::{TEXT_MAX, patrol, spot_check, staff_of};
use crate::base::id::{
    BuildingId, CategoryId, CommunityId, FindingId, PatrolId, SpotCheckId, TicketId, UnitId,
};
use crate::domain::attachment::{self, Given, Hook, On, Prepared};
use crate::domain::list::listed;
use crate::domain::ticket::{self, Channel, Draft, Kind, Place, Priority, Reporter};
use crate::domain::{Domain, Once, Refusal, Result, Tx, Viewer, clean, required, row};
use crate::storage::finding::{CheckResult, Column, Entity, Model as Finding, Severity};
use crate::storage::{among, unit};

/// Which findings; every part that is set narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of one of these communities.
    pub communities: Option<Vec<CommunityId>>,
    /// Of one of these buildings.
    pub buildings: Option<Vec<BuildingId>>,
    /// That raised one of these tickets.
    pub tickets: Option<Vec<TicketId>>,
    /// Of one of these severities.
    pub severities: Option<Vec<Severity>>,
    /// Mended on the spot, or not.
    pub mended_on_spot: Option<bool>,
    /// Looked at again, or not yet.
    pub checked: Option<bool>,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// What.
    pub what: String,
    /// How bad it is.
    pub severity: Severity,
    /// The shop or other unit.
    pub unit: Option<UnitId>,
    /// The place, in words.
    pub place: Option<String>,
    /// Whether it was mended on the spot.
    pub mended_on_spot: bool,
    /// What sort of ticket it raises.
    pub kind: Kind,
    /// The ticket's category.
    pub category: Option<CategoryId>,
    /// Photos of it; the ticket that it raises shows them too.
    pub photos: Given,
}

/// What came across it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A patrol.
    Patrol(PatrolId),
    /// A spot check.
    SpotCheck(SpotCheckId),
}

/// A finding that can be written, with the ticket that it raises.
pub(super) struct Ready {
    finding: Finding,
    raises: Option<Draft>,
}

/// Where and when something was found.
pub(super) struct Scene {
    pub(super) source: Source,
    pub(super) community: CommunityId,
    pub(super) building: Option<BuildingId>,
    pub(super) at: DateTime<Utc>,
}

listed! {
    /// By when it was found.
    Found => FoundAt,
}

fn visible(domain: &Domain, viewer: &Viewer, filter: &Filter) -> Select<Entity> {
    let backend = domain.db.backend();
    let communities = filter.communities.as_ref();
    let buildings = filter.buildings.as_ref();
    let tickets = filter.tickets.as_ref();
    let severities = filter.severities.as_ref();
    let looked =
        |done: bool| if done { Column::CheckedAt.is_not_null() } else { Column::CheckedAt.is_null() };
    let narrowed = Condition::all()
        .add_option(communities.map(|ids| among(backend, Column::CommunityId, ids.iter().copied())))
        .add_option(buildings.map(|ids| among(backend, Column::BuildingId, ids.iter().copied())))
        .add_option(tickets.map(|ids| among(backend, Column::TicketId, ids.iter().copied())))
        .add_option(severities.map(|all| Column::Severity.is_in(all.iter().copied())))
        .add_option(filter.mended_on_spot.map(|mended| Column::MendedOnSpot.eq(mended)))
        .add_option(filter.checked.map(looked));
    Entity::visible_to(&viewer.scope, backend).filter(narrowed)
}

/// Reports what was found, and raises its ticket in the same step.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn report(
    domain: &Domain,
    viewer: &Viewer,
    source: Source,
    mut found: Found,
    once: Option<&Once>,
) -> Result<Finding> {
    // Asked first, so that what is sent again stores no photo.
    if let Some(before) = domain.made(viewer, once).await? {
        let tx = domain.begin().await?;
        return row::made_before::<Entity>(domain, viewer, &tx, before).await;
    }
    let photos = std::mem::take(&mut found.photos);
    let (community, building) = match source {
        Source::Patrol(id) => {
            let rows = crate::domain::find::patrols(domain, viewer, &[id]).await?;
            let row = rows.get(&id).ok_or_else(|| Refusal::not_found("input.patrolId", id))?;
            (row.community_id, Some(row.building_id))
        }
        Source::SpotCheck(id) => {
            let rows = crate::domain::find::spot_checks(domain, viewer, &[id]).await?;
            let row = rows.get(&id).ok_or_else(|| Refusal::not_found("input.spotCheckId", id))?;
            (row.community_id, row.building_id)
        }
    };
    let scene = Scene { source, community, building, at: domain.clock.now() };
    let ready = prepare(domain, viewer, &scene, found).await?;
    attachment::with(domain, viewer, photos, async |photos| {
        let tx = domain.begin().await?;
        if let Some(before) = tx.claim(viewer, once, ready.finding.id.uuid()).await? {
            return row::made_before::<Entity>(domain, viewer, &tx, before).await;
        }
        match source {
            Source::Patrol(id) => drop(patrol::lock_own(domain, viewer, &tx, id).await?),
            Source::SpotCheck(id) => drop(spot_check::lock_draft(domain, viewer, &tx, id).await?),
        }
        let made = write(domain, viewer, &tx, ready, photos).await?;
        tx.commit().await?;
        Ok(made)
    })
    .await
}

/// What a finding becomes; asked before the transaction, as a ticket is.
pub(super) async fn prepare(domain: &Domain, viewer: &Viewer, scene: &Scene, found: Found) -> Result<Ready> {
    let what = required("input.what", &found.what, TEXT_MAX)?;
    let place = clean("input.place", found.place.as_deref(), 200)?;
    check_unit(domain, viewer, scene, found.unit).await?;
    let raises = match found.mended_on_spot {
        true => None,
        false => Some(draft(domain, viewer, scene, &found, &what, place.clone()).await?),
    };
    let now = domain.clock.now();
    let (patrol_id, spot_check_id) = match scene.source {
        Source::Patrol(id) => (Some(id), None),
        Source::SpotCheck(id) => (None, Some(id)),
    };
    let finding = Finding {
        id: domain.clock.id(),
        community_id: scene.community,
        building_id: scene.building,
        unit_id: found.unit,
        patrol_id,
        spot_check_id,
        ticket_id: None,
        found_by_id: staff_of(viewer)?,
        place,
        what,
        severity: found.severity,
        mended_on_spot: found.mended_on_spot,
        found_at: scene.at,
        checked_at: None,
        checked_by_id: None,
        check_result: None,
        check_remarks: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    Ok(Ready { finding, raises })
}

async fn check_unit(domain: &Domain, viewer: &Viewer, scene: &Scene, id: Option<UnitId>) -> Result<()> {
    let found = row::find_named::<unit::Entity>(domain, viewer, domain.db.read(), "input.unitId", id).await?;
    let Some(found) = found else { return Ok(()) };
    let here = found.community_id == scene.community
        && (scene.building.is_none() || scene.building == found.building_id);
    if here {
        return Ok(());
    }
    let message = format!("the unit {} is not in what was inspected", found.number);
    Err(Refusal::invalid("input.unitId", message).into())
}

async fn draft(
    domain: &Domain,
    viewer: &Viewer,
    scene: &Scene,
    found: &Found,
    what: &str,
    place: Option<String>,
) -> Result<Draft> {
    let input = ticket::File {
        kind: found.kind,
        channel: Channel::Patrol,
        description: what.to_owned(),
        category: found.category,
        // Danger does not wait for a category to say so.
        priority: (found.severity == Severity::Danger).then_some(Priority::Urgent),
        place: Place {
            community: Some(scene.community),
            building: scene.building,
            unit: found.unit,
            words: place,
        },
        reporter: Reporter::default(),
        about_staff: None,
        about_team: None,
        about_unit: None,
        previous: None,
        attachments: Given::default(),
    };
    ticket::draft(domain, viewer, input).await
}

/// Writes a finding with its photos, and the ticket that it raises, within a transaction.
pub(super) async fn write(
    domain: &Domain,
    viewer: &Viewer,
    tx: &Tx<'_>,
    ready: Ready,
    photos: Prepared,
) -> Result<Finding> {
    let Ready { mut finding, raises } = ready;
    let Some(draft) = raises else {
        let made = finding.into_active_model().insert(&tx.db).await?;
        let hook = Hook { on: On::Finding(made.id), community: made.community_id, at: made.created_at };
        photos.attach(tx, viewer, hook).await?;
        return Ok(made);
    };
    let ticket = ticket::write(domain, viewer, tx, draft, photos).await?.id;
    finding.ticket_id = Some(ticket);
    let made = finding.into_active_model().insert(&tx.db).await?;
    attachment::show_finding(tx, ticket, made.id).await?;
    Ok(made)
}

/// Looks again at what was found.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn check(
    domain: &Domain,
    viewer: &Viewer,
    id: FindingId,
    expected_version: Option<i32>,
    result: CheckResult,
    remarks: Option<&str>,
) -> Result<Finding> {
    let remarks = clean("input.remarks", remarks, TEXT_MAX)?;
    let tx = domain.begin().await?;
    let was = row::lock::<Entity>(domain, viewer, &tx, "input.id", id).await?;
    let relation = Relation::of(viewer, was.community_id, was.building_id, None);
    let act = if policy::may(&relation, Act::Patrol) { Act::Patrol } else { Act::SpotCheck };
    policy::check(&relation, act)?;
    check_not_own(viewer, &tx, &was).await?;
    row::expect_version::<Entity>(&was, expected_version)?;
    if was.check_result == Some(CheckResult::Mended) {
        return Err(Refusal::invalid("input.id", "somebody has looked already, and it was mended").into());
    }
    let mut finding = was.clone();
    finding.checked_at = Some(domain.clock.now());
    finding.checked_by_id = Some(staff_of(viewer)?);
    finding.check_result = Some(result);
    finding.check_remarks = remarks;
    let saved = row::save::<Entity>(domain, &tx, &was, finding).await?;
    tx.commit().await?;
    Ok(saved)
}

/// Nobody judges their own work: neither who mended it on the spot nor who resolved its ticket.
async fn check_not_own(viewer: &Viewer, tx: &Tx<'_>, finding: &Finding) -> Result<()> {
    let mended_by = match finding.ticket_id {
        Some(id) => {
            let ticket = crate::storage::ticket::Entity::find_by_id(id).one(&tx.db).await?;
            ticket.and_then(|ticket| ticket.resolved_by_id)
        }
        None => Some(finding.found_by_id),
    };
    if mended_by.is_some() && mended_by == viewer.staff_id() {
        return Err(Refusal::forbidden("you mended it yourself; let somebody else look again").into());
    }
    Ok(())
}
