//! Imports and exports as tasks, on the wire.

mod enums;
mod input;
mod mutation;
mod object;
mod query;
mod refusal;
mod subscription;

pub(super) use mutation::TransferMutation;
pub(super) use object::DataTransfer;
pub(super) use query::TransferQuery;
pub(super) use refusal::RowRefusal;
pub(super) use subscription::TransferSubscription;

/// The mutations that take a file of rows, which may be larger than a photo.
pub(super) const TAKE_SHEETS: [&str; 2] = ["registerImport", "ticketsImport"];
