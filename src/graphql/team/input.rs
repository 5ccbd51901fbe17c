//! What setting up and changing a team takes.

use async_graphql::{ID, InputObject, MaybeUndefined};

use super::enums::TeamKind;
use crate::domain::team::{New, Patch};
use crate::domain::{Change, Result};
use crate::graphql::error::{change_id, id, maybe_id};

/// Which team is set up.
#[derive(Clone, Debug, InputObject)]
pub(super) struct TeamCreateInput {
    /// Sent again with the same key, the same team is answered and none is made.
    pub(super) idempotency_key: Option<String>,
    /// The community it belongs to.
    community_id: ID,
    /// What it does.
    kind: TeamKind,
    /// Its name, unique in the community.
    name: String,
    /// Who leads it: staff with a post at the community.
    lead_id: Option<ID>,
    /// Whether it is an outside contractor (外单位).
    #[graphql(default)]
    contractor: bool,
}

impl TeamCreateInput {
    pub(super) fn read(self) -> Result<New> {
        Ok(New {
            community: id("input.communityId", &self.community_id)?,
            kind: self.kind.into(),
            name: self.name,
            lead: maybe_id("input.leadId", self.lead_id.as_ref())?,
            contractor: self.contractor,
        })
    }
}

/// What is to become of a team. What is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub(super) struct TeamUpdateInput {
    /// The team.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
    /// What it does.
    kind: Option<TeamKind>,
    /// Its name, unique in the community.
    name: Option<String>,
    /// Who leads it: staff with a post at the community; `null`: nobody.
    lead_id: MaybeUndefined<ID>,
    /// Whether it is an outside contractor (外单位).
    contractor: Option<bool>,
}

impl TeamUpdateInput {
    pub(super) fn read(self) -> Result<Patch> {
        Ok(Patch {
            kind: self.kind.map_or(Change::Keep, |kind| Change::Set(kind.into())),
            name: self.name.into(),
            lead: change_id("input.leadId", self.lead_id)?,
            contractor: self.contractor.into(),
        })
    }
}

/// What is to be closed: a team.
#[derive(Clone, Debug, InputObject)]
pub(super) struct TeamCloseInput {
    /// The team.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
}
