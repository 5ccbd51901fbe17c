//! Communities on the wire.

mod clocks;
mod filter;
mod input;
mod mutation;
mod object;
mod query;

pub(super) use mutation::CommunityMutation;
pub(super) use object::Community;
pub(super) use query::CommunityQuery;
