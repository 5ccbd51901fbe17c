//! Private copies of tables, in which something large can be tried out beforehand while everybody else goes on: what is
//! tried takes no lock that others wait for, is seen by nobody, and is gone with its connection.
//!
//! Both databases look for a temporary table first, so that the same statements run on the copies.

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database as SeaOrm, DatabaseTransaction, DbBackend, DbErr, QueryResult,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use super::Database;

/// A table that is written to when something is tried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// With its rows, and of the indexes that refuse nothing with these: by them it is asked.
    Filled(&'static str, &'static [&'static str]),
    /// Without its rows: it is only written to.
    Empty(&'static str),
}

impl Tried {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Filled(table, _) | Self::Empty(table) => table,
        }
    }

    /// It is not only written to.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        matches!(self, Self::Filled(..))
    }

    /// Which of the table's indexes its copy has.
    fn wanted(self, mut indexes: Vec<Index>) -> Result<Vec<Index>, DbErr> {
        let lookups = match self {
            Self::Filled(_, lookups) => lookups,
            Self::Empty(_) => &[],
        };
        if let Some(lookup) =
            lookups.iter().find(|lookup| !indexes.iter().any(|index| index.name == **lookup))
        {
            return Err(DbErr::Custom(format!("{} has no index {lookup}", self.name())));
        }
        indexes.retain(|index| index.refuses || lookups.contains(&index.name.as_str()));
        Ok(indexes)
    }
}

/// An index as it stands in the database.
struct Index {
    name: String,
    /// It refuses what is there already.
    refuses: bool,
    /// The statement that makes it.
    sql: String,
}

impl Index {
    fn of(row: &QueryResult) -> Result<Self, DbErr> {
        let (name, sql): (String, String) = (row.try_get("", "name")?, row.try_get("", "sql")?);
        Ok(Self { name, refuses: sql.starts_with("CREATE UNIQUE"), sql })
    }

    /// The statement that makes it of another table, given what stands before its columns.
    fn of_copy(&self, name: &str, before: &str) -> String {
        let unique = if self.refuses { "UNIQUE" } else { "" };
        let columns = self.sql.find('(').map_or("", |place| &self.sql[place..]);
        format!("CREATE {unique} INDEX {name} ON {before} {columns}")
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
        if self.backend() == DbBackend::Postgres {
            // A copy grows from nothing: each statement is planned for it as it is by then, and it is counted roughly.
            tx.execute_unprepared("SET LOCAL plan_cache_mode = force_custom_plan").await?;
            tx.execute_unprepared("SET LOCAL default_statistics_target = 10").await?;
        }
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
    let made = "SELECT CAST(indexrelid::regclass AS text) AS name, pg_get_indexdef(indexrelid) AS sql \
                FROM pg_index WHERE indrelid = CAST($1 AS text)::regclass";
    let indexes = tried.wanted(indexes(tx, made, table).await?)?;
    let copy = format!("CREATE TEMPORARY TABLE {table}_tried (LIKE {table} INCLUDING ALL EXCLUDING INDEXES)");
    tx.execute_unprepared(&copy).await?;
    if let Tried::Filled(..) = tried {
        tx.execute_unprepared(&format!("INSERT INTO {table}_tried SELECT * FROM {table}")).await?;
    }
    for index in indexes {
        tx.execute_unprepared(&index.of_copy("", &format!("{table}_tried"))).await?;
    }
    tx.execute_unprepared(&format!("ALTER TABLE {table}_tried RENAME TO {table}")).await?;
    tx.execute_unprepared(&format!("ANALYZE {table}")).await.map(|_| ())
}

/// Made by the statements that made the table and its indexes. Triggers stay behind.
async fn copy_sqlite(tx: &DatabaseTransaction, tried: Tried) -> Result<(), DbErr> {
    let table = tried.name();
    let made = "SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name = ?";
    let made = Statement::from_sql_and_values(DbBackend::Sqlite, made, [table.into()]);
    for row in tx.query_all_raw(made).await? {
        let sql: String = row.try_get("", "sql")?;
        let columns = sql.find('(').map_or("", |place| &sql[place..]);
        tx.execute_unprepared(&format!("CREATE TEMPORARY TABLE \"{table}\" {columns}")).await?;
    }
    if let Tried::Filled(..) = tried {
        let fill = format!("INSERT INTO temp.\"{table}\" SELECT * FROM main.\"{table}\"");
        tx.execute_unprepared(&fill).await?;
    }
    let made =
        "SELECT name, sql FROM main.sqlite_master WHERE tbl_name = ? AND type = 'index' AND sql IS NOT NULL";
    for index in tried.wanted(indexes(tx, made, table).await?)? {
        let name = format!("temp.\"{}\"", index.name);
        tx.execute_unprepared(&index.of_copy(&name, &format!("\"{table}\""))).await?;
    }
    Ok(())
}

async fn indexes(tx: &DatabaseTransaction, sql: &str, table: &str) -> Result<Vec<Index>, DbErr> {
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, [table.into()]);
    tx.query_all_raw(statement).await?.iter().map(Index::of).collect()
}
