//! Imports and exports as tasks: what was asked for and how far it is, the rows that were refused, and the events by
//! which whoever waits hears of it.

use sea_orm_migration::prelude::*;

use crate::build::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(transfer()).await?;
        manager.create_table(refusal()).await?;
        // An event outlives what it is about, so that it names it without referring to it.
        let mut column = maybe("data_transfer_id");
        manager.alter_table(Table::alter().table("event").add_column(&mut column).take()).await?;
        run(manager, INDEXES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("event").drop_column("data_transfer_id").take()).await?;
        drop_all(manager, &["data_transfer_refusal", "data_transfer"]).await
    }
}

fn transfer() -> TableCreateStatement {
    let columns = [
        id(),
        one("account_id"),
        maybe("community_id"),
        text("direction"),
        text("content"),
        text("state"),
        text_null("stage"),
        text("language"),
        json("task"),
        text_null("file_name"),
        int("rows_done"),
        int("rows_about"),
        int("rows_refused"),
        json("counts"),
        flag("written"),
        text_null("failure"),
        int_null("result_bytes"),
        int("attempts"),
        at_null("lease_until"),
        at_null("cancel_asked_at"),
        at("created_at"),
        at_null("started_at"),
        at_null("ended_at"),
        at_null("files_gone_at"),
        int("revision"),
    ];
    table("data_transfer", columns, &[("account_id", "account"), ("community_id", "community")])
}

fn refusal() -> TableCreateStatement {
    let columns = [
        id(),
        one("data_transfer_id"),
        int("position"),
        int_null("line"),
        int_null("column_index"),
        text_null("header"),
        text("value"),
        json("why"),
    ];
    table("data_transfer_refusal", columns, &[("data_transfer_id", "data_transfer")])
}

const INDEXES: &[&str] = &[
    "CREATE INDEX data_transfer_by_account ON data_transfer (account_id, created_at, id)",
    "CREATE INDEX data_transfer_open ON data_transfer (created_at) WHERE ended_at IS NULL",
    "CREATE INDEX data_transfer_to_sweep ON data_transfer (ended_at) WHERE ended_at IS NOT NULL AND files_gone_at IS NULL",
    "CREATE INDEX data_transfer_refusal_by_transfer ON data_transfer_refusal (data_transfer_id, position, id)",
];
