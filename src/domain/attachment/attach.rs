//! Files are hung on something: some were uploaded before, some come with the act itself.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QuerySelect,
};

use super::upload::{discard, insert, store};
use super::{Attachment, File, Status};
use crate::base::id::{
    AttachmentId, CommunityId, DocumentId, FindingId, SpotCheckId, TicketEventId, TicketId,
};
use crate::domain::{Domain, Error, Field, Refusal, Result, Tx, Viewer};
use crate::storage::among;
use crate::storage::attachment::{Column, Entity};
use crate::storage::ticket_event::Visibility;

/// The most files of one thing, such as a ticket: they are shown as one list.
const TOGETHER_MAX: u64 = 200;

/// What comes with an act.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Files that the viewer has uploaded before.
    pub ids: Vec<AttachmentId>,
    /// Files that come with it.
    pub files: Vec<File>,
}

/// Files that stand ready to be attached; those that came with the act are in the store.
#[derive(Debug, Default)]
pub struct Prepared {
    ids: Vec<AttachmentId>,
    new: Vec<Attachment>,
}

/// What files are hung on.
#[derive(Clone, Copy, Debug)]
pub(in crate::domain) enum On {
    /// A line of a ticket; whoever may read it sees them.
    Line { ticket: TicketId, id: TicketEventId, visibility: Visibility },
    /// A document of the archives.
    Document(DocumentId),
    /// A finding that raised no ticket.
    Finding(FindingId),
    /// A spot check.
    SpotCheck(SpotCheckId),
    /// What was put right after a spot check.
    Rectification(SpotCheckId),
}

/// The place that files are hung on, and when.
#[derive(Clone, Copy, Debug)]
pub(in crate::domain) struct Hook {
    pub(in crate::domain) on: On,
    pub(in crate::domain) community: CommunityId,
    pub(in crate::domain) at: DateTime<Utc>,
}

impl Given {
    /// Whether nothing comes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.files.is_empty()
    }

    fn check(&self, at_once: usize) -> Result<()> {
        let count = self.ids.len() + self.files.len();
        if count > at_once {
            let message = format!("{count} files are too many; at most {at_once} come with one act");
            return Err(Refusal::invalid("input.attachmentIds", message).into());
        }
        let mut known = HashSet::new();
        match self.ids.iter().find(|id| !known.insert(**id)) {
            Some(twice) => {
                Err(Refusal::invalid("input.attachmentIds", format!("{twice} is named twice")).into())
            }
            None => Ok(()),
        }
    }
}

/// Does something that files come with: puts them into the store first, so that no transaction waits for it. When the
/// act is refused they are taken out again.
pub(in crate::domain) async fn with<T>(
    domain: &Domain,
    viewer: &Viewer,
    given: Given,
    act: impl AsyncFnOnce(Prepared) -> Result<T>,
) -> Result<T> {
    given.check(domain.files.limits.at_once)?;
    let prepared = prepare(domain, viewer, given).await?;
    let new = prepared.new.iter().map(|row| row.id).collect::<Vec<_>>();
    let done = act(prepared).await;
    // Only a refusal is sure to have written nothing; what a fault leaves behind is swept.
    if matches!(done, Err(Error::Refused(_))) {
        for id in new {
            discard(domain, id).await;
        }
    }
    done
}

/// Files that stand in the store already, as a phone has uploaded them before what it sends later.
pub(in crate::domain) fn uploaded(domain: &Domain, ids: Vec<AttachmentId>) -> Result<Prepared> {
    let given = Given { ids, files: Vec::new() };
    given.check(domain.files.limits.at_once)?;
    Ok(Prepared { ids: given.ids, new: Vec::new() })
}

/// What a ticket was raised with shows the finding that raised it, too.
pub(in crate::domain) async fn show_finding(tx: &Tx<'_>, ticket: TicketId, finding: FindingId) -> Result<()> {
    let raised_with = Entity::update_many().filter(Column::TicketId.eq(ticket));
    raised_with.col_expr(Column::FindingId, Expr::value(finding)).exec(&tx.db).await?;
    Ok(())
}

async fn prepare(domain: &Domain, viewer: &Viewer, given: Given) -> Result<Prepared> {
    let mut prepared = Prepared { ids: given.ids, new: Vec::with_capacity(given.files.len()) };
    for (place, file) in given.files.into_iter().enumerate() {
        let field = Field::from(format!("input.files.{place}").as_str());
        match store(domain, viewer, file, field).await {
            Ok(row) => prepared.new.push(row),
            Err(error) => {
                for row in prepared.new {
                    discard(domain, row.id).await;
                }
                return Err(error);
            }
        }
    }
    Ok(prepared)
}

impl Prepared {
    /// Hangs the files on something, in the transaction that made or locked it.
    pub(in crate::domain) async fn attach(self, tx: &Tx<'_>, viewer: &Viewer, hook: Hook) -> Result<()> {
        if self.ids.is_empty() && self.new.is_empty() {
            return Ok(());
        }
        self.check_room(tx, hook.on).await?;
        let mut place = 0;
        let mut pending = lock(tx, viewer, &self.ids).await?;
        for id in self.ids {
            let row = pending.remove(&id).ok_or_else(|| Refusal::not_found("input.attachmentIds", id))?;
            attached(row, hook, place).into_active_model().reset_all().update(&tx.db).await?;
            place += 1;
        }
        for row in self.new {
            insert(tx, attached(row, hook, place)).await?;
            place += 1;
        }
        Ok(())
    }

    /// What they are hung on is locked, so that no other act attaches at the same time.
    async fn check_room(&self, tx: &Tx<'_>, on: On) -> Result<()> {
        let there = match on {
            On::Line { ticket, .. } => Column::TicketId.eq(ticket),
            On::Document(id) => Column::DocumentId.eq(id),
            On::Finding(id) => Column::FindingId.eq(id),
            On::SpotCheck(id) => Column::SpotCheckId.eq(id),
            On::Rectification(id) => Column::RectificationOfId.eq(id),
        };
        let there = Entity::find().filter(there).count(&tx.db).await?;
        if there + (self.ids.len() + self.new.len()) as u64 <= TOGETHER_MAX {
            return Ok(());
        }
        let what = match on {
            On::Line { .. } => "the ticket",
            On::Document(_) => "the document",
            On::Finding(_) => "the finding",
            On::SpotCheck(_) | On::Rectification(_) => "the spot check",
        };
        let message = format!("{what} has {there} files; at most {TOGETHER_MAX} are kept with one");
        Err(Refusal::invalid("input.attachmentIds", message).into())
    }
}

fn attached(row: Attachment, hook: Hook, place: i32) -> Attachment {
    let row = Attachment {
        community_id: Some(hook.community),
        status: Status::Attached,
        place,
        attached_at: Some(hook.at),
        ..row
    };
    match hook.on {
        On::Line { ticket, id, visibility } => Attachment {
            ticket_id: Some(ticket),
            ticket_event_id: Some(id),
            visibility: Some(visibility),
            ..row
        },
        On::Document(id) => Attachment { document_id: Some(id), ..row },
        On::Finding(id) => Attachment { finding_id: Some(id), ..row },
        On::SpotCheck(id) => Attachment { spot_check_id: Some(id), ..row },
        On::Rectification(id) => Attachment { rectification_of_id: Some(id), ..row },
    }
}

/// The viewer's own files that hang on nothing, locked: no other act can take them, and the sweep passes them by.
async fn lock(
    tx: &Tx<'_>,
    viewer: &Viewer,
    ids: &[AttachmentId],
) -> Result<HashMap<AttachmentId, Attachment>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let own = Entity::pending_of(viewer.account.id)
        .filter(among(tx.db.get_database_backend(), Column::Id, ids.iter().copied()))
        .lock(LockType::Update);
    Ok(own.all(&tx.db).await?.into_iter().map(|row| (row.id, row)).collect())
}
