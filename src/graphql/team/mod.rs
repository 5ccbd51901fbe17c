//! Departments and crews of communities (部门、班组).

mod enums;
mod filter;
mod input;
mod mutation;
mod object;
mod query;

pub(super) use enums::TeamKind;
pub(super) use mutation::TeamMutation;
pub(super) use object::Team;
pub(super) use query::TeamQuery;
