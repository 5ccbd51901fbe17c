//! Opens what the commands need, in order, and closes it in the reverse order. With `cli` the only place that knows
//! every room.

use std::process::ExitCode;

use migrations::{Migrator, MigratorTrait};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::auth::Auth;
use crate::base::Clock;
use crate::config::Config;
use crate::domain::Domain;
use crate::graphql::Gateway;
use crate::live::{self, Live};
use crate::storage::{self, Database};
use crate::{cli, http, jobs};

mod commands;
mod exchange;

pub use commands::run;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The database.
    #[error("the database: {0}")]
    Database(#[from] sea_orm::DbErr),
    /// A use case.
    #[error("{0}")]
    Domain(#[from] crate::domain::Error),
    /// The settings.
    #[error("{0}")]
    Config(#[from] crate::config::ConfigError),
    /// Sign-in.
    #[error("sign-in: {0}")]
    Auth(#[from] crate::auth::SetupError),
    /// The demo estate.
    #[error("the demo estate: {0}")]
    Seed(#[from] crate::seed::SeedError),
    /// An import or export.
    #[error("{0}")]
    Exchange(#[from] crate::exchange::ExchangeError),
    /// What an import was asked to do, and cannot.
    #[error("{0}")]
    Usage(String),
    /// Rows were refused, which has been said.
    #[error("{0}")]
    Refused(String),
    /// The machine.
    #[error("{what}: {cause}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        cause: std::io::Error,
    },
    /// Anything else that a person can mend.
    #[error("{0}")]
    Other(String),
}

/// The parts that every command on the database uses.
#[derive(Debug)]
pub struct Opened {
    /// The database.
    pub db: Database,
    /// What can be done.
    pub domain: Domain,
    /// Sign-in and accounts.
    pub auth: Auth,
}

/// A gateway that runs. Dropping it does not stop it; [`Running::stop`] does.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: std::net::SocketAddr,
    /// What can be done, without going through the wire.
    pub domain: Domain,
    /// Sign-in and accounts.
    pub auth: Auth,
    /// The live feed.
    pub live: Live,
    db: Database,
    shutdown: CancellationToken,
    tail: JoinHandle<()>,
    jobs: JoinHandle<()>,
    serving: JoinHandle<()>,
}

/// Connects to the database that is set; SQLite's folder is made.
///
/// # Errors
/// When it cannot be reached or opened.
pub async fn connect(config: &Config) -> Result<Database, AppError> {
    let url = config.database.url.expose();
    let sqlite = url.strip_prefix("sqlite://").map(|path| path.split('?').next().unwrap_or(path));
    if let Some(folder) = sqlite.and_then(|path| std::path::Path::new(path).parent()) {
        std::fs::create_dir_all(folder)
            .map_err(|cause| AppError::Io { what: format!("cannot make {}", folder.display()), cause })?;
    }
    let connections =
        if sqlite.is_some() { config.database.readers } else { config.database.max_connections };
    let settings = storage::Settings {
        url: url.to_owned(),
        connections,
        acquire_timeout: config.database.acquire_timeout,
    };
    Ok(storage::connect(&settings).await?)
}

/// Brings the database to this program's schema, under a lock, so that several gateways may begin at once.
///
/// # Errors
/// When the database fails.
pub async fn migrate(db: &Database) -> Result<(), AppError> {
    let _held = storage::MigrationLock::take(db).await?;
    // Looked at first: the migrator tells the log of every call, and mostly there is nothing to tell.
    if !Migrator::get_pending_migrations(db.write()).await?.is_empty() {
        Migrator::up(db.write(), None).await?;
    }
    Ok(())
}

/// Connects, migrates, and sets up the domain and sign-in.
///
/// # Errors
/// When the database or a setting fails.
pub async fn open(config: &Config, clock: Clock) -> Result<Opened, AppError> {
    // Before the database is touched: a gateway that cannot sign must not migrate.
    let secret = config.secret()?;
    let db = connect(config).await?;
    migrate(&db).await?;
    let domain = Domain::new(db.clone(), clock, config.time_zone);
    let auth = Auth::new(domain.clone(), config.auth.clone(), &secret)?;
    Ok(Opened { db, domain, auth })
}

/// Serves on `listener` until it is stopped.
///
/// # Errors
/// When the database or a setting fails.
pub async fn start(config: &Config, opened: Opened, listener: TcpListener) -> Result<Running, AppError> {
    let Opened { db, domain, auth } = opened;
    let shutdown = CancellationToken::new();
    let tailing = CancellationToken::new();
    let settings = live::Settings {
        poll_every: config.feed.poll_every,
        heartbeat_every: config.feed.heartbeat_every,
        buffer: config.feed.buffer,
        batch: config.feed.batch,
    };
    let (live, tail) = Live::open(domain.clone(), settings, tailing.clone()).await?;
    let gateway = Gateway::new(domain.clone(), live.clone(), &auth);
    let address = listener
        .local_addr()
        .map_err(|cause| AppError::Io { what: "cannot tell the address".to_owned(), cause })?;
    let state = http::State::new(
        gateway,
        auth.clone(),
        config.http.clone(),
        config.cors_origins.clone(),
        metrics(),
        shutdown.clone(),
    );
    let jobs =
        tokio::spawn(jobs::run(domain.clone(), config.jobs.every, config.feed.retention, shutdown.clone()));
    let serving = tokio::spawn(async move {
        http::serve(listener, state).await;
        // The feed goes on until the last socket has been closed.
        tailing.cancel();
    });
    Ok(Running { address, domain, auth, live, db, shutdown, tail, jobs, serving })
}

/// The recorder of this process; the first gateway in it installs one, further ones share it.
fn metrics() -> metrics_exporter_prometheus::PrometheusHandle {
    static HANDLE: std::sync::OnceLock<metrics_exporter_prometheus::PrometheusHandle> =
        std::sync::OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let builder = http::metrics::exporter().unwrap_or_default();
            let recorder = builder.build_recorder();
            let handle = recorder.handle();
            // Somebody else's recorder stays; then ours just shows nothing.
            let _ = ::metrics::set_global_recorder(recorder);
            http::metrics::describe();
            handle
        })
        .clone()
}

impl Running {
    /// Begins to stop: accepts nothing new, finishes what runs, closes sockets with 1001.
    pub fn begin_stop(&self) {
        self.shutdown.cancel();
    }

    /// Stops, and closes the database last.
    pub async fn stop(self) {
        self.shutdown.cancel();
        self.ended().await;
    }

    /// Waits until it has stopped.
    pub async fn ended(self) {
        let _ = self.serving.await;
        let _ = self.tail.await;
        let _ = self.jobs.await;
        if let Err(error) = self.db.close().await {
            tracing::warn!(%error, "the database was not closed in order");
        }
    }
}

/// What a command ends with.
#[must_use]
pub fn exit_code(error: &AppError) -> ExitCode {
    match error {
        AppError::Config(_) | AppError::Usage(_) => ExitCode::from(cli::exit::USAGE),
        _ => ExitCode::from(cli::exit::FAULT),
    }
}
