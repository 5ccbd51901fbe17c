//! Which release's schema this is, so that a program can tell how far ahead of it a database is.

use sea_orm_migration::prelude::*;

use crate::build::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let number = ColumnDef::new("number").integer().not_null().primary_key().take();
        manager.create_table(table("schema_release", [number, at("applied_at")], &[])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["schema_release"]).await
    }
}
