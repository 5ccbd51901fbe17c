//! What follows what: the table of a ticket's life, without a database.

use sea_orm::Iterable;

use crate::storage::ticket::{Act, Kind, Model as Ticket, Status};
use crate::storage::work_order::{self, Model as WorkOrder};

/// The status that an act leads to; `None` when it is not possible in the present one. An act that changes no status
/// leads to the one it began in.
#[must_use]
pub fn next(status: Status, act: Act) -> Option<Status> {
    use Status::{
        Assigned, Cancelled, Closed, InProgress, Merged, New, OnHold, Rejected, Reopened, Resolved,
    };
    let next = match (act, status) {
        (Act::Assign, New | Assigned | InProgress | OnHold | Reopened) => Assigned,
        (Act::TakeOver, New | Assigned | InProgress | OnHold | Reopened) => Assigned,
        (Act::HandBack, Assigned) => New,
        (Act::Answer, New) => Resolved,
        (Act::Start | Act::TakeOrder, Assigned) => InProgress,
        (Act::Hold, InProgress) => OnHold,
        (Act::Resume, OnHold) => InProgress,
        (Act::Resolve, InProgress | OnHold) => Resolved,
        (Act::Reject, New | Assigned | InProgress | OnHold) => Rejected,
        (Act::Merge, New | Assigned | InProgress | OnHold) => Merged,
        (Act::Cancel, New | Assigned | InProgress | OnHold) => Cancelled,
        (Act::Confirm | Act::Close, Resolved) => Closed,
        (Act::Reopen, Resolved | Closed | Rejected) => Reopened,
        // The call back's outcome decides whether the ticket is closed, reopened or stays.
        (Act::CallBack, Resolved) => Resolved,
        (Act::Rate, Resolved | Closed) => status,
        (Act::Dispatch, Assigned | InProgress | OnHold) => status,
        (
            Act::TakeOrder | Act::ReturnOrder | Act::FinishOrder | Act::Schedule,
            Assigned | InProgress | OnHold,
        ) => status,
        (
            Act::Acknowledge | Act::Hurry | Act::Escalate | Act::Receipt | Act::MarkMajor | Act::Dispose,
            status,
        ) if is_open(status) => status,
        (Act::Comment, status) if status != Merged => status,
        (Act::Redact, status) => status,
        _ => return None,
    };
    Some(next)
}

/// Whether work on it is still to come.
#[must_use]
pub fn is_open(status: Status) -> bool {
    matches!(status, Status::New | Status::Assigned | Status::InProgress | Status::OnHold | Status::Reopened)
}

/// Whether it has ended, but for a reopening.
#[must_use]
pub fn is_ended(status: Status) -> bool {
    matches!(status, Status::Closed | Status::Rejected | Status::Cancelled | Status::Merged)
}

/// Whether the act is possible for this ticket: its status allows it, and so does what else is known of it.
#[must_use]
pub fn possible(ticket: &Ticket, act: Act) -> bool {
    next(ticket.status, act).is_some()
        && match act {
            Act::Answer => matches!(ticket.kind, Kind::Enquiry | Kind::Suggestion),
            Act::Acknowledge => ticket.responded_at.is_none(),
            Act::MarkMajor => ticket.major_at.is_none(),
            Act::Receipt => ticket.escalation_level > 0,
            Act::Escalate => ticket.escalation_level < super::LAST_LEVEL,
            Act::Rate => ticket.rating.is_none(),
            _ => true,
        }
}

/// The acts that are possible for this ticket with these work orders, whoever does them. What is done to one of its
/// attachments is not offered as an act on the ticket.
pub fn all_possible(ticket: &Ticket, orders: &[WorkOrder]) -> impl Iterator<Item = Act> {
    let has_order = |act| match order_in(act) {
        Some(statuses) => orders.iter().any(|order| statuses.contains(&order.status)),
        None => true,
    };
    Act::iter().filter(move |act| *act != Act::Redact && possible(ticket, *act) && has_order(*act))
}

/// Where a work order must stand for an act on it; none: the act is on no work order.
#[must_use]
pub fn order_in(act: Act) -> Option<&'static [work_order::Status]> {
    match act {
        Act::TakeOrder => Some(&[work_order::Status::Dispatched]),
        Act::FinishOrder => Some(&[work_order::Status::Taken]),
        Act::ReturnOrder | Act::Schedule => Some(&work_order::Status::OPEN),
        _ => None,
    }
}
