//! How a ticket ends, and how it begins again.

use serde_json::json;

use super::case::Case;
use super::play::{At, Play, refusal, unknown};
use crate::on_both;

const START: &str = "2026-11-23T02:00:00.000000Z";
const REPORTERS_AT_NEW: &[&str] = &["CANCEL", "HURRY", "COMMENT"];

on_both! {
    async fn reject(app) {
        Case {
            mutation: "ticketReject",
            kind: "REPAIR",
            from: At::New,
            by: "supervisor",
            input: json!({ "reply": "不属物业范围" }),
            fields: "status version resolution respondedAt endedAt",
            gives: json!({
                "status": "REJECTED",
                "version": 2,
                "resolution": "不属物业范围",
                "respondedAt": START,
                "endedAt": START,
            }),
            told: "REJECT",
            forbidden: &["lin-yi", "lin-er", "desk", "assistant"],
            illegal: &[
                (At::Resolved, &["REOPEN", "COMMENT"]),
                (
                    At::Reopened,
                    &["ACKNOWLEDGE", "ASSIGN", "ESCALATE", "TAKE_OVER", "MARK_MAJOR", "DISPOSE", "COMMENT"],
                ),
                (At::Rejected, &["REOPEN", "COMMENT"]),
            ],
            texts: &[("reply", true)],
            bad: vec![],
        }
        .prove(app)
        .await;
    }

    async fn merge(app) {
        let main = Play::on(app).raise("REPAIR").await;
        Case {
            mutation: "ticketMerge",
            kind: "REPAIR",
            from: At::Assigned,
            by: "desk",
            input: json!({ "intoId": main }),
            fields: "status version endedAt mergedInto { id }",
            gives: json!({ "status": "MERGED", "version": 3, "endedAt": START, "mergedInto": { "id": main } }),
            told: "MERGE",
            forbidden: &["lin-yi", "lin-er", "group"],
            illegal: &[(At::Resolved, &["CALL_BACK", "COMMENT"]), (At::Merged, &[])],
            texts: &[],
            bad: vec![
                (json!({ "intoId": "42" }), "intoId", "\"42\" is not an id; an id of this kind looks like ticket:"),
                (
                    json!({ "intoId": app.world.a101 }),
                    "intoId",
                    "this id is of kind \"unit\"; one of kind \"ticket\" is needed here",
                ),
            ],
        }
        .prove(app)
        .await;
    }

    async fn a_ticket_is_merged_only_into_another_that_goes_on(app) {
        let play = Play::on(app);
        let id = play.raise("REPAIR").await;
        let (merged, closed) = (play.at(At::Merged, "REPAIR").await, play.at(At::Closed, "REPAIR").await);
        let elsewhere = json!({ "kind": "REPAIR", "unitId": app.world.c101, "description": "漏水" });
        let elsewhere = play.file("zhao-yuan", elsewhere).await;
        for (into, code, message) in [
            (&id, "INVALID", "a ticket cannot be merged into itself"),
            (&merged, "INVALID", "XH-20261123-0002 is MERGED; only a ticket that goes on can take up another"),
            (&closed, "INVALID", "XH-20261123-0004 is CLOSED; only a ticket that goes on can take up another"),
            (&elsewhere, "NOT_FOUND", &format!("there is no ticket {elsewhere}")),
            (&unknown("ticket"), "NOT_FOUND", &format!("there is no ticket {}", unknown("ticket"))),
        ] {
            let payload = play.does("desk", "ticketMerge", json!({ "id": id, "intoId": into })).await;
            assert_eq!(refusal(&payload), code);
            assert_eq!(payload["userErrors"][0]["message"], message);
            assert_eq!(payload["userErrors"][0]["field"], json!(["input", "intoId"]));
        }
        assert_eq!(play.sees("desk", &id, "status version").await, json!({ "status": "NEW", "version": 1 }));
    }

    async fn cancel(app) {
        Case {
            mutation: "ticketCancel",
            kind: "REPAIR",
            from: At::Assigned,
            by: "lin-yi",
            input: json!({ "reason": "自己修好了" }),
            fields: "status version endedAt",
            gives: json!({ "status": "CANCELLED", "version": 3, "endedAt": START }),
            told: "CANCEL",
            forbidden: &["lin-er", "assistant", "supervisor", "manager", "head", "group"],
            illegal: &[(At::Resolved, &["CONFIRM", "REOPEN", "RATE", "COMMENT"]), (At::Cancelled, &["COMMENT"])],
            texts: &[("reason", false)],
            bad: vec![],
        }
        .prove(app)
        .await;
    }

    async fn cancelling_withdraws_the_work_orders_and_their_sight(app) {
        let play = Play::on(app);
        let (id, order) = play.ordered().await;
        let mut list = play.own_list("worker").await;
        play.done("center", "ticketCancel", json!({ "id": id })).await;
        list.loses(&id).await;
        assert_eq!(play.sees("worker", &id, "status").await, json!(null));
        let orders = play.sees("desk", &id, "workOrders { id status endedAt }").await;
        assert_eq!(orders, json!({ "workOrders": [{ "id": order, "status": "WITHDRAWN", "endedAt": START }] }));
    }

    async fn confirm(app) {
        Case {
            mutation: "ticketConfirm",
            kind: "COMPLAINT",
            from: At::Resolved,
            by: "lin-yi",
            input: json!({ "rating": 5, "ratingComment": "很快" }),
            fields: "status version rating ratingComment endedAt",
            gives: json!({ "status": "CLOSED", "version": 5, "rating": 5, "ratingComment": "很快", "endedAt": START }),
            told: "CONFIRM",
            forbidden: &["desk", "center", "assistant", "supervisor", "head", "group"],
            illegal: &[(At::New, REPORTERS_AT_NEW), (At::Closed, &["REOPEN", "RATE", "COMMENT"])],
            texts: &[("ratingComment", false)],
            bad: vec![
                (json!({ "rating": 0 }), "rating", "0 is no rating; it goes from 1 to 5"),
                (json!({ "rating": 6 }), "rating", "6 is no rating; it goes from 1 to 5"),
                (json!({ "rating": null }), "rating", "a comment comes with a rating from 1 to 5"),
            ],
        }
        .prove(app)
        .await;
    }

    async fn rate(app) {
        Case {
            mutation: "ticketRate",
            kind: "REPAIR",
            from: At::Closed,
            by: "lin-yi",
            input: json!({ "rating": 2, "ratingComment": "太慢" }),
            fields: "status version rating ratingComment",
            gives: json!({ "status": "CLOSED", "version": 6, "rating": 2, "ratingComment": "太慢" }),
            told: "RATE",
            forbidden: &["lin-er", "desk", "assistant", "supervisor", "group"],
            illegal: &[(At::New, REPORTERS_AT_NEW), (At::Rejected, &["REOPEN", "COMMENT"])],
            texts: &[("ratingComment", false)],
            bad: vec![(json!({ "rating": -1 }), "rating", "-1 is no rating; it goes from 1 to 5")],
        }
        .prove(app)
        .await;
    }

    async fn a_ticket_is_rated_once(app) {
        let play = Play::on(app);
        let id = play.at(At::Resolved, "REPAIR").await;
        play.done("lin-yi", "ticketRate", json!({ "id": id, "rating": 4 })).await;
        let payload = play.does("lin-yi", "ticketRate", json!({ "id": id, "rating": 1 })).await;
        assert_eq!(refusal(&payload), "ILLEGAL_MOVE");
        assert_eq!(payload["userErrors"][0]["legal"], json!(["CONFIRM", "REOPEN", "COMMENT"]));
    }

    async fn call_back(app) {
        Case {
            mutation: "ticketCallBack",
            kind: "COMPLAINT",
            from: At::Resolved,
            by: "desk",
            input: json!({ "outcome": "SATISFIED", "note": "很满意", "rating": 5 }),
            fields: "status version callBack rating endedAt",
            gives: json!({ "status": "CLOSED", "version": 5, "callBack": "SATISFIED", "rating": 5, "endedAt": START }),
            told: "CALL_BACK",
            forbidden: &["lin-yi", "assistant", "supervisor", "manager", "head", "group"],
            illegal: &[
                (At::New, &["ACKNOWLEDGE", "ASSIGN", "MERGE", "CANCEL", "HURRY", "ESCALATE", "COMMENT"]),
                (At::Closed, &["COMMENT"]),
            ],
            texts: &[("note", false)],
            bad: vec![
                (json!({ "rating": 9 }), "rating", "9 is no rating; it goes from 1 to 5"),
                (json!({ "reopen": true }), "reopen", "only a ticket whose reporter is UNSATISFIED is reopened"),
                (
                    json!({ "outcome": "UNSATISFIED", "reopen": true, "note": null }),
                    "note",
                    "a reopening needs a reason in words",
                ),
            ],
        }
        .prove(app)
        .await;
    }

    async fn a_call_back_decides_what_follows(app) {
        let play = Play::on(app);
        for (input, then) in [
            (json!({ "outcome": "UNREACHABLE" }), json!({ "status": "RESOLVED", "callBack": "UNREACHABLE", "reopenCount": 0 })),
            (json!({ "outcome": "UNSATISFIED" }), json!({ "status": "RESOLVED", "callBack": "UNSATISFIED", "reopenCount": 0 })),
            (
                json!({ "outcome": "UNSATISFIED", "reopen": true, "note": "还在漏" }),
                json!({ "status": "REOPENED", "callBack": "UNSATISFIED", "reopenCount": 1 }),
            ),
        ] {
            let id = play.at(At::Resolved, "COMPLAINT").await;
            let mut input = input;
            input["id"] = json!(id);
            let payload =
                play.done_with("center", "ticketCallBack", input, "ticket { status callBack reopenCount }").await;
            assert_eq!(payload["ticket"], then);
        }
    }

    async fn nobody_calls_back_about_their_own_work(app) {
        let play = Play::on(app);
        let id = play.raise("ENQUIRY").await;
        play.done("desk", "ticketAnswer", json!({ "id": id, "answer": "周一关闭" })).await;
        let call = json!({ "id": id, "outcome": "SATISFIED" });
        assert_eq!(refusal(&play.does("desk", "ticketCallBack", call.clone()).await), "FORBIDDEN");
        assert_eq!(play.sees("desk", &id, "viewerActions").await, json!({ "viewerActions": ["COMMENT"] }));
        play.done("desk2", "ticketCallBack", call).await;
    }

    async fn reopen(app) {
        Case {
            mutation: "ticketReopen",
            kind: "REPAIR",
            from: At::Closed,
            by: "lin-yi",
            input: json!({ "reason": "又漏了" }),
            fields: "status version reopenCount respondedAt resolvedAt endedAt escalationLevel",
            gives: json!({
                "status": "REOPENED",
                "version": 6,
                "reopenCount": 1,
                "respondedAt": null,
                "resolvedAt": null,
                "endedAt": null,
                "escalationLevel": 0,
            }),
            told: "REOPEN",
            forbidden: &["lin-er", "desk", "center", "assistant"],
            illegal: &[
                (At::New, REPORTERS_AT_NEW),
                (At::Cancelled, &["COMMENT"]),
                (At::Merged, &[]),
                (At::Reopened, &["HURRY", "COMMENT"]),
            ],
            texts: &[("reason", true)],
            bad: vec![],
        }
        .prove(app)
        .await;
    }
}
