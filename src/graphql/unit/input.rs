//! What units are made of and what is changed of them.

use async_graphql::{ID, InputObject, MaybeUndefined};

use super::enums::UnitUsage;
use crate::domain::unit::{New, Patch};
use crate::domain::{Change, Result, UnitUsage as Usage};
use crate::graphql::error::maybe_id;

/// A new unit.
#[derive(Clone, Debug, InputObject)]
pub(super) struct UnitCreateInput {
    /// Sent again with the same key, the same unit is answered and none is made.
    pub(super) idempotency_key: Option<String>,
    /// The community; it can be left out when a building or an entrance is given.
    community_id: Option<ID>,
    /// The building; it can be left out when an entrance is given, and for a unit that stands by itself.
    building_id: Option<ID>,
    /// The entrance, where the building has any.
    entrance_id: Option<ID>,
    /// Its number, unique by building and entrance; at most 40 characters.
    number: String,
    /// The floor, from -20 to 300; 1 is the ground floor, -1 the first basement.
    floor: Option<i32>,
    /// What it is used for.
    usage: UnitUsage,
    /// 户型, as the company writes it; at most 40 characters.
    layout: Option<String>,
    /// 朝向, as the company writes it; at most 40 characters.
    orientation: Option<String>,
    /// Its area in square metres, kept to the hundredth.
    area: Option<f64>,
}

impl UnitCreateInput {
    pub(super) fn read(self) -> Result<New> {
        Ok(New {
            community: maybe_id("input.communityId", self.community_id.as_ref())?,
            building: maybe_id("input.buildingId", self.building_id.as_ref())?,
            entrance: maybe_id("input.entranceId", self.entrance_id.as_ref())?,
            number: self.number,
            floor: self.floor,
            usage: self.usage.into(),
            layout: self.layout,
            orientation: self.orientation,
            area: self.area,
        })
    }
}

/// What is to change of a unit; what is left out stays as it is. It stays in its building.
#[derive(Clone, Debug, InputObject)]
pub(super) struct UnitUpdateInput {
    /// The unit.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
    /// Another entrance of the same building; `null` removes it.
    entrance_id: MaybeUndefined<ID>,
    /// Its number.
    number: Option<String>,
    /// The floor; `null` removes it.
    floor: MaybeUndefined<i32>,
    /// What it is used for.
    usage: Option<UnitUsage>,
    /// 户型; `null` removes it.
    layout: MaybeUndefined<String>,
    /// 朝向; `null` removes it.
    orientation: MaybeUndefined<String>,
    /// Its area in square metres; `null` removes it.
    area: MaybeUndefined<f64>,
}

impl UnitUpdateInput {
    pub(super) fn read(self) -> Result<Patch> {
        let entrance = Change::from(self.entrance_id);
        Ok(Patch {
            entrance: entrance.check(|given| maybe_id("input.entranceId", given.as_ref()))?,
            number: self.number.into(),
            floor: self.floor.into(),
            usage: self.usage.map(Usage::from).into(),
            layout: self.layout.into(),
            orientation: self.orientation.into(),
            area: self.area.into(),
        })
    }
}

/// What is to be closed: a unit.
#[derive(Clone, Debug, InputObject)]
pub(super) struct UnitCloseInput {
    /// The unit.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
}
