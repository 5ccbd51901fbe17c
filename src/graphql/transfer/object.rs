//! An import or export.

use async_graphql::{Context, ID, Object, Result, SimpleObject};

use super::enums::{
    DataTransferContent, DataTransferDirection, DataTransferFailure, DataTransferLanguage, DataTransferNoun,
    DataTransferStage, DataTransferState,
};
use super::refusal::RowRefusal;
use crate::auth::SheetFile;
use crate::base::id::DataTransferId;
use crate::domain::transfer::{DataTransfer as Row, may_now, refusals};
use crate::exchange;
use crate::graphql::community::Community;
use crate::graphql::connection::{Count, List, list, window};
use crate::graphql::context::{auth, loader, viewer};
use crate::graphql::error::fault;
use crate::graphql::loader::{RefusalsOf, failed};
use crate::graphql::scalar::DateTime;

/// An import or export that somebody asked for: it waits, is worked on, and ends. Only they see it.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct DataTransfer(pub(in crate::graphql) Row);

impl From<Row> for DataTransfer {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// What became of the things of one noun that the rows of an import tell of.
#[derive(SimpleObject)]
struct DataTransferCount {
    /// What they are.
    noun: DataTransferNoun,
    /// Made.
    made: u64,
    /// Changed.
    changed: u64,
    /// There already, as the row says.
    unchanged: u64,
}

/// An import or export that somebody asked for: it waits, is worked on, and ends. Only they see it.
#[Object]
impl DataTransfer {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Into the system, or out of it.
    async fn direction(&self) -> DataTransferDirection {
        self.0.direction.into()
    }

    /// What the rows are.
    async fn content(&self) -> DataTransferContent {
        self.0.content.into()
    }

    /// The one community that it is about; absent when it is about all.
    async fn community(&self, ctx: &Context<'_>) -> Result<Option<Community>> {
        let Some(id) = self.0.community_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Community))
    }

    /// Where it stands.
    async fn state(&self) -> DataTransferState {
        self.0.state.into()
    }

    /// What is done with the rows while it runs. An import that keeps all or nothing goes over the file twice.
    async fn stage(&self) -> Option<DataTransferStage> {
        self.0.stage.map(Into::into)
    }

    /// Why it could not be done, when it FAILED.
    async fn failure(&self) -> Option<DataTransferFailure> {
        self.0.failure.map(Into::into)
    }

    /// The name of the file that came in, or of the one that was written; absent when the files are gone.
    async fn file_name(&self) -> Option<&str> {
        self.0.file_name.as_deref()
    }

    /// Rows of this stage so far; at the end, all.
    async fn rows_done(&self) -> i32 {
        self.0.rows_done
    }

    /// About how many rows there are; 0 when that is not known, as of exports.
    async fn rows_about(&self) -> i32 {
        self.0.rows_about
    }

    /// Rows that were refused so far.
    async fn rows_refused(&self) -> i32 {
        self.0.rows_refused
    }

    /// Whether rows of an import were kept, or a file was written. Of a cancelled import some may have been.
    async fn written(&self) -> bool {
        self.0.written
    }

    /// What became of what the rows of an import tell of.
    async fn counts(&self) -> Vec<DataTransferCount> {
        let counts = exchange::counts(&self.0.counts).into_iter();
        let count = |(noun, count): (exchange::Noun, exchange::Count)| DataTransferCount {
            noun: noun.into(),
            made: count.new,
            changed: count.updated,
            unchanged: count.unchanged,
        };
        counts.map(count).collect()
    }

    /// Why rows were refused, in the file's order; of a longer list the first 10,000. Kept as long as the files.
    async fn refusals(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "How many from the beginning, at most 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Result<List<RowRefusal>> {
        let page = window(&refusals(), first, after.as_deref(), last, before.as_deref());
        let page = page.map_err(|error| fault(&error))?;
        let found = loader(ctx)?.load_one(RefusalsOf { transfer: self.0.id, page }).await.map_err(failed)?;
        let rows = found.map(|found| (*found).clone()).unwrap_or_default();
        let kept = if self.0.files_gone_at.is_none() { self.0.rows_refused } else { 0 };
        let total = u64::try_from(kept).unwrap_or_default().max(rows.rows.len() as u64);
        let count: Count = Box::new(move || Box::pin(std::future::ready(Ok(total))));
        let rows = crate::domain::Rows {
            rows: rows.rows.into_iter().map(|(cursor, row)| (cursor, (row, self.0.language))).collect(),
            has_previous: rows.has_previous,
            has_next: rows.has_next,
        };
        list(Ok(rows), count)
    }

    /// Where the file is that an export has written: a path on this server that needs no token, good for five minutes and
    /// for this viewer alone. Ask again for another one. Absent until it is DONE, when the files are gone, and for who
    /// may export no longer.
    async fn result_url(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let is_there = self.0.result_bytes.is_some();
        self.link(ctx, SheetFile::Result, is_there)
    }

    /// Where the refusals are as a CSV, to be mended by; like `resultUrl`. Absent when there are none.
    async fn refusals_url(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In this language; left out: in the import's.")] language: Option<
            DataTransferLanguage,
        >,
    ) -> Result<Option<String>> {
        let language = language.map_or(self.0.language, Into::into);
        let is_there = self.0.files_gone_at.is_none() && self.0.ended_at.is_some();
        let any = self.0.rows_refused > 0 || self.0.state == crate::domain::transfer::State::Refused;
        self.link(ctx, SheetFile::Refusals(language), is_there && any)
    }

    /// The size of what is behind `resultUrl`, in bytes.
    async fn result_bytes(&self) -> Option<i32> {
        self.0.result_bytes
    }

    /// When it was asked for.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When a gateway first began it.
    async fn started_at(&self) -> Option<DateTime> {
        self.0.started_at.map(DateTime)
    }

    /// When it ended.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }

    /// When its files and refusals were removed.
    async fn files_gone_at(&self) -> Option<DateTime> {
        self.0.files_gone_at.map(DateTime)
    }

    /// Raised with every change: of two copies the one with the greater is the newer.
    async fn revision(&self) -> i32 {
        self.0.revision
    }
}

impl DataTransfer {
    fn link(&self, ctx: &Context<'_>, file: SheetFile, is_there: bool) -> Result<Option<String>> {
        let (viewer, id): (_, DataTransferId) = (viewer(ctx)?, self.0.id);
        Ok((is_there && may_now(viewer, &self.0)).then(|| auth(ctx).sheet_link(viewer, id, file)))
    }
}
