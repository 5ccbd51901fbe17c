//! Facilities: shared and fire-safety installations.

use sea_orm_migration::prelude::*;

use crate::build::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            id(),
            one("community_id"),
            maybe("building_id"),
            text("kind"),
            text("name"),
            text_null("place"),
            text_null("purpose"),
            day_null("next_check_on"),
            at("created_at"),
            at("updated_at"),
            at_null("closed_at"),
            version(),
        ];
        let references = [("community_id", "community"), ("building_id", "building")];
        manager.create_table(table("facility", columns, &references)).await?;
        run(manager, INDEXES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["facility"]).await
    }
}

const INDEXES: &[&str] = &[
    "CREATE INDEX facility_by_name ON facility (name, id)",
    "CREATE INDEX facility_by_created ON facility (created_at, id)",
    "CREATE INDEX facility_by_community ON facility (community_id, name, id)",
    "CREATE INDEX facility_by_building ON facility (building_id, name, id)",
    "CREATE INDEX facility_by_check ON facility (next_check_on) WHERE closed_at IS NULL",
];
