//! How a ticket ends, and how it begins again.

use chrono::TimeDelta;

use super::work::{Work, lock};
use super::{TEXT_MAX, Target, lifecycle};
use crate::base::id::TicketId;
use crate::domain::{Domain, Refusal, Result, Viewer, clean, required};
use crate::storage::ticket::{Act, CallBack, Model as Ticket, Status};

/// How long after its end a ticket can be reopened.
const REOPEN_WITHIN: TimeDelta = TimeDelta::days(30);

/// How content the reporter is.
#[derive(Clone, Debug)]
pub struct Rating {
    /// 1 to 5.
    pub stars: i32,
    /// In words.
    pub comment: Option<String>,
}

impl Rating {
    fn check(self) -> Result<Self> {
        if !(1..=5).contains(&self.stars) {
            let message = format!("{} is no rating; it goes from 1 to 5", self.stars);
            return Err(Refusal::invalid("input.rating", message).into());
        }
        let comment = clean("input.ratingComment", self.comment.as_deref(), TEXT_MAX)?;
        Ok(Self { comment, ..self })
    }

    fn put_on(self, work: &mut Work<'_>) {
        work.param("rating", self.stars);
        work.ticket.rating = Some(self.stars);
        work.ticket.rating_comment = self.comment;
        work.ticket.rated_at = Some(work.now());
    }
}

/// Refuses it, with a reply to the reporter.
///
/// # Errors
/// When it is refused, above all without a reply, or the database fails.
pub async fn reject(domain: &Domain, viewer: &Viewer, target: &Target, reply: &str) -> Result<Ticket> {
    let reply = required("input.reply", reply, TEXT_MAX)?;
    let mut work = Work::open(domain, viewer, target, Act::Reject).await?;
    work.ticket.resolution = Some(reply.clone());
    work.ticket.resolved_by_id = viewer.staff_id();
    work.text(reply);
    end(work).await
}

/// Withdraws it.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn cancel(
    domain: &Domain,
    viewer: &Viewer,
    target: &Target,
    reason: Option<&str>,
) -> Result<Ticket> {
    let reason = clean("input.reason", reason, TEXT_MAX)?;
    let mut work = Work::open(domain, viewer, target, Act::Cancel).await?;
    work.text(reason);
    end(work).await
}

/// Lets it go on as another ticket of the same community, which has not been merged itself.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn merge(domain: &Domain, viewer: &Viewer, target: &Target, into: TicketId) -> Result<Ticket> {
    if target.id == into {
        return Err(Refusal::invalid("input.intoId", "a ticket cannot be merged into itself").into());
    }
    let tx = domain.begin().await?;
    // Both rows are locked in the order of their ids, so that two merges cannot wait for each other.
    if target.id < into {
        lock(domain, viewer, &tx, target.id, target.field.clone()).await?;
    }
    let main = lock(domain, viewer, &tx, into, "input.intoId").await;
    let mut work = Work::open_in(domain, viewer, tx, target, Act::Merge).await?;
    let main = main?;
    if main.community_id != work.ticket.community_id {
        return Err(Refusal::invalid("input.intoId", "it belongs to another community").into());
    }
    if lifecycle::is_ended(main.status) {
        let message =
            format!("{} is {}; only a ticket that goes on can take up another", main.number, main.status);
        return Err(Refusal::invalid("input.intoId", message).into());
    }
    work.ticket.merged_into_id = Some(into);
    work.param("into", into.to_string()).param("number", main.number);
    end(work).await
}

/// Agrees that it is done; a rating may come with it.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn confirm(
    domain: &Domain,
    viewer: &Viewer,
    target: &Target,
    rating: Option<Rating>,
) -> Result<Ticket> {
    let rating = rating.map(Rating::check).transpose()?;
    let mut work = Work::open(domain, viewer, target, Act::Confirm).await?;
    if let Some(rating) = rating {
        rating.put_on(&mut work);
    }
    end(work).await
}

/// Gives it 1 to 5.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn rate(domain: &Domain, viewer: &Viewer, target: &Target, rating: Rating) -> Result<Ticket> {
    let rating = rating.check()?;
    let mut work = Work::open(domain, viewer, target, Act::Rate).await?;
    rating.put_on(&mut work);
    work.finish().await
}

/// What a call back brought.
#[derive(Clone, Debug)]
pub struct CalledBack {
    /// Whether the reporter is content.
    pub outcome: CallBack,
    /// What they said.
    pub note: Option<String>,
    /// What they give it.
    pub rating: Option<Rating>,
    /// Whether it is to be reopened, as they are not content.
    pub reopen: bool,
}

/// Asks the reporter by telephone: content closes the ticket; not content reopens it if that is wished.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn call_back(
    domain: &Domain,
    viewer: &Viewer,
    target: &Target,
    call: CalledBack,
) -> Result<Ticket> {
    let note = clean("input.note", call.note.as_deref(), TEXT_MAX)?;
    let rating = call.rating.map(Rating::check).transpose()?;
    if call.reopen && call.outcome != CallBack::Unsatisfied {
        let message = "only a ticket whose reporter is UNSATISFIED is reopened by a call back";
        return Err(Refusal::invalid("input.reopen", message).into());
    }
    if call.reopen && note.is_none() {
        return Err(Refusal::invalid("input.note", "a reopening needs a reason in words").into());
    }
    let mut work = Work::open(domain, viewer, target, Act::CallBack).await?;
    work.text(note).param("outcome", sea_orm::ActiveEnum::to_value(&call.outcome));
    if let Some(rating) = rating {
        rating.put_on(&mut work);
    }
    work.ticket.call_back = Some(call.outcome);
    match call.outcome {
        CallBack::Unreachable => work.ticket.call_back_tries += 1,
        CallBack::Satisfied => {
            work.ticket.status = Status::Closed;
            return end(work).await;
        }
        CallBack::Unsatisfied if call.reopen => {
            work.ticket.status = Status::Reopened;
            begin_again(&mut work).await?;
        }
        CallBack::Unsatisfied => {}
    }
    work.finish().await
}

/// Says that it is not done after all.
///
/// # Errors
/// When it is refused, above all without a reason or more than 30 days after the end, or the database fails.
pub async fn reopen(domain: &Domain, viewer: &Viewer, target: &Target, reason: &str) -> Result<Ticket> {
    let reason = required("input.reason", reason, TEXT_MAX)?;
    let mut work = Work::open(domain, viewer, target, Act::Reopen).await?;
    if work.was.ended_at.is_some_and(|ended| work.now() - ended > REOPEN_WITHIN) {
        let message = "it ended more than 30 days ago; file a new ticket that names it as previousId";
        return Err(Refusal::invalid("input.id", message).into());
    }
    work.text(reason);
    begin_again(&mut work).await?;
    work.finish().await
}

/// A new clock begins; the first one's figures stay in the timeline. After a rejection the next level up has it.
async fn begin_again(work: &mut Work<'_>) -> Result<()> {
    let was = work.was.clone();
    let kept = [
        ("respondedAt", was.responded_at),
        ("responseDueAt", Some(was.response_due_at)),
        ("resolvedAt", was.resolved_at),
        ("resolutionDueAt", Some(was.resolution_due_at)),
    ];
    for (name, time) in kept {
        work.param(name, time.map(|time| time.to_rfc3339()));
    }
    let now = work.now();
    let clocks = work.clocks().await?;
    let ticket = &mut work.ticket;
    ticket.reopen_count += 1;
    ticket.responded_at = None;
    clocks.start(ticket, now);
    ticket.resolved_at = None;
    ticket.ended_at = None;
    ticket.rating = None;
    ticket.rating_comment = None;
    ticket.rated_at = None;
    if was.status == Status::Rejected {
        ticket.escalation_level = (ticket.escalation_level + 1).min(super::LAST_LEVEL);
    }
    Ok(())
}

async fn end(mut work: Work<'_>) -> Result<Ticket> {
    work.ticket.ended_at = Some(work.now());
    work.end_hold().await?;
    work.withdraw_orders().await?;
    work.finish().await
}
