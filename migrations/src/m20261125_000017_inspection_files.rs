//! Photos of findings and of spot checks, and of what was put right.

use sea_orm_migration::prelude::*;

use crate::build::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Without foreign keys, as SQLite could not drop the columns again; rows of inspections are never deleted.
const COLUMNS: [&str; 3] = ["finding_id", "spot_check_id", "rectification_of_id"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in COLUMNS {
            manager.alter_table(Table::alter().table("attachment").add_column(maybe(column)).take()).await?;
            let index = format!("CREATE INDEX attachment_by_{column} ON attachment ({column}, place)");
            run(manager, &[&index]).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in COLUMNS {
            run(manager, &[&format!("DROP INDEX attachment_by_{column}")]).await?;
            manager.alter_table(Table::alter().table("attachment").drop_column(column).take()).await?;
        }
        Ok(())
    }
}
