//! A building of a community (楼宇).

mod object;

pub(super) use object::Building;
