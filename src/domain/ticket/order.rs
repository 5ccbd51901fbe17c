//! Work orders: pieces of a ticket's work that go to a team. The owner stays the owner.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};

use super::policy::{self, Relation};
use super::work::Work;
use super::{TEXT_MAX, Target, lifecycle};
use crate::base::id::{TeamId, WorkOrderId};
use crate::domain::attachment::{self, Given, Prepared};
use crate::domain::{Current, Domain, Once, Refusal, Result, Viewer, required};
use crate::storage::ticket::{Act, Model as Ticket, Status as TicketStatus};
use crate::storage::work_order::{self, AppointmentOutcome, Model as WorkOrder, Status};
use crate::storage::{team, ticket};

/// What a team is to do.
#[derive(Clone, Debug)]
pub struct Dispatch {
    /// The team.
    pub team: TeamId,
    /// What is to be done.
    pub task: String,
    /// By when.
    pub due_at: Option<DateTime<Utc>>,
    /// When the reporter expects somebody.
    pub appointment: Option<Appointment>,
}

/// When the reporter expects somebody.
#[derive(Clone, Copy, Debug)]
pub struct Appointment {
    /// From when.
    pub from: DateTime<Utc>,
    /// To when.
    pub to: DateTime<Utc>,
}

impl Appointment {
    fn check(self, now: DateTime<Utc>) -> Result<Self> {
        if self.to <= self.from {
            let message = format!("it ends at {}, which is not after its beginning", self.to.to_rfc3339());
            return Err(Refusal::invalid("input.appointment.to", message).into());
        }
        if self.from < now {
            let message = format!("{} has passed", self.from.to_rfc3339());
            return Err(Refusal::invalid("input.appointment.from", message).into());
        }
        Ok(self)
    }
}

/// Gives a piece of the work to a team of the ticket's community.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn dispatch(
    domain: &Domain,
    viewer: &Viewer,
    target: &Target,
    input: Dispatch,
    once: Option<&Once>,
) -> Result<(Ticket, WorkOrder)> {
    let task = required("input.task", &input.task, TEXT_MAX)?;
    let id: WorkOrderId = domain.clock.id();
    let tx = domain.begin().await?;
    if let Some(before) = tx.claim(viewer, once, id.uuid()).await? {
        // The connection that writes is needed to read what was made.
        drop(tx);
        return load(domain, viewer, WorkOrderId::new(before)).await;
    }
    let mut work = Work::open_in(domain, viewer, tx, target, Act::Dispatch).await?;
    let team = find_team(&work, input.team).await?;
    let now = work.now();
    let appointment = input.appointment.map(|appointment| appointment.check(now)).transpose()?;
    if input.due_at.is_some_and(|due| due <= now) {
        return Err(
            Refusal::invalid("input.dueAt", "it has passed; a work order is due in the future").into()
        );
    }
    let order = work_order::ActiveModel {
        id: Set(id),
        community_id: Set(work.ticket.community_id),
        ticket_id: Set(work.ticket.id),
        team_id: Set(team.id),
        worker_id: Set(None),
        status: Set(Status::Dispatched),
        task: Set(task),
        due_at: Set(input.due_at),
        late_at: Set(None),
        appointment_from: Set(appointment.map(|appointment| appointment.from)),
        appointment_to: Set(appointment.map(|appointment| appointment.to)),
        appointment_outcome: Set(None),
        result: Set(None),
        taken_at: Set(None),
        ended_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
        version: Set(1),
    };
    let order = order.insert(&work.tx.db).await?;
    work.orders.push(order.clone());
    work.respond();
    work.param("workOrder", order.id.to_string()).param("team", team.name);
    Ok((work.finish().await?, order))
}

async fn find_team(work: &Work<'_>, id: TeamId) -> Result<team::Model> {
    let found = team::Entity::find_by_id(id)
        .filter(team::Column::CommunityId.eq(work.ticket.community_id))
        .filter(team::Column::ClosedAt.is_null())
        .lock(LockType::Share)
        .one(&work.tx.db)
        .await?;
    found.ok_or_else(|| Refusal::not_found("input.teamId", id).into())
}

/// The work order that a repeated request made before.
async fn load(domain: &Domain, viewer: &Viewer, id: WorkOrderId) -> Result<(Ticket, WorkOrder)> {
    let order = find(domain, viewer, id).await?;
    let seen = ticket::Entity::visible_to(&viewer.scope, domain.db.backend());
    let ticket = seen.filter(ticket::Column::Id.eq(order.ticket_id)).one(domain.db.write()).await?;
    Ok((ticket.ok_or_else(|| Refusal::not_found("input.id", order.ticket_id))?, order))
}

async fn find(domain: &Domain, viewer: &Viewer, id: WorkOrderId) -> Result<WorkOrder> {
    let seen = work_order::Entity::visible_to(&viewer.scope, domain.db.backend());
    let found = seen.filter(work_order::Column::Id.eq(id)).one(domain.db.write()).await?;
    found.ok_or_else(|| Refusal::not_found("input.id", id).into())
}

/// Takes a work order; a ticket that was only assigned is then in progress.
///
/// # Errors
/// When it is refused, above all when somebody else was faster, or the database fails.
pub async fn take(
    domain: &Domain,
    viewer: &Viewer,
    id: WorkOrderId,
    expected_version: Option<i32>,
) -> Result<(Ticket, WorkOrder)> {
    let (mut work, mut order) = open(domain, viewer, id, expected_version, Act::TakeOrder).await?;
    if work.was.status != TicketStatus::Assigned {
        work.ticket.status = work.was.status;
    }
    order.status = Status::Taken;
    order.worker_id = viewer.staff_id();
    order.taken_at = Some(work.now());
    finish_with(work, order).await
}

/// Gives a work order back, with a reason; the ticket's owner decides what follows.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn give_back(
    domain: &Domain,
    viewer: &Viewer,
    id: WorkOrderId,
    expected_version: Option<i32>,
    reason: &str,
) -> Result<(Ticket, WorkOrder)> {
    let reason = required("input.reason", reason, TEXT_MAX)?;
    let (mut work, mut order) = open(domain, viewer, id, expected_version, Act::ReturnOrder).await?;
    order.status = Status::Returned;
    order.result = Some(reason.clone());
    order.ended_at = Some(work.now());
    work.internal().text(reason);
    finish_with(work, order).await
}

/// What is reported of a work order that is done.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What was done.
    pub result: String,
    /// Whether the appointment was kept, if there was one.
    pub outcome: Option<AppointmentOutcome>,
    /// Photos and documents that come with it.
    pub attachments: Given,
}

/// Reports a work order as done; when there was an appointment, whether it was kept.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn finish(
    domain: &Domain,
    viewer: &Viewer,
    id: WorkOrderId,
    expected_version: Option<i32>,
    report: Report,
) -> Result<(Ticket, WorkOrder)> {
    let Report { result, outcome, attachments } = report;
    let result = required("input.result", &result, TEXT_MAX)?;
    attachment::with(domain, viewer, attachments, async |files| {
        report_done(domain, viewer, (id, expected_version), result, outcome, files).await
    })
    .await
}

async fn report_done(
    domain: &Domain,
    viewer: &Viewer,
    (id, expected_version): (WorkOrderId, Option<i32>),
    result: String,
    outcome: Option<AppointmentOutcome>,
    files: Prepared,
) -> Result<(Ticket, WorkOrder)> {
    let (mut work, mut order) = open(domain, viewer, id, expected_version, Act::FinishOrder).await?;
    if order.appointment_from.is_some() != outcome.is_some() {
        let message = if outcome.is_some() {
            "there was no appointment to be kept"
        } else {
            "there was an appointment; say whether it was KEPT or MISSED"
        };
        return Err(Refusal::invalid("input.appointmentOutcome", message).into());
    }
    work.files = files;
    order.status = Status::Done;
    order.result = Some(result.clone());
    order.appointment_outcome = outcome;
    order.ended_at = Some(work.now());
    work.text(result);
    finish_with(work, order).await
}

/// Agrees on when the reporter may expect somebody.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn schedule(
    domain: &Domain,
    viewer: &Viewer,
    id: WorkOrderId,
    expected_version: Option<i32>,
    appointment: Appointment,
) -> Result<(Ticket, WorkOrder)> {
    let (mut work, mut order) = open(domain, viewer, id, expected_version, Act::Schedule).await?;
    let appointment = appointment.check(work.now())?;
    order.appointment_from = Some(appointment.from);
    order.appointment_to = Some(appointment.to);
    work.param("from", appointment.from.to_rfc3339()).param("to", appointment.to.to_rfc3339());
    finish_with(work, order).await
}

/// Locks the ticket of a work order, and with it the order.
async fn open<'a>(
    domain: &'a Domain,
    viewer: &'a Viewer,
    id: WorkOrderId,
    expected_version: Option<i32>,
    act: Act,
) -> Result<(Work<'a>, WorkOrder)> {
    let ticket = find(domain, viewer, id).await?.ticket_id;
    let target = Target { id: ticket, expected_version: None, field: "input.id".into() };
    let work = Work::open(domain, viewer, &target, act).await?;
    let order = work.orders.iter().find(|order| order.id == id).cloned();
    let order = order.ok_or_else(|| Refusal::not_found("input.id", id))?;
    // Another work order of the ticket gives no right to this one.
    let relation = Relation::of(viewer, &work.was, std::slice::from_ref(&order));
    if !policy::may(&relation, act) {
        let message = format!("you may not do {act} to this work order; it is not with you or your team");
        return Err(Refusal::forbidden(message).into());
    }
    if let Some(expected) = expected_version.filter(|expected| *expected != order.version) {
        return Err(Refusal::Conflict { expected, current: Current::WorkOrder(Box::new(order)) }.into());
    }
    expect(&order, act)?;
    Ok((work, order))
}

fn expect(order: &WorkOrder, act: Act) -> Result<()> {
    let statuses = lifecycle::order_in(act).unwrap_or_default();
    if statuses.contains(&order.status) {
        return Ok(());
    }
    let name = |status: &Status| sea_orm::ActiveEnum::to_value(status);
    let wanted = statuses.iter().map(name).collect::<Vec<_>>().join(" or ");
    let message = format!("the work order is {}; it would have to be {wanted}", name(&order.status));
    Err(Refusal::invalid("input.id", message).into())
}

async fn finish_with(mut work: Work<'_>, mut order: WorkOrder) -> Result<(Ticket, WorkOrder)> {
    order.updated_at = work.now();
    order.version += 1;
    let saved = order.clone().into_active_model().reset_all().update(&work.tx.db).await?;
    if let Some(known) = work.orders.iter_mut().find(|known| known.id == saved.id) {
        known.clone_from(&saved);
    }
    work.param("workOrder", saved.id.to_string());
    Ok((work.finish().await?, saved))
}
