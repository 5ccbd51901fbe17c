//! Teams, set up and changed.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::input::{TeamCloseInput, TeamCreateInput, TeamUpdateInput};
use super::object::Team;
use crate::domain::{self, close, team};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::{UserError, id, outcome};
use crate::graphql::once::once;

/// Teams, set up and changed.
#[derive(Default)]
pub(in crate::graphql) struct TeamMutation;

/// What setting up or changing a team answers.
#[derive(SimpleObject)]
struct TeamPayload {
    /// The team as it is now; absent when it was refused.
    team: Option<Team>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

fn team_payload(result: domain::Result<domain::Team>) -> Result<TeamPayload> {
    let (team, user_errors) = outcome(result)?;
    Ok(TeamPayload { team: team.map(Team), user_errors })
}

#[Object]
impl TeamMutation {
    /// Sets up a team: the community's CENTER_SUPERVISOR, SERVICE_MANAGER and PROJECT_HEAD, and ADMIN. Its members
    /// come by `postGrant` with the role WORKER.
    async fn team_create(&self, ctx: &Context<'_>, input: TeamCreateInput) -> Result<TeamPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let made = Box::pin(async {
            let once = once("teamCreate", input.idempotency_key.as_deref(), &input)?;
            team::create(domain, viewer, input.read()?, once.as_ref()).await
        });
        team_payload(made.await)
    }

    /// Changes a team: whoever may set one up. A new lead changes at once which complaints its members see.
    async fn team_update(&self, ctx: &Context<'_>, input: TeamUpdateInput) -> Result<TeamPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let changed = Box::pin(async {
            let (id, version) = (id("input.id", &input.id)?, input.expected_version);
            team::update(domain, viewer, id, version, input.read()?).await
        });
        team_payload(changed.await)
    }

    /// Closes a team without members, work orders to do or things to put right: whoever may set one up.
    async fn team_close(&self, ctx: &Context<'_>, input: TeamCloseInput) -> Result<TeamPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let closed = Box::pin(async {
            close::team(domain, viewer, id("input.id", &input.id)?, input.expected_version).await
        });
        team_payload(closed.await)
    }
}
