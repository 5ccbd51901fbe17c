//! Buildings on the wire.

mod enums;
mod filter;
mod input;
mod mutation;
mod object;
mod query;

pub(super) use mutation::BuildingMutation;
pub(super) use object::Building;
pub(super) use query::BuildingQuery;
