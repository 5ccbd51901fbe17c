//! What is done to units.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::input::{UnitCloseInput, UnitCreateInput, UnitUpdateInput};
use super::object::Unit;
use crate::domain::{self, Unit as Row, close, unit};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::{UserError, id, outcome};
use crate::graphql::once::once;

/// What is done to units.
#[derive(Default)]
pub(in crate::graphql) struct UnitMutation;

/// What an act on a unit answers.
#[derive(SimpleObject)]
struct UnitPayload {
    /// The unit as it is now; absent when the act was refused.
    unit: Option<Unit>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

fn payload(result: domain::Result<Row>) -> Result<UnitPayload> {
    let (unit, user_errors) = outcome(result)?;
    Ok(UnitPayload { unit: unit.map(Unit), user_errors })
}

#[Object]
impl UnitMutation {
    /// Adds a unit to a building, or to a community where it stands by itself.
    async fn unit_create(&self, ctx: &Context<'_>, input: UnitCreateInput) -> Result<UnitPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let created = Box::pin(async {
            let once = once("unitCreate", input.idempotency_key.as_deref(), &input)?;
            unit::create(domain, viewer, input.read()?, once.as_ref()).await
        });
        payload(created.await)
    }

    /// Changes a unit.
    async fn unit_update(&self, ctx: &Context<'_>, input: UnitUpdateInput) -> Result<UnitPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let updated = Box::pin(async {
            let (id, expected) = (id("input.id", &input.id)?, input.expected_version);
            unit::update(domain, viewer, id, expected, input.read()?).await
        });
        payload(updated.await)
    }

    /// Closes a unit that nobody is in or will be, without open tickets or checkpoints. The refusal names what is still there.
    async fn unit_close(&self, ctx: &Context<'_>, input: UnitCloseInput) -> Result<UnitPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let closed = Box::pin(async {
            close::unit(domain, viewer, id("input.id", &input.id)?, input.expected_version).await
        });
        payload(closed.await)
    }
}
