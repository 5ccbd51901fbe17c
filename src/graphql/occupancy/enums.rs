//! The closed sets of occupancies.

use async_graphql::Enum;

use crate::domain;

/// As what an occupant is in a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::OccupancyKind")]
pub(in crate::graphql) enum OccupancyKind {
    /// Owns it (业主).
    Owner,
    /// Rents it (租户).
    Tenant,
    /// Lives there with the owner or tenant.
    Family,
    /// Works there for the company that has it.
    Employee,
}
