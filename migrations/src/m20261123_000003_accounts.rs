//! Sign-in: accounts, their sessions, and the keys by which a repeated request is known.

use sea_orm_migration::prelude::*;

use crate::build::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            manager.create_table(table).await?;
        }
        run(manager, INDEXES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["idempotency", "session", "account"]).await
    }
}

fn tables() -> Vec<TableCreateStatement> {
    vec![
        table(
            "account",
            [
                id(),
                text_null("login"),
                text_null("password_hash"),
                text_null("issuer"),
                text_null("subject"),
                maybe("staff_id"),
                maybe("occupant_id"),
                text_null("activation_hash"),
                at_null("activation_expires_at"),
                text("locale"),
                at("created_at"),
                at("updated_at"),
                at_null("closed_at"),
                version(),
            ],
            &[("staff_id", "staff"), ("occupant_id", "occupant")],
        ),
        table(
            "session",
            [
                id(),
                one("account_id"),
                int("generation"),
                text_null("client"),
                at("created_at"),
                at("used_at"),
                at("expires_at"),
                at_null("ended_at"),
                text_null("end_reason"),
            ],
            &[("account_id", "account")],
        ),
        table(
            "idempotency",
            [
                id(),
                one("account_id"),
                text("operation"),
                text("key"),
                text("input_hash"),
                one("result_id"),
                at("created_at"),
            ],
            &[("account_id", "account")],
        ),
    ]
}

const INDEXES: &[&str] = &[
    "CREATE UNIQUE INDEX account_login ON account (login) WHERE login IS NOT NULL",
    "CREATE UNIQUE INDEX account_subject ON account (issuer, subject) WHERE subject IS NOT NULL",
    "CREATE UNIQUE INDEX account_staff ON account (staff_id) WHERE staff_id IS NOT NULL AND closed_at IS NULL",
    "CREATE UNIQUE INDEX account_occupant ON account (occupant_id) WHERE occupant_id IS NOT NULL AND closed_at IS NULL",
    "CREATE INDEX session_by_account ON session (account_id, created_at, id)",
    "CREATE UNIQUE INDEX idempotency_key ON idempotency (account_id, operation, key)",
];
