//! What is done to occupants.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::input::{OccupantCloseInput, OccupantCreateInput, OccupantUpdateInput};
use super::object::Occupant;
use crate::domain::{self, Occupant as Row, close, occupant};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::{UserError, id, outcome};
use crate::graphql::once::once;

/// What is done to occupants.
#[derive(Default)]
pub(in crate::graphql) struct OccupantMutation;

/// What an act on an occupant answers.
#[derive(SimpleObject)]
struct OccupantPayload {
    /// The occupant as it is now; absent when the act was refused.
    occupant: Option<Occupant>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

fn payload(result: domain::Result<Row>) -> Result<OccupantPayload> {
    let (occupant, user_errors) = outcome(result)?;
    Ok(OccupantPayload { occupant: occupant.map(Occupant), user_errors })
}

#[Object]
impl OccupantMutation {
    /// Registers an occupant.
    async fn occupant_create(
        &self,
        ctx: &Context<'_>,
        input: OccupantCreateInput,
    ) -> Result<OccupantPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let created = Box::pin(async {
            let once = once("occupantCreate", input.idempotency_key.as_deref(), &input)?;
            occupant::create(domain, viewer, input.read()?, once.as_ref()).await
        });
        payload(created.await)
    }

    /// Changes an occupant; who may change the register where they live does so.
    async fn occupant_update(
        &self,
        ctx: &Context<'_>,
        input: OccupantUpdateInput,
    ) -> Result<OccupantPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let updated = Box::pin(async {
            let (id, expected) = (id("input.id", &input.id)?, input.expected_version);
            occupant::update(domain, viewer, id, expected, input.into()).await
        });
        payload(updated.await)
    }

    /// Closes an occupant who is in no unit and has no open tickets. Their account ends with its sessions, unless they
    /// work here.
    async fn occupant_close(&self, ctx: &Context<'_>, input: OccupantCloseInput) -> Result<OccupantPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let closed = Box::pin(async {
            close::occupant(domain, viewer, id("input.id", &input.id)?, input.expected_version).await
        });
        payload(closed.await)
    }
}
