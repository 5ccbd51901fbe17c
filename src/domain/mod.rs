//! What can be done, by whom, and what follows. A use case is one function and one transaction: load what the viewer
//! sees, ask whether they may, ask whether it is legal, write the rows and the event, commit.
//!
//! Nouns use each other in one order only: community < building < unit < occupant < staff < ticket.

mod error;
pub mod event;
mod text;
pub mod ticket;
mod tx;
pub mod viewer;

use std::sync::Arc;

use chrono_tz::Tz;
use tokio::sync::Notify;

pub use error::{Current, Error, Field, Refusal, Result};
pub use text::{clean, phone, required};
pub use tx::{Once, Tx};
pub use viewer::Viewer;

use crate::base::Clock;
use crate::storage::Database;

/// What every use case needs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Domain {
    /// The database.
    pub(crate) db: Database,
    /// Time and ids.
    pub(crate) clock: Clock,
    /// The time zone of what belongs to no community: a group-wide post ends at its midnight.
    pub(crate) time_zone: Tz,
    committed: Arc<Notify>,
}

impl Domain {
    /// The domain on an open, migrated database.
    #[must_use]
    pub fn new(db: Database, clock: Clock, time_zone: Tz) -> Self {
        Self { db, clock, time_zone, committed: Arc::new(Notify::new()) }
    }

    /// Time and ids.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Resolves after a transaction of this process has committed an event. Wake-ups are merged, never lost while
    /// somebody waits.
    pub async fn committed(&self) {
        self.committed.notified().await;
    }

    /// How many statements were sent outside transactions.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.db.statements().count()
    }

    /// Answers when the database does.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.db.ping().await?)
    }
}
