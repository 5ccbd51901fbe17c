//! One listener: what it missed from the table, then what happens, in order, nothing lost, nothing twice. The places
//! of a feed have no gaps, so that a place that is left out shows by itself: from the table as what is no longer kept,
//! live as what has to be read from the table.

use std::cmp::Ordering;
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
    /// The cursor was of another life of this database: that is to be said first.
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
    /// The cursor does not fit this database, or is of a time that is no longer kept: what lies between is unknown.
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
                Phase::Replay { until, then_say_so } => {
                    if let Some(heard) = self.replay(until).await? {
                        return Ok(Some(heard));
                    }
                    self.phase = Phase::Live;
                    if then_say_so {
                        return Ok(Some(Heard::CaughtUp));
                    }
                }
                Phase::Live => match self.signals.recv().await {
                    Ok(signal) => {
                        if let Some(signal) = self.fresh(signal) {
                            return Ok(Some(Heard::Signal(signal)));
                        }
                    }
                    Err(RecvError::Lagged(_)) => self.catch_up(),
                    Err(RecvError::Closed) => return Ok(None),
                },
            }
        }
    }

    /// What comes next in the table; `None` at its end.
    async fn replay(&mut self, until: i64) -> Result<Option<Heard>> {
        if self.read.is_empty() {
            let shared = &self.live.0;
            let rows = event::behind(shared.domain.db.read(), self.seq, shared.settings.batch).await?;
            self.read.extend(rows.into_iter().map(|row| Arc::new(row.into())));
        }
        if let Some(first) = self.read.front().map(|event| event.seq).filter(|first| *first > self.seq + 1) {
            return Ok(Some(self.jump(first - 1)));
        }
        if let Some(event) = self.read.pop_front() {
            self.seq = event.seq;
            return Ok(Some(Heard::Signal(Signal::Event(event))));
        }
        if self.seq < until {
            return Ok(Some(self.jump(until)));
        }
        // A cursor from a gateway that has read further than this one is good; one from beyond the table's end is not,
        // and would wait in silence until the feed came so far.
        if self.seq > self.live.head() {
            let end = event::head(self.live.0.domain.db.read()).await?;
            if self.seq > end {
                return Ok(Some(self.jump(end)));
            }
        }
        Ok(None)
    }

    /// Goes on from a place to which the way is not known.
    fn jump(&mut self, seq: i64) -> Heard {
        self.seq = seq;
        Heard::Gap
    }

    /// Reads from the table what was not heard.
    fn catch_up(&mut self) {
        self.phase = Phase::Replay { until: self.seq, then_say_so: false };
    }

    /// The signal, unless it was heard from the table before.
    fn fresh(&mut self, signal: Signal) -> Option<Signal> {
        let expected = match &signal {
            Signal::Event(event) => event.seq - 1,
            Signal::Heartbeat { seq, .. } => *seq,
        };
        match expected.cmp(&self.seq) {
            // It was heard from the table; a heartbeat from before that would move the cursor back.
            Ordering::Less => None,
            Ordering::Equal => {
                if let Signal::Event(event) = &signal {
                    self.seq = event.seq;
                }
                Some(signal)
            }
            Ordering::Greater => {
                self.catch_up();
                None
            }
        }
    }
}
