//! The acts on attachments.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::input::{AttachmentRedactInput, AttachmentUploadInput};
use super::object::Attachment;
use crate::domain::attachment::{self, Attachment as Row};
use crate::domain::{self, redact};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::{UserError, id, outcome};
use crate::graphql::once::once;

/// The acts on attachments.
#[derive(Default)]
pub(in crate::graphql) struct AttachmentMutation;

/// What an act on an attachment answers.
#[derive(SimpleObject)]
struct AttachmentPayload {
    /// The attachment as it is now; absent when the act was refused.
    attachment: Option<Attachment>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

fn payload(result: domain::Result<Row>) -> Result<AttachmentPayload> {
    let (row, user_errors) = outcome(result)?;
    Ok(AttachmentPayload { attachment: row.map(Attachment), user_errors })
}

#[Object]
impl AttachmentMutation {
    /// Takes a file in a `multipart/form-data` request, to be named in `attachmentIds` when a ticket is filed or commented
    /// on, a finding reported, or a document filed. Pictures are turned upright, made smaller and freed of what the camera wrote into them.
    async fn attachment_upload(
        &self,
        ctx: &Context<'_>,
        input: AttachmentUploadInput,
    ) -> Result<AttachmentPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let uploaded = Box::pin(async {
            let once = once("attachmentUpload", input.idempotency_key.as_deref(), &input)?;
            attachment::upload(domain, viewer, input.file.file(ctx)?, once.as_ref()).await
        });
        payload(uploaded.await)
    }

    /// Takes away what an attachment holds, as it shows what nobody should see. That it was there stays. Supervisors and
    /// those above them.
    async fn attachment_redact(
        &self,
        ctx: &Context<'_>,
        input: AttachmentRedactInput,
    ) -> Result<AttachmentPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let redacted = Box::pin(async {
            redact::attachment(domain, viewer, id("input.id", &input.id)?, &input.reason).await
        });
        payload(redacted.await)
    }
}
