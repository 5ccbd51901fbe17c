//! What attachments are told apart by.

use async_graphql::Enum;

use crate::domain::attachment::{Kind, Status};

/// What sort of file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Kind")]
pub(super) enum AttachmentKind {
    /// A picture; it has a thumbnail.
    Photo,
    /// A PDF.
    Document,
}

/// Where an attachment's life stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Status")]
pub(super) enum AttachmentStatus {
    /// Uploaded, and hangs on nothing yet; within a day it is let go of.
    Pending,
    /// Hangs on a line of a ticket, an inspection, or a document of the archives.
    Attached,
    /// Its content has been taken away.
    Redacted,
}
