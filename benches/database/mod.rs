//! Empty databases to measure on, gone afterwards.
// Each bench uses its own part of it.
#![allow(dead_code)]

use std::path::{Path, PathBuf};

use concierge::config::{Config, DatabaseUrl, Rate, Secret};
use sea_orm::ConnectionTrait;

/// A folder of its own, for files and for SQLite's database.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Makes it beside what is built, named after the bench.
    pub(crate) fn of(bench: &str) -> Self {
        let name = format!("bench-{bench}-{}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn sqlite(&self) -> String {
        format!("sqlite://{}/concierge.db", self.0.display())
    }

    /// Settings of a gateway on this database, with its files here. How often somebody may ask is another matter.
    pub(crate) fn config(&self, url: &str) -> Config {
        let mut config = Config { data_dir: self.0.clone(), rate: Rate::off(), ..Config::default() };
        config.auth.secret = Some(Secret::new("a secret of measurements that is long enough"));
        config.database.url = DatabaseUrl::new(url);
        config
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Works on a PostgreSQL database at `TEST_DATABASE_URL` or the usual place; says so when none answers there.
pub(crate) async fn on_postgres(bench: &str, work: impl AsyncFnOnce(&str)) {
    let server = std::env::var("TEST_DATABASE_URL")
        .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned());
    let Ok(admin) = sea_orm::Database::connect(&server).await else {
        return println!("no PostgreSQL at {server}");
    };
    let name = format!("concierge_bench_{bench}_{}", std::process::id());
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    let (front, _) = server.rsplit_once('/').unwrap();
    work(&format!("{front}/{name}")).await;
    admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
}
