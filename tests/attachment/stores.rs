//! Several gateways of a database keep their files in one store, or do not start.

use std::time::Duration;

use concierge::app::{self, AppError, Running};
use concierge::base::Clock;
use concierge::config::Config;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::support::App;
use crate::support::world::START;

async fn begin(config: &Config) -> Result<Running, AppError> {
    let opened = Box::pin(app::open(config, Clock::manual(START))).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    Box::pin(app::start(config, opened, listener)).await
}

/// The same database, with files in a folder beside.
fn elsewhere(app: &App) -> Config {
    let mut config = app.config().clone();
    config.data_dir = app.folder().join("elsewhere");
    std::fs::create_dir_all(&config.data_dir).unwrap();
    config
}

/// The claims on stores of this database.
const CLAIMS: &str = "FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted AND database = \
                      (SELECT oid FROM pg_database WHERE datname = current_database())";

const PATIENCE: Duration = Duration::from_secs(60);

/// The connections that hold them.
async fn holders(app: &App) -> Vec<i32> {
    let sql = Statement::from_string(DbBackend::Postgres, format!("SELECT pid {CLAIMS}"));
    let outside = app.outside().await;
    let rows = outside.query_all_raw(sql).await.unwrap();
    outside.close().await.unwrap();
    rows.iter().map(|row| row.try_get("", "pid").unwrap()).collect()
}

fn refusal(begun: Result<Running, AppError>) -> String {
    begun.map(|running| running.address).unwrap_err().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_gateway_with_another_folder_does_not_start() {
    let Some(app) = App::on_postgres().await else { return };
    let other = elsewhere(&app);
    let said = refusal(begin(&other).await);
    assert!(
        said.contains("another gateway serves this database and keeps its files in another store"),
        "{said}"
    );
    assert!(said.contains("set files.url to the same S3 bucket for all"), "{said}");
    assert!(said.contains("elsewhere"), "{said}");
    // With the same folder it does, by whatever name.
    let (second, _) = app.second().await;
    second.stop().await;

    // The other way round, and as soon as the first one has gone.
    let config = app.config().clone();
    app.running.stop().await;
    let running = begin(&other).await.unwrap();
    assert!(refusal(begin(&config).await).contains("another store"));
    running.stop().await;
    begin(&config).await.unwrap().stop().await;
    let _ = std::fs::remove_dir_all(&config.data_dir);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_is_known_under_another_name_and_a_lost_connection_claims_nothing() {
    let Some(app) = App::on_postgres().await else { return };
    let mut alias = elsewhere(&app);
    std::os::unix::fs::symlink(app.config().files_folder(), alias.files_folder()).unwrap();
    begin(&alias).await.unwrap().stop().await;

    // A gateway that was killed leaves a connection that ends, and with it the claim.
    alias.data_dir = app.folder().join("third");
    std::fs::create_dir_all(&alias.data_dir).unwrap();
    assert!(refusal(begin(&alias).await).contains("another store"));
    app.execute(&format!("SELECT pg_terminate_backend(pid, 10000) {CLAIMS}")).await;
    begin(&alias).await.unwrap().stop().await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_outage_has_ended_is_claimed_again() {
    let often = |config: &mut Config| config.jobs.every = Duration::from_millis(20);
    let Some(app) = App::on_postgres_with(often).await else { return };
    let other = elsewhere(&app);
    let first = holders(&app).await;
    assert_eq!(first.len(), 1);
    app.execute(&format!("SELECT pg_terminate_backend(pid, 10000) {CLAIMS}")).await;
    let again = async {
        loop {
            let now = holders(&app).await;
            if !now.is_empty() && now != first {
                return now;
            }
        }
    };
    let again = timeout(PATIENCE, again).await.expect("it is not claimed again");
    assert_eq!(again.len(), 1);
    assert!(refusal(begin(&other).await).contains("another store"));
    app.stop().await;
}
