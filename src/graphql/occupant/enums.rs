//! The closed sets of occupants.

use async_graphql::Enum;

use crate::domain;

/// What sort of occupant it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::OccupantKind")]
pub(in crate::graphql) enum OccupantKind {
    /// A natural person.
    Person,
    /// A company.
    Company,
}
