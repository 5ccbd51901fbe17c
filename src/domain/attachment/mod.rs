//! Photos and documents: uploaded first, by the person who attaches them or as part of their act, and hanging on a line
//! of a ticket, on an inspection or in the archives from then on. PENDING → ATTACHED → REDACTED.
//!
//! What they hold is written before the transaction that tells of it, and removed after the one that ends it. So a
//! transaction never waits for the store; what a crash leaves behind is swept.

mod attach;
mod content;
mod name;
mod picture;
mod read;
mod redact;
mod sweep;
mod upload;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

pub use self::attach::{Given, Prepared};
pub(super) use self::attach::{Hook, On, show_finding, uploaded, with};
pub use self::content::MediaType;
pub use self::read::{
    Opened, find, of_documents, of_findings, of_lines, of_rectifications, of_spot_checks, of_tickets, open,
};
pub use self::redact::{Redacted, Which, redact};
pub use self::sweep::{Swept, sweep};
pub use self::upload::{File, upload};

pub use crate::storage::attachment::{Kind, Model as Attachment, Status};
pub use crate::storage::blob::{Blob, BlobError, Variant};

use crate::storage::blob::Blobs;

/// How much is taken of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most files that come with one act.
    pub at_once: usize,
    /// The most pixels of a picture.
    pub pixels: u64,
    /// The most pictures that are worked on at the same time.
    pub workers: usize,
    /// How long a file may hang on nothing.
    pub pending_for: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { at_once: 9, pixels: 32_000_000, workers: 2, pending_for: Duration::from_secs(24 * 60 * 60) }
    }
}

/// Where files are kept, and how much is taken of them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Files {
    blobs: Blobs,
    limits: Limits,
    workers: Arc<Semaphore>,
}

impl Files {
    /// Files in this store.
    #[must_use]
    pub fn new(blobs: Blobs, limits: Limits) -> Self {
        Self { blobs, limits, workers: Arc::new(Semaphore::new(limits.workers)) }
    }

    /// The store itself, for files that hang on nothing.
    pub(super) fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// Files that are gone with the process, for what attaches none.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::new(Blobs::in_memory(), Limits::default())
    }
}
