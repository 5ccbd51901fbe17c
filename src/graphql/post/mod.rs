//! The roles that staff hold, from a day to a day.

mod input;
mod mutation;
mod object;

pub(super) use input::PostInput;
pub(super) use mutation::PostMutation;
pub(super) use object::Post;
