//! What is done to facilities.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::input::{FacilityCloseInput, FacilityCreateInput, FacilityUpdateInput};
use super::object::Facility;
use crate::domain::{self, Facility as Row, close, facility};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::{UserError, id, outcome};
use crate::graphql::once::once;

/// What is done to facilities.
#[derive(Default)]
pub(in crate::graphql) struct FacilityMutation;

/// What an act on a facility answers.
#[derive(SimpleObject)]
struct FacilityPayload {
    /// The facility as it is now; absent when the act was refused.
    facility: Option<Facility>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

fn payload(result: domain::Result<Row>) -> Result<FacilityPayload> {
    let (facility, user_errors) = outcome(result)?;
    Ok(FacilityPayload { facility: facility.map(Facility), user_errors })
}

#[Object]
impl FacilityMutation {
    /// Adds a facility to a building, or to a community where it is in none.
    async fn facility_create(
        &self,
        ctx: &Context<'_>,
        input: FacilityCreateInput,
    ) -> Result<FacilityPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let created = Box::pin(async {
            let once = once("facilityCreate", input.idempotency_key.as_deref(), &input)?;
            facility::create(domain, viewer, input.read()?, once.as_ref()).await
        });
        payload(created.await)
    }

    /// Changes a facility; an assistant does so where the building is in their charge.
    async fn facility_update(
        &self,
        ctx: &Context<'_>,
        input: FacilityUpdateInput,
    ) -> Result<FacilityPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let updated = Box::pin(async {
            let (id, expected) = (id("input.id", &input.id)?, input.expected_version);
            facility::update(domain, viewer, id, expected, input.into()).await
        });
        payload(updated.await)
    }

    /// Closes a facility that is there no more; it is kept, and left out of lists.
    async fn facility_close(&self, ctx: &Context<'_>, input: FacilityCloseInput) -> Result<FacilityPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let closed = Box::pin(async {
            close::facility(domain, viewer, id("input.id", &input.id)?, input.expected_version).await
        });
        payload(closed.await)
    }
}
