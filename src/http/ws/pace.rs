//! How fast a peer may speak.

use std::time::Duration;

use tokio::time::Instant;

/// So much may be said at once after a silence.
const AT_ONCE: Duration = Duration::from_secs(10);

/// A bucket that holds ten seconds' worth of messages and fills evenly; kept as the moment at which it is full again.
pub(super) struct Pace {
    each: Duration,
    full_at: Instant,
}

impl Pace {
    pub(super) fn new(per_second: u32, now: Instant) -> Self {
        Self { each: Duration::from_secs(1) / per_second.max(1), full_at: now }
    }

    /// Whether one more message may come now; if so it is counted.
    pub(super) fn admits(&mut self, now: Instant) -> bool {
        let full_at = self.full_at.max(now) + self.each;
        let admitted = full_at <= now + AT_ONCE;
        if admitted {
            self.full_at = full_at;
        }
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_seconds_worth_at_once_and_then_evenly() {
        let start = Instant::now();
        let mut pace = Pace::new(5, start);
        let admitted = |pace: &mut Pace, now| (0..1_000).filter(|_| pace.admits(now)).count();
        assert_eq!(admitted(&mut pace, start), 50);
        assert_eq!(admitted(&mut pace, start + Duration::from_millis(100)), 0);
        assert_eq!(admitted(&mut pace, start + Duration::from_secs(2)), 10);
        assert_eq!(admitted(&mut pace, start + Duration::from_secs(60)), 50, "no more is saved up");
    }
}
