//! The content of an attachment is taken away, whatever it hangs on.

use super::attachment::{self, Attachment, Status};
use super::{Domain, Refusal, Result, Viewer, inspection, ticket};
use crate::base::id::AttachmentId;

/// Takes away what an attachment holds, for a reason. On a ticket the reason stands in its timeline; of a photo that hangs
/// on an inspection alone, it is asked for and not kept. Done again it does nothing.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn attachment(
    domain: &Domain,
    viewer: &Viewer,
    id: AttachmentId,
    reason: &str,
) -> Result<Attachment> {
    let found = attachment::find(domain, viewer, &[id]).await?.remove(&id);
    let row = found.ok_or_else(|| Refusal::not_found("input.id", id))?;
    let refuse = |message: &str| Err(Refusal::invalid("input.id", message).into());
    match &row {
        Attachment { status: Status::Pending, .. } => {
            refuse("it hangs on nothing yet; it goes by itself in time")
        }
        Attachment { document_id: Some(_), .. } => refuse("it is in the archives; withdraw its document"),
        Attachment { ticket_id: Some(_), .. } => ticket::redact(domain, viewer, id, reason).await,
        _ => inspection::redact(domain, viewer, row, reason).await,
    }
}
