//! On SQLite what a search finds of tickets is counted by indexes alone: who sees a ticket at large stands in one, which
//! is gone into by the ticket's row number in the search index. PostgreSQL reads the whole table faster than such an index.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::build::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        match manager.get_database_backend() {
            DatabaseBackend::Postgres => Ok(()),
            _ => run(manager, SQLITE).await,
        }
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        match manager.get_database_backend() {
            DatabaseBackend::Postgres => Ok(()),
            _ => run(manager, SQLITE_DOWN).await,
        }
    }
}

/// Kept by triggers, so that what a gateway of the release before writes is found too; a ticket's row may come before or
/// after that of its words.
const SQLITE: &[&str] = &[
    "ALTER TABLE ticket ADD COLUMN search_no INTEGER",
    "UPDATE ticket SET search_no = (SELECT no FROM search_text WHERE subject_id = ticket.id)",
    "CREATE INDEX ticket_found ON ticket (search_no, id, community_id, building_id, owner_id, about_staff_id, \
     about_team_id, about_unit_id)",
    "CREATE TRIGGER ticket_found_after_its_words AFTER INSERT ON ticket BEGIN \
     UPDATE ticket SET search_no = (SELECT no FROM search_text WHERE subject_id = new.id) WHERE id = new.id; END",
    "CREATE TRIGGER ticket_found_before_its_words AFTER INSERT ON search_text BEGIN \
     UPDATE ticket SET search_no = new.no WHERE id = new.subject_id; END",
];

const SQLITE_DOWN: &[&str] = &[
    "DROP TRIGGER ticket_found_before_its_words",
    "DROP TRIGGER ticket_found_after_its_words",
    "DROP INDEX ticket_found",
    "ALTER TABLE ticket DROP COLUMN search_no",
];
