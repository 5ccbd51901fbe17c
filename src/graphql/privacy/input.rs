//! What asking for one's data, and deciding on it, takes; and which requests a list has.

use async_graphql::{Enum, ID, InputObject};

use super::enums::{PrivacyRequestKind, PrivacyRequestState};
use crate::domain::privacy::{Filter, Sort, SortBy};

/// What the viewer asks to be done with their own personal data.
#[derive(Clone, Debug, InputObject)]
pub(super) struct PrivacyRequestInput {
    /// Sent again with the same key, the same request is answered and none is made.
    pub(super) idempotency_key: Option<String>,
    /// What is asked for.
    pub(super) kind: PrivacyRequestKind,
    /// The viewer's password, so that nobody asks from a telephone left lying about. Left out by those who sign in with
    /// another service and have none here.
    #[graphql(secret)]
    pub(super) password: Option<String>,
}

/// Which request is carried out.
#[derive(Clone, Debug, InputObject)]
pub(super) struct PrivacyRequestFulfilInput {
    /// The request.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
}

/// Which request is refused, and why.
#[derive(Clone, Debug, InputObject)]
pub(super) struct PrivacyRequestRefuseInput {
    /// The request.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
    /// Why, for the person who asked; at most 1,000 characters.
    pub(super) reason: String,
}

/// Which requests about personal data. Every part that is given narrows the list; an empty list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct PrivacyRequestFilter {
    /// For one of these.
    kinds: Option<Vec<PrivacyRequestKind>>,
    /// Standing so.
    states: Option<Vec<PrivacyRequestState>>,
}

impl From<PrivacyRequestFilter> for Filter {
    fn from(filter: PrivacyRequestFilter) -> Self {
        Self {
            kinds: filter.kinds.map(|kinds| kinds.into_iter().map(Into::into).collect()),
            states: filter.states.map(|states| states.into_iter().map(Into::into).collect()),
        }
    }
}

/// The order of a list of requests about personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum PrivacyRequestOrder {
    /// Newest first.
    CreatedDesc,
    /// Oldest first.
    CreatedAsc,
}

impl From<PrivacyRequestOrder> for Sort {
    fn from(order: PrivacyRequestOrder) -> Self {
        Self { by: SortBy::Created, descending: order == PrivacyRequestOrder::CreatedDesc }
    }
}
