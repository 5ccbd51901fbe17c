//! The program itself, run as people and service managers run it.

mod account;
mod backup;
mod migrate;
mod privacy;
pub mod process;
mod secrets;
mod serve;
mod talk;

use crate::support::database::{self, TestDatabase};

/// The databases that there are, each without anything in it.
pub async fn empty_databases() -> Vec<TestDatabase> {
    let mut databases = vec![database::empty_sqlite().await];
    databases.extend(database::empty_postgres().await);
    databases
}

/// What PostgreSQL needs to be told, and SQLite may be.
pub const SECRET: &str = "0123456789-0123456789-0123456789";
