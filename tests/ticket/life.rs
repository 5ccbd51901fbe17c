//! What time and other tickets bring.

use chrono::TimeDelta;
use serde_json::json;

use super::play::{At, Play, refusal};
use crate::on_both;

on_both! {
    async fn a_ticket_is_reopened_within_thirty_days(app) {
        let play = Play::on(app);
        let (first, second) = (play.at(At::Closed, "REPAIR").await, play.at(At::Closed, "REPAIR").await);
        play.later(TimeDelta::days(30)).await;
        play.done("lin-yi", "ticketReopen", json!({ "id": first, "reason": "又漏了" })).await;
        play.later(TimeDelta::seconds(1)).await;
        let payload = play.does("lin-yi", "ticketReopen", json!({ "id": second, "reason": "又漏了" })).await;
        assert_eq!(refusal(&payload), "INVALID");
        let told = "it ended more than 30 days ago; file a new ticket that names it as previousId";
        assert_eq!(payload["userErrors"][0]["message"], told);
    }

    async fn a_reopened_ticket_has_a_new_clock_and_the_first_ones_figures(app) {
        let play = Play::on(app);
        let id = play.at(At::Resolved, "REPAIR").await;
        play.done("lin-yi", "ticketRate", json!({ "id": id, "rating": 1 })).await;
        play.later(TimeDelta::days(1)).await;
        play.done("lin-yi", "ticketReopen", json!({ "id": id, "reason": "又漏了" })).await;
        let seen = play.sees("desk", &id, "responseDueAt resolutionDueAt respondedAt rating handler { name }").await;
        assert_eq!(
            seen,
            json!({
                "responseDueAt": "2026-11-24T06:00:00.000000Z",
                "resolutionDueAt": "2026-11-27T02:00:00.000000Z",
                "respondedAt": null,
                "rating": null,
                "handler": { "name": "助理小陈" },
            })
        );
        let lines = play.sees("desk", &id, "timeline { act params }").await;
        assert_eq!(
            lines["timeline"].as_array().unwrap().last().unwrap(),
            &json!({
                "act": "REOPEN",
                "params": {
                    "respondedAt": "2026-11-23T02:00:00+00:00",
                    "responseDueAt": "2026-11-23T06:00:00+00:00",
                    "resolvedAt": "2026-11-23T02:00:00+00:00",
                    "resolutionDueAt": "2026-11-26T02:00:00+00:00",
                },
            })
        );
        play.done("supervisor", "ticketAssign", json!({ "id": id, "ownerId": app.world.staff("assistant2") })).await;
        let seen = play.sees("desk", &id, "status reopenCount respondedAt").await;
        assert_eq!(
            seen,
            json!({ "status": "ASSIGNED", "reopenCount": 1, "respondedAt": "2026-11-24T02:00:00.000000Z" })
        );
    }

    async fn what_was_rejected_goes_one_rung_up(app) {
        let play = Play::on(app);
        let id = play.at(At::Rejected, "COMPLAINT").await;
        play.done("lin-yi", "ticketReopen", json!({ "id": id, "reason": "就是物业的事" })).await;
        let seen = play.sees("supervisor", &id, "status escalationLevel").await;
        assert_eq!(seen, json!({ "status": "REOPENED", "escalationLevel": 1 }));
        play.done("supervisor", "ticketReceipt", json!({ "id": id })).await;
    }

    async fn the_same_matter_within_thirty_days_is_repeated_and_goes_one_rung_up(app) {
        let play = Play::on(app);
        let world = &app.world;
        let noise = json!({ "kind": "COMPLAINT", "unitId": world.a101, "categoryId": world.noise, "description": "太吵" });
        let first = play.file("lin-yi", noise.clone()).await;
        let fields = "repeated repeatOf { id } escalationLevel";
        let fresh = json!({ "repeated": false, "repeatOf": null, "escalationLevel": 0 });
        assert_eq!(play.sees("desk", &first, fields).await, fresh);
        // Another unit's, another category's, none at all.
        let neighbours = json!({ "kind": "COMPLAINT", "unitId": world.a2_101, "categoryId": world.noise, "description": "太吵" });
        let others = [
            play.file("wang-lin", neighbours).await,
            play.file("lin-yi", json!({ "kind": "REPAIR", "unitId": world.a101, "categoryId": world.lift, "description": "电梯" })).await,
            play.raise("COMPLAINT").await,
        ];
        for id in &others {
            assert_eq!(play.sees("desk", id, fields).await, fresh);
        }
        play.later(TimeDelta::days(29)).await;
        let second = play.file("lin-yi", noise.clone()).await;
        assert_eq!(
            play.sees("desk", &second, fields).await,
            json!({ "repeated": true, "repeatOf": { "id": first }, "escalationLevel": 1 })
        );
        play.later(TimeDelta::days(30)).await;
        let third = play.file("lin-yi", noise).await;
        assert_eq!(play.sees("desk", &third, fields).await, fresh);
    }

    async fn what_is_said_on_the_main_ticket_reaches_those_of_the_merged_ones(app) {
        let play = Play::on(app);
        let file = |unit: &str| json!({ "kind": "REPAIR", "unitId": unit, "description": "停水" });
        let first = play.file("lin-yi", file(&app.world.a101)).await;
        let second = play.file("wang-lin", file(&app.world.a2_101)).await;
        let main = play.file("chen-zu", file(&app.world.b201)).await;
        play.done("desk", "ticketMerge", json!({ "id": first, "intoId": second })).await;
        play.done("desk", "ticketMerge", json!({ "id": second, "intoId": main })).await;
        let mut reporters =
            [play.own_list("lin-yi").await, play.own_list("wang-lin").await, play.own_list("chen-zu").await];
        let line = |text: &str, visibility: &str| json!({ "id": main, "text": text, "visibility": visibility });
        play.done("desk", "ticketComment", line("内部:总阀坏了", "INTERNAL")).await;
        play.done("chen-zu", "ticketComment", line("什么时候来水？", "PUBLIC")).await;
        play.done("desk", "ticketComment", line("下午来水", "PUBLIC")).await;
        for (reporter, id) in reporters[..2].iter_mut().zip([&first, &second]) {
            reporter.shows("COMMENT", id).await;
        }
        for (login, id) in [("lin-yi", &first), ("wang-lin", &second)] {
            let seen = play.sees(login, id, "status version mergedInto { id } timeline { act text }").await;
            let lines = seen["timeline"].as_array().unwrap();
            assert_eq!(lines.last().unwrap(), &json!({ "act": "COMMENT", "text": "下午来水" }));
            assert!(!lines.iter().any(|line| line["text"] == "什么时候来水？"));
            assert_eq!((&seen["status"], &seen["version"]), (&json!("MERGED"), &json!(2)));
            assert_eq!(seen["mergedInto"], json!(null));
        }
    }

    async fn sixteen_at_once_and_one_is_first(app) {
        let play = Play::on(app);
        let id = play.raise("REPAIR").await;
        play.actor("desk").await;
        let input = json!({ "id": id, "expectedVersion": 1 });
        let all = futures_util::future::join_all((0..16).map(|_| play.does("desk", "ticketAcknowledge", input.clone()))).await;
        let done = all.iter().filter(|payload| payload["userErrors"] == json!([])).count();
        let late = all.iter().filter(|payload| payload["userErrors"][0]["code"] == "CONFLICT").count();
        assert_eq!((done, late), (1, 15));
        assert_eq!(play.version(&id).await, 2);
    }
}
