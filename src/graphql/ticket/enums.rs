//! The closed sets of tickets. Each is the domain's own, named and described for the wire.

use async_graphql::Enum;

use crate::domain;

/// What sort of matter a ticket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ticket::Kind")]
pub(in crate::graphql) enum TicketKind {
    /// 投诉.
    Complaint,
    /// 报修.
    Repair,
    /// 服务.
    Service,
    /// 咨询.
    Enquiry,
    /// 建议.
    Suggestion,
}

/// Where a ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ticket::Status")]
pub(in crate::graphql) enum TicketStatus {
    /// Nobody has it yet.
    New,
    /// Somebody has it.
    Assigned,
    /// Being worked on.
    InProgress,
    /// Waiting for something; the clock stands.
    OnHold,
    /// Done, in the company's eyes.
    Resolved,
    /// Done, in the reporter's eyes.
    Closed,
    /// It was not done after all.
    Reopened,
    /// Refused, with a reply.
    Rejected,
    /// Withdrawn by the reporter.
    Cancelled,
    /// Went on as another ticket.
    Merged,
}

/// How fast a ticket must go; it decides when the first response and the resolution are due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ticket::Priority")]
pub(in crate::graphql) enum TicketPriority {
    /// Danger, flood, lift.
    Urgent,
    /// Within hours.
    High,
    /// Within days.
    Normal,
    /// When there is time.
    Low,
}

/// How a ticket came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ticket::Channel")]
pub(in crate::graphql) enum TicketChannel {
    /// A call.
    Phone,
    /// In person.
    Counter,
    /// The residents' app.
    App,
    /// A web page.
    Web,
    /// Found on a patrol.
    Patrol,
    /// Taken over from an old system.
    Import,
}

/// Why a ticket is on hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ticket::HoldReason")]
pub(in crate::graphql) enum HoldReason {
    /// A part is on order.
    AwaitingParts,
    /// Somebody must agree first.
    AwaitingConsent,
    /// Nobody lets the worker in.
    AwaitingAccess,
    /// An outside firm must come.
    AwaitingContractor,
    /// Anything else.
    Other,
}

/// What a call back (回访) brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ticket::CallBack")]
pub(in crate::graphql) enum CallBackOutcome {
    /// The reporter is content.
    Satisfied,
    /// The reporter is not.
    Unsatisfied,
    /// Nobody answered.
    Unreachable,
}

/// What is done to a ticket: what a viewer may do, what the timeline tells and what the feed reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ticket::Act")]
pub(in crate::graphql) enum TicketAct {
    /// Raise it.
    File,
    /// 受理: tell the reporter that it has arrived.
    Acknowledge,
    /// Give it to an owner.
    Assign,
    /// Give it back unowned, with a reason.
    HandBack,
    /// Answer an enquiry or a suggestion at once.
    Answer,
    /// Begin the work.
    Start,
    /// Put it on hold.
    Hold,
    /// Take it off hold.
    Resume,
    /// Say what was done.
    Resolve,
    /// Refuse it, with a reply.
    Reject,
    /// Let it go on as another ticket.
    Merge,
    /// Withdraw it.
    Cancel,
    /// Agree that it is done.
    Confirm,
    /// 回访: ask the reporter by telephone.
    CallBack,
    /// Close it, as nobody objected in time.
    Close,
    /// Say that it is not done.
    Reopen,
    /// Give it 1 to 5.
    Rate,
    /// 催办: press for it.
    Hurry,
    /// Bring it to the next level up.
    Escalate,
    /// 80 % of the time for the first response or the resolution have gone; the clock tells it, and nobody does it by
    /// hand.
    Warn,
    /// Confirm that an escalation has been received.
    Receipt,
    /// Become its owner over the present one's head.
    TakeOver,
    /// Mark it as major.
    MarkMajor,
    /// 初步处理: say what was done first.
    Dispose,
    /// Write a line.
    Comment,
    /// Give a piece of the work to a team.
    Dispatch,
    /// Take a work order.
    TakeOrder,
    /// Give a work order back.
    ReturnOrder,
    /// Report a work order as done.
    FinishOrder,
    /// Agree on an appointment.
    Schedule,
    /// A work order is past its due time, for which its team's lead answers; the clock tells it, and nobody does it by
    /// hand.
    OrderLate,
    /// Take an attachment's content away; done with `attachmentRedact`, and never among `viewerActions`.
    Redact,
    /// The words about it were erased with its reporter's data; nobody can do it by hand.
    Erase,
}

/// Where a work order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::WorkOrderStatus")]
pub(in crate::graphql) enum WorkOrderStatus {
    /// Given to the team; nobody has taken it.
    Dispatched,
    /// A worker has taken it.
    Taken,
    /// Given back, with a reason.
    Returned,
    /// Done.
    Done,
    /// Withdrawn, as the ticket ended.
    Withdrawn,
}

/// Whether an appointment was kept (遵时守约).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::AppointmentOutcome")]
pub(in crate::graphql) enum AppointmentOutcome {
    /// The worker came in time.
    Kept,
    /// The worker did not come in time.
    Missed,
}

/// Who may read a line of the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Visibility")]
pub(in crate::graphql) enum Visibility {
    /// The reporter and everyone who sees the ticket.
    Public,
    /// Staff only.
    Internal,
}
