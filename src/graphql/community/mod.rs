//! One managed estate (小区).

mod object;

pub(super) use object::Community;
