//! Units on the wire.

mod enums;
mod filter;
mod input;
mod mutation;
mod object;
mod query;

pub(super) use mutation::UnitMutation;
pub(super) use object::Unit;
pub(super) use query::UnitQuery;
