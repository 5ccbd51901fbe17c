//! Opens SQLite or PostgreSQL as this program needs them.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use sea_orm::sqlx::sqlite::{SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{self, Connection as _};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database as SeaOrm, DatabaseConnection, DatabaseTransaction, DbBackend,
    DbErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use tokio::time::timeout;

use super::reader::{Reader, answered};

/// How to open the database.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite://path` or `postgres://…`.
    pub url: String,
    /// How many connections read at once; on PostgreSQL the size of the whole pool.
    pub connections: u32,
    /// How many connections there are besides for dear operations; they are opened when they are first needed.
    pub apart: u32,
    /// How long a request waits for a free connection.
    pub acquire_timeout: Duration,
    /// How long what is read is waited for before its connection is taken for dead.
    pub answer_timeout: Duration,
}

/// The open database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Database {
    reader: Reader,
    writer: DatabaseConnection,
    /// The writer again, for transactions: what they send is not counted.
    transactions: DatabaseConnection,
    /// What dear operations read through.
    apart: Reader,
    statements: Statements,
    url: Arc<str>,
    patience: Duration,
}

/// Counts the statements that were sent outside transactions: what the reading of lists costs.
#[derive(Clone, Debug, Default)]
pub struct Statements(Arc<AtomicU64>);

impl Statements {
    /// How many there were since the start.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A connection that nobody has used for so long is asked whether it still lives before it is used: after an outage the
/// pool is full of dead ones. One that is in use all the time is not asked, which would cost a round trip each time.
const IDLE: Duration = Duration::from_millis(500);

/// What a connection to SQLite keeps of the file: 16 MiB, given in KiB below zero. With SQLite's own 2 MB, whoever counts
/// what a search has found among 100,000 tickets reads the same pages from the file over and over.
const CACHE: &str = "-16384";

/// Closing says goodbye to a server, and waits for nothing.
const CLOSES_WITHIN: Duration = Duration::from_secs(1);

/// Opens the database; SQLite's file is made when it is not there.
///
/// # Errors
/// When it cannot be reached or opened.
pub async fn connect(settings: &Settings) -> Result<Database, DbErr> {
    let statements = Statements::default();
    let (reader, (writer, transactions)) = if settings.url.starts_with("sqlite:") {
        // One writer connection: a second one could only wait, and would be refused as busy when it waited too long.
        let writer = open(sqlite(settings, 1, false), &statements).await?;
        (open(sqlite(settings, settings.connections, true), &statements).await?.0, writer)
    } else {
        let pool = open(postgres(settings), &statements).await?;
        (pool.0.clone(), pool)
    };
    let apart = open(apart(settings), &statements).await?.0;
    let reader = Reader::new(reader, settings.answer_timeout);
    let apart = Reader::new(apart, PATIENCE_APART + settings.answer_timeout);
    let (url, patience) = (settings.url.as_str().into(), settings.answer_timeout);
    Ok(Database { reader, writer, transactions, apart, statements, url, patience })
}

/// The connections twice: with every statement counted, and with none.
async fn open(
    options: ConnectOptions,
    statements: &Statements,
) -> Result<(DatabaseConnection, DatabaseConnection), DbErr> {
    let uncounted = SeaOrm::connect(options).await?;
    let mut connection = uncounted.clone();
    let count = statements.0.clone();
    connection.set_metric_callback(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
    });
    Ok((connection, uncounted))
}

fn common(settings: &Settings, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(&settings.url);
    options
        .max_connections(connections)
        .acquire_timeout(settings.acquire_timeout)
        .test_before_acquire_if_idle_for(IDLE)
        // Else the pool (sqlx 0.9.0) looks after them in a task of its own, which counts the idle ones: when one is taken in
        // the moment between its being put back and counted, it counts 2^64 of them, and never ends.
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .sqlx_logging(false);
    options
}

fn sqlite(settings: &Settings, connections: u32, reads_only: bool) -> ConnectOptions {
    let mut options = common(settings, connections);
    options.map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("query_only", if reads_only { "on" } else { "off" })
            .pragma("cache_size", CACHE)
            // What is deleted or replaced is written over.
            .pragma("secure_delete", "on")
    });
    if !reads_only {
        options.map_sqlx_sqlite_pool_opts(|pool| pool.after_release(|writer, _| has_ended(writer).boxed()));
    }
    options
}

/// Whether a connection that comes back has no transaction open. When the disk is full SQLite undoes a transaction by
/// itself, and the driver, whose own ROLLBACK then fails, takes it for open: the next one would begin as a savepoint
/// within it, be answered as done, and never be committed. Such a connection is closed.
async fn has_ended(writer: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    // A rollback may still be on its way; this comes after it.
    writer.ping().await?;
    Ok(!writer.is_in_transaction())
}

fn postgres(settings: &Settings) -> ConnectOptions {
    let mut options = common(settings, settings.connections);
    let patience = settings.acquire_timeout;
    options.set_application_name("concierge");
    options.map_sqlx_postgres_pool_opts(move |pool| super::postgres::pool(pool, patience));
    options
}

/// A dear operation asks for many things at once, which wait here for each other, and the time of its request is their
/// patience.
const PATIENCE_APART: Duration = Duration::from_secs(120);

fn apart(settings: &Settings) -> ConnectOptions {
    let mut options = match settings.url.starts_with("sqlite:") {
        true => sqlite(settings, settings.apart, true),
        false => postgres(settings),
    };
    options.max_connections(settings.apart).acquire_timeout(PATIENCE_APART).connect_lazy(true);
    options
}

impl Database {
    /// The same, which reads through connections apart: so whoever reads much keeps nobody from a connection, nor all
    /// processors busy with the database.
    #[must_use]
    pub fn apart(&self) -> Self {
        Self { reader: self.apart.clone(), ..self.clone() }
    }

    /// The connections that lists and objects are read through.
    #[must_use]
    pub fn read(&self) -> &Reader {
        &self.reader
    }

    /// The connection for single statements that write and need no transaction.
    #[must_use]
    pub fn write(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Begins a transaction that may write. On SQLite it takes the write lock at once: a transaction that first
    /// reads and then wants to write could be refused.
    ///
    /// # Errors
    /// When the database fails or no connection becomes free in time.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let mode = match self.backend() {
            DbBackend::Sqlite => Some(SqliteTransactionMode::Immediate),
            _ => None,
        };
        let options = TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() };
        self.transactions.begin_with_options(options).await
    }

    /// Something that is done outside requests, which have a time of their own: given up, as if the connection had been
    /// lost, when the database does not answer for long. What it has not committed is undone.
    ///
    /// # Errors
    /// Its own, and that of a lost connection.
    pub async fn answered<T, E: From<DbErr>>(
        &self,
        doing: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        answered(self.patience, doing).await
    }

    /// SQLite or PostgreSQL.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.writer.get_database_backend()
    }

    /// What was opened, for those who need a connection of their own (LISTEN).
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The statement counter.
    #[must_use]
    pub fn statements(&self) -> &Statements {
        &self.statements
    }

    /// Copies SQLite's database as it is at one moment to a file that is not there yet; those who write meanwhile do
    /// not wait. Says whether it did: a PostgreSQL is copied by its own means.
    ///
    /// # Errors
    /// When the file is there, or cannot be written.
    pub async fn snapshot_into(&self, file: &Path) -> Result<bool, DbErr> {
        if self.backend() != DbBackend::Sqlite {
            return Ok(false);
        }
        let file = file.to_str().ok_or_else(|| DbErr::Custom(format!("{} is not UTF-8", file.display())))?;
        let copy = Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [file.into()]);
        self.writer.execute_raw(copy).await?;
        Ok(true)
    }

    /// The pools, by name: how many connections each has open, and how many of them nobody uses.
    #[must_use]
    pub fn pools(&self) -> Vec<(&'static str, u32, usize)> {
        let of = |name, connection: &DatabaseConnection| match connection.get_database_backend() {
            DbBackend::Postgres => {
                let pool = connection.get_postgres_connection_pool();
                (name, pool.size(), pool.num_idle())
            }
            _ => {
                let pool = connection.get_sqlite_connection_pool();
                (name, pool.size(), pool.num_idle())
            }
        };
        match self.backend() {
            DbBackend::Postgres => vec![of("all", &self.writer), of("apart", self.apart.pool())],
            _ => vec![
                of("read", self.reader.pool()),
                of("write", &self.writer),
                of("apart", self.apart.pool()),
            ],
        }
    }

    /// Answers when the database does.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.reader.pool().ping().await
    }

    /// Removes what may be left of erased words in the file: what the search index only marks as gone, SQLite's free
    /// pages, and its log. PostgreSQL does so by itself, as it vacuums and recycles its log.
    ///
    /// # Errors
    /// When the database fails; whatever was committed stays so.
    pub async fn scrub(&self) -> Result<(), DbErr> {
        if self.backend() == DbBackend::Postgres {
            return Ok(());
        }
        self.writer.execute_unprepared("INSERT INTO search_fts (search_fts) VALUES ('optimize')").await?;
        self.writer.execute_unprepared("VACUUM").await?;
        // Waits for readers as long as the connection's patience lasts.
        let emptied = Statement::from_string(DbBackend::Sqlite, "PRAGMA wal_checkpoint(TRUNCATE)");
        let busy = self.writer.query_one_raw(emptied).await?.map(|row| row.try_get_by_index::<i32>(0));
        match busy.transpose()? {
            Some(0) | None => Ok(()),
            Some(_) => {
                Err(DbErr::Custom("the database's log is being read and could not be emptied".to_owned()))
            }
        }
    }

    /// Closes all connections.
    ///
    /// # Errors
    /// When the driver fails to.
    pub async fn close(self) -> Result<(), DbErr> {
        let backend = self.backend();
        let closing = async {
            self.reader.pool().close_by_ref().await?;
            self.apart.pool().close_by_ref().await?;
            self.writer.close_by_ref().await
        };
        match backend {
            // Whoever is owed an answer by a server that has fallen silent waits for it.
            DbBackend::Postgres => timeout(CLOSES_WITHIN, closing).await.unwrap_or(Ok(())),
            // What was written is moved from the log into the file, which may take its time.
            _ => closing.await,
        }
    }
}

/// Held while a database is migrated, so that of several programs that begin at once one does it and the others find
/// it done.
#[derive(Debug)]
pub struct MigrationLock(#[expect(dead_code, reason = "the lock ends with what holds it")] Held);

#[derive(Debug)]
#[expect(dead_code, reason = "the lock ends with what holds it")]
enum Held {
    /// The advisory lock of a transaction.
    Transaction(DatabaseTransaction),
    /// A file beside the database's own, which SQLite would let go of its locks on; none for one in memory.
    File(Option<File>),
}

/// The key of the advisory lock.
const MIGRATION_LOCK: i64 = 0x636f_6e63_6d69_6772;

impl MigrationLock {
    /// Waits for the lock; it is let go when the value is dropped.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take(db: &Database) -> Result<Self, DbErr> {
        if db.backend() != DbBackend::Postgres {
            return Ok(Self(Held::File(lock_beside(db.url()).await?)));
        }
        let tx = db.begin().await?;
        let lock = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_advisory_xact_lock($1)",
            [MIGRATION_LOCK.into()],
        );
        tx.execute_raw(lock).await?;
        Ok(Self(Held::Transaction(tx)))
    }
}

async fn lock_beside(url: &str) -> Result<Option<File>, DbErr> {
    let file = url.strip_prefix("sqlite://").and_then(|rest| rest.split('?').next());
    let Some(path) = file.filter(|file| !file.is_empty()).map(|file| format!("{file}-migrating")) else {
        return Ok(None);
    };
    let locked = tokio::task::spawn_blocking(move || {
        let file = File::create(&path)?;
        file.lock()?;
        Ok(file)
    });
    let failed = |error: std::io::Error| DbErr::Custom(format!("cannot lock it for migration: {error}"));
    locked.await.map_err(std::io::Error::other).flatten().map(Some).map_err(failed)
}
