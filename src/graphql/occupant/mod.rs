//! Occupants on the wire.

mod enums;
mod filter;
mod input;
mod mutation;
mod object;
mod query;

pub(super) use mutation::OccupantMutation;
pub(super) use object::Occupant;
pub(super) use query::OccupantQuery;
