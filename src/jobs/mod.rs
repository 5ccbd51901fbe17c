//! What happens by the clock, looked for again and again.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use metrics::{counter, gauge};
use tokio::sync::SetOnce;
use tokio::time::{Interval, MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use crate::base::metric;
use crate::config::Config;
use crate::domain::privacy::{self, KeptFor, LetGo};
use crate::domain::{Domain, Result, attachment, event, inspection, ticket, transfer};

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
    // There from the start, so that what never succeeds is late too.
    gauge!(metric::JOBS_DONE_AT).set(domain.clock().now().timestamp() as f64);
    counter!(metric::JOBS_FAILURES).increment(0);
    loop {
        tokio::select! {
            // What is due goes before what is only tidied up.
            biased;
            () = shutdown.cancelled() => return,
            _ = due.tick() => do_what_is_due(&domain).await,
            _ = prune.tick() => {
                if timeout(PRUNE_WITHIN, prune_all(&domain, &settings)).await.is_err() {
                    counter!(metric::JOBS_FAILURES).increment(1);
                    tracing::warn!("what is old could not be let go in time; trying again");
                }
                // It is set already, but for the first time.
                let _ = once.set(());
            }
        }
    }
}

async fn do_what_is_due(domain: &Domain) {
    let abandoned = domain.db.answered(inspection::run_due(domain)).await;
    let abandoned = told(abandoned, "patrols that were never finished are abandoned", |count| *count == 0);
    let done =
        told(ticket::run_due(domain).await, "what is due is done", |done| *done == ticket::Done::default());
    if abandoned && done {
        gauge!(metric::JOBS_DONE_AT).set(domain.clock().now().timestamp() as f64);
    }
}

async fn prune_all(domain: &Domain, settings: &Settings) {
    let events = event::prune(domain, settings.events).await;
    told(events, "old events are let go", |count| *count == 0);
    let old = privacy::let_go(domain, &settings.kept).await;
    told(old, "what has been kept long enough is let go", |gone| *gone == LetGo::default());
    // Erasures of other gateways go into the ledger of this one, too.
    told(privacy::replay(domain).await, "the ledger of erasures is compared", |count| *count == 0);
    let swept = attachment::sweep(domain).await;
    told(swept, "files that nobody needs are removed", |swept| *swept == attachment::Swept::default());
    let swept = transfer::sweep(domain, settings.sheets).await;
    told(swept, "files of imports and exports are removed", |swept| *swept == transfer::Swept::default());
}

/// Says what became of a job, unless it had nothing to do; whether it succeeded. Whatever failed is found again, as all
/// goes by stored moments.
fn told<T: Debug>(outcome: Result<T>, job: &'static str, nothing: impl Fn(&T) -> bool) -> bool {
    match outcome {
        Ok(done) if nothing(&done) => true,
        Ok(done) => {
            tracing::info!(job, ?done, "done by the clock");
            true
        }
        Err(error) => {
            counter!(metric::JOBS_FAILURES).increment(1);
            tracing::warn!(job, %error, "a job failed; trying again");
            false
        }
    }
}

fn ticks(every: Duration) -> Interval {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
