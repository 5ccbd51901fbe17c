//! The steps of the database schema, the same on SQLite and on PostgreSQL, up and down.
//!
//! A landed step is never edited: a change is a new step, which expands first and contracts a release later.

mod build;
mod m20261123_000001_register;
mod m20261123_000002_people;
mod m20261123_000003_accounts;
mod m20261123_000004_tickets;
mod m20261123_000005_feed;
mod m20261123_000010_import;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

/// All steps in the order in which they are applied.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_register::Migration),
            Box::new(m20261123_000002_people::Migration),
            Box::new(m20261123_000003_accounts::Migration),
            Box::new(m20261123_000004_tickets::Migration),
            Box::new(m20261123_000005_feed::Migration),
            Box::new(m20261123_000010_import::Migration),
        ]
    }
}
