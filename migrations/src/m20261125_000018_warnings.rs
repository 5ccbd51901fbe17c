//! When most of a ticket's time has gone, and that it was told; that it was told of a late work order; and indexes of
//! what runs on, which the clock looks through every few seconds.

use sea_orm_migration::prelude::*;

use crate::build::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// None of them in a row that an earlier release writes: nothing is told of it before it is late.
const MOMENTS: [&str; 3] = ["response_warn_at", "resolution_warn_at", "warned_at"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for moment in MOMENTS {
            manager.alter_table(Table::alter().table("ticket").add_column(at_null(moment)).take()).await?;
        }
        manager.alter_table(Table::alter().table("work_order").add_column(at_null("late_at")).take()).await?;
        run(manager, INDEXES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["DROP INDEX ticket_running", "DROP INDEX work_order_running"]).await?;
        manager.alter_table(Table::alter().table("work_order").drop_column("late_at").take()).await?;
        for moment in MOMENTS {
            manager.alter_table(Table::alter().table("ticket").drop_column(moment).take()).await?;
        }
        Ok(())
    }
}

const INDEXES: &[&str] = &[
    "CREATE INDEX ticket_running ON ticket (id) WHERE ended_at IS NULL",
    "CREATE INDEX work_order_running ON work_order (due_at) WHERE ended_at IS NULL",
];
