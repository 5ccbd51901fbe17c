//! The one place where time and ids come in, so that a test can drive both.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use uuid::{NoContext, Timestamp, Uuid};

use super::{Id, Kind};

/// Tells the time and makes ids. Cheap to clone; clones share one time.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Manual(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// The machine's own clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at `start` until it is moved.
    #[must_use]
    pub fn manual(start: DateTime<Utc>) -> Self {
        Self(Source::Manual(Arc::new(Mutex::new(to_micros(start)))))
    }

    /// The present moment in whole microseconds, which both databases keep alike.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "this is the seam through which time comes in")]
            Source::System => to_micros(Utc::now()),
            Source::Manual(time) => *time.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// How long it has been since some moment of this process. The machine's calendar can be set back; this never goes
    /// back, so lengths of time are measured by it. A manual clock measures by its own time.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        match &self.0 {
            Source::System => START.elapsed(),
            Source::Manual(_) => (self.now() - DateTime::UNIX_EPOCH).to_std().unwrap_or_default(),
        }
    }

    /// Moves a manual clock on by `step`; the machine's clock cannot be moved and stays as it is.
    pub fn advance(&self, step: TimeDelta) {
        if let Source::Manual(time) = &self.0 {
            *time.lock().unwrap_or_else(PoisonError::into_inner) += step;
        }
    }

    /// A new id: a UUIDv7 of this clock's time. Nothing's order may rest on it.
    #[must_use]
    pub fn id<K: Kind>(&self) -> Id<K> {
        let now = self.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
        Id::new(Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos())))
    }
}

fn to_micros(time: DateTime<Utc>) -> DateTime<Utc> {
    time.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(time)
}
