//! Sign-ins in vain, counted, so that nobody floods the audit trail by trying: of one account and address the trail tells
//! the first in a minute, then the 2nd, the 4th, the 8th, and so on, each with how many there were.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

use crate::base::id::AccountId;

/// How many accounts and addresses are told apart in a minute; what comes beyond is counted by account alone.
const KEYS_MAX: usize = 10_000;

/// How often it was tried in vain in the present minute.
#[derive(Default)]
pub(super) struct Failures(Mutex<Minute>);

#[derive(Default)]
struct Minute {
    number: i64,
    attempts: HashMap<(Option<AccountId>, Option<IpAddr>), u64>,
}

impl Failures {
    /// Counts one more. `Some` is the number of them in this minute, when the trail is to tell it.
    pub(super) fn count(
        &self,
        account: Option<AccountId>,
        address: Option<IpAddr>,
        now: DateTime<Utc>,
    ) -> Option<u64> {
        let number = now.timestamp().div_euclid(60);
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if minute.number != number {
            *minute = Minute { number, attempts: HashMap::new() };
        }
        let is_full = minute.attempts.len() >= KEYS_MAX && !minute.attempts.contains_key(&(account, address));
        let attempts = minute.attempts.entry((account, address.filter(|_| !is_full))).or_default();
        *attempts += 1;
        attempts.is_power_of_two().then_some(*attempts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn a_minute_of_trying_makes_a_few_lines_and_the_next_minute_begins_anew() {
        let (failures, here) = (Failures::default(), Some(IpAddr::from([192, 0, 2, 1])));
        let told = (0..1000).filter_map(|_| failures.count(None, here, at(59))).collect::<Vec<_>>();
        assert_eq!(told, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);
        assert_eq!(failures.count(None, None, at(59)), Some(1), "another address");
        assert_eq!(failures.count(None, here, at(60)), Some(1));
        assert_eq!(failures.count(None, here, at(60)), Some(2));
        assert_eq!(failures.count(None, here, at(61)), None);
    }

    #[test]
    fn many_addresses_are_told_apart_until_there_are_too_many() {
        let failures = Failures::default();
        let from = |number: u32| Some(IpAddr::from(number.to_be_bytes()));
        let lines =
            (0..100_000).filter(|number| failures.count(None, from(*number), at(0)).is_some()).count();
        assert_eq!(lines, KEYS_MAX + 17);
        assert_eq!(failures.0.lock().unwrap().attempts.len(), KEYS_MAX + 1);
        assert_eq!(failures.count(None, from(7), at(60)), Some(1));
        assert_eq!(failures.0.lock().unwrap().attempts.len(), 1);
    }
}
