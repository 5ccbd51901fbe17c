//! A matter is raised.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

use super::chain::Chain;
use super::sla::Clocks;
use super::work::{Line, write_line};
use super::{LAST_LEVEL, TEXT_MAX, lifecycle};
use crate::base::id::{BuildingId, CategoryId, CommunityId, OccupantId, StaffId, TeamId, TicketId, UnitId};
use crate::domain::attachment::{self, Given, Prepared};
use crate::domain::{Domain, Once, Refusal, Result, Tx, Viewer, clean, event, phone, required, row};
use crate::storage::event::Facts;
use crate::storage::post::Role;
use crate::storage::ticket::{self, Act, Channel, Kind, Model as Ticket, Priority, Status};
use crate::storage::{building, category, community, occupant, staff, team, ticket_counter, unit};

/// The same matter from the same unit within this time is marked as repeated.
const REPEATED_WITHIN: TimeDelta = TimeDelta::days(30);

/// Those who raise a ticket for anyone.
const FOR_ANYONE: [Role; 7] = [
    Role::FrontDesk,
    Role::Assistant,
    Role::Supervisor,
    Role::CenterSupervisor,
    Role::ServiceManager,
    Role::ProjectHead,
    Role::GroupService,
];

/// What is raised.
#[derive(Clone, Debug)]
pub struct File {
    /// What sort of matter.
    pub kind: Kind,
    /// How it came in.
    pub channel: Channel,
    /// The matter, in words.
    pub description: String,
    /// Its category.
    pub category: Option<CategoryId>,
    /// How fast it must go; only staff say so, else the category does.
    pub priority: Option<Priority>,
    /// Where.
    pub place: Place,
    /// Whose matter it is.
    pub reporter: Reporter,
    /// A complaint about this member of staff.
    pub about_staff: Option<StaffId>,
    /// A complaint about this team.
    pub about_team: Option<TeamId>,
    /// A complaint about the people of this unit.
    pub about_unit: Option<UnitId>,
    /// The ended ticket that it takes up again.
    pub previous: Option<TicketId>,
    /// Photos and documents that come with it.
    pub attachments: Given,
}

/// Where the matter is. A unit names its building, a building its community.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// The community.
    pub community: Option<CommunityId>,
    /// The building.
    pub building: Option<BuildingId>,
    /// The unit.
    pub unit: Option<UnitId>,
    /// In words.
    pub words: Option<String>,
}

/// Whose matter it is; nobody's is possible.
#[derive(Clone, Debug, Default)]
pub struct Reporter {
    /// The occupant; a resident reports for themselves.
    pub occupant: Option<OccupantId>,
    /// A caller who is nobody's occupant.
    pub contact_name: Option<String>,
    /// Their telephone number.
    pub contact_phone: Option<String>,
}

/// Where a ticket belongs, once what was named has been found.
struct Found {
    community: community::Model,
    building: Option<BuildingId>,
    unit: Option<UnitId>,
}

/// A ticket that can be raised, and the day on which it is.
pub(in crate::domain) struct Draft {
    ticket: Ticket,
    today: NaiveDate,
}

/// Raises a matter. The same key again gives the same ticket.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn file(domain: &Domain, viewer: &Viewer, mut input: File, once: Option<&Once>) -> Result<Ticket> {
    // Asked first, so that what is sent again draws no number and stores no file.
    if let Some(before) = domain.made(viewer, once).await? {
        return load(domain, viewer, domain.db.write(), TicketId::new(before)).await;
    }
    let given = std::mem::take(&mut input.attachments);
    let draft = draft(domain, viewer, input).await?;
    attachment::with(domain, viewer, given, async |files| {
        let tx = domain.begin().await?;
        if let Some(before) = tx.claim(viewer, once, draft.ticket.id.uuid()).await? {
            return load(domain, viewer, &tx.db, TicketId::new(before)).await;
        }
        let ticket = write(domain, viewer, &tx, draft, files).await?;
        tx.commit().await?;
        Ok(ticket)
    })
    .await
}

/// What a matter becomes when it is raised: asked before the transaction, since its number is drawn outside of any.
///
/// # Errors
/// When it is refused or the database fails.
pub(in crate::domain) async fn draft(domain: &Domain, viewer: &Viewer, input: File) -> Result<Draft> {
    let now = domain.clock.now();
    let description = required("input.description", &input.description, TEXT_MAX)?;
    let words = clean("input.place", input.place.words.as_deref(), 200)?;
    let contact_name = clean("input.contactName", input.reporter.contact_name.as_deref(), 100)?;
    let contact_phone = phone("input.contactPhone", input.reporter.contact_phone.as_deref())?;
    let found = find_place(domain, viewer, &input.place).await?;
    let by_staff = check_may_raise(viewer, found.community.id, input.kind)?;
    check_has_place(&found, words.as_deref())?;
    let reporter = find_reporter(domain, viewer, input.reporter.occupant, by_staff).await?;
    let category = find_category(domain, input.category, input.kind).await?;
    check_about(domain, &input, &found).await?;
    check_previous(domain, viewer, input.previous).await?;
    if !by_staff && input.priority.is_some() {
        return Err(Refusal::forbidden("the priority is set by staff; leave it out").into());
    }

    let clocks = Clocks::of(&found.community);
    let today = clocks.day(now);
    let priority =
        input.priority.or(category.as_ref().and_then(|row| row.priority)).unwrap_or(Priority::Normal);
    let mut ticket = Ticket {
        id: domain.clock.id(),
        community_id: found.community.id,
        number: draw_number(domain, &found.community, &clocks, now).await?,
        kind: input.kind,
        status: Status::New,
        priority,
        channel: if by_staff { input.channel } else { residents_channel(input.channel) },
        description,
        category_id: category.map(|row| row.id),
        building_id: found.building,
        unit_id: found.unit,
        place: words,
        reporter_id: reporter,
        contact_name,
        contact_phone,
        filed_by_id: Some(viewer.account.id),
        owner_id: None,
        about_staff_id: input.about_staff,
        about_team_id: input.about_team,
        about_unit_id: input.about_unit,
        previous_id: input.previous,
        repeat_of_id: None,
        merged_into_id: None,
        reopen_count: 0,
        escalation_level: 0,
        major_at: None,
        responded_at: None,
        response_due_at: now,
        resolution_due_at: now,
        response_warn_at: None,
        resolution_warn_at: None,
        warned_at: None,
        hold_reason: None,
        held_at: None,
        resume_at: None,
        resolution: None,
        resolved_at: None,
        resolved_by_id: None,
        call_back: None,
        call_back_tries: 0,
        rating: None,
        rating_comment: None,
        rated_at: None,
        ended_at: None,
        created_at: now,
        updated_at: now,
        version: 1,
        revision: 1,
        erased_at: None,
    };
    clocks.start(&mut ticket, now);
    Ok(Draft { ticket, today })
}

/// Writes a raised matter with its line and its event, within the transaction of whatever raises it.
///
/// # Errors
/// When the database fails.
pub(in crate::domain) async fn write(
    domain: &Domain,
    viewer: &Viewer,
    tx: &Tx<'_>,
    draft: Draft,
    files: Prepared,
) -> Result<Ticket> {
    let Draft { mut ticket, today } = draft;
    keep_open(tx, &ticket).await?;
    ticket.repeat_of_id = find_repeated(tx, &ticket).await?;
    let repeated = i32::from(ticket.repeat_of_id.is_some());
    ticket.escalation_level = (level_above(tx, &ticket, today).await? + repeated).min(LAST_LEVEL);
    let ticket = ticket.into_active_model().insert(&tx.db).await?;
    let line = write_line(domain, tx, Some(viewer), Act::File, &ticket, Line::default()).await?;
    files.attach(tx, viewer, line).await?;
    event::ticket_changed(domain, tx, Act::File, &ticket, None, &Facts::of(&ticket, &[])).await?;
    Ok(ticket)
}

/// What was found open may have been closed meanwhile; from here on it cannot be.
async fn keep_open(tx: &Tx<'_>, ticket: &Ticket) -> Result<()> {
    if let Some(building) = ticket.building_id {
        row::keep_open::<building::Entity>(tx, "input.buildingId", building).await?;
    }
    if let Some(unit) = ticket.unit_id {
        row::keep_open::<unit::Entity>(tx, "input.unitId", unit).await?;
    }
    if let Some(reporter) = ticket.reporter_id {
        row::keep_open::<occupant::Entity>(tx, "input.reporterId", reporter).await?;
    }
    Ok(())
}

/// What a repeated request made before.
async fn load(domain: &Domain, viewer: &Viewer, db: &impl ConnectionTrait, id: TicketId) -> Result<Ticket> {
    let seen = ticket::Entity::visible_to(&viewer.scope, domain.db.backend());
    let found = seen.filter(ticket::Column::Id.eq(id)).one(db).await?;
    found.ok_or_else(|| Refusal::not_found("input.idempotencyKey", id).into())
}

/// The level one rung above those whom a complaint is about: who stands there handles it from the beginning.
async fn level_above(tx: &Tx<'_>, ticket: &Ticket, today: NaiveDate) -> Result<i32> {
    if ticket.about_staff_id.is_none() && ticket.about_team_id.is_none() {
        return Ok(0);
    }
    let chain = Chain::of(&tx.db, ticket.community_id, today).await?;
    Ok(i32::from(chain.subject(&tx.db, ticket).await?.rung))
}

/// The youngest ticket of the same unit, kind and category, if it is young enough.
async fn find_repeated(tx: &Tx<'_>, new: &Ticket) -> Result<Option<TicketId>> {
    let (Some(unit), Some(category)) = (new.unit_id, new.category_id) else {
        return Ok(None);
    };
    let earlier = ticket::Entity::find()
        .filter(ticket::Column::UnitId.eq(unit))
        .filter(ticket::Column::CategoryId.eq(category))
        .filter(ticket::Column::Kind.eq(new.kind))
        .filter(ticket::Column::Status.is_not_in([Status::Cancelled, Status::Merged]))
        .filter(ticket::Column::CreatedAt.gt(new.created_at - REPEATED_WITHIN))
        .order_by_desc(ticket::Column::CreatedAt)
        .one(&tx.db)
        .await?;
    Ok(earlier.map(|row| row.id))
}

/// `XH-20261123-0042`; drawn before the transaction, so that nobody waits for it and a number may be skipped.
async fn draw_number(
    domain: &Domain,
    community: &community::Model,
    clocks: &Clocks,
    now: DateTime<Utc>,
) -> Result<String> {
    let day = clocks.day(now);
    let number = ticket_counter::draw(domain.db.write(), community.id, day).await?;
    Ok(format!("{}-{}-{number:04}", community.code, day.format("%Y%m%d")))
}

async fn find_place(domain: &Domain, viewer: &Viewer, place: &Place) -> Result<Found> {
    let (db, backend, scope) = (domain.db.read(), domain.db.backend(), &viewer.scope);
    let unit = match place.unit {
        None => None,
        Some(id) => {
            let seen = unit::Entity::visible_to(scope, backend).filter(unit::Column::Id.eq(id));
            let found = seen.filter(unit::Column::ClosedAt.is_null()).one(db).await?;
            Some(found.ok_or_else(|| Refusal::not_found("input.unitId", id))?)
        }
    };
    let building_id = match (place.building, unit.as_ref().map(|unit| unit.building_id)) {
        (Some(given), Some(of_unit)) if Some(given) != of_unit => {
            return Err(Refusal::invalid("input.buildingId", "the unit is not in this building").into());
        }
        (given, of_unit) => given.or(of_unit.flatten()),
    };
    let building = match building_id {
        None => None,
        Some(id) => {
            let seen = building::Entity::visible_to(scope, backend).filter(building::Column::Id.eq(id));
            let found = seen.filter(building::Column::ClosedAt.is_null()).one(db).await?;
            Some(found.ok_or_else(|| Refusal::not_found("input.buildingId", id))?)
        }
    };
    let implied =
        unit.as_ref().map(|unit| unit.community_id).or(building.as_ref().map(|row| row.community_id));
    let id = match (place.community, implied) {
        (Some(given), Some(implied)) if given != implied => {
            return Err(Refusal::invalid(
                "input.communityId",
                "the building or unit is not in this community",
            )
            .into());
        }
        (None, None) => {
            let message = "name a unit, a building or a community";
            return Err(Refusal::invalid("input.communityId", message).into());
        }
        (given, implied) => given.or(implied),
    };
    let id = id.unwrap_or(CommunityId::new(uuid::Uuid::nil()));
    let seen = community::Entity::visible_to(scope, backend).filter(community::Column::Id.eq(id));
    let community = seen.filter(community::Column::ClosedAt.is_null()).one(db).await?;
    let community = community.ok_or_else(|| Refusal::not_found("input.communityId", id))?;
    Ok(Found { community, building: building_id, unit: unit.map(|unit| unit.id) })
}

/// Whether the viewer raises it as staff; a resident raises it for themselves.
fn check_may_raise(viewer: &Viewer, community: CommunityId, kind: Kind) -> Result<bool> {
    if viewer.holds(&FOR_ANYONE, community) {
        return Ok(true);
    }
    if kind == Kind::Repair && viewer.holds(&[Role::Worker], community) {
        return Ok(true);
    }
    if viewer.scope.register.own_communities.contains(&community) {
        return Ok(false);
    }
    let message = if viewer.holds(&[Role::Worker], community) {
        "workers raise REPAIR tickets; the front desk takes the others"
    } else {
        "you may not raise a ticket at this community"
    };
    Err(Refusal::forbidden(message).into())
}

fn check_has_place(found: &Found, words: Option<&str>) -> Result<()> {
    if found.unit.is_none() && found.building.is_none() && words.is_none() {
        let message = "say where it is: a unit, a building, or the place in words";
        return Err(Refusal::invalid("input.place", message).into());
    }
    Ok(())
}

async fn find_reporter(
    domain: &Domain,
    viewer: &Viewer,
    given: Option<OccupantId>,
    by_staff: bool,
) -> Result<Option<OccupantId>> {
    let own = viewer.occupant.as_ref().map(|occupant| occupant.id);
    if !by_staff {
        if given.is_some_and(|given| Some(given) != own) {
            return Err(Refusal::forbidden("you can report only for yourself").into());
        }
        return Ok(own);
    }
    let Some(id) = given else {
        return Ok(None);
    };
    let seen = occupant::Entity::visible_to(&viewer.scope, domain.db.backend());
    let found = seen.filter(occupant::Column::Id.eq(id)).filter(occupant::Column::ClosedAt.is_null());
    let found = found.one(domain.db.read()).await?;
    Ok(Some(found.ok_or_else(|| Refusal::not_found("input.reporterId", id))?.id))
}

async fn find_category(
    domain: &Domain,
    id: Option<CategoryId>,
    kind: Kind,
) -> Result<Option<category::Model>> {
    let Some(id) = id else {
        return Ok(None);
    };
    let found = category::Entity::find_by_id(id).filter(category::Column::ClosedAt.is_null());
    let found = found.one(domain.db.read()).await?;
    let found = found.ok_or_else(|| Refusal::not_found("input.categoryId", id))?;
    if found.ticket_kind.is_some_and(|only| only != kind) {
        let message = format!("the category {} is for another kind of ticket", found.code);
        return Err(Refusal::invalid("input.categoryId", message).into());
    }
    Ok(Some(found))
}

/// What a complaint is about. It need not be visible to the reporter: they may know a name from elsewhere.
async fn check_about(domain: &Domain, input: &File, found: &Found) -> Result<()> {
    let db = domain.db.read();
    let named = input.about_staff.is_some() || input.about_team.is_some() || input.about_unit.is_some();
    if named && input.kind != Kind::Complaint {
        let message = "only a COMPLAINT is about a person, a team or a neighbour";
        return Err(Refusal::invalid("input.kind", message).into());
    }
    if let Some(id) = input.about_staff {
        let known = staff::Entity::find_by_id(id).one(db).await?;
        known.ok_or_else(|| Refusal::not_found("input.aboutStaffId", id))?;
    }
    if let Some(id) = input.about_team {
        let here = team::Entity::find_by_id(id).filter(team::Column::CommunityId.eq(found.community.id));
        here.one(db).await?.ok_or_else(|| Refusal::not_found("input.aboutTeamId", id))?;
    }
    if let Some(id) = input.about_unit {
        let here = unit::Entity::find_by_id(id).filter(unit::Column::CommunityId.eq(found.community.id));
        here.one(db).await?.ok_or_else(|| Refusal::not_found("input.aboutUnitId", id))?;
    }
    Ok(())
}

async fn check_previous(domain: &Domain, viewer: &Viewer, previous: Option<TicketId>) -> Result<()> {
    let Some(id) = previous else {
        return Ok(());
    };
    let seen = ticket::Entity::visible_to(&viewer.scope, domain.db.backend());
    let found = seen.filter(ticket::Column::Id.eq(id)).one(domain.db.read()).await?;
    let found = found.ok_or_else(|| Refusal::not_found("input.previousId", id))?;
    if !lifecycle::is_ended(found.status) {
        let message = format!("{} is {} and has not ended; act on it instead", found.number, found.status);
        return Err(Refusal::invalid("input.previousId", message).into());
    }
    Ok(())
}

fn residents_channel(given: Channel) -> Channel {
    match given {
        Channel::Web => Channel::Web,
        _ => Channel::App,
    }
}

/// Whether a viewer may raise a ticket anywhere, for the app to know at its start.
#[must_use]
pub fn may_raise(viewer: &Viewer) -> bool {
    let works = viewer.posts.iter().any(|post| post.role == Role::Worker);
    works || may_raise_for_others(viewer) || !viewer.scope.register.own_communities.is_empty()
}

/// Whether a viewer may raise a ticket for others anywhere.
#[must_use]
pub fn may_raise_for_others(viewer: &Viewer) -> bool {
    viewer.posts.iter().any(|post| FOR_ANYONE.contains(&post.role))
}
