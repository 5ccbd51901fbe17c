//! Staff, and the roles they hold.

mod enums;
mod object;

pub(super) use enums::Role;
pub(super) use object::Staff;
