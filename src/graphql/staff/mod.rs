//! Staff (员工), and who answers to whom.

mod enums;
mod filter;
mod input;
mod mutation;
mod object;
mod query;

pub(super) use enums::Role;
pub(super) use mutation::StaffMutation;
pub(super) use object::Staff;
pub(super) use query::StaffQuery;
