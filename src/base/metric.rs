//! The names of what rooms below the wire measure; `http::metrics` says what each means, beside its own.

/// Seconds from an event's writing until this process has told it to its listeners.
pub const FEED_LAG: &str = "concierge_feed_lag_seconds";
/// The last place in the feed that this process has told.
pub const FEED_HEAD: &str = "concierge_feed_head";
/// How often the feed could not be read; it goes on where it was.
pub const FEED_FAILURES: &str = "concierge_feed_failures_total";
/// When what is due by the clock was last done, in seconds since 1970.
pub const JOBS_DONE_AT: &str = "concierge_jobs_last_success_timestamp_seconds";
/// How often what is due by the clock could not be done; it is tried again.
pub const JOBS_FAILURES: &str = "concierge_jobs_failures_total";
/// Connections to the database, by pool and by whether they are in use.
pub const CONNECTIONS: &str = "concierge_database_connections";
/// What was refused because it came too often, by the limit that it met.
pub const RATE_LIMITED: &str = "concierge_rate_limited_total";
