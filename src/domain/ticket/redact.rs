//! An attachment's content is taken away: it shows what nobody should see.

use super::work::Work;
use super::{TEXT_MAX, Target};
use crate::base::id::AttachmentId;
use crate::domain::attachment::{self, Attachment, Status, Which};
use crate::domain::{Domain, Refusal, Result, Viewer, required};
use crate::storage::ticket::Act;

/// Takes away what an attachment holds, with a reason for staff. It does not raise the ticket's version. Done again it
/// does nothing.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn redact(domain: &Domain, viewer: &Viewer, id: AttachmentId, reason: &str) -> Result<Attachment> {
    let reason = required("input.reason", reason, TEXT_MAX)?;
    let row = find(domain, viewer, id).await?;
    let Some(ticket) = row.ticket_id else {
        return Err(Refusal::invalid("input.id", "it hangs on no ticket").into());
    };
    let target = Target { id: ticket, expected_version: None, field: "input.id".into() };
    let mut work = Work::open(domain, viewer, &target, Act::Redact).await?;
    if row.status == Status::Redacted {
        return Ok(row);
    }
    work.ticket.version = work.was.version;
    work.internal().text(reason).param("attachment", id.to_string());
    let (tx, _) = work.write().await?;
    let redacted = attachment::redact(domain, &tx, Which::One(id)).await?;
    tx.commit().await?;
    redacted.remove(domain).await;
    find(domain, viewer, id).await
}

async fn find(domain: &Domain, viewer: &Viewer, id: AttachmentId) -> Result<Attachment> {
    let found = attachment::find(domain, viewer, &[id]).await?.remove(&id);
    found.ok_or_else(|| Refusal::not_found("input.id", id).into())
}
