//! What the steps are written with: columns by meaning, tables with their references, indexes as SQL that both
//! databases read alike.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{uuid as uuid_column, uuid_null};

/// The primary key of nearly every table: a UUIDv7.
pub(crate) fn id() -> ColumnDef {
    uuid_column("id").primary_key().take()
}

/// A reference that must be there.
pub(crate) fn one(name: &'static str) -> ColumnDef {
    uuid_column(name)
}

/// A reference that may be absent.
pub(crate) fn maybe(name: &'static str) -> ColumnDef {
    uuid_null(name)
}

pub(crate) fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().take()
}

pub(crate) fn text_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().null().take()
}

/// A moment, UTC, microseconds.
pub(crate) fn at(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).timestamp_with_time_zone().not_null().take()
}

pub(crate) fn at_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).timestamp_with_time_zone().null().take()
}

/// A calendar day in the community's time zone.
pub(crate) fn day(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).date().not_null().take()
}

pub(crate) fn day_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).date().null().take()
}

pub(crate) fn int(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).integer().not_null().take()
}

pub(crate) fn int_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).integer().null().take()
}

pub(crate) fn big_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().null().take()
}

pub(crate) fn flag(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).boolean().not_null().take()
}

pub(crate) fn json(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).json_binary().not_null().take()
}

pub(crate) fn json_null(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).json_binary().null().take()
}

/// The number that compare-and-set compares; it begins at 1.
pub(crate) fn version() -> ColumnDef {
    ColumnDef::new("version").integer().not_null().default(1).take()
}

/// A table with its columns and the references `(column, table)`.
pub(crate) fn table(
    name: &'static str,
    columns: impl IntoIterator<Item = ColumnDef>,
    references: &[(&'static str, &'static str)],
) -> TableCreateStatement {
    let mut statement = Table::create().table(name).take();
    for mut column in columns {
        statement.col(&mut column);
    }
    for (column, target) in references {
        statement.foreign_key(ForeignKey::create().from(name, *column).to(*target, "id"));
    }
    statement
}

/// Runs each SQL text in turn.
pub(crate) async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    for sql in statements {
        manager.get_connection().execute_unprepared(sql).await?;
    }
    Ok(())
}

/// Drops tables in the order given: what refers to others goes first.
pub(crate) async fn drop_all(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables {
        manager.drop_table(Table::drop().table(*table).take()).await?;
    }
    Ok(())
}
