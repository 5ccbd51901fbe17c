//! The closed sets of teams.

use async_graphql::Enum;

use crate::domain;

/// What a team does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::TeamKind")]
pub(in crate::graphql) enum TeamKind {
    /// 客户服务.
    CustomerService,
    /// 工程.
    Engineering,
    /// 保安.
    Security,
    /// 保洁.
    Cleaning,
    /// 绿化.
    Greening,
    /// 财务.
    Finance,
    /// Anything else.
    Other,
}
