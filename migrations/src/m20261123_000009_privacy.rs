//! Personal data: the mark of what was erased, the ledger of erasures, and what people ask to be done with their data.

use sea_orm_migration::prelude::*;

use crate::build::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The tables whose lines are kept when their words are erased.
const MARKED: [&str; 4] = ["occupant", "staff", "ticket", "ticket_event"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for marked in MARKED {
            manager.alter_table(Table::alter().table(marked).add_column(at_null("erased_at")).take()).await?;
        }
        manager.create_table(erasure()).await?;
        manager.create_table(request()).await?;
        run(manager, INDEXES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, INDEXES_OF_OTHERS).await?;
        drop_all(manager, &["privacy_request", "erasure"]).await?;
        for marked in MARKED {
            manager.alter_table(Table::alter().table(marked).drop_column("erased_at").take()).await?;
        }
        Ok(())
    }
}

/// No reference to the people: a database that was restored may not have them yet, or any more.
fn erasure() -> TableCreateStatement {
    table("erasure", [id(), text("kind"), one("subject_id"), text("reason"), at("at")], &[])
}

fn request() -> TableCreateStatement {
    table(
        "privacy_request",
        [
            id(),
            one("account_id"),
            one("occupant_id"),
            text("kind"),
            text("state"),
            text_null("reason"),
            maybe("decided_by_id"),
            at_null("decided_at"),
            at("created_at"),
            at("updated_at"),
            version(),
        ],
        &[("account_id", "account"), ("occupant_id", "occupant"), ("decided_by_id", "staff")],
    )
}

const INDEXES: &[&str] = &[
    "CREATE UNIQUE INDEX erasure_once ON erasure (kind, subject_id)",
    "CREATE INDEX privacy_request_by_created ON privacy_request (created_at, id)",
    "CREATE INDEX privacy_request_by_occupant ON privacy_request (occupant_id, created_at, id)",
    "CREATE UNIQUE INDEX privacy_request_open ON privacy_request (occupant_id, kind) WHERE state = 'REQUESTED'",
    "CREATE INDEX ticket_event_by_occupant ON ticket_event (occupant_id) WHERE occupant_id IS NOT NULL",
    "CREATE INDEX idempotency_by_result ON idempotency (result_id)",
    "CREATE INDEX idempotency_by_created ON idempotency (created_at)",
    "CREATE INDEX session_by_expiry ON session (expires_at)",
];

const INDEXES_OF_OTHERS: &[&str] = &[
    "DROP INDEX ticket_event_by_occupant",
    "DROP INDEX idempotency_by_result",
    "DROP INDEX idempotency_by_created",
    "DROP INDEX session_by_expiry",
];
