//! Inspections: patrol plans, checkpoints, patrols with what was passed, findings, and spot checks.

use sea_orm_migration::prelude::*;

use crate::build::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [plan(), checkpoint(), patrol(), step(), spot_check(), finding()] {
            manager.create_table(table).await?;
        }
        run(manager, INDEXES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = ["finding", "spot_check", "patrol_step", "patrol", "checkpoint", "patrol_plan"];
        drop_all(manager, &tables).await
    }
}

fn plan() -> TableCreateStatement {
    let columns = [
        id(),
        one("community_id"),
        one("building_id"),
        maybe("staff_id"),
        int("times_a_week"),
        day("from_on"),
        day_null("to_on"),
        at("created_at"),
        at("updated_at"),
        at_null("closed_at"),
        version(),
    ];
    let references = [("community_id", "community"), ("building_id", "building"), ("staff_id", "staff")];
    table("patrol_plan", columns, &references)
}

fn checkpoint() -> TableCreateStatement {
    let columns = [
        id(),
        one("community_id"),
        one("building_id"),
        maybe("unit_id"),
        text("code"),
        text("place"),
        int("position"),
        at("created_at"),
        at("updated_at"),
        at_null("closed_at"),
        version(),
    ];
    let references = [("community_id", "community"), ("building_id", "building"), ("unit_id", "unit")];
    table("checkpoint", columns, &references)
}

fn patrol() -> TableCreateStatement {
    let columns = [
        id(),
        one("community_id"),
        one("building_id"),
        maybe("plan_id"),
        one("staff_id"),
        text_null("client_id"),
        text("state"),
        day("on_day"),
        at("started_at"),
        at_null("finished_at"),
        flag("complete"),
        text_null("remarks"),
        at("created_at"),
        at("updated_at"),
        version(),
    ];
    let references = [
        ("community_id", "community"),
        ("building_id", "building"),
        ("plan_id", "patrol_plan"),
        ("staff_id", "staff"),
    ];
    table("patrol", columns, &references)
}

fn step() -> TableCreateStatement {
    let columns = [
        id(),
        one("community_id"),
        one("patrol_id"),
        one("checkpoint_id"),
        at("passed_at"),
        at("created_at"),
    ];
    let references =
        [("community_id", "community"), ("patrol_id", "patrol"), ("checkpoint_id", "checkpoint")];
    table("patrol_step", columns, &references)
}

fn spot_check() -> TableCreateStatement {
    let columns = [
        id(),
        one("community_id"),
        maybe("building_id"),
        maybe("team_id"),
        maybe("patrol_id"),
        one("staff_id"),
        int("score"),
        text("remarks"),
        at_null("published_at"),
        day_null("rectify_by"),
        text_null("rectification"),
        at_null("rectified_at"),
        maybe("rectified_by_id"),
        at_null("confirmed_at"),
        maybe("confirmed_by_id"),
        at("created_at"),
        at("updated_at"),
        version(),
    ];
    let references = [
        ("community_id", "community"),
        ("building_id", "building"),
        ("team_id", "team"),
        ("patrol_id", "patrol"),
        ("staff_id", "staff"),
        ("rectified_by_id", "staff"),
        ("confirmed_by_id", "staff"),
    ];
    table("spot_check", columns, &references)
}

fn finding() -> TableCreateStatement {
    let columns = [
        id(),
        one("community_id"),
        maybe("building_id"),
        maybe("unit_id"),
        maybe("patrol_id"),
        maybe("spot_check_id"),
        maybe("ticket_id"),
        one("found_by_id"),
        text_null("place"),
        text("what"),
        text("severity"),
        flag("mended_on_spot"),
        at("found_at"),
        at_null("checked_at"),
        maybe("checked_by_id"),
        text_null("check_result"),
        text_null("check_remarks"),
        at("created_at"),
        at("updated_at"),
        version(),
    ];
    let references = [
        ("community_id", "community"),
        ("building_id", "building"),
        ("unit_id", "unit"),
        ("patrol_id", "patrol"),
        ("spot_check_id", "spot_check"),
        ("ticket_id", "ticket"),
        ("found_by_id", "staff"),
        ("checked_by_id", "staff"),
    ];
    table("finding", columns, &references)
}

const INDEXES: &[&str] = &[
    "CREATE UNIQUE INDEX patrol_plan_current ON patrol_plan (building_id) WHERE closed_at IS NULL",
    "CREATE INDEX patrol_plan_by_community ON patrol_plan (community_id, created_at, id)",
    "CREATE INDEX patrol_plan_by_created ON patrol_plan (created_at, id)",
    "CREATE UNIQUE INDEX checkpoint_code ON checkpoint (community_id, code) WHERE closed_at IS NULL",
    "CREATE INDEX checkpoint_by_building ON checkpoint (building_id, position, id)",
    "CREATE INDEX checkpoint_by_position ON checkpoint (position, id)",
    "CREATE INDEX checkpoint_by_created ON checkpoint (created_at, id)",
    "CREATE UNIQUE INDEX patrol_under_way ON patrol (staff_id, building_id) WHERE state = 'UNDER_WAY'",
    "CREATE UNIQUE INDEX patrol_of_phone ON patrol (staff_id, client_id) WHERE client_id IS NOT NULL",
    "CREATE INDEX patrol_to_abandon ON patrol (started_at) WHERE state = 'UNDER_WAY'",
    "CREATE INDEX patrol_by_started ON patrol (started_at, id)",
    "CREATE INDEX patrol_by_community ON patrol (community_id, started_at, id)",
    "CREATE INDEX patrol_by_building ON patrol (building_id, started_at, id)",
    "CREATE INDEX patrol_by_staff ON patrol (staff_id, building_id, started_at, id)",
    "CREATE INDEX patrol_done ON patrol (community_id, on_day, building_id) WHERE state = 'FINISHED' AND complete",
    "CREATE UNIQUE INDEX patrol_step_once ON patrol_step (patrol_id, checkpoint_id)",
    "CREATE INDEX spot_check_by_created ON spot_check (created_at, id)",
    "CREATE INDEX spot_check_by_community ON spot_check (community_id, created_at, id)",
    "CREATE INDEX spot_check_by_building ON spot_check (building_id, created_at, id)",
    "CREATE INDEX spot_check_by_team ON spot_check (team_id, created_at, id)",
    "CREATE INDEX spot_check_by_score ON spot_check (score, id)",
    "CREATE INDEX finding_by_found ON finding (found_at, id)",
    "CREATE INDEX finding_by_community ON finding (community_id, found_at, id)",
    "CREATE INDEX finding_by_building ON finding (building_id, found_at, id)",
    "CREATE INDEX finding_by_patrol ON finding (patrol_id, found_at, id)",
    "CREATE INDEX finding_by_spot_check ON finding (spot_check_id, found_at, id)",
    "CREATE UNIQUE INDEX finding_of_ticket ON finding (ticket_id) WHERE ticket_id IS NOT NULL",
];
