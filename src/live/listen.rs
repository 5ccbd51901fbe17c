//! Wake-ups from other gateways: PostgreSQL's LISTEN. On SQLite there are none, and the wait never ends.

use std::time::Duration;

use futures_util::stream::{self, Stream};
use sea_orm::DbBackend;
use sea_orm::sqlx::Error;
use sea_orm::sqlx::postgres::PgListener;
use tokio::time::timeout;

use crate::domain::Domain;

/// The channel that the sequencer notifies.
const CHANNEL: &str = "concierge_feed";

/// How long to wait before a lost connection is tried again; the slow poll goes on meanwhile.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// A line that has broken without a word is as quiet as one on which nothing happens; so after a while it is opened anew.
const QUIET: Duration = Duration::from_secs(60);

/// A wake-up whenever another gateway has numbered events. Nothing is lost, or begun anew, when a wait for the next one
/// is given up half-way, since the stream keeps what it was about.
pub(super) fn wakeups(domain: &Domain) -> impl Stream<Item = ()> + use<> {
    stream::unfold(Wakeups::open(domain), |mut wakeups| async {
        wakeups.next().await;
        Some(((), wakeups))
    })
}

enum Wakeups {
    None,
    Postgres { url: String, listener: Option<Box<PgListener>> },
}

impl Wakeups {
    fn open(domain: &Domain) -> Self {
        match domain.db.backend() {
            DbBackend::Postgres => Self::Postgres { url: domain.db.url().to_owned(), listener: None },
            _ => Self::None,
        }
    }

    /// Resolves at a wake-up, and whenever one may have been lost.
    async fn next(&mut self) {
        match self {
            Self::None => std::future::pending().await,
            Self::Postgres { url, listener: slot @ None } => match connect(url).await {
                // What was numbered before we listened is read at once.
                Ok(listener) => *slot = Some(Box::new(listener)),
                Err(error) => {
                    tracing::warn!(%error, "cannot listen for wake-ups; polling meanwhile");
                    tokio::time::sleep(RETRY_AFTER).await;
                }
            },
            Self::Postgres { listener: slot @ Some(_), .. } => {
                let heard = match slot {
                    Some(listener) => timeout(QUIET, listener.try_recv()).await,
                    None => return,
                };
                if !matches!(heard, Ok(Ok(Some(_)))) {
                    *slot = None;
                }
            }
        }
    }
}

async fn connect(url: &str) -> Result<PgListener, Error> {
    let mut listener = PgListener::connect(url).await?;
    listener.listen(CHANNEL).await?;
    Ok(listener)
}
