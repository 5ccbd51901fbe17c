//! On PostgreSQL the index of what is searched takes new rows a few dozen at a time: a row's grams wait in a list that
//! every search looks through too, and go into the index together once they fill 64 KiB. Each by itself they were a
//! large part of what an import did.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::build::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        match manager.get_database_backend() {
            DatabaseBackend::Postgres => run(manager, POSTGRES).await,
            _ => Ok(()),
        }
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        match manager.get_database_backend() {
            DatabaseBackend::Postgres => run(manager, POSTGRES_DOWN).await,
            _ => Ok(()),
        }
    }
}

const POSTGRES: &[&str] =
    &["ALTER INDEX search_text_grams SET (fastupdate = on, gin_pending_list_limit = 64)"];

/// What waits in the list stays there until the table is vacuumed, and is found all the while.
const POSTGRES_DOWN: &[&str] = &[
    "ALTER INDEX search_text_grams SET (fastupdate = off)",
    "ALTER INDEX search_text_grams RESET (gin_pending_list_limit)",
];
