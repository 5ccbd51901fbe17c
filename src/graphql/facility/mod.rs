//! Facilities on the wire.

mod enums;
mod filter;
mod input;
mod mutation;
mod object;
mod query;

pub(super) use mutation::FacilityMutation;
pub(super) use object::Facility;
pub(super) use query::FacilityQuery;
