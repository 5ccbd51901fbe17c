//! A home, office, shop or stall (房屋、商铺、档口).

mod object;

pub(super) use object::Unit;
