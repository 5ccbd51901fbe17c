//! Work orders: dispatched, taken, returned, finished, with appointments.

use serde_json::{Value, json};

use super::case::overlay;
use super::play::{At, Play, refusal, unknown};
use crate::on_both;

const START: &str = "2026-11-23T02:00:00.000000Z";
const TEN: &str = "2026-11-24T02:00:00.000000Z";
const NOON: &str = "2026-11-24T04:00:00.000000Z";

/// Each of these is INVALID at the field, with the message.
async fn all_invalid(
    play: &Play<'_>,
    login: &str,
    mutation: &str,
    base: Value,
    wrong: &[(Value, &str, &str)],
) {
    for (other, field, message) in wrong {
        let mut input = base.clone();
        overlay(&mut input, other.clone());
        let payload = play.does(login, mutation, input).await;
        assert_eq!(refusal(&payload), "INVALID", "{payload}");
        let path = ["input"].into_iter().chain(field.split('.')).collect::<Vec<_>>();
        assert_eq!(payload["userErrors"][0]["field"], json!(path));
        let told = payload["userErrors"][0]["message"].as_str().unwrap();
        assert!(told.starts_with(message), "{told:?} is not {message:?}");
    }
}

/// What is no id of a work order, and one that nobody has.
async fn names_no_order(play: &Play<'_>, login: &str, mutation: &str, base: Value) {
    let unit = &play.app.world.a101;
    let wrong = [
        (
            json!({ "id": unit }),
            "id",
            "this id is of kind \"unit\"; one of kind \"workorder\" is needed here",
        ),
        (json!({ "id": "42" }), "id", "\"42\" is not an id; an id of this kind looks like workorder:"),
    ];
    all_invalid(play, login, mutation, base.clone(), &wrong).await;
    let mut input = base;
    input["id"] = json!(unknown("workorder"));
    let payload = play.does(login, mutation, input).await;
    assert_eq!(refusal(&payload), "NOT_FOUND");
    assert_eq!(
        payload["userErrors"][0]["message"],
        format!("there is no workorder {}", unknown("workorder"))
    );
}

/// Who may not, and for whom there is no such work order.
async fn is_refused(play: &Play<'_>, mutation: &str, input: &Value, forbidden: &[&str]) {
    for login in forbidden {
        assert_eq!(refusal(&play.does(login, mutation, input.clone()).await), "FORBIDDEN", "{login}");
    }
    for login in ["wang-lin", "zhao-yuan", "cleaner", "assistant2", "yunshan-desk", "yunshan-worker", "admin"]
    {
        assert_eq!(refusal(&play.does(login, mutation, input.clone()).await), "NOT_FOUND", "{login}");
    }
    let answer = play.does("nobody", mutation, input.clone()).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}

on_both! {
    async fn dispatch(app) {
        let play = Play::on(app);
        let id = play.at(At::Assigned, "REPAIR").await;
        let (mut desk, mut list) = (play.screen("desk").await, play.own_list("worker").await);
        let before = play.state(&id).await;
        let input = json!({
            "id": id,
            "teamId": app.world.engineering,
            "task": "换水管",
            "dueAt": NOON,
            "appointment": { "from": TEN, "to": NOON },
            "expectedVersion": 2,
        });
        is_refused(&play, "workOrderDispatch", &input, &["lin-yi", "lin-er", "group", "quality"]).await;
        let unit = &app.world.a101;
        let wrong = [
            (json!({ "task": " " }), "task", "a text is needed here; this one is empty"),
            (json!({ "task": "换\u{0}" }), "task", "the text holds the control character U+0000; remove it"),
            (json!({ "dueAt": START }), "dueAt", "it has passed; a work order is due in the future"),
            (json!({ "teamId": unit }), "teamId", "this id is of kind \"unit\"; one of kind \"team\" is needed here"),
            (
                json!({ "appointment": { "from": NOON, "to": TEN } }),
                "appointment.to",
                "it ends at 2026-11-24T02:00:00+00:00, which is not after its beginning",
            ),
            (
                json!({ "appointment": { "from": "2026-11-23T01:00:00Z", "to": NOON } }),
                "appointment.from",
                "2026-11-23T01:00:00+00:00 has passed",
            ),
        ];
        all_invalid(&play, "desk", "workOrderDispatch", input.clone(), &wrong).await;
        for team in [unknown("team"), app.world.yunshan_engineering.clone()] {
            let mut input = input.clone();
            input["teamId"] = json!(team);
            let payload = play.does("desk", "workOrderDispatch", input).await;
            assert_eq!(refusal(&payload), "NOT_FOUND");
            assert_eq!(payload["userErrors"][0]["field"], json!(["input", "teamId"]));
        }
        let mut stale = input.clone();
        stale["expectedVersion"] = json!(1);
        assert_eq!(refusal(&play.does("desk", "workOrderDispatch", stale).await), "CONFLICT");
        assert_eq!(play.state(&id).await, before);

        let fields = "workOrder { status task dueAt appointmentFrom appointmentTo team { name } worker { name } version } \
            ticket { status version }";
        let payload = play.done_with("desk", "workOrderDispatch", input, fields).await;
        assert_eq!(
            payload["workOrder"],
            json!({
                "status": "DISPATCHED",
                "task": "换水管",
                "dueAt": NOON,
                "appointmentFrom": TEN,
                "appointmentTo": NOON,
                "team": { "name": "工程部" },
                "worker": null,
                "version": 1,
            })
        );
        assert_eq!(payload["ticket"], json!({ "status": "ASSIGNED", "version": 3 }));
        desk.shows("DISPATCH", &id).await;
        list.shows("DISPATCH", &id).await;
    }

    async fn nothing_is_dispatched_before_there_is_an_owner(app) {
        let play = Play::on(app);
        let id = play.raise("REPAIR").await;
        let input = json!({ "id": id, "teamId": app.world.engineering, "task": "换水管" });
        let payload = play.does("desk", "workOrderDispatch", input).await;
        assert_eq!(refusal(&payload), "ILLEGAL_MOVE");
        let legal = ["ACKNOWLEDGE", "ASSIGN", "MERGE", "CANCEL", "HURRY", "ESCALATE", "COMMENT"];
        assert_eq!(payload["userErrors"][0]["legal"], json!(legal));
    }

    async fn take(app) {
        let play = Play::on(app);
        let (id, order) = play.ordered().await;
        let input = json!({ "id": order, "expectedVersion": 1 });
        let before = play.state(&id).await;
        let mut desk = play.screen("desk").await;
        is_refused(&play, "workOrderTake", &input, &["lin-yi", "desk", "assistant", "supervisor", "group"]).await;
        names_no_order(&play, "worker", "workOrderTake", json!({})).await;
        let stale = play.does("worker", "workOrderTake", json!({ "id": order, "expectedVersion": 9 })).await;
        assert_eq!(refusal(&stale), "CONFLICT");
        assert_eq!(
            stale["userErrors"][0]["current"],
            json!({ "__typename": "WorkOrder", "id": order, "version": 1, "status": "DISPATCHED" })
        );
        assert_eq!(play.state(&id).await, before);

        let fields = "workOrder { status worker { name } takenAt version } ticket { status }";
        let payload = play.done_with("worker", "workOrderTake", input, fields).await;
        let taken = json!({ "status": "TAKEN", "worker": { "name": "工程老张" }, "takenAt": START, "version": 2 });
        assert_eq!(payload["workOrder"], taken);
        assert_eq!(payload["ticket"], json!({ "status": "IN_PROGRESS" }));
        desk.shows("TAKE_ORDER", &id).await;
        let late = play.does("worker2", "workOrderTake", json!({ "id": order })).await;
        let told = "the work order is TAKEN; it would have to be DISPATCHED";
        assert_eq!(late["userErrors"][0]["message"], told);
    }

    async fn another_teams_order_is_not_theirs(app) {
        let play = Play::on(app);
        let (id, order) = play.ordered().await;
        let cleaning = play.dispatch(&id, &app.world.cleaning).await;
        for (mutation, input) in [
            ("workOrderTake", json!({ "id": order })),
            ("workOrderReturn", json!({ "id": order, "reason": "没空" })),
            ("workOrderSchedule", json!({ "id": order, "appointment": { "from": TEN, "to": NOON } })),
        ] {
            assert_eq!(refusal(&play.does("cleaner", mutation, input).await), "FORBIDDEN", "{mutation}");
        }
        play.done("cleaner", "workOrderTake", json!({ "id": cleaning })).await;
    }

    async fn give_back(app) {
        let play = Play::on(app);
        let (id, order) = play.ordered().await;
        let input = json!({ "id": order, "reason": "缺配件", "expectedVersion": 1 });
        let before = play.state(&id).await;
        let (mut desk, mut list) = (play.screen("desk").await, play.own_list("worker").await);
        is_refused(&play, "workOrderReturn", &input, &["lin-yi", "desk", "assistant", "supervisor", "group"]).await;
        names_no_order(&play, "worker", "workOrderReturn", json!({ "reason": "缺配件" })).await;
        let empty = [(json!({ "reason": "" }), "reason", "a text is needed here; this one is empty")];
        all_invalid(&play, "worker", "workOrderReturn", input.clone(), &empty).await;
        assert_eq!(play.state(&id).await, before);

        let payload = play.done_with("worker", "workOrderReturn", input, "workOrder { status result endedAt }").await;
        assert_eq!(payload["workOrder"], json!({ "status": "RETURNED", "result": "缺配件", "endedAt": START }));
        desk.shows("RETURN_ORDER", &id).await;
        // The whole team sees it no longer; why it came back is for staff.
        list.loses(&id).await;
        assert_eq!(play.sees("worker", &id, "status").await, json!(null));
        let returned = |result| json!({ "workOrders": [{ "status": "RETURNED", "result": result }] });
        assert_eq!(play.sees("desk", &id, "workOrders { status result }").await, returned(json!("缺配件")));
        assert_eq!(play.sees("lin-yi", &id, "workOrders { status result }").await, returned(json!(null)));
    }

    async fn finish(app) {
        let play = Play::on(app);
        let (id, order) = play.ordered().await;
        let input = json!({ "id": order, "result": "换好了" });
        let early = play.does("worker", "workOrderFinish", input.clone()).await;
        let told = "the work order is DISPATCHED; it would have to be TAKEN";
        assert_eq!(early["userErrors"][0]["message"], told);
        play.done("worker", "workOrderTake", json!({ "id": order })).await;
        let before = play.state(&id).await;
        let mut desk = play.screen("desk").await;
        is_refused(&play, "workOrderFinish", &input, &["lin-yi", "desk", "assistant", "supervisor", "group"]).await;
        names_no_order(&play, "worker", "workOrderFinish", json!({ "result": "换好了" })).await;
        let wrong = [
            (json!({ "result": "" }), "result", "a text is needed here; this one is empty"),
            (
                json!({ "appointmentOutcome": "KEPT" }),
                "appointmentOutcome",
                "there was no appointment to be kept",
            ),
        ];
        all_invalid(&play, "worker", "workOrderFinish", input.clone(), &wrong).await;
        assert_eq!(play.state(&id).await, before);

        let payload =
            play.done_with("worker", "workOrderFinish", input, "workOrder { status result endedAt } ticket { status }").await;
        assert_eq!(payload["workOrder"], json!({ "status": "DONE", "result": "换好了", "endedAt": START }));
        assert_eq!(payload["ticket"], json!({ "status": "IN_PROGRESS" }));
        desk.shows("FINISH_ORDER", &id).await;
        assert_eq!(play.sees("worker", &id, "status").await, json!({ "status": "IN_PROGRESS" }));
    }

    async fn schedule(app) {
        let play = Play::on(app);
        let (id, order) = play.ordered().await;
        let input = json!({ "id": order, "appointment": { "from": TEN, "to": NOON }, "expectedVersion": 1 });
        let before = play.state(&id).await;
        let mut reporter = play.watching("lin-yi", &id).await;
        is_refused(&play, "workOrderSchedule", &input, &["lin-yi", "group", "quality", "executive"]).await;
        names_no_order(&play, "worker", "workOrderSchedule", json!({ "appointment": { "from": TEN, "to": NOON } })).await;
        let wrong = [
            (
                json!({ "appointment": { "from": NOON, "to": NOON } }),
                "appointment.to",
                "it ends at 2026-11-24T04:00:00+00:00, which is not after its beginning",
            ),
            (
                json!({ "appointment": { "from": "2026-11-23T01:59:59Z", "to": NOON } }),
                "appointment.from",
                "2026-11-23T01:59:59+00:00 has passed",
            ),
        ];
        all_invalid(&play, "worker", "workOrderSchedule", input.clone(), &wrong).await;
        assert_eq!(play.state(&id).await, before);

        let fields = "workOrder { appointmentFrom appointmentTo appointmentOutcome version }";
        let payload = play.done_with("worker", "workOrderSchedule", input, fields).await;
        assert_eq!(
            payload["workOrder"],
            json!({ "appointmentFrom": TEN, "appointmentTo": NOON, "appointmentOutcome": null, "version": 2 })
        );
        reporter.shows("SCHEDULE", &id).await;
        // What can be done with orders is offered as long as there is one for it.
        let offered = async || {
            let acts = play.sees("worker", &id, "viewerActions").await["viewerActions"].take();
            let acts: Vec<String> = serde_json::from_value(acts).unwrap();
            acts.into_iter().filter(|act| act.ends_with("_ORDER") || act == "SCHEDULE").collect::<Vec<_>>().join(" ")
        };
        assert_eq!(offered().await, "TAKE_ORDER RETURN_ORDER SCHEDULE");
        // An appointment is kept or missed.
        play.done("worker", "workOrderTake", json!({ "id": order })).await;
        assert_eq!(offered().await, "RETURN_ORDER FINISH_ORDER SCHEDULE");
        let untold = play.does("worker", "workOrderFinish", json!({ "id": order, "result": "好了" })).await;
        let told = "there was an appointment; say whether it was KEPT or MISSED";
        assert_eq!(untold["userErrors"][0]["message"], told);
        let done = json!({ "id": order, "result": "好了", "appointmentOutcome": "MISSED" });
        let payload = play.done_with("worker", "workOrderFinish", done, "workOrder { appointmentOutcome }").await;
        assert_eq!(payload["workOrder"], json!({ "appointmentOutcome": "MISSED" }));
        assert_eq!(offered().await, "");
    }
}
