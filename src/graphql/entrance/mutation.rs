//! What is done to entrances.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::input::{EntranceCloseInput, EntranceCreateInput, EntranceUpdateInput};
use super::object::Entrance;
use crate::domain::{self, Entrance as Row, close, entrance};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::{UserError, id, outcome};
use crate::graphql::once::once;

/// What is done to entrances.
#[derive(Default)]
pub(in crate::graphql) struct EntranceMutation;

/// What an act on an entrance answers.
#[derive(SimpleObject)]
struct EntrancePayload {
    /// The entrance as it is now; absent when the act was refused.
    entrance: Option<Entrance>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

fn payload(result: domain::Result<Row>) -> Result<EntrancePayload> {
    let (entrance, user_errors) = outcome(result)?;
    Ok(EntrancePayload { entrance: entrance.map(Entrance), user_errors })
}

#[Object]
impl EntranceMutation {
    /// Adds an entrance to a building.
    async fn entrance_create(
        &self,
        ctx: &Context<'_>,
        input: EntranceCreateInput,
    ) -> Result<EntrancePayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let created = Box::pin(async {
            let once = once("entranceCreate", input.idempotency_key.as_deref(), &input)?;
            entrance::create(domain, viewer, input.read()?, once.as_ref()).await
        });
        payload(created.await)
    }

    /// Gives an entrance another name.
    async fn entrance_update(
        &self,
        ctx: &Context<'_>,
        input: EntranceUpdateInput,
    ) -> Result<EntrancePayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let renamed = Box::pin(async {
            let id = id("input.id", &input.id)?;
            entrance::rename(domain, viewer, id, input.expected_version, &input.name).await
        });
        payload(renamed.await)
    }

    /// Closes an entrance without open units.
    async fn entrance_close(&self, ctx: &Context<'_>, input: EntranceCloseInput) -> Result<EntrancePayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let closed = Box::pin(async {
            close::entrance(domain, viewer, id("input.id", &input.id)?, input.expected_version).await
        });
        payload(closed.await)
    }
}
