//! A gateway in the test's own process, on a port of its own.

use std::time::Duration;

use chrono::TimeDelta;
use concierge::app::{self, Running};
use concierge::base::Clock;
use concierge::config::{Argon2Cost, Config, Rate, Secret};
use tokio::net::TcpListener;

use super::database::{self, TestDatabase};
use super::world::{self, World};
use super::{Actor, ws::Ws};

/// A gateway, its database and its clock.
pub struct App {
    pub url: String,
    pub world: World,
    pub clock: Clock,
    pub running: Running,
    pub client: reqwest::Client,
    config: Box<Config>,
    database: TestDatabase,
}

/// The settings of tests: cheap passwords, and little patience where only the test's end waits.
pub fn test_config() -> Config {
    let mut config = Config::default();
    config.auth.secret = Some(Secret::new("a secret of tests that is long enough to be one"));
    config.auth.argon2 = Argon2Cost { memory_kib: 8, iterations: 1, parallelism: 1 };
    // The clock stands in tests, and with it what is given back of a limit.
    config.rate = Rate::off();
    config.origins.desk = vec!["https://desk.example".to_owned()];
    config.data_dir = std::env::temp_dir().join(format!("concierge_test_data_{}", std::process::id()));
    config.http.shutdown_timeout = Duration::from_secs(2);
    // Tests say themselves when the clock's work is done.
    config.jobs.every = Duration::from_secs(24 * 60 * 60);
    config.database.max_connections = 8;
    config.database.readers = 4;
    // Who waits for heartbeats sets this small.
    config.feed.heartbeat_every = Duration::from_secs(3600);
    config
}

impl App {
    pub async fn on_sqlite() -> Self {
        Self::over(database::sqlite().await, |_| {}).await
    }

    /// `None` when there is no PostgreSQL and none is required.
    pub async fn on_postgres() -> Option<Self> {
        Some(Self::over(database::postgres().await?, |_| {}).await)
    }

    /// Like [`App::on_postgres`], with settings changed.
    pub async fn on_postgres_with(change: impl FnOnce(&mut Config)) -> Option<Self> {
        Some(Self::over(database::postgres().await?, change).await)
    }

    /// On SQLite with settings changed.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::over(database::sqlite().await, change).await
    }

    async fn over(database: TestDatabase, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config {
            database: database::url_only(&database.url),
            data_dir: database.folder.clone(),
            ..test_config()
        };
        change(&mut config);
        let clock = Clock::manual(world::START);
        let running = serve(&config, &clock).await;
        Self {
            url: format!("http://{}", running.address),
            world: World::default(),
            clock,
            running,
            client: reqwest::Client::new(),
            config: Box::new(config),
            database,
        }
    }

    /// On a migrated database without the [`World`]; `None` when it would be on a PostgreSQL that is not there.
    pub async fn empty(postgres: bool) -> Option<Self> {
        let database = match postgres {
            true => database::empty_postgres().await?,
            false => database::empty_sqlite().await,
        };
        Some(Self::over(database, |_| {}).await)
    }

    /// The settings that it runs with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Where it keeps what it keeps on disk.
    pub fn folder(&self) -> &std::path::Path {
        &self.database.folder
    }

    /// Another gateway on the same database, which must be PostgreSQL.
    pub async fn second(&self) -> (Running, String) {
        let running = serve(&self.config, &self.clock).await;
        let url = format!("http://{}", running.address);
        (running, url)
    }

    /// Like [`App::second`], with settings changed.
    pub async fn second_with(&self, change: impl FnOnce(&mut Config)) -> (Running, String) {
        let mut config = self.config.clone();
        change(&mut config);
        let running = serve(&config, &self.clock).await;
        let url = format!("http://{}", running.address);
        (running, url)
    }

    /// Stops the gateway and begins a new one on the same database.
    pub async fn restart(self) -> Self {
        Box::pin(self.restart_with(|_| {})).await
    }

    /// Like [`App::restart`], with something done while nothing runs.
    pub async fn restart_after(self, meanwhile: impl AsyncFnOnce()) -> Self {
        let Self { world, clock, running, client, config, database, .. } = self;
        running.stop().await;
        meanwhile().await;
        let running = Box::pin(serve(&config, &clock)).await;
        Self { url: format!("http://{}", running.address), world, clock, running, client, config, database }
    }

    /// Like [`App::restart`], with settings changed.
    pub async fn restart_with(self, change: impl FnOnce(&mut Config)) -> Self {
        let Self { world, clock, running, client, mut config, database, .. } = self;
        running.stop().await;
        change(&mut config);
        let running = Box::pin(serve(&config, &clock)).await;
        Self { url: format!("http://{}", running.address), world, clock, running, client, config, database }
    }

    /// A connection past the gateway, such as another process has: the gateway hears of what it writes by the feed.
    pub async fn outside(&self) -> sea_orm::DatabaseConnection {
        sea_orm::Database::connect(&self.database.url).await.unwrap()
    }

    /// So many new gateways on the same database, which begin at once.
    pub async fn more(&self, count: usize) -> Vec<Running> {
        let gateways = (0..count).map(|_| serve(&self.config, &self.clock));
        futures_util::future::join_all(gateways).await
    }

    /// Where the database is, for what only its rows can tell.
    pub fn database_url(&self) -> &str {
        &self.database.url
    }

    pub fn is_postgres(&self) -> bool {
        self.database.url.starts_with("postgres")
    }

    /// Runs a statement on the database, for what no mutation can do.
    pub async fn execute(&self, sql: &str) {
        let connection = sea_orm::Database::connect(&self.database.url).await.unwrap();
        sea_orm::ConnectionTrait::execute_unprepared(&connection, sql).await.unwrap();
        connection.close().await.unwrap();
    }

    pub async fn stop(self) {
        self.running.stop().await;
        let _ = std::fs::remove_dir_all(&self.config.data_dir);
    }

    /// The blobs that are kept, by their paths.
    pub fn blobs(&self) -> Vec<String> {
        let root = self.config.files_folder();
        let mut found = Vec::new();
        let days = std::fs::read_dir(&root).unwrap().map(|day| day.unwrap().path());
        for day in days.filter(|day| day.is_dir()) {
            for blob in std::fs::read_dir(day).unwrap() {
                let path = blob.unwrap().path();
                found.push(path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned());
            }
        }
        found.sort();
        found
    }

    pub fn advance(&self, step: TimeDelta) {
        self.clock.advance(step);
    }

    /// Signs in one of the world's people.
    pub async fn actor(&self, login: &str) -> Actor {
        self.actor_with(login, world::PASSWORD).await
    }

    pub async fn actor_with(&self, login: &str, password: &str) -> Actor {
        Actor::sign_in(&self.url, &self.client, login, password).await
    }

    pub fn nobody(&self) -> Actor {
        Actor::nobody(&self.url, &self.client)
    }

    /// A socket of one of the world's people, acknowledged.
    pub async fn socket(&self, actor: &Actor) -> Ws {
        Ws::ready(&self.url, actor.token.as_deref()).await
    }
}

async fn serve(config: &Config, clock: &Clock) -> Running {
    let opened = Box::pin(app::open(config, clock.clone())).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let running = Box::pin(app::start(config, opened, listener)).await.unwrap();
    // What a gateway begins with would else be in the way of a test that counts, or moves the clock.
    running.jobs_done_once().await;
    running
}
