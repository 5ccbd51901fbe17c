//! What every room may use and what uses nothing of ours: ids, time, what a viewer sees, a page of a list,
//! how often something may be done.

/// The stack of each thread that serves: a query as deep as the limits allow is polled through as many frames.
pub const STACK_BYTES: usize = 16 * 1024 * 1024;

mod clock;
pub mod id;
pub mod metric;
mod origin;
mod page;
pub mod rate;
mod scope;

pub use clock::Clock;
pub use id::{Id, IdError, Kind};
pub use origin::Origin;
pub use page::{Cursor, Direction, Page, PageError};
pub use scope::{
    ArchiveSight, AuditSight, Home, InspectionSight, Owned, PhoneSight, Reach, RegisterSight, Scope,
    StaffSight, TicketSight,
};
