//! The content of attachments is taken away: the row says so in its transaction, the blobs go after it.

use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::{Attachment, Status};
use crate::base::id::{AccountId, AttachmentId, DocumentId, TicketId};
use crate::domain::{Domain, Result, Tx};
use crate::storage::among;
use crate::storage::attachment::{Column, Entity};

/// Which attachments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// This one.
    One(AttachmentId),
    /// All of a ticket.
    OfTicket(TicketId),
    /// All of a document of the archives.
    OfDocument(DocumentId),
    /// All that an account has uploaded.
    By(AccountId),
}

/// Attachments whose blobs are still to be removed, after the commit.
#[must_use = "the blobs stay until they are removed"]
#[derive(Debug)]
pub struct Redacted(Vec<AttachmentId>);

/// Marks attachments as redacted: what they were called and what they held are forgotten, that they were there is not.
/// Those that are redacted already stay as they are.
///
/// # Errors
/// When the database fails.
pub async fn redact(domain: &Domain, tx: &Tx<'_>, which: Which) -> Result<Redacted> {
    let which = match which {
        Which::One(id) => Column::Id.eq(id),
        Which::OfTicket(ticket) => Column::TicketId.eq(ticket),
        Which::OfDocument(document) => Column::DocumentId.eq(document),
        Which::By(account) => Column::UploadedById.eq(account),
    };
    let found = Entity::find()
        .filter(which)
        .filter(Column::Status.ne(Status::Redacted))
        .lock(LockType::Update)
        .all(&tx.db)
        .await?;
    let ids = found.iter().map(|row: &Attachment| row.id).collect::<Vec<_>>();
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(sea_orm::ActiveEnum::to_value(&Status::Redacted)))
        .col_expr(Column::FileName, Expr::value(Option::<String>::None))
        .col_expr(Column::Sha256, Expr::value(Option::<String>::None))
        .col_expr(Column::RedactedAt, Expr::value(domain.clock.now()))
        .filter(among(tx.db.get_database_backend(), Column::Id, ids.iter().copied()))
        .exec(&tx.db)
        .await?;
    Ok(Redacted(ids))
}

impl Redacted {
    /// How many there are. Their content is left to the sweep.
    #[must_use]
    pub fn left_to_the_sweep(self) -> u64 {
        self.0.len() as u64
    }

    /// Removes the blobs, once the transaction has committed. What fails is removed by the sweep.
    pub async fn remove(self, domain: &Domain) {
        for id in self.0 {
            if let Err(error) = remove(domain, id).await {
                tracing::warn!(%error, %id, "a redacted attachment's content is still there; it will be swept");
            }
        }
    }
}

/// Removes the blobs of a redacted attachment, and says so in its row.
pub(super) async fn remove(domain: &Domain, id: AttachmentId) -> Result<()> {
    domain.files.blobs.remove(id).await?;
    Entity::update_many()
        .col_expr(Column::RemovedAt, Expr::value(domain.clock.now()))
        .filter(Column::Id.eq(id))
        .exec(domain.db.write())
        .await?;
    Ok(())
}
