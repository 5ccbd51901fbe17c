//! What is done to buildings.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::input::{BuildingCloseInput, BuildingCreateInput, BuildingUpdateInput};
use super::object::Building;
use crate::domain::{self, Building as Row, building, close};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::{UserError, id, outcome};
use crate::graphql::once::once;

/// What is done to buildings.
#[derive(Default)]
pub(in crate::graphql) struct BuildingMutation;

/// What an act on a building answers.
#[derive(SimpleObject)]
struct BuildingPayload {
    /// The building as it is now; absent when the act was refused.
    building: Option<Building>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

fn payload(result: domain::Result<Row>) -> Result<BuildingPayload> {
    let (building, user_errors) = outcome(result)?;
    Ok(BuildingPayload { building: building.map(Building), user_errors })
}

#[Object]
impl BuildingMutation {
    /// Adds a building to a community.
    async fn building_create(
        &self,
        ctx: &Context<'_>,
        input: BuildingCreateInput,
    ) -> Result<BuildingPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let created = Box::pin(async {
            let once = once("buildingCreate", input.idempotency_key.as_deref(), &input)?;
            building::create(domain, viewer, input.read()?, once.as_ref()).await
        });
        payload(created.await)
    }

    /// Changes a building; an assistant does so where it is in their charge.
    async fn building_update(
        &self,
        ctx: &Context<'_>,
        input: BuildingUpdateInput,
    ) -> Result<BuildingPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let updated = Box::pin(async {
            let (id, expected) = (id("input.id", &input.id)?, input.expected_version);
            building::update(domain, viewer, id, expected, input.into()).await
        });
        payload(updated.await)
    }

    /// Closes a building without open units, entrances, facilities, charges or tickets, without a patrol plan, checkpoints,
    /// patrols under way or things to put right; it is kept, and left out of lists. The refusal names what is still there.
    async fn building_close(&self, ctx: &Context<'_>, input: BuildingCloseInput) -> Result<BuildingPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let closed = Box::pin(async {
            close::building(domain, viewer, id("input.id", &input.id)?, input.expected_version).await
        });
        payload(closed.await)
    }
}
