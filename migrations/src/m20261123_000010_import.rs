//! What things are called in the systems they came from, so that an import that is run again makes no doubles.

use sea_orm_migration::prelude::*;

use crate::build::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [one("community_id"), text("kind"), text("ref"), one("thing_id"), at("created_at")];
        let mut table = table("external_ref", columns, &[("community_id", "community")]);
        table.primary_key(Index::create().col("kind").col("ref"));
        manager.create_table(table).await?;
        run(manager, INDEXES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["external_ref"]).await
    }
}

const INDEXES: &[&str] = &["CREATE INDEX external_ref_by_thing ON external_ref (thing_id, kind, ref)"];
