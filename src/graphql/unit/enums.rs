//! The closed sets of units.

use async_graphql::Enum;

use crate::domain;

/// What a unit is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::UnitUsage")]
pub(in crate::graphql) enum UnitUsage {
    /// A home.
    Residence,
    /// An office.
    Office,
    /// A shop (商铺).
    Shop,
    /// A stall (档口).
    Stall,
}
