//! The closed sets of inspections.

use async_graphql::Enum;

use crate::domain::inspection;

/// Where a patrol stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "inspection::State")]
pub(super) enum PatrolState {
    /// Somebody is walking it.
    UnderWay,
    /// It was walked to its end, with every checkpoint passed or not.
    Finished,
    /// It was begun and not finished within 24 hours.
    Abandoned,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "inspection::Severity")]
pub(super) enum FindingSeverity {
    /// It looks bad.
    Minor,
    /// It does not work.
    Major,
    /// Somebody may come to harm; its ticket is URGENT.
    Danger,
}

/// What looking again at a finding brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "inspection::CheckResult")]
pub(super) enum FindingCheckResult {
    /// It is as it should be.
    Mended,
    /// It is not; somebody looks again later.
    NotMended,
}
