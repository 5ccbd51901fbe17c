//! Who works here: staff, teams, posts (a role at a community, from–to) and buildings in charge.

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
        drop_all(manager, &["charge", "post", "team", "staff"]).await
    }
}

fn tables() -> Vec<TableCreateStatement> {
    vec![
        table(
            "staff",
            [
                id(),
                text("name"),
                text_null("phone"),
                text_null("title"),
                maybe("manager_id"),
                maybe("deputy_id"),
                at_null("away_from"),
                at_null("away_until"),
                at("created_at"),
                at("updated_at"),
                at_null("closed_at"),
                version(),
            ],
            &[("manager_id", "staff"), ("deputy_id", "staff")],
        ),
        table(
            "team",
            [
                id(),
                one("community_id"),
                text("kind"),
                text("name"),
                maybe("lead_id"),
                flag("contractor"),
                at("created_at"),
                at("updated_at"),
                at_null("closed_at"),
                version(),
            ],
            &[("community_id", "community"), ("lead_id", "staff")],
        ),
        table(
            "post",
            [
                id(),
                one("staff_id"),
                text("role"),
                maybe("community_id"),
                maybe("team_id"),
                day("from_on"),
                day_null("to_on"),
                at("created_at"),
                at("updated_at"),
            ],
            &[("staff_id", "staff"), ("community_id", "community"), ("team_id", "team")],
        ),
        table(
            "charge",
            [
                id(),
                one("community_id"),
                one("staff_id"),
                one("building_id"),
                at("created_at"),
                at_null("closed_at"),
            ],
            &[("community_id", "community"), ("staff_id", "staff"), ("building_id", "building")],
        ),
    ]
}

const INDEXES: &[&str] = &[
    "CREATE INDEX staff_by_name ON staff (name, id)",
    "CREATE INDEX staff_by_created ON staff (created_at, id)",
    "CREATE INDEX staff_by_manager ON staff (manager_id)",
    "CREATE UNIQUE INDEX team_name ON team (community_id, name) WHERE closed_at IS NULL",
    "CREATE INDEX team_by_name ON team (name, id)",
    "CREATE INDEX team_by_created ON team (created_at, id)",
    "CREATE INDEX team_by_lead ON team (lead_id)",
    "CREATE UNIQUE INDEX post_current ON post (staff_id, role, community_id) WHERE to_on IS NULL AND community_id IS NOT NULL",
    "CREATE UNIQUE INDEX post_current_group ON post (staff_id, role) WHERE to_on IS NULL AND community_id IS NULL",
    "CREATE INDEX post_by_staff ON post (staff_id, from_on, id)",
    "CREATE INDEX post_by_community ON post (community_id, role, from_on, id)",
    "CREATE INDEX post_by_team ON post (team_id)",
    "CREATE UNIQUE INDEX charge_current ON charge (staff_id, building_id) WHERE closed_at IS NULL",
    "CREATE INDEX charge_by_building ON charge (building_id, id)",
    "CREATE INDEX charge_by_community ON charge (community_id, id)",
];
