//! One gateway for a file of SQLite, which holds a lock on a file beside it; and one store of files for all gateways of a
//! database of PostgreSQL. With PostgreSQL there may be several of them; each keeps a
//! connection that holds a shared advisory lock named after its store, where the next one to start sees it. The lock ends
//! with the connection, so that a gateway that was killed claims nothing; one whose database was away claims anew.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sea_orm::DbBackend;
use sea_orm::sqlx::postgres::PgConnection;
use sea_orm::sqlx::{self, Connection};
use sha2::{Digest, Sha256};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::blob::Place;
use super::connect::Database;
use super::postgres::greet;

/// The file by which a folder is known again, whatever it is called on which machine.
pub const STORE_FILE: &str = "store-id";

/// The first key of the locks that name stores.
const STORES: i32 = 0x636f_6e66;

/// The key of the lock under which a gateway looks around and claims: two that start at once do it one after the other.
const LOOKING: i64 = 0x636f_6e63_7374_6f72;

/// The database is asked for so long at most: one that has fallen silent says nothing at all.
const PATIENCE: Duration = Duration::from_secs(5);

/// Nobody waits for a gateway that ends longer than that.
const GOODBYE: Duration = Duration::from_secs(1);

/// That this gateway may serve its database with its store, for as long as it is kept.
#[derive(Debug)]
pub struct StoreClaim(Claimed);

#[derive(Debug)]
enum Claimed {
    /// One of SQLite in memory is nobody else's.
    Memory,
    /// The lock ends with the process, however that ends.
    Alone(#[expect(dead_code, reason = "held, and let go of when it is dropped")] File),
    Together(Held),
}

#[derive(Debug)]
struct Held {
    connection: PgConnection,
    /// Of the database.
    url: String,
    /// What the store is called among those who keep files in another.
    shown: String,
    key: i32,
}

/// Why a store cannot be claimed.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// What one gateway keeps, the other would not find, and would not serve.
    #[error(
        "another gateway serves this database and keeps its files in another store than {0}; several gateways share one \
         store: set files.url to the same S3 bucket for all, or data_dir to one folder that all of them see"
    )]
    Another(String),
    /// SQLite cannot be shared: neither would hear of what the other does.
    #[error(
        "another gateway serves {0} already; SQLite is for one gateway: stop that one first, or let both serve a PostgreSQL \
         (DATABASE_URL)"
    )]
    Served(String),
    /// The folder's own file.
    #[error("cannot read or write {0}: {1}")]
    Folder(String, io::Error),
    /// The database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl StoreClaim {
    /// Claims the store, and `file` where it is SQLite's; `fresh` is the id of a folder that has none yet.
    ///
    /// # Errors
    /// [`ClaimError::Another`] when a gateway of this database uses another store, [`ClaimError::Served`] when one serves
    /// the file.
    pub async fn take(
        db: &Database,
        file: Option<&Path>,
        place: &Place,
        fresh: Uuid,
    ) -> Result<Self, ClaimError> {
        if db.backend() != DbBackend::Postgres {
            let held = file.map(|file| hold(file, &lock_of(file))).transpose()?;
            let claimed = held.map_or(Claimed::Memory, Claimed::Alone);
            return Ok(Self(claimed));
        }
        let (url, shown) = (db.url().to_owned(), shown(place));
        // Of its own, since a pool may close the connections that it keeps.
        let mut connection = look(&url).await?;
        // Only now: of two that start at once in one folder, the second reads what the first has written.
        let key = key(&name(place, fresh)?);
        claim(&mut connection, key, &shown).await?;
        Ok(Self(Claimed::Together(Held { connection, url, shown, key })))
    }

    /// Looks every so often whether the claim stands, and claims anew what has ended with its connection; at `stop` it lets
    /// go of the store at once, for whoever starts next.
    pub async fn keep(self, every: Duration, stop: CancellationToken) {
        let Claimed::Together(mut held) = self.0 else { return stop.cancelled().await };
        let standing = async {
            let mut ticks = interval(every);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                held.stand().await;
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = standing => {}
        }
        held.release().await;
    }
}

/// Keeps gateways from serving a file of SQLite for as long as what is returned is kept; nothing where none ever did.
///
/// # Errors
/// [`ClaimError::Served`] when one serves it.
pub fn unserved(file: &Path) -> Result<Option<File>, ClaimError> {
    let lock = lock_of(file);
    if !lock.exists() {
        return Ok(None);
    }
    hold(file, &lock).map(Some)
}

fn lock_of(file: &Path) -> PathBuf {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".lock");
    PathBuf::from(beside)
}

fn hold(file: &Path, lock: &Path) -> Result<File, ClaimError> {
    let failed = |error| ClaimError::Folder(lock.display().to_string(), error);
    let locked = OpenOptions::new().create(true).truncate(false).write(true).open(lock).map_err(failed)?;
    match locked.try_lock() {
        Ok(()) => Ok(locked),
        Err(TryLockError::WouldBlock) => Err(ClaimError::Served(file.display().to_string())),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

impl Held {
    async fn stand(&mut self) {
        if let Ok(Ok(())) = timeout(PATIENCE, self.connection.ping()).await {
            return;
        }
        match timeout(PATIENCE, self.again()).await {
            Ok(Ok(())) => tracing::info!("the store of files is claimed again"),
            Ok(Err(error @ ClaimError::Another(_))) => tracing::error!(%error, "stop one of the two"),
            Ok(Err(error)) => tracing::warn!(%error, "the store of files is not claimed; trying again"),
            Err(_) => {
                tracing::warn!("the store of files is not claimed: the database is silent; trying again");
            }
        }
    }

    async fn again(&mut self) -> Result<(), ClaimError> {
        let mut connection = look(&self.url).await?;
        claim(&mut connection, self.key, &self.shown).await?;
        self.connection = connection;
        Ok(())
    }

    /// What fails ends with the connection.
    async fn release(mut self) {
        let letting_go = async {
            sqlx::query("SELECT pg_advisory_unlock_all()").execute(&mut self.connection).await?;
            self.connection.close().await
        };
        if !matches!(timeout(GOODBYE, letting_go).await, Ok(Ok(()))) {
            tracing::debug!("the claim on the store of files ends with its connection");
        }
    }
}

/// A connection that looks around while no other does. Whatever fails ends it, and its locks.
async fn look(url: &str) -> Result<PgConnection, sqlx::Error> {
    let mut connection = PgConnection::connect(url).await?;
    greet(&mut connection).await?;
    sqlx::query("SELECT pg_advisory_lock($1)").bind(LOOKING).execute(&mut connection).await?;
    Ok(connection)
}

/// Claims the store for as long as the connection lasts, and lets others look around.
async fn claim(connection: &mut PgConnection, key: i32, shown: &str) -> Result<(), ClaimError> {
    if others(connection, key).await? > 0 {
        return Err(ClaimError::Another(shown.to_owned()));
    }
    let claim = sqlx::query("SELECT pg_advisory_lock_shared($1, $2)").bind(STORES).bind(key);
    claim.execute(&mut *connection).await?;
    sqlx::query("SELECT pg_advisory_unlock($1)").bind(LOOKING).execute(connection).await?;
    Ok(())
}

/// How many gateways of this database use another store.
async fn others(connection: &mut PgConnection, key: i32) -> Result<i64, sqlx::Error> {
    let claimed = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted \
                   AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
                   AND classid::bigint = $1 AND objid::bigint <> $2";
    // The lock's keys are shown without their sign.
    let counted = sqlx::query_scalar(claimed).bind(i64::from(STORES)).bind(i64::from(key.cast_unsigned()));
    counted.fetch_one(connection).await
}

/// What the store is known by.
fn name(place: &Place, fresh: Uuid) -> Result<String, ClaimError> {
    match place {
        Place::S3(bucket) => Ok(format!(
            "s3 {} {} {}",
            bucket.endpoint.as_deref().unwrap_or_default(),
            bucket.name,
            bucket.prefix
        )),
        Place::Folder(path) => {
            let file = path.join(STORE_FILE);
            let failed = |error| ClaimError::Folder(file.display().to_string(), error);
            read_or_write(&file, fresh).map_err(failed)
        }
    }
}

fn read_or_write(file: &Path, fresh: Uuid) -> io::Result<String> {
    match OpenOptions::new().write(true).create_new(true).open(file) {
        Ok(mut made) => {
            let name = fresh.to_string();
            made.write_all(name.as_bytes())?;
            made.sync_all()?;
            Ok(name)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => std::fs::read_to_string(file),
        Err(error) => Err(error),
    }
}

fn key(name: &str) -> i32 {
    let [a, b, c, d, ..] = <[u8; 32]>::from(Sha256::digest(name.trim().as_bytes()));
    i32::from_be_bytes([a, b, c, d])
}

fn shown(place: &Place) -> String {
    match place {
        Place::Folder(path) => path.display().to_string(),
        Place::S3(bucket) => format!("the bucket {}", bucket.name),
    }
}
