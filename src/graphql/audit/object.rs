//! A line of the audit trail.

use async_graphql::{Context, ID, Json, Object, Result};

use super::enums::AuditAction;
use crate::domain::audit::Line;
use crate::graphql::community::Community;
use crate::graphql::context::loader;
use crate::graphql::loader::{AddressesOf, AuditSubjectsOf, failed};
use crate::graphql::occupant::Occupant;
use crate::graphql::scalar::DateTime;
use crate::graphql::staff::Staff;

/// A line of the audit trail: who did what to whose data. It is written once and never changed.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct AuditEntry(Line);

impl From<Line> for AuditEntry {
    fn from(line: Line) -> Self {
        Self(line)
    }
}

/// A line of the audit trail: who did what to whose data. It is written once and never changed.
#[Object]
impl AuditEntry {
    /// Its id.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// When it was done; of what was read, when it was written down.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// What was done.
    async fn action(&self) -> AuditAction {
        self.0.action.into()
    }

    /// The account that did it; absent for what runs by itself and at the command line.
    async fn account_id(&self) -> Option<ID> {
        self.0.account_id.map(|id| id.to_string().into())
    }

    /// The member of staff that the account stood for.
    async fn staff(&self, ctx: &Context<'_>) -> Result<Option<Staff>> {
        let Some(id) = self.0.staff_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Staff))
    }

    /// The occupant that the account stood for.
    async fn occupant(&self, ctx: &Context<'_>) -> Result<Option<Occupant>> {
        let Some(id) = self.0.occupant_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Occupant))
    }

    /// The community that it concerns, if one alone.
    async fn community(&self, ctx: &Context<'_>) -> Result<Option<Community>> {
        let Some(id) = self.0.community_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Community))
    }

    /// Whom and what it is about: ids of any kinds.
    async fn subjects(&self, ctx: &Context<'_>) -> Result<Vec<ID>> {
        let subjects = loader(ctx)?.load_one(AuditSubjectsOf(self.0.id)).await.map_err(failed)?;
        Ok(subjects.iter().flat_map(|subjects| subjects.iter().map(Into::into)).collect())
    }

    /// What else there is to know: codes, numbers and ids; no names, and no words of people.
    async fn details(&self) -> Json<&serde_json::Value> {
        Json(&self.0.details)
    }

    /// The address that a sign-in came from, for as long as it is kept; behind a proxy it is the proxy's.
    async fn address(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let found = loader(ctx)?.load_one(AddressesOf(self.0.id)).await.map_err(failed)?;
        Ok(found.and_then(|found| found.first().cloned()))
    }

    /// The request's id, as the log and the header X-Request-Id have it.
    async fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }
}
