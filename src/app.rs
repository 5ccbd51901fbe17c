//! Opens what the commands need, in order, and closes it in the reverse order. With `cli` the only place that knows
//! every room.

use std::process::ExitCode;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::{SetOnce, oneshot};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::auth::Auth;
use crate::base::Clock;
use crate::base::id::AttachmentId;
use crate::config::{Config, DatabaseKind};
use crate::domain::attachment::{self, Files};
use crate::domain::audit::{self, Readings};
use crate::domain::transfer::Lease;
use crate::domain::{Domain, privacy};
use crate::graphql::{self, Gateway};
use crate::live::{self, Live};
use crate::storage::{self, Database, StoreClaim};
use crate::{cli, http, jobs};

mod backup;
mod commands;
mod exchange;
mod schema;
mod settings;

pub use commands::run;
pub use schema::migrate;

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
    /// A backup.
    #[error("{0}")]
    Backup(#[from] crate::backup::BackupError),
    /// Another gateway is in the way.
    #[error("{0}")]
    Store(#[from] storage::ClaimError),
    /// The store of files.
    #[error("the files: {0}")]
    Files(#[from] storage::blob::BlobError),
    /// The demo estate.
    #[error("the demo estate: {0}")]
    Seed(#[from] crate::seed::SeedError),
    /// A manifest of documents.
    #[error("{0}")]
    Manifest(#[from] http::ManifestError),
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
    readings: JoinHandle<()>,
    jobs: JoinHandle<()>,
    jobs_once: Arc<SetOnce<()>>,
    exchange: oneshot::Receiver<()>,
    serving: JoinHandle<()>,
    store: JoinHandle<()>,
}

/// Connects to the database that is set; SQLite's folder is made.
///
/// # Errors
/// When it cannot be reached or opened.
pub async fn connect(config: &Config) -> Result<Database, AppError> {
    if let Some(folder) = config.database.url.sqlite_file().and_then(std::path::Path::parent) {
        std::fs::create_dir_all(folder)
            .map_err(|cause| AppError::Io { what: format!("cannot make {}", folder.display()), cause })?;
    }
    let sqlite = config.database.url.kind() == Some(DatabaseKind::Sqlite);
    let connections = if sqlite { config.database.readers } else { config.database.max_connections };
    let settings = storage::Settings {
        url: config.database.url.expose().to_owned(),
        connections,
        apart: u32::try_from(config.limits.dear_at_once).unwrap_or(u32::MAX),
        acquire_timeout: config.database.acquire_timeout,
        answer_timeout: config.database.answer_timeout,
    };
    Ok(storage::connect(&settings).await?)
}

/// Connects, migrates, and sets up the domain and sign-in.
///
/// # Errors
/// When the database or a setting fails.
pub async fn open(config: &Config, clock: Clock) -> Result<Opened, AppError> {
    // Before the database is touched: a gateway that cannot sign must not migrate.
    let secrets = config.secrets()?;
    let db = connect(config).await?;
    migrate(&db, &clock).await?;
    let domain = domain(config, db.clone(), clock).await?;
    let auth = Auth::new(domain.clone(), config.auth.clone(), &config.rate, &secrets)?;
    Ok(Opened { db, domain, auth })
}

/// Where files are kept.
fn place(config: &Config) -> storage::blob::Place {
    let settings = &config.files;
    match settings.bucket() {
        Some((name, prefix)) => storage::blob::Place::S3(storage::blob::Bucket {
            name: name.to_owned(),
            prefix: prefix.to_owned(),
            region: settings.region.clone(),
            endpoint: settings.endpoint.clone(),
            key: settings
                .key_id
                .clone()
                .zip(settings.secret.as_ref().map(|secret| secret.expose().to_owned())),
        }),
        None => storage::blob::Place::Folder(config.files_folder()),
    }
}

/// The store of files, and how much is taken of them.
fn files(config: &Config) -> Result<Files, AppError> {
    let settings = &config.files;
    let limits = attachment::Limits {
        at_once: settings.at_once,
        pixels: settings.pixels,
        workers: settings.workers,
        pending_for: settings.pending_for,
    };
    Ok(Files::new(storage::blob::Blobs::open(&place(config))?, limits))
}

/// The domain on a migrated database, which is erased again where a restore has forgotten it.
async fn domain(config: &Config, db: Database, clock: Clock) -> Result<Domain, AppError> {
    let domain = Domain::new(db, clock, config.time_zone).with_files(files(config)?);
    domain.keep_erasures_in(ledger(config));
    privacy::replay(&domain).await?;
    Ok(domain)
}

/// The ledger of erasures: outside the database, so that one that was restored can be erased again.
fn ledger(config: &Config) -> std::path::PathBuf {
    config.data_dir.join("erasures.jsonl")
}

/// Serves on `listener` until it is stopped.
///
/// # Errors
/// When the database or a setting fails.
pub async fn start(config: &Config, opened: Opened, listener: TcpListener) -> Result<Running, AppError> {
    let documents = http::Documents::open(&config.documents).await?;
    let Opened { db, domain, auth } = opened;
    let fresh: AttachmentId = domain.clock().id();
    let store =
        StoreClaim::take(&db, config.database.url.sqlite_file(), &place(config), fresh.uuid()).await?;
    audit::settings_in_effect(&domain, settings::fingerprints(config)?).await?;
    let shutdown = CancellationToken::new();
    let tailing = CancellationToken::new();
    let feed = live::Settings {
        poll_every: config.feed.poll_every,
        heartbeat_every: config.feed.heartbeat_every,
        buffer: config.feed.buffer,
        batch: config.feed.batch,
    };
    // Before the feed and the jobs, which tell it at once that they are there.
    let metrics = metrics();
    let (live, tail) = Live::open(domain.clone(), feed, tailing.clone()).await?;
    let (reads, readings) = Readings::open(domain.clone(), tailing.clone());
    let told = graphql::Told { suggestions: config.documents.suggestions };
    let gateway = Gateway::new(domain.clone(), live.clone(), &auth, reads, told);
    let address = listener
        .local_addr()
        .map_err(|cause| AppError::Io { what: "cannot tell the address".to_owned(), cause })?;
    let state = http::State::new(
        gateway,
        auth.clone(),
        domain.clone(),
        documents,
        http::Settings {
            limits: config.limits.clone(),
            http: config.http.clone(),
            files: config.files.clone(),
            sheet_bytes: config.exchange.file_bytes,
            rate: config.rate.clone(),
            origins: config.origins.clone(),
        },
        metrics,
        shutdown.clone(),
    )
    .map_err(|cause| AppError::Io { what: "cannot begin a thread".to_owned(), cause })?;
    let jobs_once = Arc::new(SetOnce::new());
    let jobs =
        jobs::run(domain.clone(), jobs::Settings::of(config), shutdown.clone(), Arc::clone(&jobs_once));
    let jobs = tokio::spawn(jobs);
    let exchange = exchange(config, domain.clone(), shutdown.clone())?;
    let store = tokio::spawn(store.keep(config.jobs.every, tailing.clone()));
    let serving = tokio::spawn(async move {
        http::serve(listener, state).await;
        // The feed, the log of what is read and the claim on the store go on until the last socket has been closed.
        tailing.cancel();
    });
    Ok(Running {
        address,
        domain,
        auth,
        live,
        db,
        shutdown,
        tail,
        readings,
        jobs,
        jobs_once,
        exchange,
        serving,
        store,
    })
}

/// Works on imports and exports, where this gateway does: on a thread of its own, as there is much to compute, and those
/// who are served meanwhile should not wait for it. Resolves when it has ended.
fn exchange(
    config: &Config,
    domain: Domain,
    shutdown: CancellationToken,
) -> Result<oneshot::Receiver<()>, AppError> {
    let settings = crate::exchange::WorkerSettings {
        every: config.exchange.poll_every,
        lease: Lease(config.exchange.lease),
        folder: config.exchange_folder(),
    };
    let (ended, ends) = oneshot::channel();
    if !config.exchange.works {
        return Ok(ends);
    }
    let runtime = tokio::runtime::Handle::current();
    let work = move || {
        runtime.block_on(crate::exchange::work(domain, settings, shutdown));
        // Who does not wait any more need not be told.
        let _ = ended.send(());
    };
    let begun = std::thread::Builder::new().name("exchange".to_owned()).spawn(work);
    begun.map_err(|cause| AppError::Io { what: "cannot begin a thread".to_owned(), cause })?;
    Ok(ends)
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

    /// Waits until what happens by the clock has been gone through for the first time.
    pub async fn jobs_done_once(&self) {
        self.jobs_once.wait().await;
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
        let _ = self.readings.await;
        let _ = self.jobs.await;
        let _ = self.exchange.await;
        let _ = self.store.await;
        if let Err(error) = self.db.close().await {
            tracing::warn!(%error, "the database was not closed in order");
        }
    }
}

/// What a command ends with.
#[must_use]
pub fn exit_code(error: &AppError) -> ExitCode {
    match error {
        AppError::Config(_) | AppError::Manifest(_) | AppError::Usage(_) => ExitCode::from(cli::exit::USAGE),
        _ => ExitCode::from(cli::exit::FAULT),
    }
}
