//! A ticket's timeline.

use async_graphql::{Context, ID, Json, Object, Result};

use super::enums::{TicketAct, Visibility};
use super::object::Handler;
use crate::domain::TicketEvent as Row;
use crate::graphql::attachment::Attachment;
use crate::graphql::context::loader;
use crate::graphql::loader::{AttachmentsOfLine, HandlerOf, failed};
use crate::graphql::scalar::DateTime;

/// One line of a ticket's timeline (跟进记录); never edited, never removed.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct TicketEvent(pub(in crate::graphql) Row);

/// One line of a ticket's timeline (跟进记录); never edited, never removed.
#[Object]
impl TicketEvent {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What happened. Put it into words in the reader's language.
    async fn act(&self) -> TicketAct {
        self.0.act.into()
    }

    /// Who may read it.
    async fn visibility(&self) -> Visibility {
        self.0.visibility.into()
    }

    /// What a person wrote: a comment, a reason, an answer.
    async fn text(&self) -> Option<&str> {
        self.0.text.as_deref()
    }

    /// What the words for `act` are made with: codes, ids, moments.
    async fn params(&self) -> Json<&serde_json::Value> {
        Json(&self.0.params)
    }

    /// The member of staff who did it; absent when it was the reporter or the system.
    async fn actor(&self, ctx: &Context<'_>) -> Result<Option<Handler>> {
        let Some(id) = self.0.staff_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(HandlerOf(id)).await.map_err(failed)?.map(Handler::from))
    }

    /// Whether an occupant did it.
    async fn by_occupant(&self) -> bool {
        self.0.staff_id.is_none() && self.0.occupant_id.is_some()
    }

    /// The photos and documents that came with it.
    async fn attachments(&self, ctx: &Context<'_>) -> Result<Vec<Attachment>> {
        let rows = loader(ctx)?.load_one(AttachmentsOfLine(self.0.id)).await.map_err(failed)?;
        Ok(rows.iter().flat_map(|rows| rows.iter().cloned()).map(Attachment).collect())
    }

    /// The ticket's revision that it made.
    async fn revision(&self) -> i32 {
        self.0.revision
    }

    /// When what is personal was erased: `text` is gone.
    async fn erased_at(&self) -> Option<DateTime> {
        self.0.erased_at.map(DateTime)
    }

    /// When.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }
}
