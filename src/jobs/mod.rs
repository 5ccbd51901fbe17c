//! What happens by the clock, looked for every few seconds.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::domain::{Domain, ticket};

/// Does what is due, again and again, until `shutdown`.
pub async fn run(domain: Domain, every: Duration, shutdown: CancellationToken) {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = ticks.tick() => {}
        }
        match ticket::run_due(&domain).await {
            Ok(done) if done == ticket::Done::default() => {}
            Ok(done) => tracing::info!(?done, "done by the clock"),
            // Everything due is found again by its stored moment.
            Err(error) => tracing::warn!(%error, "what is due could not be done; trying again"),
        }
    }
}
