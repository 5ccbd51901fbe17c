//! The feed: one row for every change, written in the transaction that made it; and the epoch of this database.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::build::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(event()).await?;
        manager.create_table(table("feed_epoch", [id(), at("created_at")], &[])).await?;
        run(manager, INDEXES).await?;
        // A writer draws its number after it has locked the row the event is about, so that for one row the
        // numbers stand in the order of the commits; a gap left by a roll-back harms nobody.
        match manager.get_database_backend() {
            DatabaseBackend::Postgres => {
                run(manager, &["CREATE SEQUENCE event_insert_no OWNED BY event.insert_no"]).await
            }
            _ => Ok(()),
        }
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["feed_epoch", "event"]).await
    }
}

fn event() -> TableCreateStatement {
    table(
        "event",
        [
            id(),
            ColumnDef::new("insert_no").big_integer().not_null().take(),
            big_null("seq"),
            int("schema_version"),
            text("topic"),
            maybe("community_id"),
            maybe("ticket_id"),
            maybe("staff_id"),
            maybe("occupant_id"),
            maybe("account_id"),
            text_null("act"),
            int_null("version"),
            int_null("revision"),
            json_null("before"),
            json_null("after"),
            at("created_at"),
        ],
        &[
            ("community_id", "community"),
            ("ticket_id", "ticket"),
            ("staff_id", "staff"),
            ("occupant_id", "occupant"),
            ("account_id", "account"),
        ],
    )
}

const INDEXES: &[&str] = &[
    "CREATE UNIQUE INDEX event_seq ON event (seq) WHERE seq IS NOT NULL",
    "CREATE INDEX event_to_number ON event (insert_no) WHERE seq IS NULL",
    "CREATE UNIQUE INDEX event_insert_no_once ON event (insert_no)",
    "CREATE INDEX event_by_created ON event (created_at)",
    "CREATE INDEX event_by_ticket ON event (ticket_id, seq)",
];
