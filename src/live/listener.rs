//! One listener: what it missed from the table, then what happens, in order, nothing lost, nothing twice.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::broadcast::{self, error::RecvError};

use super::{Cursor, Entry, Live, Signal};
use crate::domain::Result;
use crate::storage::event;

/// One listener's place in the feed.
#[derive(Debug)]
pub struct Listener {
    live: Live,
    signals: broadcast::Receiver<Signal>,
    /// The last place that was heard.
    seq: i64,
    /// What was read from the table and not yet heard.
    read: VecDeque<Arc<Entry>>,
    phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The cursor was of another life of this database.
    Gap,
    /// Reading what was missed, up to this place.
    Replay { until: i64, then_say_so: bool },
    /// Hearing what happens.
    Live,
}

/// What a listener hears next.
#[derive(Clone, Debug)]
pub enum Heard {
    /// Something happened, or all is well.
    Signal(Signal),
    /// The cursor does not fit this database: what lies between is unknown.
    Gap,
    /// What was missed has been heard; from here on it is live.
    CaughtUp,
}

impl Live {
    /// Listens from `after` on; without it from now on.
    #[must_use]
    pub fn listen(&self, after: Option<Cursor>) -> Listener {
        // Subscribed first: what is sent between here and the reading of the head is heard twice and told once.
        let signals = self.0.signals.subscribe();
        let head = self.head();
        let fits = after.is_none_or(|cursor| cursor.epoch == self.0.epoch);
        let replay = Phase::Replay { until: head, then_say_so: true };
        let (seq, phase) = match after {
            Some(cursor) if fits => (cursor.seq, replay),
            Some(_) => (head, Phase::Gap),
            None => (head, replay),
        };
        Listener { live: self.clone(), signals, seq, read: VecDeque::new(), phase }
    }
}

impl Listener {
    /// The last place that was heard.
    #[must_use]
    pub fn seq(&self) -> i64 {
        self.seq
    }

    /// The next thing; `None` when the feed has been closed.
    ///
    /// # Errors
    /// When the database fails; the same call may be made again, and goes on where it was.
    pub async fn next(&mut self) -> Result<Option<Heard>> {
        loop {
            match self.phase {
                Phase::Gap => {
                    self.phase = Phase::Replay { until: self.seq, then_say_so: true };
                    return Ok(Some(Heard::Gap));
                }
                Phase::Replay { until, then_say_so } => match self.read_on().await? {
                    Some(event) => return Ok(Some(Heard::Signal(Signal::Event(event)))),
                    None if self.seq < until => {
                        // What lay between is no longer kept.
                        self.seq = until;
                        return Ok(Some(Heard::Gap));
                    }
                    None => {
                        self.phase = Phase::Live;
                        if then_say_so {
                            return Ok(Some(Heard::CaughtUp));
                        }
                    }
                },
                Phase::Live => match self.signals.recv().await {
                    Ok(signal) => {
                        if let Some(signal) = self.fresh(signal) {
                            return Ok(Some(Heard::Signal(signal)));
                        }
                    }
                    Err(RecvError::Lagged(_)) => {
                        self.phase = Phase::Replay { until: self.seq, then_say_so: false };
                    }
                    Err(RecvError::Closed) => return Ok(None),
                },
            }
        }
    }

    async fn read_on(&mut self) -> Result<Option<Arc<Entry>>> {
        if self.read.is_empty() {
            let shared = &self.live.0;
            let rows = event::behind(shared.domain.db.read(), self.seq, shared.settings.batch).await?;
            self.read.extend(rows.into_iter().map(|row| Arc::new(row.into())));
        }
        let event = self.read.pop_front();
        if let Some(event) = &event {
            self.seq = event.seq;
        }
        Ok(event)
    }

    /// The signal, unless it was heard from the table before.
    fn fresh(&mut self, signal: Signal) -> Option<Signal> {
        match &signal {
            Signal::Event(event) if event.seq <= self.seq => return None,
            Signal::Event(event) => self.seq = event.seq,
            // A heartbeat from before what was read from the table would move the cursor back.
            Signal::Heartbeat { seq, .. } if *seq < self.seq => return None,
            Signal::Heartbeat { seq, .. } => self.seq = *seq,
        }
        Some(signal)
    }
}
