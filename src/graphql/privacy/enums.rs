//! The closed sets of requests about personal data.

use async_graphql::Enum;

use crate::domain::privacy;

/// What somebody asks to be done with their personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "privacy::Kind")]
pub(in crate::graphql) enum PrivacyRequestKind {
    /// To be given all that is kept of them.
    Export,
    /// That it be erased.
    Erase,
}

/// Where a request about personal data stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "privacy::State")]
pub(in crate::graphql) enum PrivacyRequestState {
    /// It waits to be decided.
    Requested,
    /// It was carried out.
    Done,
    /// It was refused; `reason` says why.
    Refused,
}
