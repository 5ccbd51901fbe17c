//! What an imported ticket's past comes to: its moments, its clocks and its timeline.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde_json::json;

use super::row::{MOMENTS, Moments, Row};
use crate::domain::ticket::lifecycle::is_open;
use crate::domain::ticket::sla::Clocks;
use crate::domain::ticket::{Act, HoldReason, Status, Ticket, closes_at};
use crate::domain::{Domain, TicketEvent, Visibility};
use crate::exchange::refusal::Why;
use crate::exchange::row::in_zone;

/// A hold without an end ends after this.
const HOLD: TimeDelta = TimeDelta::days(7);

impl Moments {
    /// The moments of a row in a time zone. A refusal names the column.
    pub(super) fn of(row: &Row, zone: Tz, now: DateTime<Utc>) -> Result<Self, (&'static str, Why)> {
        let mut moments = [None; MOMENTS.len()];
        for ((key, written), moment) in MOMENTS.into_iter().zip(row.moments).zip(&mut moments) {
            let Some(written) = written else { continue };
            let found =
                in_zone(written, zone).ok_or((key, Why::NoSuchTime { zone: zone.name().to_owned() }))?;
            // A hold ends in the future; everything else has happened.
            if found > now && key != "resume_at" {
                return Err((key, Why::InFuture));
            }
            *moment = Some(found);
        }
        let [created, responded, held, resume, resolved, rated, ended, major, erased] = moments;
        let created = created.ok_or(("created_at", Why::Missing))?;
        for (key, moment) in MOMENTS.into_iter().zip(moments) {
            if moment.is_some_and(|moment| moment < created) {
                return Err((key, Why::BeforeItsCause { cause: "created_at".to_owned() }));
            }
        }
        if ended.zip(resolved).is_some_and(|(ended, resolved)| ended < resolved) {
            return Err(("ended_at", Why::BeforeItsCause { cause: "resolved_at".to_owned() }));
        }
        let (mut resolved, mut ended) = (resolved, ended);
        if row.status == Status::Closed {
            (resolved, ended) = (resolved.or(ended), ended.or(resolved));
        }
        Ok(Self { created, responded, held, resume, resolved, rated, ended, major, erased })
    }
}

/// Sets the clocks. Those of a ticket that is open begin at `from`, or when it was raised, if that is later: what an
/// old system was late with is no alarm here. What would have been closed by itself by now is closed without news.
pub(super) fn set_clocks(ticket: &mut Ticket, clocks: &Clocks, from: DateTime<Utc>, now: DateTime<Utc>) {
    let open = is_open(ticket.status);
    let start = if open { ticket.created_at.max(from) } else { ticket.created_at };
    clocks.start(ticket, start);
    // Whoever raised it before has long waited for the first answer. With a clock for it all of them would be due within the
    // same hours of the first day, and go up the ladder together; what is owed to them now is that it is resolved.
    if open && ticket.created_at < start {
        ticket.response_due_at = ticket.resolution_due_at;
        ticket.response_warn_at = ticket.resolution_warn_at;
    }
    match ticket.status {
        Status::OnHold => {
            ticket.hold_reason = ticket.hold_reason.or(Some(HoldReason::Other));
            ticket.held_at = ticket.held_at.or(Some(start));
            ticket.resume_at = ticket.resume_at.or(Some(start + HOLD));
        }
        Status::Resolved => {
            if let Some(at) = closes_at(ticket).filter(|at| *at <= now) {
                ticket.status = Status::Closed;
                ticket.ended_at = Some(at);
            }
        }
        _ => {}
    }
    // Who has it in hand, or has resolved it, has answered.
    let answered = match ticket.status {
        Status::Assigned | Status::InProgress | Status::OnHold => Some(start.min(now)),
        Status::Resolved | Status::Closed => ticket.resolved_at,
        _ => None,
    };
    ticket.responded_at = ticket.responded_at.or(answered);
}

/// The timeline that a ticket's moments tell, and the revision that it ends with.
pub(super) fn timeline(domain: &Domain, ticket: &mut Ticket) -> Vec<TicketEvent> {
    let mut told: Vec<(DateTime<Utc>, Act, Option<String>)> = vec![(ticket.created_at, Act::File, None)];
    let mut tell = |at: Option<DateTime<Utc>>, act, text: Option<&String>| {
        told.extend(at.map(|at| (at, act, text.cloned())));
    };
    let words = ticket.resolution.as_ref();
    tell(ticket.responded_at.filter(|at| Some(*at) != ticket.resolved_at), Act::Acknowledge, None);
    tell(ticket.major_at, Act::MarkMajor, None);
    tell(ticket.resolved_at, Act::Resolve, words);
    tell(ticket.erased_at, Act::Erase, None);
    tell(ticket.rated_at, Act::Rate, ticket.rating_comment.as_ref());
    match ticket.status {
        Status::OnHold => tell(ticket.held_at, Act::Hold, None),
        Status::Closed => tell(ticket.ended_at, Act::Close, None),
        Status::Rejected => tell(ticket.ended_at, Act::Reject, words),
        Status::Cancelled => tell(ticket.ended_at, Act::Cancel, None),
        Status::Merged => tell(ticket.ended_at, Act::Merge, None),
        _ => {}
    }
    told.sort_by_key(|(at, ..)| *at);
    ticket.revision = i32::try_from(told.len()).unwrap_or(i32::MAX);
    let line = |(revision, (at, act, text)): (i32, (DateTime<Utc>, Act, Option<String>))| TicketEvent {
        id: domain.clock().id(),
        community_id: ticket.community_id,
        ticket_id: ticket.id,
        revision,
        act,
        visibility: Visibility::Public,
        account_id: None,
        staff_id: ticket.resolved_by_id.filter(|_| act == Act::Resolve),
        occupant_id: None,
        params: json!({ "imported": true }),
        text,
        erased_at: None,
        created_at: at,
    };
    (1..).zip(told).map(line).collect()
}
