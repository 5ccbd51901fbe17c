//! The steps of the database schema, the same on SQLite and on PostgreSQL, up and down.
//!
//! A landed step is never edited: a change is a new step, which expands first and contracts a release later.

mod build;
mod m20261123_000001_register;
mod m20261123_000002_people;
mod m20261123_000003_accounts;
mod m20261123_000004_tickets;
mod m20261123_000005_feed;
mod m20261123_000006_search;
mod m20261123_000007_attachments;
mod m20261123_000008_audit;
mod m20261123_000009_privacy;
mod m20261123_000010_import;
mod m20261123_000012_register_more;
mod m20261123_000013_release;
mod m20261123_000014_inspections;
mod m20261125_000015_archives;
mod m20261125_000016_exchange_tasks;
mod m20261125_000017_inspection_files;
mod m20261125_000018_warnings;
mod m20261126_000019_found_tickets;
mod m20261126_000020_search_in_batches;
mod m20261126_000021_sight_in_searches;
mod m20261127_000022_own_tickets;
mod m20261127_000023_open_tickets;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseConnection;

/// The release whose schema these steps make. It is raised with the first step of a release that adds any. As steps only
/// expand what the release before reads and writes, a program serves a database of its own release and of the next.
pub const RELEASE: i32 = 1;

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
            Box::new(m20261123_000006_search::Migration),
            Box::new(m20261123_000007_attachments::Migration),
            Box::new(m20261123_000008_audit::Migration),
            Box::new(m20261123_000009_privacy::Migration),
            Box::new(m20261123_000010_import::Migration),
            Box::new(m20261123_000012_register_more::Migration),
            Box::new(m20261123_000013_release::Migration),
            Box::new(m20261123_000014_inspections::Migration),
            Box::new(m20261125_000015_archives::Migration),
            Box::new(m20261125_000016_exchange_tasks::Migration),
            Box::new(m20261125_000017_inspection_files::Migration),
            Box::new(m20261125_000018_warnings::Migration),
            Box::new(m20261126_000019_found_tickets::Migration),
            Box::new(m20261126_000020_search_in_batches::Migration),
            Box::new(m20261126_000021_sight_in_searches::Migration),
            Box::new(m20261127_000022_own_tickets::Migration),
            Box::new(m20261127_000023_open_tickets::Migration),
        ]
    }
}

/// The steps that were applied to a database, those of later programs among them. Only reads: the migrator's own look
/// makes the table that it looks into.
///
/// # Errors
/// When the database fails.
pub async fn applied(db: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    if !SchemaManager::new(db).has_table("seaql_migrations").await? {
        return Ok(Vec::new());
    }
    Ok(Migrator::get_migration_models(db).await?.into_iter().map(|row| row.version).collect())
}
