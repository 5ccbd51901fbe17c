//! The register and the tickets in from files and out to them, by the command line.

mod broken;
mod foreign;
mod register;
mod round_trip;
mod texts;
mod tickets;

use std::path::PathBuf;

use sea_orm::{ConnectionTrait, Database, Statement};

use crate::cli::process::{Home, Ran};
use crate::cli::{SECRET, empty_databases};
use crate::support::contents::{Contents, contents};
use crate::support::database::TestDatabase;

/// All that the database holds, but for the audit trail, which tells of every run.
pub async fn untold(office: &Office) -> Contents {
    let mut contents = contents(&office.database.url).await;
    contents.remove("audit");
    contents
}

/// A folder to run in with a database of its own.
pub struct Office {
    pub home: Home,
    pub database: TestDatabase,
}

impl Office {
    /// One on each database that there is.
    pub async fn all() -> Vec<Self> {
        let offices = empty_databases().await.into_iter().map(|database| {
            let home =
                Home::new().with("DATABASE_URL", &*database.url).with("CONCIERGE_AUTH__SECRET", SECRET);
            Self { home, database }
        });
        offices.collect()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.folder.join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).unwrap();
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// Runs a line of words in English; files are written `like.csv`.
    pub fn run(&self, line: &str) -> Ran {
        let mut words = line.split(' ').collect::<Vec<_>>();
        words.extend(["--lang", "en"]);
        self.home.run(&words)
    }

    /// What it says when it succeeds.
    pub fn done(&self, line: &str) -> String {
        let ran = self.run(line);
        assert_eq!(ran.code, 0, "{line}: {}", ran.err);
        ran.out
    }

    /// What it says when it refuses, without the first word.
    pub fn refused(&self, line: &str) -> String {
        let ran = self.run(line);
        assert_eq!(ran.code, 1, "{line}: {} {}", ran.out, ran.err);
        ran.err.split_once("error: ").unwrap().1.trim_end().to_owned()
    }

    /// The register as it is written, without the columns `cut`.
    pub fn exported(&self, what: &str) -> String {
        self.done(&format!("export {what} --out exported.csv"));
        String::from_utf8(self.read("exported.csv"))
            .unwrap()
            .trim_start_matches('\u{feff}')
            .replace("\r\n", "\n")
    }

    pub async fn count(&self, table: &str) -> i64 {
        let connection = Database::connect(&self.database.url).await.unwrap();
        let sql = format!("SELECT COUNT(*) AS count FROM {table}");
        let row =
            connection.query_one_raw(Statement::from_string(connection.get_database_backend(), sql)).await;
        let count = row.unwrap().unwrap().try_get("", "count").unwrap();
        connection.close().await.unwrap();
        count
    }
}
