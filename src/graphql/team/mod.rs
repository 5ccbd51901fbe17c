//! A department or crew of a community (部门、班组).

mod object;

pub(super) use object::Team;
