//! What happens to tickets by the clock: a hold ends, a resolved ticket is closed, one that is nearly late is
//! told, a late one goes up. Each is found by its stored moment and looked at again under its lock, so that it happens once, whatever was restarted and however
//! many gateways run.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, Iterable,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::acts::restart_clock;
use super::sla::{Clocks, Target};
use super::work::{Line, orders_of, write_line};
use super::{LAST_LEVEL, lifecycle};
use crate::base::Scope;
use crate::base::id::TicketId;
use crate::domain::{Domain, Result, Tx, event, row, viewer};
use crate::storage::event::Facts;
use crate::storage::ticket::{Act, CallBack, Column, Entity, Kind, Model as Ticket, Status};
use crate::storage::ticket_event::Visibility;
use crate::storage::work_order::{self, Model as WorkOrder};

/// How long the reporter has to say that it is not done.
const CLOSE_AFTER: TimeDelta = TimeDelta::days(7);

/// So many calls in vain count as a call back.
const UNREACHABLE_ENOUGH: i32 = 3;

/// Whose doing it is.
const WHY: &str = "what happens by the clock";

/// How many tickets are looked at in one go.
const BATCH: u64 = 500;

/// How often each thing happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Holds that ended.
    pub resumed: usize,
    /// Resolved tickets that were closed.
    pub closed: usize,
    /// Tickets of whose time most has gone, which was told.
    pub warned: usize,
    /// Late tickets that went up a level or more.
    pub escalated: usize,
    /// Late work orders, of which their team's lead was told.
    pub late_orders: usize,
}

/// Does whatever is due now.
///
/// # Errors
/// When the database fails; what was done stays done, the rest is done next time.
pub async fn run_due(domain: &Domain) -> Result<Done> {
    let now = domain.clock.now();
    let late = Condition::any()
        .add(Column::ResolutionDueAt.lte(now).and(Column::Status.ne(Status::OnHold)))
        .add(Column::ResponseDueAt.lte(now).and(Column::RespondedAt.is_null()));
    let held = Condition::all().add(Column::Status.eq(Status::OnHold)).add(Column::ResumeAt.lte(now));
    let resolved = Condition::all()
        .add(Column::Status.eq(Status::Resolved))
        .add(Column::ResolvedAt.lte(now - CLOSE_AFTER));
    let late = running().add(Column::EscalationLevel.lt(LAST_LEVEL)).add(late);
    let near = running().add(
        Condition::any()
            .add(
                near(Column::ResolutionWarnAt, Column::ResolutionDueAt, now)
                    .and(Column::Status.ne(Status::OnHold)),
            )
            .add(near(Column::ResponseWarnAt, Column::ResponseDueAt, now).and(Column::RespondedAt.is_null())),
    );
    Ok(Done {
        resumed: each(domain, held, Column::ResumeAt, Act::Resume, resume).await?,
        closed: each(domain, resolved, Column::ResolvedAt, Act::Close, close).await?,
        warned: each(domain, near, Column::Id, Act::Warn, warn).await?,
        escalated: each(domain, late, Column::Id, Act::Escalate, escalate).await?,
        late_orders: each_late_order(domain, now).await?,
    })
}

/// Open tickets. That they have not ended is said too, since the index of those that run on asks for it.
fn running() -> Condition {
    let open = Status::iter().filter(|status| lifecycle::is_open(*status));
    Condition::all().add(Column::EndedAt.is_null()).add(Column::Status.is_in(open))
}

/// Most of the time has gone and not all, and it has not been told yet.
fn near(warn_at: Column, due_at: Column, now: DateTime<Utc>) -> Expr {
    let untold = Column::WarnedAt.is_null().or(Expr::col(Column::WarnedAt).lt(Expr::col(warn_at)));
    warn_at.lte(now).and(due_at.gt(now)).and(untold)
}

/// What is done to a ticket, if it is still due: changes it and says what the line tells.
type Step = fn(&mut Ticket, &Clocks) -> Option<Line>;

/// Does it to each that is due, in the order of the index of those that may be: in another one, SQLite would go through
/// all tickets to have the first of them.
async fn each(domain: &Domain, due: Condition, order: Column, act: Act, step: Step) -> Result<usize> {
    let due = all(domain).filter(due).select_only().column(Column::Id);
    let ids = due.order_by_asc(order).order_by_asc(Column::Id).limit(BATCH);
    let mut done = 0;
    for id in ids.into_tuple::<TicketId>().all(domain.db.read()).await? {
        done += usize::from(domain.db.answered(Box::pin(one(domain, id, act, step))).await?);
    }
    Ok(done)
}

async fn one(domain: &Domain, id: TicketId, act: Act, step: Step) -> Result<bool> {
    let tx = domain.begin().await?;
    let Some(was) = all(domain).filter(Column::Id.eq(id)).lock_exclusive().one(&tx.db).await? else {
        return Ok(false);
    };
    let clocks = viewer::clocks(domain, was.community_id).await?;
    let mut ticket = touched(domain, &was);
    let Some(line) = step(&mut ticket, &clocks) else {
        return Ok(false);
    };
    tell(domain, tx, act, &was, &ticket, line).await?;
    Ok(true)
}

/// Changed now, by nobody: its version stays.
fn touched(domain: &Domain, was: &Ticket) -> Ticket {
    Ticket { updated_at: domain.clock.now(), revision: was.revision + 1, ..was.clone() }
}

/// Writes the ticket, its line and its event, and commits.
async fn tell(
    domain: &Domain,
    tx: Tx<'_>,
    act: Act,
    was: &Ticket,
    ticket: &Ticket,
    line: Line,
) -> Result<()> {
    let facts = Facts::of(ticket, &orders_of(&tx, ticket.id).await?);
    let ticket = row::write::<Entity>(&tx, was, ticket).await?;
    write_line(domain, &tx, None, act, &ticket, line).await?;
    event::ticket_changed(domain, &tx, act, &ticket, Some(&facts), &facts).await?;
    tx.commit().await
}

async fn each_late_order(domain: &Domain, now: DateTime<Utc>) -> Result<usize> {
    let late = work_order::Entity::visible_to(&Scope::system(WHY), domain.db.backend())
        .filter(work_order::Column::EndedAt.is_null())
        .filter(work_order::Column::DueAt.lte(now))
        .filter(work_order::Column::LateAt.is_null())
        .order_by_asc(work_order::Column::DueAt)
        .limit(BATCH);
    let mut done = 0;
    for order in late.all(domain.db.read()).await? {
        done += usize::from(domain.db.answered(Box::pin(late_order(domain, &order))).await?);
    }
    Ok(done)
}

/// The ticket is locked first, as by whoever acts on one of its orders.
async fn late_order(domain: &Domain, found: &WorkOrder) -> Result<bool> {
    let tx = domain.begin().await?;
    let ticket = all(domain).filter(Column::Id.eq(found.ticket_id)).lock_exclusive().one(&tx.db).await?;
    let order = work_order::Entity::find_by_id(found.id).one(&tx.db).await?;
    let (Some(was), Some(order)) = (ticket, order) else { return Ok(false) };
    if order.ended_at.is_some() || order.late_at.is_some() {
        return Ok(false);
    }
    let mut change = order.into_active_model();
    change.late_at = Set(Some(domain.clock.now()));
    change.update(&tx.db).await?;
    let mut line = Line { visibility: Visibility::Internal, ..Line::default() };
    line.params.insert("workOrder".to_owned(), found.id.to_string().into());
    let ticket = touched(domain, &was);
    tell(domain, tx, Act::OrderLate, &was, &ticket, line).await?;
    Ok(true)
}

fn all(domain: &Domain) -> sea_orm::Select<Entity> {
    Entity::visible_to(&Scope::system(WHY), domain.db.backend())
}

fn resume(ticket: &mut Ticket, clocks: &Clocks) -> Option<Line> {
    let due = ticket.status == Status::OnHold && ticket.resume_at.is_some_and(|at| at <= ticket.updated_at);
    due.then(|| {
        ticket.status = Status::InProgress;
        restart_clock(ticket, clocks);
        Line::default()
    })
}

fn close(ticket: &mut Ticket, _: &Clocks) -> Option<Line> {
    let due = closes_at(ticket).is_some_and(|at| at <= ticket.updated_at);
    due.then(|| {
        ticket.status = Status::Closed;
        ticket.ended_at = Some(ticket.updated_at);
        Line::default()
    })
}

/// When a resolved ticket is closed by itself; none: it is not.
#[must_use]
pub fn closes_at(ticket: &Ticket) -> Option<DateTime<Utc>> {
    let waits = ticket.status == Status::Resolved && may_close(ticket);
    ticket.resolved_at.filter(|_| waits).map(|at| at + CLOSE_AFTER)
}

/// A complaint is closed only after a call back, unless nobody can be called.
fn may_close(ticket: &Ticket) -> bool {
    let anonymous = ticket.reporter_id.is_none() && ticket.contact_phone.is_none();
    let called = matches!(ticket.call_back, Some(CallBack::Satisfied | CallBack::Unsatisfied))
        || ticket.call_back_tries >= UNREACHABLE_ENOUGH;
    ticket.kind != Kind::Complaint || anonymous || called
}

fn warn(ticket: &mut Ticket, _: &Clocks) -> Option<Line> {
    let now = ticket.updated_at;
    let near = |warn_at: Option<DateTime<Utc>>, due_at: DateTime<Utc>| {
        let told = ticket.warned_at;
        warn_at.is_some_and(|at| at <= now && now < due_at && told.is_none_or(|told| told < at))
    };
    let response = ticket.responded_at.is_none() && near(ticket.response_warn_at, ticket.response_due_at);
    let resolution =
        ticket.status != Status::OnHold && near(ticket.resolution_warn_at, ticket.resolution_due_at);
    let due = lifecycle::is_open(ticket.status) && (response || resolution);
    due.then(|| {
        ticket.warned_at = Some(now);
        let mut line = Line { visibility: Visibility::Internal, ..Line::default() };
        let clock = if response { "RESPONSE" } else { "RESOLUTION" };
        line.params.insert("clock".to_owned(), clock.into());
        line
    })
}

fn escalate(ticket: &mut Ticket, clocks: &Clocks) -> Option<Line> {
    let level = level_due(ticket, clocks);
    let due = lifecycle::is_open(ticket.status) && level > ticket.escalation_level;
    due.then(|| {
        ticket.escalation_level = level;
        let mut line = Line { visibility: Visibility::Internal, ..Line::default() };
        line.params.insert("level".to_owned(), level.into());
        line
    })
}

/// The level that a ticket's lateness asks for: 1 at the breach, one more for each further half of the target.
fn level_due(ticket: &Ticket, clocks: &Clocks) -> i32 {
    let (now, targets) = (ticket.updated_at, clocks.targets(ticket.priority));
    let response = match ticket.responded_at {
        None => level_of(clocks, ticket.response_due_at, targets.response, now),
        Some(_) => 0,
    };
    let resolution = match ticket.status {
        Status::OnHold => 0,
        _ => level_of(clocks, ticket.resolution_due_at, targets.resolution, now),
    };
    Ord::max(response, resolution)
}

fn level_of(clocks: &Clocks, due: DateTime<Utc>, target: Target, now: DateTime<Utc>) -> i32 {
    (0..LAST_LEVEL)
        .take_while(|halves| clocks.past(due, target, *halves) <= now)
        .count()
        .try_into()
        .unwrap_or(0)
}
