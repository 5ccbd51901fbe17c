//! What happens by the clock.

use chrono::TimeDelta;
use concierge::config::Config;
use concierge::domain::event::prune;
use concierge::domain::ticket::{Done, run_due};
use serde_json::{Value, json};

use crate::on_both;
use crate::support::{Actor, App};

/// Files a ticket and brings it to IN_PROGRESS with the supervisor as its owner; gives its id.
async fn in_progress(app: &App, kind: &str) -> String {
    let (resident, supervisor) = (app.actor("lin-yi").await, app.actor("supervisor").await);
    let input = json!({ "kind": kind, "unitId": app.world.a101, "description": "漏水" });
    let id = resident.act("ticketFile", input, "ticket { id }").await.done().text("/ticket/id");
    let input = json!({ "id": id, "ownerId": app.world.staff("supervisor") });
    supervisor.act("ticketAssign", input, "").await.done();
    supervisor.act_as("ticketStart", "TicketActInput", json!({ "id": id }), "").await.done();
    id
}

async fn ticket(actor: &Actor, id: &str, fields: &str) -> Value {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on Ticket {{ {fields} }} }} }}");
    actor.ask_with(&query, json!({ "id": id })).await.at("/data/node").clone()
}

async fn resolve(app: &App, id: &str) {
    let input = json!({ "id": id, "resolution": "修好了" });
    app.actor("supervisor").await.act("ticketResolve", input, "").await.done();
}

async fn check_late_ticket(app: &App) {
    let desk = app.actor("desk").await;
    let input = json!({ "kind": "REPAIR", "unitId": app.world.a101, "categoryId": app.world.lift, "description": "困人" });
    let id = desk.act("ticketFile", input, "ticket { id priority responseDueAt }").await.done();
    assert_eq!(id.at("/ticket/priority"), "URGENT");
    assert_eq!(id.at("/ticket/responseDueAt"), "2026-11-23T02:15:00.000000Z");
    let id = id.text("/ticket/id");
    let mut screen = app.socket(&desk).await;
    let query = "subscription($id: ID!) { ticketChanged(id: $id) { ... on TicketChanged { act ticket { escalationLevel version } } } }";
    screen.subscribe_with("1", query, json!({ "id": id })).await;
    // Caught up: what happens from here on is told.
    while screen.data("1").await != json!({ "ticketChanged": {} }) {}
    // After 12 of the first 15 minutes, and 192 of the 240, it is told that time is short.
    let nothing = Done::default();
    let warned = Done { warned: 1, ..nothing };
    let escalated = Done { escalated: 1, ..nothing };
    let steps = [
        (11, nothing, 0),
        (1, warned, 0),
        (2, nothing, 0),
        (1, escalated, 1),
        (7, nothing, 1),
        (1, escalated, 2),
        (8, escalated, 3),
        (8, escalated, 4),
        (152, nothing, 4),
        (1, warned, 4),
        (600, nothing, 4),
    ];
    for (minutes, done, level) in steps {
        app.advance(TimeDelta::minutes(minutes));
        assert_eq!(run_due(&app.running.domain).await.unwrap(), done, "after {minutes} more, level {level}");
        if done != nothing {
            let act = if done == warned { "WARN" } else { "ESCALATE" };
            let told = json!({ "act": act, "ticket": { "escalationLevel": level, "version": 1 } });
            // "From now on" may still tell what was committed a moment before; and there are heartbeats.
            let mut heard = screen.data("1").await["ticketChanged"].take();
            while heard["act"] == "FILE" || heard == json!({}) {
                heard = screen.data("1").await["ticketChanged"].take();
            }
            assert_eq!(heard, told);
        }
    }
    let lines = ticket(&app.actor("desk").await, &id, "timeline(last: 50) { act visibility }").await;
    let lines = lines["timeline"].as_array().unwrap().iter();
    let short = lines.filter(|line| line["act"] == "WARN").cloned().collect::<Vec<_>>();
    assert_eq!(short, vec![json!({ "act": "WARN", "visibility": "INTERNAL" }); 2]);
}

/// The clock goes on for hours, and the screen's token with it.
fn long_tokens(config: &mut Config) {
    config.auth.access_token_ttl = std::time::Duration::from_secs(24 * 60 * 60);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_ticket_goes_up_level_by_level_each_once_and_tells_the_feed() {
    let app = App::with(long_tokens).await;
    check_late_ticket(&app).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_ticket_goes_up_level_by_level_on_postgres() {
    let Some(app) = App::on_postgres_with(long_tokens).await else { return };
    check_late_ticket(&app).await;
    app.stop().await;
}

on_both! {
    async fn a_hold_ends_by_itself_and_the_due_time_moves(app) {
        let supervisor = app.actor("supervisor").await;
        let id = in_progress(app, "REPAIR").await;
        assert_eq!(ticket(&supervisor, &id, "resolutionDueAt").await["resolutionDueAt"], "2026-11-26T02:00:00.000000Z");
        let input = json!({ "id": id, "reason": "AWAITING_PARTS", "resumeAt": "2026-11-24T02:00:00Z" });
        supervisor.act("ticketHold", input, "").await.done();
        assert_eq!(run_due(&app.running.domain).await.unwrap(), Done::default());
        app.advance(TimeDelta::days(1));
        let done = Done { resumed: 1, ..Done::default() };
        assert_eq!(run_due(&app.running.domain).await.unwrap(), done);
        assert_eq!(run_due(&app.running.domain).await.unwrap(), Done::default());
        assert_eq!(
            ticket(&app.actor("supervisor").await, &id, "status holdReason resolutionDueAt version revision").await,
            json!({
                "status": "IN_PROGRESS",
                "holdReason": null,
                "resolutionDueAt": "2026-11-27T02:00:00.000000Z",
                "version": 4,
                "revision": 5,
            })
        );
    }

    async fn time_is_short_once_a_hold_has_ended_and_not_while_it_lasts(app) {
        let supervisor = app.actor("supervisor").await;
        let id = in_progress(app, "REPAIR").await;
        let moments = "responseWarnAt resolutionWarnAt resolutionDueAt";
        assert_eq!(
            ticket(&supervisor, &id, moments).await,
            json!({
                "responseWarnAt": "2026-11-23T05:12:00.000000Z",
                "resolutionWarnAt": "2026-11-25T05:36:00.000000Z",
                "resolutionDueAt": "2026-11-26T02:00:00.000000Z",
            })
        );
        let input = json!({ "id": id, "reason": "AWAITING_PARTS", "resumeAt": "2026-11-25T06:00:00Z" });
        supervisor.act("ticketHold", input, "").await.done();
        app.advance(TimeDelta::hours(52));
        let resumed = Done { resumed: 1, ..Done::default() };
        assert_eq!(run_due(&app.running.domain).await.unwrap(), resumed);
        let supervisor = app.actor("supervisor").await;
        let seen = ticket(&supervisor, &id, moments).await;
        assert_eq!(seen["resolutionWarnAt"], "2026-11-27T09:36:00.000000Z");
        let due_soon = "{ tickets(filter: { dueSoon: true }) { nodes { id } } }";
        assert_eq!(supervisor.ask(due_soon).await.at("/data/tickets/nodes"), &json!([]));
        app.advance(TimeDelta::hours(52));
        let warned = Done { warned: 1, ..Done::default() };
        assert_eq!(run_due(&app.running.domain).await.unwrap(), warned);
        let supervisor = app.actor("supervisor").await;
        assert_eq!(supervisor.ask(due_soon).await.at("/data/tickets/nodes"), &json!([{ "id": id }]));
        assert_eq!(run_due(&app.running.domain).await.unwrap(), Done::default());
    }

    async fn of_a_late_work_order_its_team_is_told_once(app) {
        let (supervisor, worker) = (app.actor("supervisor").await, app.actor("worker").await);
        let id = in_progress(app, "REPAIR").await;
        let mut orders = Vec::new();
        for due in ["2026-11-23T03:00:00Z", "2026-11-23T04:00:00Z"] {
            let input = json!({ "id": id, "teamId": app.world.engineering, "task": "换阀门", "dueAt": due });
            let made = supervisor.act("workOrderDispatch", input, "workOrder { id lateAt }").await.done();
            assert_eq!(made.at("/workOrder/lateAt"), &Value::Null);
            orders.push(made.text("/workOrder/id"));
            app.advance(TimeDelta::minutes(1));
        }
        let mut screen = app.socket(&worker).await;
        screen.subscribe("1", "subscription { myTicketsChanged { ... on TicketChanged { act } } }").await;
        // Caught up: what happens from here on is told.
        while screen.data("1").await != json!({ "myTicketsChanged": {} }) {}
        // The second is done in time.
        worker.act("workOrderTake", json!({ "id": orders[1] }), "").await.done();
        worker.act("workOrderFinish", json!({ "id": orders[1], "result": "换好了" }), "").await.done();
        let late = Done { late_orders: 1, ..Done::default() };
        for (minutes, done) in [(57, Done::default()), (1, late), (1, Done::default()), (120, Done::default())] {
            app.advance(TimeDelta::minutes(minutes));
            assert_eq!(run_due(&app.running.domain).await.unwrap(), done);
        }
        while screen.data("1").await["myTicketsChanged"]["act"] != "ORDER_LATE" {}
        let told = ticket(&app.actor("supervisor").await, &id, "workOrders { lateAt version } timeline { act visibility }").await;
        assert_eq!(
            told["workOrders"],
            json!([{ "lateAt": "2026-11-23T03:00:00.000000Z", "version": 1 }, { "lateAt": null, "version": 3 }])
        );
        let last = told["timeline"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last, json!({ "act": "ORDER_LATE", "visibility": "INTERNAL" }));
    }

    async fn a_resolved_ticket_is_closed_after_seven_days_and_a_complaint_only_after_a_call_back(app) {
        let repair = in_progress(app, "REPAIR").await;
        let complaint = in_progress(app, "COMPLAINT").await;
        resolve(app, &repair).await;
        resolve(app, &complaint).await;
        app.advance(TimeDelta::days(7));
        let one = Done { closed: 1, ..Done::default() };
        assert_eq!(run_due(&app.running.domain).await.unwrap(), one);
        let desk = app.actor("desk").await;
        assert_eq!(ticket(&desk, &repair, "status endedAt").await, json!({ "status": "CLOSED", "endedAt": "2026-11-30T02:00:00.000000Z" }));
        assert_eq!(ticket(&desk, &complaint, "status").await["status"], "RESOLVED");
        for _ in 0..3 {
            desk.act("ticketCallBack", json!({ "id": complaint, "outcome": "UNREACHABLE" }), "").await.done();
        }
        assert_eq!(run_due(&app.running.domain).await.unwrap(), one);
        assert_eq!(ticket(&desk, &complaint, "status").await["status"], "CLOSED");
    }

    async fn what_two_gateways_find_due_is_done_once(app) {
        in_progress(app, "REPAIR").await;
        app.advance(TimeDelta::days(30));
        let (one, two) = tokio::join!(run_due(&app.running.domain), run_due(&app.running.domain));
        assert_eq!(one.unwrap().escalated + two.unwrap().escalated, 1);
    }

    async fn old_events_are_let_go_and_who_comes_from_before_is_told_of_a_gap(app) {
        let desk = app.actor("desk").await;
        let cursor = desk.ask("{ feedCursor }").await.text("/data/feedCursor");
        for _ in 0..3 {
            app.advance(TimeDelta::days(20));
            app.actor("lin-yi")
                .await
                .act("ticketFile", json!({ "kind": "COMPLAINT", "unitId": app.world.a101, "description": "吵" }), "")
                .await
                .done();
        }
        let desk = app.actor("desk").await;
        let mut screen = app.socket(&desk).await;
        let query = "subscription($after: String) { complaintFeed(after: $after) { __typename ... on FeedGap { reason } ... on TicketChanged { ticket { description } } } }";
        // Until then all of it is told; and what has been told has its place, without which nothing is let go.
        let mut early = app.socket(&desk).await;
        early.subscribe_with("1", query, json!({ "after": cursor })).await;
        for _ in 0..3 {
            while early.data("1").await["complaintFeed"]["ticket"]["description"] != "吵" {}
        }
        let month = std::time::Duration::from_secs(30 * 24 * 60 * 60);
        let gone = prune(&app.running.domain, month).await.unwrap();
        assert!(gone > 0);
        assert_eq!(prune(&app.running.domain, month).await.unwrap(), 0);
        screen.subscribe_with("1", query, json!({ "after": cursor })).await;
        assert_eq!(
            screen.data("1").await["complaintFeed"],
            json!({ "__typename": "FeedGap", "reason": "CURSOR_UNKNOWN" })
        );
        // The feed goes on with the next place, not from the beginning.
        app.actor("lin-yi")
            .await
            .act("ticketFile", json!({ "kind": "COMPLAINT", "unitId": app.world.a101, "description": "又吵" }), "")
            .await
            .done();
        while screen.data("1").await["complaintFeed"]["ticket"]["description"] != "又吵" {}
    }
}
