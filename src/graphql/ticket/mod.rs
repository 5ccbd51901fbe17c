//! Tickets on the wire.

mod enums;
mod filter;
mod input;
mod mutation;
mod object;
mod query;
mod timeline;
mod work_order;

pub(super) use enums::{TicketAct, TicketKind, TicketPriority, TicketStatus};
pub(super) use mutation::TicketMutation;
pub(super) use object::{Handler, Ticket};
pub(super) use query::TicketQuery;
pub(super) use work_order::WorkOrder;
