//! Entrances on the wire.

mod input;
mod mutation;
mod object;

pub(super) use mutation::EntranceMutation;
pub(super) use object::Entrance;
