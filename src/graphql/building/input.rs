//! What buildings are made of and what is changed of them.

use async_graphql::{ID, InputObject, MaybeUndefined};

use super::enums::BuildingKind;
use crate::domain::building::{New, Patch};
use crate::domain::{BuildingKind as Kind, Result};
use crate::graphql::error::id;

/// A new building.
#[derive(Clone, Debug, InputObject)]
pub(super) struct BuildingCreateInput {
    /// Sent again with the same key, the same building is answered and none is made.
    pub(super) idempotency_key: Option<String>,
    /// The community it belongs to.
    community_id: ID,
    /// Its name, unique in the community; at most 100 characters.
    name: String,
    /// What it is for.
    kind: BuildingKind,
    /// Its postal address; at most 200 characters.
    address: Option<String>,
}

impl BuildingCreateInput {
    pub(super) fn read(self) -> Result<New> {
        Ok(New {
            community: id("input.communityId", &self.community_id)?,
            name: self.name,
            kind: self.kind.into(),
            address: self.address,
        })
    }
}

/// What is to change of a building; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub(super) struct BuildingUpdateInput {
    /// The building.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
    /// Its name.
    name: Option<String>,
    /// What it is for.
    kind: Option<BuildingKind>,
    /// Its postal address; `null` removes it.
    address: MaybeUndefined<String>,
}

impl From<BuildingUpdateInput> for Patch {
    fn from(input: BuildingUpdateInput) -> Self {
        Self {
            name: input.name.into(),
            kind: input.kind.map(Kind::from).into(),
            address: input.address.into(),
        }
    }
}

/// What is to be closed: a building.
#[derive(Clone, Debug, InputObject)]
pub(super) struct BuildingCloseInput {
    /// The building.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
}
