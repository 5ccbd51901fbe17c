//! Archives (业主档案): the documents that are kept of occupants and units, and the files that hang on them.

use sea_orm_migration::prelude::*;

use crate::build::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(document()).await?;
        // Without a foreign key, as SQLite could not drop the column again; a document's row is never deleted.
        let column = maybe("document_id");
        manager.alter_table(Table::alter().table("attachment").add_column(column).take()).await?;
        run(manager, INDEXES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, &["DROP INDEX attachment_by_document"]).await?;
        manager.alter_table(Table::alter().table("attachment").drop_column("document_id").take()).await?;
        drop_all(manager, &["document"]).await
    }
}

fn document() -> TableCreateStatement {
    let columns = [
        id(),
        one("community_id"),
        maybe("building_id"),
        maybe("unit_id"),
        maybe("occupant_id"),
        text("category"),
        text("confidentiality"),
        text("title"),
        day_null("dated_on"),
        text_null("note"),
        one("filed_by_id"),
        at("created_at"),
        at("updated_at"),
        at_null("withdrawn_at"),
        at_null("erased_at"),
        version(),
    ];
    let references = [
        ("community_id", "community"),
        ("building_id", "building"),
        ("unit_id", "unit"),
        ("occupant_id", "occupant"),
        ("filed_by_id", "staff"),
    ];
    table("document", columns, &references)
}

const INDEXES: &[&str] = &[
    "CREATE INDEX document_by_created ON document (created_at, id)",
    "CREATE INDEX document_by_title ON document (title, id)",
    "CREATE INDEX document_by_community ON document (community_id, created_at, id)",
    "CREATE INDEX document_by_unit ON document (unit_id, created_at, id)",
    "CREATE INDEX document_by_occupant ON document (occupant_id, created_at, id)",
    "CREATE INDEX attachment_by_document ON attachment (document_id, place)",
];
