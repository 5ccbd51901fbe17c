//! What the acts on attachments take.

use async_graphql::{Context, ID, InputObject};

use crate::domain;
use crate::domain::attachment::Given;
use crate::graphql::error::ids;
use crate::graphql::upload::Upload;

/// A file that will be attached later.
#[derive(Clone, Debug, InputObject)]
pub(super) struct AttachmentUploadInput {
    /// Sent again with the same key and the same file, the same attachment is answered.
    pub(super) idempotency_key: Option<String>,
    /// The file: a JPEG, PNG or WebP picture, or a PDF.
    pub(super) file: Upload,
}

/// Which attachment, and why.
#[derive(Clone, Debug, InputObject)]
pub(super) struct AttachmentRedactInput {
    /// The attachment.
    pub(super) id: ID,
    /// Why, for staff; it stands in the ticket's timeline. Of a photo that hangs on no ticket it is not kept.
    pub(super) reason: String,
}

/// The files that come with an act: uploaded before, or with it.
pub(in crate::graphql) fn given(
    ctx: &Context<'_>,
    attachment_ids: Option<&[ID]>,
    files: Option<&[Upload]>,
) -> domain::Result<Given> {
    let files = files.unwrap_or_default().iter().map(|file| file.file(ctx)).collect::<domain::Result<_>>()?;
    Ok(Given { ids: ids("input.attachmentIds", attachment_ids)?.unwrap_or_default(), files })
}
