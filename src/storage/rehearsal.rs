//! Private copies of tables, in which something large can be tried out beforehand while everybody else goes on: what is
//! tried takes no lock that others wait for, is seen by nobody, and is gone with its connection.
//!
//! Both databases look for a temporary table first, so that the same statements run on the copies.

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database as SeaOrm, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use super::Database;

/// A table that is written to when something is tried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// With the rows that it has.
    Filled(&'static str),
    /// Without them, and without what finds them: it is only written to.
    Empty(&'static str),
}

impl Tried {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Filled(table) | Self::Empty(table) => table,
        }
    }
}

impl Database {
    /// Begins a transaction on a connection of its own in which these tables are private copies. Every table that is
    /// written to must be among them; it must never be committed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rehearse(&self, tables: &[Tried]) -> Result<DatabaseTransaction, DbErr> {
        let connection = SeaOrm::connect(options(self)).await?;
        // Deferred: nothing but copies is written to, so that SQLite's one writer is not kept from writing.
        let mode = (self.backend() == DbBackend::Sqlite).then_some(SqliteTransactionMode::Deferred);
        let begun = TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() };
        let tx = connection.begin_with_options(begun).await?;
        for table in tables {
            match self.backend() {
                DbBackend::Postgres => copy_postgres(&tx, *table).await?,
                _ => copy_sqlite(&tx, *table).await?,
            }
        }
        Ok(tx)
    }
}

/// A connection that nobody has used: what was prepared on another would still mean the tables themselves.
fn options(db: &Database) -> ConnectOptions {
    let mut options = ConnectOptions::new(db.url());
    options.max_connections(1).sqlx_logging(false);
    // The file itself is opened for reading alone. A copy refers to no other table, so that no reference is checked.
    options.map_sqlx_sqlite_opts(|sqlite| sqlite.read_only(true).foreign_keys(false));
    options.set_application_name("concierge rehearsal");
    options
}

/// Made under another name and renamed, since from then on its name means the copy.
async fn copy_postgres(tx: &DatabaseTransaction, tried: Tried) -> Result<(), DbErr> {
    let table = tried.name();
    let make = format!("CREATE TEMPORARY TABLE {table}_tried (LIKE {table} INCLUDING ALL)");
    tx.execute_unprepared(&make).await?;
    match tried {
        Tried::Filled(_) => {
            tx.execute_unprepared(&format!("INSERT INTO {table}_tried SELECT * FROM {table}")).await?;
        }
        Tried::Empty(_) => drop_lookups(tx, &format!("{table}_tried")).await?,
    }
    tx.execute_unprepared(&format!("ALTER TABLE {table}_tried RENAME TO {table}")).await?;
    tx.execute_unprepared(&format!("ANALYZE {table}")).await.map(|_| ())
}

/// Drops the indexes that refuse nothing.
async fn drop_lookups(tx: &DatabaseTransaction, table: &str) -> Result<(), DbErr> {
    let lookups = format!(
        "SELECT CAST(indexrelid::regclass AS text) AS name FROM pg_index \
         WHERE indrelid = '{table}'::regclass AND NOT indisunique"
    );
    for row in tx.query_all_raw(Statement::from_string(DbBackend::Postgres, lookups)).await? {
        let name: String = row.try_get("", "name")?;
        tx.execute_unprepared(&format!("DROP INDEX {name}")).await?;
    }
    Ok(())
}

/// Made by the statements that made the table and its indexes. Triggers stay behind.
async fn copy_sqlite(tx: &DatabaseTransaction, tried: Tried) -> Result<(), DbErr> {
    let table = tried.name();
    let made = "SELECT type, name, sql FROM main.sqlite_master \
                WHERE tbl_name = ? AND type IN ('table', 'index') AND sql IS NOT NULL ORDER BY type DESC";
    let made = Statement::from_sql_and_values(DbBackend::Sqlite, made, [table.into()]);
    for row in tx.query_all_raw(made).await? {
        let (sort, name, sql): (String, String, String) =
            (row.try_get("", "type")?, row.try_get("", "name")?, row.try_get("", "sql")?);
        if sort == "table" {
            let columns = sql.find('(').map_or("", |place| &sql[place..]);
            tx.execute_unprepared(&format!("CREATE TEMPORARY TABLE \"{table}\" {columns}")).await?;
            if let Tried::Filled(_) = tried {
                tx.execute_unprepared(&format!(
                    "INSERT INTO temp.\"{table}\" SELECT * FROM main.\"{table}\""
                ))
                .await?;
            }
            continue;
        }
        let refuses = sql.starts_with("CREATE UNIQUE");
        if matches!(tried, Tried::Empty(_)) && !refuses {
            continue;
        }
        let unique = if refuses { "UNIQUE" } else { "" };
        let on = sql.split_once(" ON ").map_or("", |(_, on)| on);
        tx.execute_unprepared(&format!("CREATE {unique} INDEX temp.\"{name}\" ON {on}")).await?;
    }
    Ok(())
}
