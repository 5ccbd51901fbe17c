//! The register: communities, categories, buildings, entrances, units, occupants and who lives where.

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
        drop_all(manager, &["occupancy", "occupant", "unit", "entrance", "building", "category", "community"])
            .await
    }
}

fn tables() -> Vec<TableCreateStatement> {
    vec![
        table(
            "community",
            [
                id(),
                text("code"),
                text("name"),
                text("time_zone"),
                json("service_hours"),
                json("clock_targets"),
                at("created_at"),
                at("updated_at"),
                at_null("closed_at"),
                version(),
            ],
            &[],
        ),
        table(
            "category",
            [
                id(),
                maybe("parent_id"),
                text("code"),
                json("names"),
                text_null("ticket_kind"),
                text_null("priority"),
                text_null("team_kind"),
                int("position"),
                at("created_at"),
                at("updated_at"),
                at_null("closed_at"),
                version(),
            ],
            &[("parent_id", "category")],
        ),
        table(
            "building",
            [
                id(),
                one("community_id"),
                text("name"),
                text("kind"),
                text_null("address"),
                at("created_at"),
                at("updated_at"),
                at_null("closed_at"),
                version(),
            ],
            &[("community_id", "community")],
        ),
        table(
            "entrance",
            [
                id(),
                one("community_id"),
                one("building_id"),
                text("name"),
                at("created_at"),
                at("updated_at"),
                at_null("closed_at"),
                version(),
            ],
            &[("community_id", "community"), ("building_id", "building")],
        ),
        table(
            "unit",
            [
                id(),
                one("community_id"),
                maybe("building_id"),
                maybe("entrance_id"),
                text("number"),
                int_null("floor"),
                text("usage"),
                text_null("layout"),
                text_null("orientation"),
                int_null("area_dm2"),
                at("created_at"),
                at("updated_at"),
                at_null("closed_at"),
                version(),
            ],
            &[("community_id", "community"), ("building_id", "building"), ("entrance_id", "entrance")],
        ),
        table(
            "occupant",
            [
                id(),
                one("community_id"),
                text("kind"),
                text("name"),
                text_null("phone"),
                at("created_at"),
                at("updated_at"),
                at_null("closed_at"),
                version(),
            ],
            &[("community_id", "community")],
        ),
        table(
            "occupancy",
            [
                id(),
                one("community_id"),
                one("unit_id"),
                one("occupant_id"),
                text("kind"),
                day("from_on"),
                day_null("to_on"),
                at("created_at"),
                at("updated_at"),
            ],
            &[("community_id", "community"), ("unit_id", "unit"), ("occupant_id", "occupant")],
        ),
    ]
}

const INDEXES: &[&str] = &[
    "CREATE UNIQUE INDEX community_code ON community (code)",
    "CREATE INDEX community_by_name ON community (name, id)",
    "CREATE INDEX community_by_created ON community (created_at, id)",
    "CREATE UNIQUE INDEX category_code ON category (code)",
    "CREATE INDEX category_by_position ON category (position, id)",
    "CREATE UNIQUE INDEX building_name ON building (community_id, name) WHERE closed_at IS NULL",
    "CREATE INDEX building_by_name ON building (name, id)",
    "CREATE INDEX building_by_created ON building (created_at, id)",
    "CREATE UNIQUE INDEX entrance_name ON entrance (building_id, name) WHERE closed_at IS NULL",
    "CREATE UNIQUE INDEX unit_in_entrance ON unit (entrance_id, number) WHERE entrance_id IS NOT NULL AND closed_at IS NULL",
    "CREATE UNIQUE INDEX unit_in_building ON unit (building_id, number) WHERE entrance_id IS NULL AND building_id IS NOT NULL AND closed_at IS NULL",
    "CREATE UNIQUE INDEX unit_alone ON unit (community_id, number) WHERE building_id IS NULL AND closed_at IS NULL",
    "CREATE INDEX unit_by_community ON unit (community_id, number, id)",
    "CREATE INDEX unit_by_building ON unit (building_id, number, id)",
    "CREATE INDEX unit_by_number ON unit (number, id)",
    "CREATE INDEX unit_by_created ON unit (created_at, id)",
    "CREATE INDEX occupant_by_name ON occupant (name, id)",
    "CREATE INDEX occupant_by_created ON occupant (created_at, id)",
    "CREATE INDEX occupant_by_community ON occupant (community_id, name, id)",
    "CREATE INDEX occupant_by_phone ON occupant (phone)",
    "CREATE UNIQUE INDEX occupancy_current ON occupancy (unit_id, occupant_id, kind) WHERE to_on IS NULL",
    "CREATE INDEX occupancy_by_unit ON occupancy (unit_id, from_on, id)",
    "CREATE INDEX occupancy_by_occupant ON occupancy (occupant_id, from_on, id)",
    "CREATE INDEX occupancy_by_community ON occupancy (community_id, occupant_id)",
];
