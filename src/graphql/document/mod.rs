//! The archives on the wire.

mod enums;
mod filter;
mod input;
mod mutation;
mod object;
mod query;

pub(super) use mutation::DocumentMutation;
pub(super) use object::Document;
pub(super) use query::DocumentQuery;
