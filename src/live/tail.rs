//! The one task of a process that reads the feed, numbers what has no place yet and wakes the listeners.

use std::pin::pin;
use std::sync::Arc;

use futures_util::StreamExt;
use metrics::{counter, gauge, histogram};

use tokio::time::{Instant, MissedTickBehavior, interval, interval_at};
use tokio_util::sync::CancellationToken;

use super::listen::wakeups;
use super::{Live, Signal};
use crate::base::id::EpochId;
use crate::base::metric;
use crate::domain::event::Whose;
use crate::domain::{Domain, Result};
use crate::storage::epoch;
use crate::storage::event;

/// The epoch in force; a new database gets its first. Gateways that begin at once get the same one: the second waits
/// for the first, and then finds its row.
pub(super) async fn epoch(domain: &Domain) -> Result<EpochId> {
    let tx = domain.db.begin().await?;
    event::lock(&tx).await?;
    if let Some(row) = epoch::youngest(&tx).await? {
        return Ok(row.id);
    }
    let id: EpochId = domain.clock.id();
    epoch::begin(&tx, id, domain.clock.now()).await?;
    tx.commit().await?;
    Ok(id)
}

pub(super) async fn head(domain: &Domain) -> Result<i64> {
    Ok(event::head(domain.db.read()).await?)
}

pub(super) async fn run(live: Live, shutdown: CancellationToken) {
    let shared = &live.0;
    let mut wakeups = pin!(wakeups(&shared.domain));
    let mut poll = interval(shared.settings.poll_every);
    let every = shared.settings.heartbeat_every;
    let mut heartbeat = interval_at(Instant::now() + every, every);
    poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let mut beat = false;
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = shared.domain.committed() => {}
            _ = wakeups.next() => {}
            _ = poll.tick() => {}
            _ = heartbeat.tick() => beat = true,
        }
        if let Err(error) = shared.domain.db.answered(advance(&live)).await {
            counter!(metric::FEED_FAILURES).increment(1);
            // Nothing is lost: the next wake-up reads on from the same place.
            tracing::warn!(%error, "the feed could not be read");
            continue;
        }
        if beat {
            let _ =
                shared.signals.send(Signal::Heartbeat { seq: live.head(), at: shared.domain.clock.now() });
        }
    }
}

/// Numbers what has been committed and reads all that is new.
async fn advance(live: &Live) -> Result<()> {
    let shared = &live.0;
    let db = &shared.domain.db;
    if event::unnumbered(db.read()).await? {
        let tx = db.begin().await?;
        event::number(&tx).await?;
        tx.commit().await?;
    }
    loop {
        let events = event::behind(db.read(), live.head(), shared.settings.batch).await?;
        let Some(last) = events.last().and_then(|event| event.seq) else {
            return Ok(());
        };
        // Before anybody hears of it: who works out their rights anew on hearing it must not find the old ones.
        events.iter().filter_map(Whose::of).for_each(|whose| shared.domain.forget(whose));
        // Before they are told, so that who hears of one finds it counted.
        gauge!(metric::FEED_HEAD).set(last as f64);
        for event in events {
            let lag = shared.domain.clock.now() - event.created_at;
            histogram!(metric::FEED_LAG).record(lag.as_seconds_f64().max(0.0));
            // Without listeners there is nobody to tell, which is no error.
            let _ = shared.signals.send(Signal::Event(Arc::new(event.into())));
        }
        shared.head.send_replace(last);
    }
}
