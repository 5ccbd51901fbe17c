//! A document in the archives (业主档案).

use async_graphql::{Context, ID, Object, Result};

use super::enums::{DocumentCategory, DocumentConfidentiality};
use crate::domain::audit::{Shown, What};
use crate::domain::document::{self, Confidentiality, Document as Row};
use crate::graphql::attachment::Attachment;
use crate::graphql::audit::AuditEntry;
use crate::graphql::community::Community;
use crate::graphql::context::{loader, note_shown, viewer};
use crate::graphql::loader::{AttachmentsOfDocument, HandlerOf, ReadingsOf, failed};
use crate::graphql::occupant::Occupant;
use crate::graphql::scalar::{Date, DateTime};
use crate::graphql::ticket::Handler;
use crate::graphql::unit::Unit;

/// A document in the archives (业主档案) of an occupant or a unit. Every opening of its files stands in the audit trail;
/// of one that is not NORMAL also every reading of what is said of it.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Document(pub(in crate::graphql) Row);

impl From<Row> for Document {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// A document in the archives (业主档案) of an occupant or a unit. Every opening of its files stands in the audit trail;
/// of one that is not NORMAL also every reading of what is said of it.
#[Object]
impl Document {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What it is.
    async fn category(&self, ctx: &Context<'_>) -> Result<DocumentCategory> {
        self.note_read(ctx)?;
        Ok(self.0.category.into())
    }

    /// Who may read it.
    async fn confidentiality(&self) -> DocumentConfidentiality {
        self.0.confidentiality.into()
    }

    /// What it is called; empty when it was erased.
    async fn title(&self, ctx: &Context<'_>) -> Result<&str> {
        self.note_read(ctx)?;
        Ok(&self.0.title)
    }

    /// The day that stands on it.
    async fn dated_on(&self) -> Option<Date> {
        self.0.dated_on.map(Date)
    }

    /// What the company has to say of it; `null` for the occupant that it is about.
    async fn note(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        if document::is_own(viewer(ctx)?, &self.0) {
            return Ok(None);
        }
        self.note_read(ctx)?;
        Ok(self.0.note.as_deref())
    }

    /// What it holds. The files are served as downloads, and each opening is written down; REDACTED once it is withdrawn.
    async fn files(&self, ctx: &Context<'_>) -> Result<Vec<Attachment>> {
        self.note_read(ctx)?;
        let rows = loader(ctx)?.load_one(AttachmentsOfDocument(self.0.id)).await.map_err(failed)?;
        Ok(rows.iter().flat_map(|rows| rows.iter().cloned()).map(Attachment).collect())
    }

    /// The community of the unit, or the one that registered the occupant.
    async fn community(&self, ctx: &Context<'_>) -> Result<Option<Community>> {
        Ok(loader(ctx)?.load_one(self.0.community_id).await.map_err(failed)?.map(Community))
    }

    /// The unit that it is about.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        let Some(id) = self.0.unit_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Unit))
    }

    /// The occupant that it is about.
    async fn occupant(&self, ctx: &Context<'_>) -> Result<Option<Occupant>> {
        let Some(id) = self.0.occupant_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Occupant))
    }

    /// Who filed it.
    async fn filed_by(&self, ctx: &Context<'_>) -> Result<Option<Handler>> {
        Ok(loader(ctx)?.load_one(HandlerOf(self.0.filed_by_id)).await.map_err(failed)?.map(Handler::from))
    }

    /// When it was filed.
    async fn filed_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// When it was withdrawn; such ones are left out of lists unless they are asked for.
    async fn withdrawn_at(&self) -> Option<DateTime> {
        self.0.withdrawn_at.map(DateTime)
    }

    /// When its words and content were erased with the person's data.
    async fn erased_at(&self) -> Option<DateTime> {
        self.0.erased_at.map(DateTime)
    }

    /// Who has read it, the last first, for those who may read the audit trail of the community; empty for all others.
    async fn readings(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20, desc = "How many, at most 100.")] last: i32,
    ) -> Result<Vec<AuditEntry>> {
        let last = u64::from(last.clamp(0, 100).unsigned_abs());
        let rows = loader(ctx)?.load_one(ReadingsOf { document: self.0.id, last }).await.map_err(failed)?;
        Ok(rows.iter().flat_map(|rows| rows.iter().cloned()).map(AuditEntry::from).collect())
    }

    /// Send it back as `expectedVersion` with the next update.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

impl Document {
    /// What is said of a confidential document is written down when it is shown to somebody else.
    fn note_read(&self, ctx: &Context<'_>) -> Result<()> {
        let row = &self.0;
        if row.confidentiality != Confidentiality::Normal && !document::is_own(viewer(ctx)?, row) {
            let shown = Shown {
                occupant: row.occupant_id,
                unit: row.unit_id,
                document: Some(row.id),
                ..Shown::of(What::ArchiveRecord, row.community_id)
            };
            note_shown(ctx, shown);
        }
        Ok(())
    }
}
