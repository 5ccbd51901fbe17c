//! What entrances are made of and what is changed of them.

use async_graphql::{ID, InputObject};

use crate::domain::Result;
use crate::domain::entrance::New;
use crate::graphql::error::id;

/// A new entrance.
#[derive(Clone, Debug, InputObject)]
pub(super) struct EntranceCreateInput {
    /// Sent again with the same key, the same entrance is answered and none is made.
    pub(super) idempotency_key: Option<String>,
    /// The building.
    building_id: ID,
    /// Its name, unique in the building, such as "1单元"; at most 100 characters.
    name: String,
}

impl EntranceCreateInput {
    pub(super) fn read(self) -> Result<New> {
        Ok(New { building: id("input.buildingId", &self.building_id)?, name: self.name })
    }
}

/// What an entrance is to be called.
#[derive(Clone, Debug, InputObject)]
pub(super) struct EntranceUpdateInput {
    /// The entrance.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
    /// Its name, unique in the building; at most 100 characters.
    pub(super) name: String,
}

/// What is to be closed: an entrance.
#[derive(Clone, Debug, InputObject)]
pub(super) struct EntranceCloseInput {
    /// The entrance.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
}
