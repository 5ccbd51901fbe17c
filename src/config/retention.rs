//! How long what tells of people is kept.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// `[retention]`: how long what tells of people is kept; looked for once an hour. What a person's own rows hold is kept
/// until they are erased: `concierge privacy`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// The audit trail: who signed in, granted, exported, erased. Default 1095d: three years, in which a claim may
    /// still be brought.
    #[serde(with = "duration")]
    pub audit: Duration,
    /// The audit trail of readings: who was shown whose telephone number. Default 365d: there are many of them, and a
    /// person asks about them within the year.
    #[serde(with = "duration")]
    pub readings: Duration,
    /// The addresses that sign-ins came from. Default 180d: long enough to follow up a theft of a password.
    #[serde(with = "duration")]
    pub addresses: Duration,
    /// Idempotency keys: a request that is sent again after that is a new one. Default 30d: longer than any telephone
    /// is without a network and still sends what it meant to.
    #[serde(with = "duration")]
    pub idempotency: Duration,
    /// Sessions, counted from when they expired. Default 90d: long enough to answer "which devices had I signed in?".
    #[serde(with = "duration")]
    pub sessions: Duration,
    /// What people asked to be done with their data, once it was decided; counted from when they asked. Default 1095d,
    /// as the audit trail.
    #[serde(with = "duration")]
    pub requests: Duration,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            audit: 1095 * DAY,
            readings: 365 * DAY,
            addresses: 180 * DAY,
            idempotency: 30 * DAY,
            sessions: 90 * DAY,
            requests: 1095 * DAY,
        }
    }
}
