//! Tickets, the counter their numbers are drawn from, work orders and the timeline.

use sea_orm_migration::prelude::*;

use crate::build::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [counter(), ticket(), work_order(), ticket_event()] {
            manager.create_table(table).await?;
        }
        run(manager, INDEXES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["ticket_event", "work_order", "ticket", "ticket_counter"]).await
    }
}

fn counter() -> TableCreateStatement {
    let mut table = table(
        "ticket_counter",
        [one("community_id"), day("on_day"), int("last")],
        &[("community_id", "community")],
    );
    table.primary_key(Index::create().col("community_id").col("on_day")).take()
}

fn ticket() -> TableCreateStatement {
    let columns = [
        id(),
        one("community_id"),
        text("number"),
        text("kind"),
        text("status"),
        text("priority"),
        text("channel"),
        text("description"),
        maybe("category_id"),
        maybe("building_id"),
        maybe("unit_id"),
        text_null("place"),
        maybe("reporter_id"),
        text_null("contact_name"),
        text_null("contact_phone"),
        maybe("filed_by_id"),
        maybe("owner_id"),
        maybe("about_staff_id"),
        maybe("about_team_id"),
        maybe("about_unit_id"),
        maybe("previous_id"),
        maybe("repeat_of_id"),
        maybe("merged_into_id"),
        int("reopen_count"),
        int("escalation_level"),
        at_null("major_at"),
        at_null("responded_at"),
        at("response_due_at"),
        at("resolution_due_at"),
        text_null("hold_reason"),
        at_null("held_at"),
        at_null("resume_at"),
        text_null("resolution"),
        at_null("resolved_at"),
        maybe("resolved_by_id"),
        text_null("call_back"),
        int("call_back_tries"),
        int_null("rating"),
        text_null("rating_comment"),
        at_null("rated_at"),
        at_null("ended_at"),
        at("created_at"),
        at("updated_at"),
        version(),
        int("revision"),
    ];
    table(
        "ticket",
        columns,
        &[
            ("community_id", "community"),
            ("category_id", "category"),
            ("building_id", "building"),
            ("unit_id", "unit"),
            ("reporter_id", "occupant"),
            ("filed_by_id", "account"),
            ("owner_id", "staff"),
            ("about_staff_id", "staff"),
            ("about_team_id", "team"),
            ("about_unit_id", "unit"),
            ("previous_id", "ticket"),
            ("repeat_of_id", "ticket"),
            ("merged_into_id", "ticket"),
            ("resolved_by_id", "staff"),
        ],
    )
}

fn work_order() -> TableCreateStatement {
    let columns = [
        id(),
        one("community_id"),
        one("ticket_id"),
        one("team_id"),
        maybe("worker_id"),
        text("status"),
        text("task"),
        at_null("due_at"),
        at_null("appointment_from"),
        at_null("appointment_to"),
        text_null("appointment_outcome"),
        text_null("result"),
        at_null("taken_at"),
        at_null("ended_at"),
        at("created_at"),
        at("updated_at"),
        version(),
    ];
    table(
        "work_order",
        columns,
        &[
            ("community_id", "community"),
            ("ticket_id", "ticket"),
            ("team_id", "team"),
            ("worker_id", "staff"),
        ],
    )
}

fn ticket_event() -> TableCreateStatement {
    let columns = [
        id(),
        one("community_id"),
        one("ticket_id"),
        int("revision"),
        text("act"),
        text("visibility"),
        maybe("account_id"),
        maybe("staff_id"),
        maybe("occupant_id"),
        json("params"),
        text_null("text"),
        at("created_at"),
    ];
    table(
        "ticket_event",
        columns,
        &[
            ("community_id", "community"),
            ("ticket_id", "ticket"),
            ("account_id", "account"),
            ("staff_id", "staff"),
            ("occupant_id", "occupant"),
        ],
    )
}

const INDEXES: &[&str] = &[
    "CREATE UNIQUE INDEX ticket_number ON ticket (number)",
    "CREATE INDEX ticket_by_created ON ticket (created_at, id)",
    "CREATE INDEX ticket_by_updated ON ticket (updated_at, id)",
    "CREATE INDEX ticket_by_due ON ticket (resolution_due_at, id)",
    "CREATE INDEX ticket_by_community_created ON ticket (community_id, created_at, id)",
    "CREATE INDEX ticket_by_community_updated ON ticket (community_id, updated_at, id)",
    "CREATE INDEX ticket_by_community_due ON ticket (community_id, resolution_due_at, id)",
    "CREATE INDEX ticket_by_community_status ON ticket (community_id, status, created_at, id)",
    "CREATE INDEX ticket_by_building ON ticket (building_id, created_at, id)",
    "CREATE INDEX ticket_by_unit ON ticket (unit_id, created_at, id)",
    "CREATE INDEX ticket_by_owner ON ticket (owner_id, created_at, id)",
    "CREATE INDEX ticket_by_reporter ON ticket (reporter_id, created_at, id)",
    "CREATE INDEX ticket_by_merged ON ticket (merged_into_id) WHERE merged_into_id IS NOT NULL",
    "CREATE INDEX ticket_to_resume ON ticket (resume_at) WHERE status = 'ON_HOLD'",
    "CREATE INDEX ticket_to_close ON ticket (resolved_at) WHERE status = 'RESOLVED'",
    "CREATE INDEX work_order_by_ticket ON work_order (ticket_id, created_at, id)",
    "CREATE INDEX work_order_by_team ON work_order (team_id, status, created_at, id)",
    "CREATE INDEX work_order_by_worker ON work_order (worker_id, status, created_at, id)",
    "CREATE INDEX work_order_by_created ON work_order (created_at, id)",
    "CREATE UNIQUE INDEX ticket_event_in_order ON ticket_event (ticket_id, revision)",
];
