//! An attachment.

use async_graphql::{Context, ID, Object, Result};

use super::enums::{AttachmentKind, AttachmentStatus};
use crate::domain::attachment::{Attachment as Row, Kind, Status, Variant};
use crate::graphql::context::{auth, viewer};
use crate::graphql::scalar::DateTime;

/// A photo or document that hangs on a line of a ticket, on an inspection or in the archives; whoever may read that sees it.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Attachment(pub(in crate::graphql) Row);

impl From<Row> for Attachment {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// A photo or document that hangs on a line of a ticket, on an inspection or in the archives; whoever may read that sees it.
#[Object]
impl Attachment {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What sort of file it is.
    async fn kind(&self) -> AttachmentKind {
        self.0.kind.into()
    }

    /// Where its life stands.
    async fn status(&self) -> AttachmentStatus {
        self.0.status.into()
    }

    /// Where it is: a path on this server that needs no token, good for five minutes and for this viewer alone. Ask
    /// again for another one. Absent when it is REDACTED.
    async fn url(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        self.link(ctx, Variant::File)
    }

    /// Where a photo's small copy is, 320 pixels at its longer side; like `url`. Documents have none.
    async fn thumbnail_url(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        match self.0.kind {
            Kind::Photo => self.link(ctx, Variant::Thumbnail),
            Kind::Document => Ok(None),
        }
    }

    /// The media type of what is behind `url`: "image/jpeg", "image/png" or "application/pdf".
    async fn media_type(&self) -> &str {
        &self.0.media_type
    }

    /// The size of what is behind `url`, in bytes.
    async fn bytes(&self) -> i32 {
        self.0.bytes
    }

    /// A photo's width in pixels; with the height it keeps the place on a page until the photo is there.
    async fn width(&self) -> Option<i32> {
        self.0.width
    }

    /// A photo's height in pixels.
    async fn height(&self) -> Option<i32> {
        self.0.height
    }

    /// Its name, without folders and with the ending that fits; absent when it had none, or is REDACTED.
    async fn file_name(&self) -> Option<&str> {
        self.0.file_name.as_deref()
    }

    /// When it was uploaded.
    async fn uploaded_at(&self) -> DateTime {
        self.0.created_at.into()
    }
}

impl Attachment {
    fn link(&self, ctx: &Context<'_>, variant: Variant) -> Result<Option<String>> {
        if self.0.status == Status::Redacted {
            return Ok(None);
        }
        Ok(Some(auth(ctx).file_link(viewer(ctx)?, self.0.id, variant)))
    }
}
