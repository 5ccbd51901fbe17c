//! The audit trail on the wire.

mod enums;
mod filter;
mod object;
mod query;

pub(super) use object::AuditEntry;
pub(super) use query::AuditQuery;
