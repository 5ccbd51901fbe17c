//! Who moves in and out.

use async_graphql::{ID, InputObject};

use super::enums::OccupancyKind;
use crate::domain::Result;
use crate::domain::occupancy::MoveIn;
use crate::graphql::error::id;
use crate::graphql::scalar::Date;

/// Who moves in where.
#[derive(Clone, Debug, InputObject)]
pub(super) struct OccupancyMoveInInput {
    /// Sent again with the same key, the same occupancy is answered and none is made.
    pub(super) idempotency_key: Option<String>,
    /// The unit.
    unit_id: ID,
    /// The occupant.
    occupant_id: ID,
    /// As what.
    kind: OccupancyKind,
    /// The first day; it may lie ahead.
    from_on: Date,
}

impl OccupancyMoveInInput {
    pub(super) fn read(self) -> Result<MoveIn> {
        Ok(MoveIn {
            unit: id("input.unitId", &self.unit_id)?,
            occupant: id("input.occupantId", &self.occupant_id)?,
            kind: self.kind.into(),
            from_on: self.from_on.0,
        })
    }
}

/// Who moves out, and when.
#[derive(Clone, Debug, InputObject)]
pub(super) struct OccupancyMoveOutInput {
    /// The occupancy that ends.
    pub(super) id: ID,
    /// Its last day; it may lie ahead.
    pub(super) to_on: Date,
}
