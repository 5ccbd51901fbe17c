//! The closed sets of buildings.

use async_graphql::Enum;

use crate::domain;

/// What a building is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::BuildingKind")]
pub(in crate::graphql) enum BuildingKind {
    /// Homes.
    Residential,
    /// Offices.
    Office,
    /// Shops and stalls.
    Retail,
    /// Several of these.
    Mixed,
}
