//! The category tree: place × category × problem.

mod filter;
mod input;
mod mutation;
mod object;
mod query;

pub(super) use mutation::CategoryMutation;
pub(super) use object::Category;
pub(super) use query::CategoryQuery;
