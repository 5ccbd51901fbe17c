//! What is done to a ticket on its way to being resolved.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};

use super::chain::Chain;
use super::work::Work;
use super::{TEXT_MAX, Target, thanks};
use crate::base::id::StaffId;
use crate::domain::attachment::{self, Given, Prepared};
use crate::domain::{Domain, Once, Refusal, Result, Viewer, clean, required};
use crate::storage::post::Role;
use crate::storage::ticket::{Act, HoldReason, Model as Ticket, Priority, Status};
use crate::storage::ticket_event::Visibility;
use crate::storage::{staff, work_order};

/// How long a ticket may be put on hold without a supervisor's consent.
const HOLD_FREELY: TimeDelta = TimeDelta::days(7);

/// Tells the reporter that the matter has arrived; it stops the response clock.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn acknowledge(domain: &Domain, viewer: &Viewer, target: &Target) -> Result<Ticket> {
    let mut work = Work::open(domain, viewer, target, Act::Acknowledge).await?;
    work.respond();
    work.finish().await
}

/// Gives it to an owner.
///
/// # Errors
/// When it is refused, above all when that person cannot own it, or the database fails.
pub async fn assign(domain: &Domain, viewer: &Viewer, target: &Target, owner: StaffId) -> Result<Ticket> {
    let work = Work::open(domain, viewer, target, Act::Assign).await?;
    check_known(&work, owner).await?;
    check_owner(&work, owner, "input.ownerId").await?;
    give_to(work, owner).await
}

/// Makes the viewer its owner over the present one's head.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn take_over(domain: &Domain, viewer: &Viewer, target: &Target) -> Result<Ticket> {
    let work = Work::open(domain, viewer, target, Act::TakeOver).await?;
    let own = viewer.staff_id().ok_or_else(|| Refusal::forbidden("only staff can own a ticket"))?;
    check_owner(&work, own, "input.id").await?;
    give_to(work, own).await
}

async fn give_to(mut work: Work<'_>, owner: StaffId) -> Result<Ticket> {
    work.respond();
    work.end_hold().await?;
    work.ticket.owner_id = Some(owner);
    work.param("owner", owner.to_string());
    work.finish().await
}

/// The viewer knows whom they name; oneself one knows always.
async fn check_known(work: &Work<'_>, owner: StaffId) -> Result<()> {
    let known = staff::Entity::visible_to(&work.viewer.scope, work.domain.db.backend())
        .filter(staff::Column::Id.eq(owner))
        .filter(staff::Column::ClosedAt.is_null())
        .lock(LockType::Share)
        .one(&work.tx.db)
        .await?;
    if known.is_none() && work.viewer.staff_id() != Some(owner) {
        return Err(Refusal::not_found("input.ownerId", owner).into());
    }
    Ok(())
}

/// An owner works at the ticket's community in a role that can own. What is about a member of staff or a team goes to
/// somebody above their rung.
async fn check_owner(work: &Work<'_>, owner: StaffId, field: &str) -> Result<()> {
    let today = work.clocks().await?.day(work.now());
    let chain = Chain::of(&work.tx.db, work.ticket.community_id, today).await?;
    if !chain.can_own(owner) {
        let message = "this person holds no role at the ticket's community in which they could own it";
        return Err(Refusal::invalid(field, message).into());
    }
    if !chain.may_judge(owner, &chain.subject(&work.tx.db, &work.ticket).await?) {
        let message = "the matter is about a member of staff or a team; it goes to somebody above them";
        return Err(Refusal::invalid(field, message).into());
    }
    Ok(())
}

/// Gives it back unowned.
///
/// # Errors
/// When it is refused, above all without a reason, or the database fails.
pub async fn hand_back(domain: &Domain, viewer: &Viewer, target: &Target, reason: &str) -> Result<Ticket> {
    let reason = required("input.reason", reason, TEXT_MAX)?;
    let mut work = Work::open(domain, viewer, target, Act::HandBack).await?;
    work.ticket.owner_id = None;
    work.internal().text(reason);
    work.finish().await
}

/// Answers an enquiry or a suggestion at once.
///
/// # Errors
/// When it is refused, above all without an answer, or the database fails.
pub async fn answer(domain: &Domain, viewer: &Viewer, target: &Target, answer: &str) -> Result<Ticket> {
    let answer = required("input.answer", answer, TEXT_MAX)?;
    let mut work = Work::open(domain, viewer, target, Act::Answer).await?;
    resolved(&mut work, answer).await?;
    work.finish().await
}

/// Begins the work.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn start(domain: &Domain, viewer: &Viewer, target: &Target) -> Result<Ticket> {
    Work::open(domain, viewer, target, Act::Start).await?.finish().await
}

/// Why a ticket waits, and until when.
#[derive(Clone, Debug)]
pub struct Hold {
    /// Why.
    pub reason: HoldReason,
    /// When it resumes by itself.
    pub resume_at: DateTime<Utc>,
    /// More about it, for the reporter too.
    pub note: Option<String>,
}

/// Puts it on hold; its resolution clock stands.
///
/// # Errors
/// When it is refused, above all an urgent one or a hold that is too long, or the database fails.
pub async fn hold(domain: &Domain, viewer: &Viewer, target: &Target, hold: Hold) -> Result<Ticket> {
    let note = clean("input.note", hold.note.as_deref(), TEXT_MAX)?;
    let mut work = Work::open(domain, viewer, target, Act::Hold).await?;
    let now = work.now();
    if work.ticket.priority == Priority::Urgent {
        return Err(Refusal::invalid("input.id", "an URGENT ticket is never put on hold").into());
    }
    if hold.resume_at <= now {
        let message =
            format!("{} is not in the future; a hold ends later than now", hold.resume_at.to_rfc3339());
        return Err(Refusal::invalid("input.resumeAt", message).into());
    }
    let consents = [
        Role::Supervisor,
        Role::CenterSupervisor,
        Role::ServiceManager,
        Role::ProjectHead,
        Role::GroupService,
    ];
    if hold.resume_at > now + HOLD_FREELY && !work.relation.roles.iter().any(|role| consents.contains(role)) {
        let message =
            "beyond 7 days a hold needs a supervisor; choose an earlier day or have one take it over";
        return Err(Refusal::invalid("input.resumeAt", message).into());
    }
    work.ticket.hold_reason = Some(hold.reason);
    work.ticket.held_at = Some(now);
    work.ticket.resume_at = Some(hold.resume_at);
    work.text(note).param("reason", sea_orm::ActiveEnum::to_value(&hold.reason));
    work.param("resumeAt", hold.resume_at.to_rfc3339());
    work.finish().await
}

/// Takes it off hold; the resolution is due later by the time that the clock stood.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn resume(domain: &Domain, viewer: &Viewer, target: &Target) -> Result<Ticket> {
    let mut work = Work::open(domain, viewer, target, Act::Resume).await?;
    work.end_hold().await?;
    work.finish().await
}

/// Moves the resolution's times on by the time that the ticket was on hold.
pub(super) fn restart_clock(ticket: &mut Ticket, clocks: &super::sla::Clocks) {
    if let Some(held_at) = ticket.held_at {
        let target = clocks.targets(ticket.priority).resolution;
        let now = ticket.updated_at;
        ticket.resolution_due_at = clocks.moved(ticket.resolution_due_at, target, held_at, now);
        ticket.resolution_warn_at =
            ticket.resolution_warn_at.map(|at| clocks.moved(at, target, held_at, now));
    }
    ticket.hold_reason = None;
    ticket.held_at = None;
    ticket.resume_at = None;
}

/// Says what was done. No work order may still be open.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn resolve(
    domain: &Domain,
    viewer: &Viewer,
    target: &Target,
    done: &str,
    attachments: Given,
) -> Result<Ticket> {
    let done = required("input.resolution", done, TEXT_MAX)?;
    attachment::with(domain, viewer, attachments, async |files| {
        let mut work = Work::open(domain, viewer, target, Act::Resolve).await?;
        work.files = files;
        resolved(&mut work, done).await?;
        work.finish().await
    })
    .await
}

async fn resolved(work: &mut Work<'_>, words: String) -> Result<()> {
    let open = work.orders.iter().filter(|order| work_order::Status::OPEN.contains(&order.status)).count();
    if open > 0 {
        let message = format!("{open} work orders are still open; they are finished or returned first");
        return Err(Refusal::invalid("input.id", message).into());
    }
    work.end_hold().await?;
    work.ticket.resolution = Some(words.clone());
    work.ticket.resolved_at = Some(work.now());
    work.ticket.resolved_by_id = work.viewer.staff_id();
    work.ticket.call_back = None;
    work.ticket.call_back_tries = 0;
    work.text(words);
    Ok(())
}

/// 催办: presses for it.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn hurry(domain: &Domain, viewer: &Viewer, target: &Target, words: Option<&str>) -> Result<Ticket> {
    let words = clean("input.text", words, TEXT_MAX)?;
    let mut work = Work::open(domain, viewer, target, Act::Hurry).await?;
    work.text(words);
    work.finish().await
}

/// Brings it to the next level up.
///
/// # Errors
/// When it is refused, above all without a reason, or the database fails.
pub async fn escalate(domain: &Domain, viewer: &Viewer, target: &Target, reason: &str) -> Result<Ticket> {
    let reason = required("input.reason", reason, TEXT_MAX)?;
    let mut work = Work::open(domain, viewer, target, Act::Escalate).await?;
    work.ticket.escalation_level += 1;
    let level = work.ticket.escalation_level;
    work.internal().text(reason).param("level", level);
    work.finish().await
}

/// Confirms that an escalation has been received.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn receipt(domain: &Domain, viewer: &Viewer, target: &Target) -> Result<Ticket> {
    let mut work = Work::open(domain, viewer, target, Act::Receipt).await?;
    let level = work.ticket.escalation_level;
    work.internal().param("level", level);
    work.finish().await
}

/// Marks it as major; it goes to the second level at once.
///
/// # Errors
/// When it is refused, above all without a reason, or the database fails.
pub async fn mark_major(domain: &Domain, viewer: &Viewer, target: &Target, reason: &str) -> Result<Ticket> {
    let reason = required("input.reason", reason, TEXT_MAX)?;
    let mut work = Work::open(domain, viewer, target, Act::MarkMajor).await?;
    work.ticket.major_at = Some(work.now());
    work.ticket.escalation_level = work.ticket.escalation_level.max(2);
    work.internal().text(reason);
    work.finish().await
}

/// 初步处理: says what was done first about a major matter.
///
/// # Errors
/// When it is refused, above all without words, or the database fails.
pub async fn dispose(domain: &Domain, viewer: &Viewer, target: &Target, words: &str) -> Result<Ticket> {
    let words = required("input.disposition", words, TEXT_MAX)?;
    let mut work = Work::open(domain, viewer, target, Act::Dispose).await?;
    work.text(words);
    work.finish().await
}

/// What a comment brought.
#[derive(Clone, Debug)]
pub struct Commented {
    /// The ticket as it is now.
    pub ticket: Ticket,
    /// The reporter said something about a resolved ticket that is more than thanks: ask them whether to reopen it.
    pub asks_to_reopen: bool,
}

/// Writes a line. It does not raise the ticket's version: whoever acts on the ticket need not have read it. The same key
/// again writes nothing.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn comment(
    domain: &Domain,
    viewer: &Viewer,
    target: &Target,
    words: &str,
    visibility: Visibility,
    attachments: Given,
    once: Option<&Once>,
) -> Result<Commented> {
    // A photo can speak for itself.
    let words = match attachments.is_empty() {
        true => Some(required("input.text", words, TEXT_MAX)?),
        false => clean("input.text", Some(words), TEXT_MAX)?,
    };
    // What came with it the first time need not be kept a second time.
    let attachments = match domain.made(viewer, once).await? {
        Some(_) => Given::default(),
        None => attachments,
    };
    attachment::with(domain, viewer, attachments, async |files| {
        say(domain, viewer, target, Words { words, visibility, files }, once).await
    })
    .await
}

/// What a comment says.
struct Words {
    words: Option<String>,
    visibility: Visibility,
    files: Prepared,
}

async fn say(
    domain: &Domain,
    viewer: &Viewer,
    target: &Target,
    Words { words, visibility, files }: Words,
    once: Option<&Once>,
) -> Result<Commented> {
    let mut work = Work::open(domain, viewer, target, Act::Comment).await?;
    work.files = files;
    if visibility == Visibility::Internal && work.relation.roles.is_empty() {
        return Err(Refusal::forbidden("only staff can write INTERNAL comments").into());
    }
    work.ticket.version = work.was.version;
    let is_thanks = words.as_deref().is_some_and(thanks::is_mere_thanks);
    let asks_to_reopen = work.relation.reporter && work.ticket.status == Status::Resolved && !is_thanks;
    if work.tx.claim(viewer, once, target.id.uuid()).await?.is_some() {
        return Ok(Commented { ticket: *work.was, asks_to_reopen });
    }
    work.line.visibility = visibility;
    work.text(words);
    Ok(Commented { ticket: work.finish().await?, asks_to_reopen })
}
