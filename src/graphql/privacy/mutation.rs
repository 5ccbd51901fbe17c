//! What is asked and decided about personal data.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::input::{PrivacyRequestFulfilInput, PrivacyRequestInput, PrivacyRequestRefuseInput};
use super::object::PrivacyRequest;
use crate::domain::{self, privacy};
use crate::graphql::context::{auth, domain, session, viewer};
use crate::graphql::error::{UserError, id, outcome};
use crate::graphql::once::once;

/// What is asked and decided about personal data.
#[derive(Default)]
pub(in crate::graphql) struct PrivacyMutation;

/// What an act on a request about personal data answers.
#[derive(SimpleObject)]
struct PrivacyRequestPayload {
    /// The request as it is now; absent when the act was refused.
    privacy_request: Option<PrivacyRequest>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

fn payload(result: domain::Result<privacy::PrivacyRequest>) -> Result<PrivacyRequestPayload> {
    let (request, user_errors) = outcome(result)?;
    Ok(PrivacyRequestPayload { privacy_request: request.map(PrivacyRequest), user_errors })
}

#[Object]
impl PrivacyMutation {
    /// Asks for the viewer's own personal data, or that they be erased. An ADMIN decides; who still lives here cannot
    /// be erased.
    async fn privacy_request(
        &self,
        ctx: &Context<'_>,
        input: PrivacyRequestInput,
    ) -> Result<PrivacyRequestPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let requested = Box::pin(async {
            auth(ctx).confirm(&session(ctx).caller, input.password.as_deref()).await?;
            // The password is no part of what is asked for.
            let asked = PrivacyRequestInput { password: None, ..input.clone() };
            let once = once("privacyRequest", input.idempotency_key.as_deref(), &asked)?;
            privacy::request(domain, viewer, input.kind.into(), once.as_ref()).await
        });
        payload(requested.await)
    }

    /// Carries out a request: an export can be fetched by the person for 14 days, an erasure is done at once and cannot
    /// be undone. ADMIN of the group only.
    async fn privacy_request_fulfil(
        &self,
        ctx: &Context<'_>,
        input: PrivacyRequestFulfilInput,
    ) -> Result<PrivacyRequestPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let done = Box::pin(async {
            privacy::fulfil(domain, viewer, id("input.id", &input.id)?, input.expected_version).await
        });
        payload(done.await)
    }

    /// Refuses a request, with a reason that the person reads. ADMIN of the group only.
    async fn privacy_request_refuse(
        &self,
        ctx: &Context<'_>,
        input: PrivacyRequestRefuseInput,
    ) -> Result<PrivacyRequestPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let refused = Box::pin(async {
            let (id, expected) = (id("input.id", &input.id)?, input.expected_version);
            privacy::refuse(domain, viewer, id, expected, &input.reason).await
        });
        payload(refused.await)
    }
}
