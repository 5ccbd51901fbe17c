//! What the database knows of how many rows a table has and how they are spread, by which it plans.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr};

use super::rehearsal::Tried;

/// Counts these tables anew, as the transaction sees them, and drops the plans that were made for them as they were.
///
/// PostgreSQL keeps the plan of a statement that comes again and again: one made for an empty table reads all of it each
/// time, however large it has become. It counts by itself only what has been committed, and a private copy never.
/// SQLite plans without counting.
///
/// # Errors
/// When the database fails.
pub async fn count_anew(tx: &DatabaseTransaction, tables: impl Iterator<Item = &Tried>) -> Result<(), DbErr> {
    if tx.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let tables = tables.map(|table| table.name()).collect::<Vec<_>>().join(", ");
    tx.execute_unprepared(&format!("ANALYZE {tables}")).await.map(|_| ())
}
