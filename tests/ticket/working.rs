//! The work itself: answering at once, starting, holding, resuming, resolving.

use chrono::TimeDelta;
use serde_json::json;

use super::case::Case;
use super::play::{At, Play, refusal};
use crate::on_both;

const START: &str = "2026-11-23T02:00:00.000000Z";
const OWNERS_AT_ASSIGNED: &[&str] =
    &["ASSIGN", "HAND_BACK", "START", "MERGE", "ESCALATE", "COMMENT", "DISPATCH"];
const OWNERS_IN_PROGRESS: &[&str] =
    &["ASSIGN", "HOLD", "RESOLVE", "MERGE", "ESCALATE", "COMMENT", "DISPATCH"];
const OWNERS_ON_HOLD: &[&str] = &["ASSIGN", "RESUME", "RESOLVE", "MERGE", "ESCALATE", "COMMENT", "DISPATCH"];
const NOT_OWNERS: &[&str] = &["lin-yi", "lin-er", "desk", "supervisor", "center", "manager", "head", "group"];

on_both! {
    async fn answer(app) {
        Case {
            mutation: "ticketAnswer",
            kind: "ENQUIRY",
            from: At::New,
            by: "desk",
            input: json!({ "answer": "游泳池周一关闭" }),
            fields: "status version resolution respondedAt resolvedAt endedAt",
            gives: json!({
                "status": "RESOLVED",
                "version": 2,
                "resolution": "游泳池周一关闭",
                "respondedAt": START,
                "resolvedAt": START,
                "endedAt": null,
            }),
            told: "ANSWER",
            forbidden: &["lin-yi", "lin-er", "group"],
            illegal: &[
                (At::Assigned, &["ASSIGN", "MERGE", "CANCEL", "HURRY", "ESCALATE", "COMMENT", "DISPATCH"]),
                (At::Reopened, &["ACKNOWLEDGE", "ASSIGN", "HURRY", "ESCALATE", "COMMENT"]),
            ],
            texts: &[("answer", true)],
            bad: vec![],
        }
        .prove(app)
        .await;
    }

    async fn only_enquiries_and_suggestions_are_answered_at_once(app) {
        let play = Play::on(app);
        for (kind, possible) in
            [("ENQUIRY", true), ("SUGGESTION", true), ("REPAIR", false), ("SERVICE", false), ("COMPLAINT", false)]
        {
            let id = play.raise(kind).await;
            let payload = play.does("desk", "ticketAnswer", json!({ "id": id, "answer": "好的" })).await;
            match possible {
                true => assert_eq!(payload["userErrors"], json!([])),
                false => {
                    assert_eq!(refusal(&payload), "ILLEGAL_MOVE");
                    let legal = ["ACKNOWLEDGE", "ASSIGN", "MERGE", "CANCEL", "HURRY", "ESCALATE", "COMMENT"];
                    assert_eq!(payload["userErrors"][0]["legal"], json!(legal));
                    let told = "ANSWER is not possible while the ticket is NEW; possible now: ACKNOWLEDGE, ASSIGN, \
                        MERGE, CANCEL, HURRY, ESCALATE, COMMENT";
                    assert_eq!(payload["userErrors"][0]["message"], told);
                }
            }
        }
    }

    async fn start(app) {
        Case {
            mutation: "ticketStart",
            kind: "REPAIR",
            from: At::Assigned,
            by: "assistant",
            input: json!({}),
            fields: "status version",
            gives: json!({ "status": "IN_PROGRESS", "version": 3 }),
            told: "START",
            forbidden: NOT_OWNERS,
            illegal: &[(At::InProgress, OWNERS_IN_PROGRESS), (At::OnHold, OWNERS_ON_HOLD)],
            texts: &[],
            bad: vec![],
        }
        .prove(app)
        .await;
    }

    async fn hold(app) {
        Case {
            mutation: "ticketHold",
            kind: "REPAIR",
            from: At::InProgress,
            by: "assistant",
            input: json!({ "reason": "AWAITING_PARTS", "resumeAt": "2026-11-25T10:00:00+08:00", "note": "等配件" }),
            fields: "status version holdReason resumeAt",
            gives: json!({
                "status": "ON_HOLD",
                "version": 4,
                "holdReason": "AWAITING_PARTS",
                "resumeAt": "2026-11-25T02:00:00.000000Z",
            }),
            told: "HOLD",
            forbidden: NOT_OWNERS,
            illegal: &[(At::Assigned, OWNERS_AT_ASSIGNED), (At::OnHold, OWNERS_ON_HOLD)],
            texts: &[("note", false)],
            bad: vec![
                (
                    json!({ "resumeAt": "2026-11-23T01:59:59Z" }),
                    "resumeAt",
                    "2026-11-23T01:59:59+00:00 is not in the future; a hold ends later than now",
                ),
                (json!({ "resumeAt": START }), "resumeAt", "2026-11-23T02:00:00+00:00 is not in the future"),
                (
                    json!({ "resumeAt": "2026-11-30T02:00:01Z" }),
                    "resumeAt",
                    "beyond 7 days a hold needs a supervisor; choose an earlier day or have one take it over",
                ),
            ],
        }
        .prove(app)
        .await;
    }

    async fn a_long_hold_is_a_supervisors(app) {
        let play = Play::on(app);
        let id = play.at(At::InProgress, "REPAIR").await;
        play.done("supervisor", "ticketTakeOver", json!({ "id": id })).await;
        play.done("supervisor", "ticketStart", json!({ "id": id })).await;
        let hold = json!({ "id": id, "reason": "AWAITING_CONTRACTOR", "resumeAt": "2027-01-31T02:00:00Z" });
        play.done("supervisor", "ticketHold", hold).await;
        // Seven days to the second are anybody's who owns it.
        let id = play.at(At::InProgress, "REPAIR").await;
        let hold = json!({ "id": id, "reason": "OTHER", "resumeAt": "2026-11-30T02:00:00Z" });
        play.done("assistant", "ticketHold", hold).await;
    }

    async fn what_is_urgent_is_never_put_on_hold(app) {
        let play = Play::on(app);
        let input = json!({ "kind": "REPAIR", "unitId": app.world.a101, "description": "电梯困人", "categoryId": app.world.lift });
        let id = play.file("lin-yi", input).await;
        assert_eq!(play.sees("desk", &id, "priority").await, json!({ "priority": "URGENT" }));
        play.done("supervisor", "ticketTakeOver", json!({ "id": id })).await;
        play.done("supervisor", "ticketStart", json!({ "id": id })).await;
        let hold = json!({ "id": id, "reason": "OTHER", "resumeAt": "2026-11-23T03:00:00Z" });
        let payload = play.does("supervisor", "ticketHold", hold).await;
        assert_eq!(payload["userErrors"][0]["message"], "an URGENT ticket is never put on hold");
    }

    async fn resume(app) {
        Case {
            mutation: "ticketResume",
            kind: "REPAIR",
            from: At::OnHold,
            by: "assistant",
            input: json!({}),
            fields: "status version holdReason resumeAt",
            gives: json!({ "status": "IN_PROGRESS", "version": 5, "holdReason": null, "resumeAt": null }),
            told: "RESUME",
            forbidden: NOT_OWNERS,
            illegal: &[(At::Assigned, OWNERS_AT_ASSIGNED), (At::InProgress, OWNERS_IN_PROGRESS)],
            texts: &[],
            bad: vec![],
        }
        .prove(app)
        .await;
    }

    async fn the_resolution_clock_stands_on_hold_however_the_hold_ends(app) {
        let play = Play::on(app);
        // Three service days of nine hours from Monday 10:00 on: Thursday 10:00.
        let (due, moved) = ("2026-11-26T02:00:00.000000Z", "2026-11-27T02:00:00.000000Z");
        let held = [
            play.at(At::OnHold, "REPAIR").await,
            play.at(At::OnHold, "REPAIR").await,
            play.at(At::OnHold, "REPAIR").await,
        ];
        for id in &held {
            assert_eq!(play.sees("desk", id, "resolutionDueAt").await["resolutionDueAt"], due);
        }
        play.later(TimeDelta::days(1)).await;
        play.done("assistant", "ticketResume", json!({ "id": held[0] })).await;
        play.done("assistant", "ticketResolve", json!({ "id": held[1], "resolution": "修好了" })).await;
        play.done("supervisor", "ticketTakeOver", json!({ "id": held[2] })).await;
        for id in &held {
            let seen = play.sees("desk", id, "resolutionDueAt holdReason resumeAt").await;
            assert_eq!(seen, json!({ "resolutionDueAt": moved, "holdReason": null, "resumeAt": null }));
        }
    }

    async fn resolve(app) {
        Case {
            mutation: "ticketResolve",
            kind: "REPAIR",
            from: At::InProgress,
            by: "assistant",
            input: json!({ "resolution": "  换了水管\n " }),
            fields: "status version resolution resolvedAt",
            gives: json!({ "status": "RESOLVED", "version": 4, "resolution": "换了水管", "resolvedAt": START }),
            told: "RESOLVE",
            forbidden: NOT_OWNERS,
            illegal: &[(At::Assigned, OWNERS_AT_ASSIGNED), (At::Resolved, &["COMMENT"])],
            texts: &[("resolution", true)],
            bad: vec![],
        }
        .prove(app)
        .await;
    }

    async fn nothing_is_resolved_while_a_work_order_is_open(app) {
        let play = Play::on(app);
        let (id, order) = play.ordered().await;
        play.done("worker", "workOrderTake", json!({ "id": order })).await;
        let done = json!({ "id": id, "resolution": "修好了" });
        let payload = play.does("assistant", "ticketResolve", done.clone()).await;
        assert_eq!(refusal(&payload), "INVALID");
        let told = "1 work orders are still open; they are finished or returned first";
        assert_eq!(payload["userErrors"][0]["message"], told);
        play.done("worker", "workOrderFinish", json!({ "id": order, "result": "换好" })).await;
        play.done("assistant", "ticketResolve", done).await;
    }

    async fn nothing_is_answered_while_a_work_order_is_open(app) {
        let play = Play::on(app);
        let id = play.at(At::Assigned, "ENQUIRY").await;
        play.dispatch(&id, &app.world.engineering).await;
        play.done("assistant", "ticketHandBack", json!({ "id": id, "reason": "请前台答复" })).await;
        let payload = play.does("desk", "ticketAnswer", json!({ "id": id, "answer": "好的" })).await;
        assert_eq!(refusal(&payload), "INVALID");
    }
}
