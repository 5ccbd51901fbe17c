//! What happens by the clock, looked for again and again.

use std::sync::Arc;
use std::time::Duration;

use metrics::{counter, gauge};
use tokio::sync::SetOnce;
use tokio::time::{Interval, MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use crate::base::metric;
use crate::config::Config;
use crate::domain::privacy::{self, KeptFor, LetGo};
use crate::domain::{Domain, attachment, event, inspection, ticket, transfer};

/// How often what is old is let go.
const PRUNE_EVERY: Duration = Duration::from_secs(60 * 60);

/// Letting go takes so long at most: what is due must not wait for a database that has fallen silent meanwhile.
const PRUNE_WITHIN: Duration = Duration::from_secs(10 * 60);

/// How often to look, and how long things are kept.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    every: Duration,
    events: Duration,
    kept: KeptFor,
    sheets: Duration,
}

impl Settings {
    /// Those of the settings that are about it.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let kept = &config.retention;
        Self {
            every: config.jobs.every,
            events: config.feed.retention,
            kept: KeptFor {
                audit: kept.audit,
                readings: kept.readings,
                addresses: kept.addresses,
                idempotency: kept.idempotency,
                sessions: kept.sessions,
                requests: kept.requests,
            },
            sheets: config.exchange.kept_for,
        }
    }
}

/// Does what is due every so often, and lets go of what has been kept long enough, until `shutdown`. `once` is set when it
/// has gone through all of it for the first time.
pub async fn run(domain: Domain, settings: Settings, shutdown: CancellationToken, once: Arc<SetOnce<()>>) {
    let (mut due, mut prune) = (ticks(settings.every), ticks(PRUNE_EVERY));
    loop {
        tokio::select! {
            // What is due goes before what is only tidied up.
            biased;
            () = shutdown.cancelled() => return,
            _ = due.tick() => do_what_is_due(&domain).await,
            _ = prune.tick() => {
                if timeout(PRUNE_WITHIN, prune_all(&domain, &settings)).await.is_err() {
                    tracing::warn!("what is old could not be let go in time; trying again");
                }
                // It is set already, but for the first time.
                let _ = once.set(());
            }
        }
    }
}

async fn prune_all(domain: &Domain, settings: &Settings) {
    prune_events(domain, settings.events).await;
    prune_what_tells_of_people(domain, &settings.kept).await;
    sweep_files(domain).await;
    sweep_sheets(domain, settings.sheets).await;
}

fn ticks(every: Duration) -> Interval {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

async fn do_what_is_due(domain: &Domain) {
    match domain.db.answered(inspection::run_due(domain)).await {
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

async fn sweep_files(domain: &Domain) {
    match attachment::sweep(domain).await {
        Ok(swept) if swept == attachment::Swept::default() => {}
        Ok(swept) => tracing::info!(?swept, "files that nobody needs were removed"),
        Err(error) => tracing::warn!(%error, "files that nobody needs could not be removed; trying again"),
    }
}

async fn sweep_sheets(domain: &Domain, kept_for: Duration) {
    match transfer::sweep(domain, kept_for).await {
        Ok(swept) if swept == transfer::Swept::default() => {}
        Ok(swept) => tracing::info!(?swept, "the files of imports and exports were removed"),
        Err(error) => {
            tracing::warn!(%error, "the files of imports and exports could not be removed; trying again");
        }
    }
}

async fn prune_what_tells_of_people(domain: &Domain, kept: &KeptFor) {
    match privacy::let_go(domain, kept).await {
        Ok(gone) if gone == LetGo::default() => {}
        Ok(gone) => tracing::info!(?gone, "what has been kept long enough was let go"),
        Err(error) => {
            tracing::warn!(%error, "what has been kept long enough could not be let go; trying again");
        }
    }
    // Erasures of other gateways go into the ledger of this one, too.
    if let Err(error) = privacy::replay(domain).await {
        tracing::warn!(%error, "the ledger of erasures could not be compared; trying again");
    }
}
