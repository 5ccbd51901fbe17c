//! The live feed: tails the committed events and hands them to whoever listens in this process. It carries numbered
//! events and knows no schema.

mod cursor;
mod listen;
mod listener;
mod tail;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use metrics::{counter, gauge};
use serde::Deserialize;
use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;

pub use cursor::{Cursor, CursorError};
pub use listener::{Heard, Listener};

use crate::base::id::EpochId;
use crate::base::metric;
use crate::domain::event::{Event, Facts};
use crate::domain::{Domain, Result};

/// How the feed is tailed.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How often the table is looked at without a wake-up: one may get lost, and another process may have written.
    pub poll_every: Duration,
    /// How often listeners are told that all is well and how late it is.
    pub heartbeat_every: Duration,
    /// How many signals wait for a slow listener before it has to catch up from the table.
    pub buffer: usize,
    /// How many events are read at once.
    pub batch: u64,
}

/// What a listener hears.
#[derive(Clone, Debug)]
pub enum Signal {
    /// Something happened.
    Event(Arc<Entry>),
    /// Nothing happened up to this place; the server's time.
    Heartbeat {
        /// The last place in the feed.
        seq: i64,
        /// The server's time.
        at: DateTime<Utc>,
    },
}

/// An event with its facts read once for all listeners.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The event.
    pub event: Event,
    /// Its place in the feed.
    pub seq: i64,
    /// What decided who saw the ticket before, where that has changed.
    pub before: Option<Facts>,
    /// What decides who sees it since.
    pub after: Option<Facts>,
}

impl From<Event> for Entry {
    fn from(event: Event) -> Self {
        let read =
            |json: &Option<serde_json::Value>| json.as_ref().and_then(|json| Facts::deserialize(json).ok());
        let (before, after) = (read(&event.before), read(&event.after));
        Self { seq: event.seq.unwrap_or_default(), before, after, event }
    }
}

/// The live feed of this process. Cheap to clone.
#[derive(Clone)]
pub struct Live(Arc<Shared>);

struct Shared {
    domain: Domain,
    settings: Settings,
    epoch: EpochId,
    signals: broadcast::Sender<Signal>,
    head: watch::Sender<i64>,
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live")
            .field("epoch", &self.0.epoch)
            .field("head", &self.head())
            .finish_non_exhaustive()
    }
}

impl Live {
    /// Opens the feed where it stands now and begins to tail it, until `shutdown`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open(
        domain: Domain,
        settings: Settings,
        shutdown: CancellationToken,
    ) -> Result<(Self, tokio::task::JoinHandle<()>)> {
        let epoch = tail::epoch(&domain).await?;
        let head = tail::head(&domain).await?;
        // There from the start, so that a feed that never moves is seen beside the others.
        gauge!(metric::FEED_HEAD).set(head as f64);
        counter!(metric::FEED_FAILURES).increment(0);
        let (signals, _) = broadcast::channel(settings.buffer.max(1));
        let shared = Shared { domain, settings, epoch, signals, head: watch::Sender::new(head) };
        let live = Self(Arc::new(shared));
        let task = tokio::spawn(tail::run(live.clone(), shutdown));
        Ok((live, task))
    }

    /// The last place that this process has read. What is read from the database after this call shows at least all
    /// that happened up to it.
    #[must_use]
    pub fn head(&self) -> i64 {
        *self.0.head.borrow()
    }

    /// The cursor of a place in this database's feed.
    #[must_use]
    pub fn cursor(&self, seq: i64) -> Cursor {
        Cursor { epoch: self.0.epoch, seq }
    }

    /// Resolves when this process has read the feed up to `seq`.
    pub async fn reached(&self, seq: i64) {
        let mut head = self.0.head.subscribe();
        // The sender lives as long as `self`, so that waiting cannot fail.
        let _ = head.wait_for(|head| *head >= seq).await;
    }
}
