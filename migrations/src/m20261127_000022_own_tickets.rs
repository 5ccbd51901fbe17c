//! Somebody's own tickets and their communities, and those that a team has had work orders for, stand in indexes: a crew has
//! many thousands, and all of them are gone through before a search of theirs. On SQLite a search goes from what is found to
//! its ticket, whatever else narrows the list, and most often that is the status.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::build::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        match manager.get_database_backend() {
            DatabaseBackend::Postgres => Ok(()),
            _ => run(manager, SQLITE).await,
        }
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DatabaseBackend::Postgres {
            run(manager, SQLITE_DOWN).await?;
        }
        run(manager, DOWN).await
    }
}

const UP: &[&str] = &[
    "DROP INDEX ticket_by_filer",
    "CREATE INDEX ticket_by_filer ON ticket (filed_by_id, id, community_id) WHERE kind = 'REPAIR'",
    "CREATE INDEX work_order_seen_by_team ON work_order (team_id, status, ticket_id, community_id)",
    "CREATE INDEX work_order_seen_by_worker ON work_order (worker_id, status, ticket_id, community_id)",
];

const DOWN: &[&str] = &[
    "DROP INDEX work_order_seen_by_worker",
    "DROP INDEX work_order_seen_by_team",
    "DROP INDEX ticket_by_filer",
    "CREATE INDEX ticket_by_filer ON ticket (filed_by_id) WHERE kind = 'REPAIR'",
];

/// SQLite is told that a row of the search index has one ticket. It counts nothing by itself, and without a figure takes
/// any index for better of which a list gives more columns: it then read all tickets of a community and status anew for
/// each that was found. The first figure, of rows, is the one it takes for every table.
const SQLITE: &[&str] = &[
    "DROP INDEX ticket_found",
    "CREATE INDEX ticket_found ON ticket (search_no, id, community_id, building_id, owner_id, filed_by_id, kind, status, \
     about_staff_id, about_team_id, about_unit_id)",
    "ANALYZE sqlite_schema",
    "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('ticket', 'ticket_found', '1048576 1 1 1 1 1 1 1 1 1 1 1')",
    "ANALYZE sqlite_schema",
];

/// `ANALYZE` made both tables for figures.
const SQLITE_DOWN: &[&str] = &[
    "DROP INDEX ticket_found",
    "CREATE INDEX ticket_found ON ticket (search_no, id, community_id, building_id, owner_id, about_staff_id, \
     about_team_id, about_unit_id)",
    "DROP TABLE sqlite_stat1",
    "DROP TABLE IF EXISTS sqlite_stat4",
];
