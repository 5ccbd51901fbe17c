//! Occupancies on the wire.

mod enums;
mod input;
mod mutation;
mod object;

pub(super) use mutation::OccupancyMutation;
pub(super) use object::Occupancy;
