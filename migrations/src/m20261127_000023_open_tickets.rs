//! The open tickets, which are few of all, have an index of their own in the order of filing. What is asked for as open is
//! asked in the same words, or no database goes by it.

use sea_orm_migration::prelude::*;

use crate::build::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &[OPEN]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["DROP INDEX ticket_open"]).await
    }
}

const OPEN: &str = "CREATE INDEX ticket_open ON ticket (created_at, id) \
     WHERE status IN ('NEW', 'ASSIGNED', 'IN_PROGRESS', 'ON_HOLD', 'REOPENED')";
