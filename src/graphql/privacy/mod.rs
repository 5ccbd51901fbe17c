//! What people ask to be done with their personal data, on the wire.

mod enums;
mod input;
mod mutation;
mod object;
mod query;

pub(super) use mutation::PrivacyMutation;
pub(super) use object::PrivacyRequest;
pub(super) use query::PrivacyQuery;
