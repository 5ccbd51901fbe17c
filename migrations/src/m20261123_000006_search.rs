//! What is searched: a row for each ticket, unit and occupant, found by FTS5 or by GIN.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DatabaseBackend, QueryResult, Statement, Value, prelude::Uuid};

use crate::build::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // On PostgreSQL the index is made when the rows are there, which is faster.
        let (before, after) = match manager.get_database_backend() {
            DatabaseBackend::Postgres => (POSTGRES, POSTGRES_INDEX),
            _ => (SQLITE, NONE),
        };
        run(manager, before).await?;
        fill(manager, "ticket", "number, description, place, contact_name", ticket).await?;
        fill(manager, "unit", "number", unit).await?;
        fill(manager, "occupant", "name", occupant).await?;
        run(manager, after).await?;
        run(manager, INDEXES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["DROP INDEX ticket_by_contact_phone"]).await?;
        if manager.get_database_backend() != DatabaseBackend::Postgres {
            run(manager, &["DROP TABLE search_fts"]).await?;
        }
        drop_all(manager, &["search_text"]).await
    }
}

const NONE: &[&str] = &[];

/// `no` is the row's number in the index: SQLite's own row numbers may change when a file is compacted.
const SQLITE: &[&str] = &[
    "CREATE TABLE search_text (no INTEGER PRIMARY KEY, subject_id uuid_text NOT NULL UNIQUE, grams text NOT NULL)",
    "CREATE VIRTUAL TABLE search_fts USING fts5 (grams, content='search_text', content_rowid='no', \
     tokenize='ascii', columnsize=0)",
    "CREATE TRIGGER search_text_made AFTER INSERT ON search_text BEGIN \
     INSERT INTO search_fts (rowid, grams) VALUES (new.no, new.grams); END",
    "CREATE TRIGGER search_text_changed AFTER UPDATE ON search_text BEGIN \
     INSERT INTO search_fts (search_fts, rowid, grams) VALUES ('delete', old.no, old.grams); \
     INSERT INTO search_fts (rowid, grams) VALUES (new.no, new.grams); END",
    "CREATE TRIGGER search_text_removed AFTER DELETE ON search_text BEGIN \
     INSERT INTO search_fts (search_fts, rowid, grams) VALUES ('delete', old.no, old.grams); END",
];

const POSTGRES: &[&str] =
    &["CREATE TABLE search_text (subject_id uuid PRIMARY KEY, grams tsvector NOT NULL)"];

/// Without a list of what is still to be sorted in: each search would read through it.
const POSTGRES_INDEX: &[&str] =
    &["CREATE INDEX search_text_grams ON search_text USING gin (grams) WITH (fastupdate = off)"];

const INDEXES: &[&str] =
    &["CREATE INDEX ticket_by_contact_phone ON ticket (contact_phone) WHERE contact_phone IS NOT NULL"];

/// So many rows are filled in at a time.
const AT_ONCE: usize = 500;

type Texts = fn(&QueryResult) -> Result<String, DbErr>;

fn ticket(row: &QueryResult) -> Result<String, DbErr> {
    let number: String = row.try_get("", "number")?;
    let description: String = row.try_get("", "description")?;
    let place: Option<String> = row.try_get("", "place")?;
    let contact_name: Option<String> = row.try_get("", "contact_name")?;
    Ok(grams::of_ticket(&number, &description, place.as_deref(), contact_name.as_deref()))
}

fn unit(row: &QueryResult) -> Result<String, DbErr> {
    Ok(grams::of_unit(&row.try_get::<String>("", "number")?))
}

fn occupant(row: &QueryResult) -> Result<String, DbErr> {
    Ok(grams::of_occupant(&row.try_get::<String>("", "name")?))
}

/// Makes the rows of what the table has already.
async fn fill(manager: &SchemaManager<'_>, table: &str, columns: &str, texts: Texts) -> Result<(), DbErr> {
    let (db, backend) = (manager.get_connection(), manager.get_database_backend());
    let (place, text) = match backend {
        DatabaseBackend::Postgres => ("$1", "to_tsvector('simple', $2)"),
        _ => ("?", "?"),
    };
    let next = format!("SELECT id, {columns} FROM {table} WHERE id > {place} ORDER BY id LIMIT {AT_ONCE}");
    let make = format!("INSERT INTO search_text (subject_id, grams) VALUES ({place}, {text})");
    let mut after = Uuid::nil();
    loop {
        let rows =
            db.query_all_raw(Statement::from_sql_and_values(backend, &next, [Value::from(after)])).await?;
        for row in &rows {
            after = row.try_get("", "id")?;
            let values = [Value::from(after), texts(row)?.into()];
            db.execute_raw(Statement::from_sql_and_values(backend, &make, values)).await?;
        }
        if rows.len() < AT_ONCE {
            return Ok(());
        }
    }
}
