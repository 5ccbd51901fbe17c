//! Attachments: the photos and documents that hang on a ticket's lines. What they hold is kept outside the database.

use sea_orm_migration::prelude::*;

use crate::build::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(attachment()).await?;
        run(manager, INDEXES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["attachment"]).await
    }
}

fn attachment() -> TableCreateStatement {
    let columns = [
        id(),
        maybe("community_id"),
        one("uploaded_by_id"),
        text("kind"),
        text("status"),
        text("media_type"),
        text_null("file_name"),
        int("bytes"),
        int_null("width"),
        int_null("height"),
        text_null("sha256"),
        maybe("ticket_id"),
        maybe("ticket_event_id"),
        text_null("visibility"),
        int("place"),
        at("created_at"),
        at_null("attached_at"),
        at_null("redacted_at"),
        at_null("removed_at"),
    ];
    table(
        "attachment",
        columns,
        &[
            ("community_id", "community"),
            ("uploaded_by_id", "account"),
            ("ticket_id", "ticket"),
            ("ticket_event_id", "ticket_event"),
        ],
    )
}

const INDEXES: &[&str] = &[
    "CREATE INDEX attachment_by_ticket ON attachment (ticket_id, attached_at, place)",
    "CREATE INDEX attachment_by_line ON attachment (ticket_event_id, place)",
    "CREATE INDEX attachment_by_uploader ON attachment (uploaded_by_id, status)",
    "CREATE INDEX attachment_pending ON attachment (created_at) WHERE status = 'PENDING'",
    "CREATE INDEX attachment_to_remove ON attachment (redacted_at) WHERE status = 'REDACTED' AND removed_at IS NULL",
];
