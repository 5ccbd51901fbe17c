//! A finding.

use async_graphql::{Context, ID, Object, Result};

use super::enums::{FindingCheckResult, FindingSeverity};
use super::patrol::Patrol;
use super::spot_check::SpotCheck;
use crate::domain::inspection::Finding as Row;
use crate::graphql::attachment::Attachment;
use crate::graphql::building::Building;
use crate::graphql::context::loader;
use crate::graphql::loader::{AttachmentsOfFinding, HandlerOf, failed};
use crate::graphql::scalar::DateTime;
use crate::graphql::ticket::{Handler, Ticket};
use crate::graphql::unit::Unit;

/// What a patrol or a spot check came across. Unless it was mended on the spot, it raised a ticket.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Finding(pub(in crate::graphql) Row);

impl From<Row> for Finding {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// What a patrol or a spot check came across. Unless it was mended on the spot, it raised a ticket.
#[Object]
impl Finding {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What was found.
    async fn what(&self) -> &str {
        &self.0.what
    }

    /// How bad it is.
    async fn severity(&self) -> FindingSeverity {
        self.0.severity.into()
    }

    /// The building; absent where a team was looked at.
    async fn building(&self, ctx: &Context<'_>) -> Result<Option<Building>> {
        let Some(id) = self.0.building_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Building))
    }

    /// The shop or other unit.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        let Some(id) = self.0.unit_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Unit))
    }

    /// The place, in words.
    async fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// Whether it was mended on the spot.
    async fn mended_on_spot(&self) -> bool {
        self.0.mended_on_spot
    }

    /// The ticket that it raised, as far as the viewer sees it.
    async fn ticket(&self, ctx: &Context<'_>) -> Result<Option<Ticket>> {
        let Some(id) = self.0.ticket_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Ticket))
    }

    /// Its photos; the ticket that it raised shows them too.
    async fn attachments(&self, ctx: &Context<'_>) -> Result<Vec<Attachment>> {
        let rows = loader(ctx)?.load_one(AttachmentsOfFinding(self.0.id)).await.map_err(failed)?;
        Ok(rows.iter().flat_map(|rows| rows.iter().cloned()).map(Attachment).collect())
    }

    /// The patrol that came across it.
    async fn patrol(&self, ctx: &Context<'_>) -> Result<Option<Patrol>> {
        let Some(id) = self.0.patrol_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Patrol))
    }

    /// The spot check that came across it.
    async fn spot_check(&self, ctx: &Context<'_>) -> Result<Option<SpotCheck>> {
        let Some(id) = self.0.spot_check_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(SpotCheck))
    }

    /// Who found it.
    async fn found_by(&self, ctx: &Context<'_>) -> Result<Option<Handler>> {
        Ok(loader(ctx)?.load_one(HandlerOf(self.0.found_by_id)).await.map_err(failed)?.map(Handler::from))
    }

    /// When it was found.
    async fn found_at(&self) -> DateTime {
        self.0.found_at.into()
    }

    /// When somebody last looked again.
    async fn checked_at(&self) -> Option<DateTime> {
        self.0.checked_at.map(DateTime)
    }

    /// Who looked again.
    async fn checked_by(&self, ctx: &Context<'_>) -> Result<Option<Handler>> {
        let Some(id) = self.0.checked_by_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(HandlerOf(id)).await.map_err(failed)?.map(Handler::from))
    }

    /// What looking again brought.
    async fn check_result(&self) -> Option<FindingCheckResult> {
        self.0.check_result.map(Into::into)
    }

    /// What was said when looking again.
    async fn check_remarks(&self) -> Option<&str> {
        self.0.check_remarks.as_deref()
    }

    /// Send it back as `expectedVersion` with `findingCheck`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
