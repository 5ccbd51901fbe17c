//! Databases for tests: one template that is migrated and filled once, and a copy of it for each test.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use concierge::config::Config;
use concierge::{app, base::Clock};
use sea_orm::{ConnectionTrait, Database as SeaOrm, DatabaseConnection};
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};

use super::{ran, world};

static COUNTER: AtomicU32 = AtomicU32::new(0);

fn unique(what: &str) -> String {
    format!("concierge_{what}_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed))
}

/// A folder of one test's own, which is not made yet.
pub fn folder(what: &str) -> PathBuf {
    std::env::temp_dir().join(unique(what))
}

/// A database of one test's own; it is removed with it.
pub struct TestDatabase {
    pub url: String,
    /// Where a gateway on it keeps what it keeps on disk.
    pub folder: PathBuf,
    kind: Kind,
}

enum Kind {
    Sqlite,
    Postgres { admin: String, name: String, _place: OwnedSemaphorePermit },
}

/// A database without anything in it.
pub async fn empty_sqlite() -> TestDatabase {
    let folder = std::env::temp_dir().join(unique("test"));
    std::fs::create_dir_all(&folder).unwrap();
    TestDatabase { url: format!("sqlite://{}/concierge.db", folder.display()), folder, kind: Kind::Sqlite }
}

pub async fn sqlite() -> TestDatabase {
    static TEMPLATE: OnceCell<PathBuf> = OnceCell::const_new();
    ran::on("SQLite");
    let template = TEMPLATE
        .get_or_init(|| async {
            let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(unique("template"));
            std::fs::create_dir_all(&folder).unwrap();
            let file = folder.join("concierge.db");
            fill(&format!("sqlite://{}", file.display())).await;
            file
        })
        .await;
    let copy = empty_sqlite().await;
    std::fs::copy(template, copy.folder.join("concierge.db")).unwrap();
    copy
}

/// PostgreSQL's address: `TEST_DATABASE_URL`, else the local one. `None` when none answers, unless it is required.
async fn server() -> Option<&'static str> {
    static SERVER: OnceCell<Option<String>> = OnceCell::const_new();
    let found = SERVER.get_or_init(|| async {
        let given = std::env::var("TEST_DATABASE_URL").ok();
        let url = given.clone().unwrap_or_else(|| "postgres://postgres@127.0.0.1:5432/postgres".to_owned());
        match SeaOrm::connect(&url).await {
            Ok(connection) => {
                connection.close().await.unwrap();
                ran::on("PostgreSQL");
                Some(url)
            }
            Err(error) => {
                let required = given.is_some() || std::env::var("CONCIERGE_TEST_POSTGRES").is_ok();
                assert!(!required, "a PostgreSQL is required at {url}: {error}");
                None
            }
        }
    });
    found.await.as_deref()
}

async fn admin(url: &str) -> DatabaseConnection {
    SeaOrm::connect(url).await.unwrap()
}

fn beside(server: &str, name: &str) -> String {
    let (front, _) = server.rsplit_once('/').unwrap();
    format!("{front}/{name}")
}

/// So many tests at once use PostgreSQL, whose connections are few.
static PLACES: OnceCell<Arc<Semaphore>> = OnceCell::const_new();

async fn place() -> OwnedSemaphorePermit {
    let places = PLACES.get_or_init(|| async { Arc::new(Semaphore::new(4)) }).await;
    Arc::clone(places).acquire_owned().await.unwrap()
}

async fn create(server: &str, template: Option<&str>) -> TestDatabase {
    let place = place().await;
    let name = unique("test");
    let connection = admin(server).await;
    let template = template.map(|template| format!(" TEMPLATE {template}")).unwrap_or_default();
    connection.execute_unprepared(&format!("CREATE DATABASE {name}{template}")).await.unwrap();
    connection.close().await.unwrap();
    let kind = Kind::Postgres { admin: server.to_owned(), name: name.clone(), _place: place };
    TestDatabase { url: beside(server, &name), folder: std::env::temp_dir().join(name), kind }
}

/// A database without anything in it.
pub async fn empty_postgres() -> Option<TestDatabase> {
    Some(create(server().await?, None).await)
}

pub async fn postgres() -> Option<TestDatabase> {
    static TEMPLATE: OnceCell<TestDatabase> = OnceCell::const_new();
    let server = server().await?;
    let template = TEMPLATE
        .get_or_init(|| async {
            remove_leftovers(server).await;
            let name = unique("template");
            let connection = admin(server).await;
            connection.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
            connection.close().await.unwrap();
            fill(&beside(server, &name)).await;
            let place = Arc::new(Semaphore::new(1)).acquire_owned().await.unwrap();
            let kind = Kind::Postgres { admin: server.to_owned(), name: name.clone(), _place: place };
            TestDatabase { folder: std::env::temp_dir().join(&name), url: name, kind }
        })
        .await;
    Some(create(server, Some(&template.url)).await)
}

/// Templates outlive the process that made them, as nothing is dropped at its end; the next one removes those whose
/// process is gone.
async fn remove_leftovers(server: &str) {
    let connection = admin(server).await;
    let sql = "SELECT datname FROM pg_database WHERE datname LIKE 'concierge\\_t%'";
    let rows = connection
        .query_all_raw(sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, sql))
        .await
        .unwrap();
    for row in rows {
        let name: String = row.try_get("", "datname").unwrap();
        let process = name.split('_').nth(2).unwrap_or_default();
        if !std::path::Path::new("/proc").join(process).exists() {
            let _ =
                connection.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
    connection.close().await.unwrap();
}

async fn fill(url: &str) {
    let config = Config { database: url_only(url), ..super::app::test_config() };
    let opened = app::open(&config, Clock::manual(world::START)).await.unwrap();
    world::build(&opened).await;
    opened.db.close().await.unwrap();
}

pub fn url_only(url: &str) -> concierge::config::Database {
    let mut database = super::app::test_config().database;
    database.url = concierge::config::DatabaseUrl::new(url);
    database
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        match &self.kind {
            Kind::Sqlite => {}
            Kind::Postgres { admin, name, .. } => {
                let (server, name) = (admin.clone(), name.clone());
                let dropped = std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    runtime.block_on(async {
                        let connection = self::admin(&server).await;
                        let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                        let _ = connection.execute_unprepared(&sql).await;
                    });
                });
                let _ = dropped.join();
            }
        }
    }
}
