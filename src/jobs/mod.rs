//! What happens by the clock, looked for again and again.

use std::time::Duration;

use metrics::{counter, gauge};
use tokio::time::{Interval, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::base::metric;
use crate::domain::{Domain, event, inspection, ticket};

/// How often old events are let go.
const PRUNE_EVERY: Duration = Duration::from_secs(60 * 60);

/// Does what is due every so often, and lets go of events older than `events_kept_for`, until `shutdown`.
pub async fn run(domain: Domain, every: Duration, events_kept_for: Duration, shutdown: CancellationToken) {
    let (mut due, mut prune) = (ticks(every), ticks(PRUNE_EVERY));
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = due.tick() => do_what_is_due(&domain).await,
            _ = prune.tick() => prune_events(&domain, events_kept_for).await,
        }
    }
}

fn ticks(every: Duration) -> Interval {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

async fn do_what_is_due(domain: &Domain) {
    match inspection::run_due(domain).await {
        Ok(0) => {}
        Ok(abandoned) => tracing::info!(abandoned, "patrols were never finished"),
        Err(error) => {
            counter!(metric::JOBS_FAILURES).increment(1);
            tracing::warn!(%error, "unfinished patrols could not be abandoned; trying again");
        }
    }
    match ticket::run_due(domain).await {
        Ok(done) => {
            gauge!(metric::JOBS_DONE_AT).set(domain.clock().now().timestamp() as f64);
            if done != ticket::Done::default() {
                tracing::info!(?done, "done by the clock");
            }
        }
        // Everything due is found again by its stored moment.
        Err(error) => {
            counter!(metric::JOBS_FAILURES).increment(1);
            tracing::warn!(%error, "what is due could not be done; trying again");
        }
    }
}

async fn prune_events(domain: &Domain, kept_for: Duration) {
    match event::prune(domain, kept_for).await {
        Ok(0) => {}
        Ok(events) => tracing::info!(events, "old events were let go"),
        Err(error) => tracing::warn!(%error, "old events could not be let go; trying again"),
    }
}
