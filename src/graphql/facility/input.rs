//! What facilities are made of and what is changed of them.

use async_graphql::{ID, InputObject, MaybeUndefined};

use super::enums::FacilityKind;
use crate::domain::facility::{New, Patch};
use crate::domain::{FacilityKind as Kind, Result};
use crate::graphql::error::maybe_id;
use crate::graphql::scalar::Date;

/// A new facility.
#[derive(Clone, Debug, InputObject)]
pub(super) struct FacilityCreateInput {
    /// Sent again with the same key, the same facility is answered and none is made.
    pub(super) idempotency_key: Option<String>,
    /// The community; it need not be named where the building is.
    community_id: Option<ID>,
    /// The building it is in or on; left out for what is the community's, such as a hydrant.
    building_id: Option<ID>,
    /// Shared, or for fire safety.
    kind: FacilityKind,
    /// Its name; at most 100 characters.
    name: String,
    /// Where exactly, in words; at most 200 characters.
    place: Option<String>,
    /// What it is there for; at most 200 characters.
    purpose: Option<String>,
    /// The day of its next check.
    next_check_on: Option<Date>,
}

impl FacilityCreateInput {
    pub(super) fn read(self) -> Result<New> {
        Ok(New {
            community: maybe_id("input.communityId", self.community_id.as_ref())?,
            building: maybe_id("input.buildingId", self.building_id.as_ref())?,
            kind: self.kind.into(),
            name: self.name,
            place: self.place,
            purpose: self.purpose,
            next_check_on: self.next_check_on.map(|day| day.0),
        })
    }
}

/// What is to change of a facility; what is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub(super) struct FacilityUpdateInput {
    /// The facility.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
    /// Shared, or for fire safety.
    kind: Option<FacilityKind>,
    /// Its name.
    name: Option<String>,
    /// Where exactly, in words; `null` removes it.
    place: MaybeUndefined<String>,
    /// What it is there for; `null` removes it.
    purpose: MaybeUndefined<String>,
    /// The day of its next check; `null`: none is due.
    next_check_on: MaybeUndefined<Date>,
}

impl From<FacilityUpdateInput> for Patch {
    fn from(input: FacilityUpdateInput) -> Self {
        Self {
            kind: input.kind.map(Kind::from).into(),
            name: input.name.into(),
            place: input.place.into(),
            purpose: input.purpose.into(),
            next_check_on: input.next_check_on.map_value(|day| day.0).into(),
        }
    }
}

/// What is to be closed: a facility.
#[derive(Clone, Debug, InputObject)]
pub(super) struct FacilityCloseInput {
    /// The facility.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
}
