//! 受理 and giving to an owner: one ticket, and many.

use serde_json::json;

use super::case::Case;
use super::play::{At, Play, refusal, unknown};
use crate::on_both;

const START: &str = "2026-11-23T02:00:00.000000Z";

on_both! {
    async fn acknowledge(app) {
        Case {
            mutation: "ticketAcknowledge",
            kind: "REPAIR",
            from: At::New,
            by: "desk",
            input: json!({}),
            fields: "status version revision respondedAt",
            gives: json!({ "status": "NEW", "version": 2, "revision": 2, "respondedAt": START }),
            told: "ACKNOWLEDGE",
            forbidden: &["lin-yi", "lin-er", "group"],
            illegal: &[
                (At::Assigned, &["ASSIGN", "MERGE", "CANCEL", "HURRY", "ESCALATE", "COMMENT", "DISPATCH"]),
                (At::Resolved, &["CALL_BACK", "COMMENT"]),
                (At::Merged, &[]),
            ],
            texts: &[],
            bad: vec![],
        }
        .prove(app)
        .await;
    }

    async fn assign(app) {
        Case {
            mutation: "ticketAssign",
            kind: "REPAIR",
            from: At::New,
            by: "desk",
            input: json!({ "ownerId": app.world.staff("assistant") }),
            fields: "status version revision respondedAt owner { id } handler { name title }",
            gives: json!({
                "status": "ASSIGNED",
                "version": 2,
                "revision": 2,
                "respondedAt": START,
                "owner": { "id": app.world.staff("assistant") },
                "handler": { "name": "助理小陈", "title": "助理小陈" },
            }),
            told: "ASSIGN",
            forbidden: &["lin-yi", "lin-er", "group"],
            illegal: &[(At::Resolved, &["CALL_BACK", "COMMENT"]), (At::Cancelled, &["COMMENT"])],
            texts: &[],
            bad: vec![
                (json!({ "ownerId": "42" }), "ownerId", "\"42\" is not an id; an id of this kind looks like staff:"),
                (
                    json!({ "ownerId": app.world.a101 }),
                    "ownerId",
                    "this id is of kind \"unit\"; one of kind \"staff\" is needed here",
                ),
                (
                    json!({ "ownerId": app.world.staff("worker") }),
                    "ownerId",
                    "this person holds no role at the ticket's community in which they could own it",
                ),
            ],
        }
        .prove(app)
        .await;
    }

    async fn nobody_is_given_a_ticket_who_is_not_known(app) {
        let play = Play::on(app);
        let id = play.raise("REPAIR").await;
        for owner in [unknown("staff"), app.world.staff("yunshan-supervisor")] {
            let payload = play.does("desk", "ticketAssign", json!({ "id": id, "ownerId": owner })).await;
            assert_eq!(refusal(&payload), "NOT_FOUND");
            assert_eq!(payload["userErrors"][0]["field"], json!(["input", "ownerId"]));
        }
        let able = play.sees("desk", &id, "assignableStaff { name }").await;
        let names = ["中心主管", "主管老李", "助理小何", "助理小陈", "客服经理", "管理处主任"];
        let mut found = able["assignableStaff"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect::<Vec<_>>();
        found.sort_unstable();
        assert_eq!(found, names);
        assert_eq!(play.sees("lin-yi", &id, "assignableStaff { name }").await, json!({ "assignableStaff": [] }));
    }

    async fn take_over(app) {
        Case {
            mutation: "ticketTakeOver",
            kind: "COMPLAINT",
            from: At::Assigned,
            by: "supervisor",
            input: json!({}),
            fields: "status version handler { name }",
            gives: json!({ "status": "ASSIGNED", "version": 3, "handler": { "name": "主管老李" } }),
            told: "TAKE_OVER",
            forbidden: &["lin-yi", "desk", "assistant", "group"],
            illegal: &[(At::Resolved, &["REOPEN", "COMMENT"])],
            texts: &[],
            bad: vec![],
        }
        .prove(app)
        .await;
    }

    async fn hand_back(app) {
        Case {
            mutation: "ticketHandBack",
            kind: "REPAIR",
            from: At::Assigned,
            by: "assistant",
            input: json!({ "reason": "不是我的楼" }),
            fields: "status version handler { name }",
            gives: json!({ "status": "NEW", "version": 3, "handler": null }),
            told: "HAND_BACK",
            forbidden: &["lin-yi", "lin-er", "desk", "supervisor", "group"],
            illegal: &[(
                At::InProgress,
                &["ASSIGN", "HOLD", "RESOLVE", "MERGE", "ESCALATE", "COMMENT", "DISPATCH"],
            )],
            texts: &[("reason", true)],
            bad: vec![],
        }
        .prove(app)
        .await;
    }

    async fn a_former_owner_sees_it_no_longer(app) {
        let play = Play::on(app);
        let id = play.raise("REPAIR").await;
        let (first, second) = (app.world.staff("assistant2"), app.world.staff("assistant"));
        let (mut list, mut screen) = (play.own_list("assistant2").await, play.screen("assistant2").await);
        play.done("desk", "ticketAssign", json!({ "id": id, "ownerId": first })).await;
        assert_eq!(play.sees("assistant2", &id, "status").await, json!({ "status": "ASSIGNED" }));
        let mut ticket = play.watching("assistant2", &id).await;
        // Told before it is gone: a ticket is shown as it is at delivery, and one that is out of sight by then is not.
        list.shows("ASSIGN", &id).await;
        screen.shows("ASSIGN", &id).await;
        play.done("supervisor", "ticketAssign", json!({ "id": id, "ownerId": second })).await;
        list.loses(&id).await;
        screen.loses(&id).await;
        ticket.loses(&id).await;
        assert_eq!(play.sees("assistant2", &id, "status").await, json!(null));
        let payload = play.does("assistant2", "ticketStart", json!({ "id": id })).await;
        assert_eq!(refusal(&payload), "NOT_FOUND");
    }

    async fn many_are_answered_each_for_itself(app) {
        let play = Play::on(app);
        let (first, second, ended) = (play.raise("REPAIR").await, play.raise("SERVICE").await, play.at(At::Closed, "REPAIR").await);
        let nothing = unknown("ticket");
        let tickets = json!([
            { "id": first, "expectedVersion": 1 },
            { "id": second, "expectedVersion": 7 },
            { "id": nothing },
            { "id": ended },
            { "id": "42" },
        ]);
        let fields = "results { ticket { id status } userErrors { code field } }";
        let mut screen = play.screen("desk").await;
        let owner = app.world.staff("assistant");
        let payload =
            play.done_with("desk", "ticketsAssign", json!({ "tickets": tickets, "ownerId": owner }), fields).await;
        assert_eq!(
            payload["results"],
            json!([
                { "ticket": { "id": first, "status": "ASSIGNED" }, "userErrors": [] },
                { "ticket": null, "userErrors": [{ "code": "CONFLICT", "field": null }] },
                { "ticket": null, "userErrors": [{ "code": "NOT_FOUND", "field": ["input", "tickets", "2", "id"] }] },
                { "ticket": null, "userErrors": [{ "code": "ILLEGAL_MOVE", "field": null }] },
                { "ticket": null, "userErrors": [{ "code": "INVALID", "field": ["input", "tickets", "4", "id"] }] },
            ])
        );
        let tickets = json!([{ "id": second, "expectedVersion": 1 }, { "id": first }]);
        let payload = play.done_with("desk", "ticketsAcknowledge", json!({ "tickets": tickets }), fields).await;
        assert_eq!(
            payload["results"],
            json!([
                { "ticket": { "id": second, "status": "NEW" }, "userErrors": [] },
                { "ticket": null, "userErrors": [{ "code": "ILLEGAL_MOVE", "field": null }] },
            ])
        );
        screen.shows("ASSIGN", &first).await;
        screen.shows("ACKNOWLEDGE", &second).await;
    }

    async fn too_many_are_refused_whole(app) {
        let play = Play::on(app);
        let tickets = json!(vec![json!({ "id": unknown("ticket") }); 101]);
        for (mutation, input) in [
            ("ticketsAssign", json!({ "tickets": tickets, "ownerId": app.world.staff("assistant") })),
            ("ticketsAcknowledge", json!({ "tickets": tickets })),
        ] {
            let payload = play.does_with("desk", mutation, input, "results { ticket { id } }").await;
            assert_eq!(payload["results"], json!([]));
            assert_eq!(
                payload["userErrors"],
                json!([{
                    "__typename": "InvalidInput",
                    "code": "INVALID",
                    "field": ["input", "tickets"],
                    "message": "101 tickets are too many; act on at most 100 at once",
                }])
            );
            let id = play.raise("REPAIR").await;
            let mut input = json!({ "tickets": [{ "id": id }] });
            if mutation == "ticketsAssign" {
                input["ownerId"] = json!(app.world.staff("assistant"));
            }
            for (login, code) in [("lin-yi", "FORBIDDEN"), ("yunshan-desk", "NOT_FOUND")] {
                let payload = play.done_with(login, mutation, input.clone(), "results { userErrors { code } }").await;
                assert_eq!(payload["results"], json!([{ "userErrors": [{ "code": code }] }]), "{login}");
            }
            let answer = play.does("nobody", mutation, input).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        }
    }
}
