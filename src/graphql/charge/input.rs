//! What granting and ending a charge takes.

use async_graphql::{ID, InputObject};

/// Who is put in charge of which building.
#[derive(Clone, Debug, InputObject)]
pub(super) struct ChargeGrantInput {
    /// Sent again with the same key, the same charge is answered and none is made.
    pub(super) idempotency_key: Option<String>,
    /// The member of staff, an ASSISTANT at the building's community.
    pub(super) staff_id: ID,
    /// The building.
    pub(super) building_id: ID,
}

/// Which charge ends.
#[derive(Clone, Debug, InputObject)]
pub(super) struct ChargeEndInput {
    /// The charge.
    pub(super) id: ID,
}
