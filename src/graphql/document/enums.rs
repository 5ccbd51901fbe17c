//! The closed sets of the archives.

use async_graphql::Enum;

use crate::domain::document::{Category, Confidentiality};

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Category")]
pub(super) enum DocumentCategory {
    /// 合同: a purchase, a lease, a service contract.
    Contract,
    /// 身份证明: a copy of an identity card or of a company's licence.
    Identity,
    /// 收楼资料: papers of the handover.
    Handover,
    /// 装修资料: applications, drawings and permits of a renovation.
    Renovation,
    /// 委托书: who acts for the owner.
    PowerOfAttorney,
    /// 往来函件: letters and notices.
    Correspondence,
    /// Anything else.
    Other,
}

/// Who may read a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Confidentiality")]
pub(super) enum DocumentConfidentiality {
    /// 普通: whoever reads the register, and the occupant it is about.
    Normal,
    /// 保密: supervisors, managers and the head of the community, GROUP_SERVICE, assistants for units in their buildings,
    /// and the occupant it is about.
    Confidential,
    /// 机密: SERVICE_MANAGER and PROJECT_HEAD of the community, and GROUP_SERVICE.
    Secret,
}
