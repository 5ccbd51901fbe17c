//! A person or company that lives or works in units (业主、住户).

mod object;

pub(super) use object::Occupant;
