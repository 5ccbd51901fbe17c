//! A request about personal data.

use async_graphql::{Context, ID, Json, Object, Result};

use super::enums::{PrivacyRequestKind, PrivacyRequestState};
use crate::domain::privacy::{self, PrivacyRequest as Row};
use crate::graphql::context::{domain, loader, viewer};
use crate::graphql::error::fault;
use crate::graphql::loader::failed;
use crate::graphql::occupant::Occupant;
use crate::graphql::scalar::DateTime;

/// What somebody asks to be done with their personal data, and what became of it.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct PrivacyRequest(pub(in crate::graphql) Row);

impl From<Row> for PrivacyRequest {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// What somebody asks to be done with their personal data, and what became of it.
#[Object]
impl PrivacyRequest {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What is asked for.
    async fn kind(&self) -> PrivacyRequestKind {
        self.0.kind.into()
    }

    /// Where it stands.
    async fn state(&self) -> PrivacyRequestState {
        self.0.state.into()
    }

    /// Whose data.
    async fn occupant(&self, ctx: &Context<'_>) -> Result<Option<Occupant>> {
        Ok(loader(ctx)?.load_one(self.0.occupant_id).await.map_err(failed)?.map(Occupant))
    }

    /// Why it was refused.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// All that is kept of the viewer, as one JSON document, made as it is asked for: save it as a file. Only for the
    /// person themself, and for 14 days after an EXPORT was granted; else `null`.
    async fn export(&self, ctx: &Context<'_>) -> Result<Option<Json<serde_json::Value>>> {
        let made = Box::pin(privacy::export_own(domain(ctx), viewer(ctx)?, self.0.id)).await;
        Ok(made.map_err(|error| fault(&error))?.map(Json))
    }

    /// When it was decided.
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.decided_at.map(DateTime)
    }

    /// When it was asked for.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// Send it back as `expectedVersion` with the decision.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
