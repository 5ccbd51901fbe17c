//! Attachments as lists and single ones, always within what the viewer sees.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Select};

use super::{Attachment, Blob, Kind, Status, Variant};
use crate::base::id::{AttachmentId, DocumentId, FindingId, SpotCheckId, TicketEventId, TicketId};
use crate::domain::audit::{self, Shown, What};
use crate::domain::find::grouped;
use crate::domain::{Domain, Result, Viewer};
use crate::storage::attachment::{Column, Entity};
use crate::storage::{among, document};

fn seen(domain: &Domain, viewer: &Viewer) -> Select<Entity> {
    Entity::visible_to(&viewer.scope, viewer.account.id, domain.db.backend())
}

/// The attachments with these ids that the viewer sees.
///
/// # Errors
/// When the database fails.
pub async fn find(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[AttachmentId],
) -> Result<HashMap<AttachmentId, Attachment>> {
    let rows = seen(domain, viewer).filter(among(domain.db.backend(), Column::Id, ids.iter().copied()));
    Ok(rows.all(domain.db.read()).await?.into_iter().map(|row| (row.id, row)).collect())
}

/// The attachments of tickets, in the order in which they came.
///
/// # Errors
/// When the database fails.
pub async fn of_tickets(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[TicketId],
) -> Result<HashMap<TicketId, Vec<Attachment>>> {
    let rows = seen(domain, viewer)
        .filter(among(domain.db.backend(), Column::TicketId, ids.iter().copied()))
        .order_by_asc(Column::AttachedAt)
        .order_by_asc(Column::TicketEventId)
        .order_by_asc(Column::Place);
    Ok(grouped(ids, rows.all(domain.db.read()).await?, |row| row.ticket_id))
}

/// The attachments that came with lines of timelines, in their order.
///
/// # Errors
/// When the database fails.
pub async fn of_lines(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[TicketEventId],
) -> Result<HashMap<TicketEventId, Vec<Attachment>>> {
    let rows = seen(domain, viewer)
        .filter(among(domain.db.backend(), Column::TicketEventId, ids.iter().copied()))
        .order_by_asc(Column::Place);
    Ok(grouped(ids, rows.all(domain.db.read()).await?, |row| row.ticket_event_id))
}

/// The files of documents of the archives, in their order.
///
/// # Errors
/// When the database fails.
pub async fn of_documents(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[DocumentId],
) -> Result<HashMap<DocumentId, Vec<Attachment>>> {
    let rows = seen(domain, viewer)
        .filter(among(domain.db.backend(), Column::DocumentId, ids.iter().copied()))
        .order_by_asc(Column::Place);
    Ok(grouped(ids, rows.all(domain.db.read()).await?, |row| row.document_id))
}

/// The photos of findings, in their order.
///
/// # Errors
/// When the database fails.
pub async fn of_findings(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[FindingId],
) -> Result<HashMap<FindingId, Vec<Attachment>>> {
    let rows = seen(domain, viewer)
        .filter(among(domain.db.backend(), Column::FindingId, ids.iter().copied()))
        .order_by_asc(Column::Place);
    Ok(grouped(ids, rows.all(domain.db.read()).await?, |row| row.finding_id))
}

/// The photos of spot checks, in their order.
///
/// # Errors
/// When the database fails.
pub async fn of_spot_checks(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[SpotCheckId],
) -> Result<HashMap<SpotCheckId, Vec<Attachment>>> {
    let rows = seen(domain, viewer)
        .filter(among(domain.db.backend(), Column::SpotCheckId, ids.iter().copied()))
        .order_by_asc(Column::Place);
    Ok(grouped(ids, rows.all(domain.db.read()).await?, |row| row.spot_check_id))
}

/// The photos of what was put right after spot checks, in the order in which they came.
///
/// # Errors
/// When the database fails.
pub async fn of_rectifications(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[SpotCheckId],
) -> Result<HashMap<SpotCheckId, Vec<Attachment>>> {
    let rows = seen(domain, viewer)
        .filter(among(domain.db.backend(), Column::RectificationOfId, ids.iter().copied()))
        .order_by_asc(Column::AttachedAt)
        .order_by_asc(Column::Place);
    Ok(grouped(ids, rows.all(domain.db.read()).await?, |row| row.rectification_of_id))
}

/// What there is behind a link.
#[derive(Debug)]
pub enum Opened {
    /// The row and what it holds.
    Here(Box<Attachment>, Blob),
    /// It was there; its content has been taken away.
    Gone,
    /// No such thing, or not for this viewer.
    Missing,
}

/// Opens an attachment that the viewer sees. Of the archives nothing is opened that the audit trail does not tell.
///
/// # Errors
/// When the database or the store fails.
pub async fn open(domain: &Domain, viewer: &Viewer, id: AttachmentId, variant: Variant) -> Result<Opened> {
    let found = seen(domain, viewer).filter(Column::Id.eq(id)).one(domain.db.read()).await?;
    let Some(row) = found else {
        return Ok(Opened::Missing);
    };
    if row.status == Status::Redacted {
        return Ok(Opened::Gone);
    }
    if variant == Variant::Thumbnail && row.kind != Kind::Photo {
        return Ok(Opened::Missing);
    }
    let Some(blob) = domain.files.blobs.get(id, variant).await? else {
        tracing::error!(%id, ?variant, "an attachment's content is not in the store");
        return Ok(Opened::Missing);
    };
    if let Some(document) = row.document_id {
        note_opened(domain, viewer, document).await?;
    }
    Ok(Opened::Here(Box::new(row), blob))
}

async fn note_opened(domain: &Domain, viewer: &Viewer, id: DocumentId) -> Result<()> {
    let found = document::Entity::find_by_id(id).one(domain.db.read()).await?;
    let Some(document) = found else { return Ok(()) };
    let shown = Shown {
        occupant: document.occupant_id,
        unit: document.unit_id,
        document: Some(id),
        ..Shown::of(What::ArchiveContent, document.community_id)
    };
    audit::note_shown(domain, viewer, shown).await
}
