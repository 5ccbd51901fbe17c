//! The closed sets of facilities.

use async_graphql::Enum;

use crate::domain;

/// What a facility is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::FacilityKind")]
pub(in crate::graphql) enum FacilityKind {
    /// 公共: all use it, such as a lift or a playground.
    Shared,
    /// 消防: it is there for a fire, such as a hydrant or an alarm.
    FireSafety,
}
