//! Charges, granted and ended.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::input::{ChargeEndInput, ChargeGrantInput};
use super::object::Charge;
use crate::domain::{self, charge};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::{UserError, id, outcome};
use crate::graphql::once::once;

/// Charges, granted and ended.
#[derive(Default)]
pub(in crate::graphql) struct ChargeMutation;

/// What granting or ending a charge answers.
#[derive(SimpleObject)]
struct ChargePayload {
    /// The charge as it is now; absent when it was refused.
    charge: Option<Charge>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

fn charge_payload(result: domain::Result<domain::Charge>) -> Result<ChargePayload> {
    let (charge, user_errors) = outcome(result)?;
    Ok(ChargePayload { charge: charge.map(Charge), user_errors })
}

#[Object]
impl ChargeMutation {
    /// Puts an assistant in charge of a building; they see its tickets at once, also on open subscriptions. The
    /// community's supervisors and managers do this.
    async fn charge_grant(&self, ctx: &Context<'_>, input: ChargeGrantInput) -> Result<ChargePayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let granted = Box::pin(async {
            let once = once("chargeGrant", input.idempotency_key.as_deref(), &input)?;
            let staff = id("input.staffId", &input.staff_id)?;
            let building = id("input.buildingId", &input.building_id)?;
            charge::grant(domain, viewer, staff, building, once.as_ref()).await
        });
        charge_payload(granted.await)
    }

    /// Takes a building out of an assistant's charge, at once.
    async fn charge_end(&self, ctx: &Context<'_>, input: ChargeEndInput) -> Result<ChargePayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let ended = Box::pin(async { charge::end(domain, viewer, id("input.id", &input.id)?).await });
        charge_payload(ended.await)
    }
}
