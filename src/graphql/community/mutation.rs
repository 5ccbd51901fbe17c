//! What is done to communities.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::input::{CommunityCreateInput, CommunityUpdateInput};
use super::object::Community;
use crate::domain::{self, Community as Row, community};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::{UserError, id, outcome};
use crate::graphql::once::once;

/// What is done to communities.
#[derive(Default)]
pub(in crate::graphql) struct CommunityMutation;

/// What an act on a community answers.
#[derive(SimpleObject)]
struct CommunityPayload {
    /// The community as it is now; absent when the act was refused.
    community: Option<Community>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

fn payload(result: domain::Result<Row>) -> Result<CommunityPayload> {
    let (community, user_errors) = outcome(result)?;
    Ok(CommunityPayload { community: community.map(Community), user_errors })
}

#[Object]
impl CommunityMutation {
    /// Takes a community under management; ADMIN of the group does.
    async fn community_create(
        &self,
        ctx: &Context<'_>,
        input: CommunityCreateInput,
    ) -> Result<CommunityPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let created = Box::pin(async {
            let once = once("communityCreate", input.idempotency_key.as_deref(), &input)?;
            community::create(domain, viewer, input.read()?, once.as_ref()).await
        });
        payload(created.await)
    }

    /// Changes a community: its name and time zone are ADMIN's, its hours and targets also the SERVICE_MANAGER's and the PROJECT_HEAD's.
    async fn community_update(
        &self,
        ctx: &Context<'_>,
        input: CommunityUpdateInput,
    ) -> Result<CommunityPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let updated = Box::pin(async {
            let (id, expected) = (id("input.id", &input.id)?, input.expected_version);
            community::update(domain, viewer, id, expected, input.read()?).await
        });
        payload(updated.await)
    }
}
