//! What is done to occupancies.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::input::{OccupancyMoveInInput, OccupancyMoveOutInput};
use super::object::Occupancy;
use crate::domain::{self, Occupancy as Row, occupancy};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::{UserError, id, outcome};
use crate::graphql::once::once;

/// What is done to occupancies.
#[derive(Default)]
pub(in crate::graphql) struct OccupancyMutation;

/// What an act on an occupancy answers.
#[derive(SimpleObject)]
struct OccupancyPayload {
    /// The occupancy as it is now; absent when the act was refused.
    occupancy: Option<Occupancy>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

fn payload(result: domain::Result<Row>) -> Result<OccupancyPayload> {
    let (occupancy, user_errors) = outcome(result)?;
    Ok(OccupancyPayload { occupancy: occupancy.map(Occupancy), user_errors })
}

#[Object]
impl OccupancyMutation {
    /// Ties an occupant to a unit from a day on. From that day on they see the unit and what belongs to it.
    async fn occupancy_move_in(
        &self,
        ctx: &Context<'_>,
        input: OccupancyMoveInInput,
    ) -> Result<OccupancyPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let moved = Box::pin(async {
            let once = once("occupancyMoveIn", input.idempotency_key.as_deref(), &input)?;
            occupancy::move_in(domain, viewer, input.read()?, once.as_ref()).await
        });
        payload(moved.await)
    }

    /// Ends an occupancy with a day, which still belongs to it.
    async fn occupancy_move_out(
        &self,
        ctx: &Context<'_>,
        input: OccupancyMoveOutInput,
    ) -> Result<OccupancyPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let moved = Box::pin(async {
            occupancy::move_out(domain, viewer, id("input.id", &input.id)?, input.to_on.0).await
        });
        payload(moved.await)
    }
}
