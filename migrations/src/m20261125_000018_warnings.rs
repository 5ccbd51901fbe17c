//! When most of a ticket's time has gone, and that it was told; and an index of the tickets that run on, which the clock
//! looks through every few seconds.

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
        run(manager, &["CREATE INDEX ticket_running ON ticket (id) WHERE ended_at IS NULL"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["DROP INDEX ticket_running"]).await?;
        for moment in MOMENTS {
            manager.alter_table(Table::alter().table("ticket").drop_column(moment).take()).await?;
        }
        Ok(())
    }
}
