//! What occupants are made of and what is changed of them.

use async_graphql::{ID, InputObject, MaybeUndefined};

use super::enums::OccupantKind;
use crate::domain::occupant::{New, Patch};
use crate::domain::{OccupantKind as Kind, Result};
use crate::graphql::error::id;
use crate::graphql::scalar::PhoneNumber;

/// A new occupant. `occupancyMoveIn` ties them to units.
#[derive(Clone, Debug, InputObject)]
pub(super) struct OccupantCreateInput {
    /// Sent again with the same key, the same occupant is answered and none is made.
    pub(super) idempotency_key: Option<String>,
    /// The community that registers them.
    community_id: ID,
    /// A person or a company.
    kind: OccupantKind,
    /// The name; at most 100 characters.
    name: String,
    /// The telephone number: 3 to 20 digits with an optional leading plus; spaces, dashes and brackets are dropped.
    phone: Option<PhoneNumber>,
}

impl OccupantCreateInput {
    pub(super) fn read(self) -> Result<New> {
        Ok(New {
            community: id("input.communityId", &self.community_id)?,
            kind: self.kind.into(),
            name: self.name,
            phone: self.phone.map(|phone| phone.0),
        })
    }
}

/// What is to change of an occupant; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub(super) struct OccupantUpdateInput {
    /// The occupant.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
    /// A person or a company.
    kind: Option<OccupantKind>,
    /// The name.
    name: Option<String>,
    /// The telephone number; `null` removes it. Leave it out rather than send a masked one back.
    phone: MaybeUndefined<PhoneNumber>,
}

impl From<OccupantUpdateInput> for Patch {
    fn from(input: OccupantUpdateInput) -> Self {
        Self {
            kind: input.kind.map(Kind::from).into(),
            name: input.name.into(),
            phone: input.phone.map_value(|phone| phone.0).into(),
        }
    }
}

/// What is to be closed: an occupant.
#[derive(Clone, Debug, InputObject)]
pub(super) struct OccupantCloseInput {
    /// The occupant.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
}
