//! How often something may be done: a bucket of tries for each key, which fills again evenly.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::RateLimiter;
use governor::clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use metrics::counter;
use moka::sync::Cache;

use super::{Clock, metric};

/// The most keys that a limit remembers, some 200 bytes each. Whoever comes beyond that while all are in use is not
/// remembered, and so not limited by it: a flood from that many places is held up by what the work itself is bounded by.
const REMEMBERED: u64 = 50_000;

/// So many at once, and as many again evenly within a length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// How many at once.
    pub times: NonZeroU32,
    /// Within what they are given back; longer than nothing.
    pub within: Duration,
}

/// Too often. It says nothing of what was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too often; try again in {} s", self.seconds())]
pub struct TooOften {
    /// Until the next try is taken, if nobody else takes it.
    pub retry_after: Duration,
}

impl TooOften {
    /// The time to wait in whole seconds, at least one.
    #[must_use]
    pub fn seconds(&self) -> u64 {
        let whole = self.retry_after.as_secs() + u64::from(self.retry_after.subsec_nanos() > 0);
        whole.max(1)
    }
}

/// One limit, for each of its keys.
pub struct Limit<K> {
    name: &'static str,
    clock: Clock,
    quota: Option<governor::Quota>,
    /// A key whose bucket is full again need not be remembered.
    buckets: Cache<K, Arc<Bucket>>,
}

type Bucket = RateLimiter<NotKeyed, InMemoryState, Clock, NoOpMiddleware<Duration>>;

impl<K: Hash + Eq + Send + Sync + 'static> Limit<K> {
    /// A limit that is counted as `name`; without a quota all is let through.
    #[must_use]
    pub fn new(name: &'static str, quota: Option<Quota>, clock: Clock) -> Self {
        let within = quota.map_or(Duration::ZERO, |quota| quota.within);
        let buckets = Cache::builder().max_capacity(REMEMBERED).time_to_idle(within).build();
        let quota = quota.and_then(|quota| {
            let each = governor::Quota::with_period(quota.within / quota.times.get());
            each.map(|each| each.allow_burst(quota.times))
        });
        Self { name, clock, quota, buckets }
    }

    /// Takes one try of this key's.
    ///
    /// # Errors
    /// [`TooOften`] when there is none left; then nothing is taken.
    pub fn take(&self, key: K) -> Result<(), TooOften> {
        let Some(quota) = self.quota else { return Ok(()) };
        let bucket = self
            .buckets
            .get_with(key, || Arc::new(RateLimiter::direct_with_clock(quota, self.clock.clone())));
        bucket.check().map_err(|until| {
            counter!(metric::RATE_LIMITED, "limit" => self.name).increment(1);
            TooOften { retry_after: until.wait_time_from(clock::Clock::now(&self.clock)) }
        })
    }
}

impl<K> std::fmt::Debug for Limit<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Limit").field("name", &self.name).field("quota", &self.quota).finish_non_exhaustive()
    }
}

impl clock::Clock for Clock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::*;

    fn limit(clock: &Clock) -> Limit<&'static str> {
        let quota = Quota { times: NonZeroU32::new(3).unwrap(), within: Duration::from_secs(60) };
        Limit::new("test", Some(quota), clock.clone())
    }

    fn clock() -> Clock {
        Clock::manual(DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(1))
    }

    #[test]
    fn each_key_has_its_tries_and_gets_them_back_one_by_one() {
        let clock = clock();
        let limit = limit(&clock);
        for _ in 0..3 {
            assert_eq!(limit.take("ann"), Ok(()));
        }
        let wait = |seconds| Err(TooOften { retry_after: Duration::from_secs(seconds) });
        assert_eq!(limit.take("ann"), wait(20));
        assert_eq!(limit.take("bob"), Ok(()));
        clock.advance(TimeDelta::seconds(15));
        assert_eq!(limit.take("ann"), wait(5), "being refused costs nothing");
        clock.advance(TimeDelta::seconds(5));
        assert_eq!(limit.take("ann"), Ok(()));
        assert_eq!(limit.take("ann"), wait(20));
    }

    #[test]
    fn without_a_quota_all_is_let_through() {
        let limit = Limit::new("test", None, clock());
        assert!((0..10_000).all(|_| limit.take("ann") == Ok(())));
    }

    #[test]
    fn a_wait_is_told_in_seconds_that_suffice() {
        for (millis, seconds) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (20_000, 20)] {
            let refused = TooOften { retry_after: Duration::from_millis(millis) };
            assert_eq!(refused.seconds(), seconds);
        }
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let quota = Quota { times: NonZeroU32::MIN, within: Duration::from_secs(60) };
        let limit = Limit::new("test", Some(quota), clock());
        for key in 0..2 * REMEMBERED {
            let _ = limit.take(key);
        }
        limit.buckets.run_pending_tasks();
        assert!(limit.buckets.entry_count() <= REMEMBERED);
    }
}
