//! One matter raised, from the filing to the last word on it.

mod acts;
mod chain;
mod clockwork;
mod ending;
mod erase;
mod file;
pub mod lifecycle;
mod order;
pub mod policy;
mod read;
mod redact;
mod search;
mod thanks;
mod within;
mod work;

pub use super::sla;
pub use acts::{
    Commented, Hold, acknowledge, answer, assign, comment, dispose, escalate, hand_back, hold, hurry,
    mark_major, receipt, resolve, resume, start, take_over,
};
pub use clockwork::{Done, closes_at, run_due};
pub use ending::{CalledBack, Rating, call_back, cancel, confirm, merge, rate, reject, reopen};
pub(crate) use erase::{erase_words, open_numbers};
pub(in crate::domain) use file::{Draft, draft, write};
pub use file::{File, Place, Reporter, file, may_raise, may_raise_for_others};
pub use order::{Appointment, Dispatch, Report, dispatch, finish, give_back, schedule, take};
pub use read::{Counts, Filter, Sort, SortBy, actions, assignable, by_number, count, counts, list};
pub use redact::redact;

pub use crate::storage::ticket::{
    Act, CallBack, Channel, HoldReason, Kind, Model as Ticket, Priority, Status,
};

use crate::base::id::TicketId;
use crate::domain::Field;

/// The highest escalation level: GROUP_SERVICE.
pub const LAST_LEVEL: i32 = 4;

/// The longest text that a person can write, in characters.
pub const TEXT_MAX: usize = 4_000;

/// The ticket that an act is meant for.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its id.
    pub id: TicketId,
    /// The version that the client saw; none: whatever it is.
    pub expected_version: Option<i32>,
    /// Where in the input the id stands.
    pub field: Field,
}
