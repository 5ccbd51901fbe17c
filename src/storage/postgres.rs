//! The connections to PostgreSQL. A line that breaks without a word, as when a machine loses its power or a firewall
//! forgets, must hold nobody up: not the others, by locks that nobody lets go of, and not this gateway, by connections on
//! which nobody will ever answer.

use std::time::Duration;

use futures_util::FutureExt;
use sea_orm::sqlx::postgres::{PgConnection, PgPoolOptions};
use sea_orm::sqlx::{Connection as _, Error, Executor as _};
use tokio::time::timeout;

/// What the server is to do about a gateway that is gone: notice it within half a minute, and undo what it had begun.
/// PostgreSQL itself waits for hours.
const NOTICE: &str = "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; \
                      SET tcp_user_timeout = '30s'; SET idle_in_transaction_session_timeout = '5min'";

/// A query that nobody waits for any more is not finished. Servers on some systems cannot tell.
const NO_NEEDLESS_WORK: &str = "SET client_connection_check_interval = '5s'";

/// Compiling a query takes a server 70 to 120 ms, each time; few of ours run so long. It begins as soon as it takes the
/// query for dear, which says little of a search.
const NO_COMPILING: &str = "SET jit = off";

/// A server keeps for each connection what it has learned; after so long it may forget it.
const LIFETIME: Duration = Duration::from_secs(30 * 60);

/// A pool of such connections. One on which the server owes an answer, since a request did not wait for it, is given
/// `patience` for it, and is closed then.
pub(super) fn pool(options: PgPoolOptions, patience: Duration) -> PgPoolOptions {
    options.after_connect(|connection, _| greet(connection).boxed()).after_release(
        move |connection, about| {
            async move { Ok(about.age < LIFETIME && has_answered(connection, patience).await) }.boxed()
        },
    )
}

/// Tells the server what to do about us.
pub(super) async fn greet(connection: &mut PgConnection) -> Result<(), Error> {
    connection.execute(NOTICE).await?;
    connection.execute(NO_COMPILING).await?;
    if let Err(error) = connection.execute(NO_NEEDLESS_WORK).await {
        tracing::debug!(%error, "the server finishes queries that nobody waits for");
    }
    Ok(())
}

/// It owes nothing any more. Where nothing was owed nothing is asked: this comes after each statement.
async fn has_answered(connection: &mut PgConnection, patience: Duration) -> bool {
    matches!(timeout(patience, connection.flush()).await, Ok(Ok(())))
}
