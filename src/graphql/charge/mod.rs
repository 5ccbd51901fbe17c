//! The buildings in the charge of assistants (分管楼宇).

mod input;
mod mutation;
mod object;

pub(super) use mutation::ChargeMutation;
pub(super) use object::Charge;
