//! What residents and staff see of a ticket.

use chrono::TimeDelta;
use serde_json::json;

use super::play::{At, Play};
use crate::on_both;

on_both! {
    async fn a_household_shares_all_but_complaints(app) {
        let play = Play::on(app);
        let mut screen = play.screen("lin-er").await;
        let complaint = play.raise("COMPLAINT").await;
        assert_eq!(play.sees("lin-er", &complaint, "id").await, json!(null));
        for kind in ["REPAIR", "SERVICE", "ENQUIRY", "SUGGESTION"] {
            let id = play.raise(kind).await;
            assert_eq!(play.sees("lin-er", &id, "kind").await, json!({ "kind": kind }));
            assert_eq!(play.sees("wang-lin", &id, "kind").await, json!(null));
            screen.shows("FILE", &id).await;
        }
        let seen = play.asks("lin-er", "{ tickets { totalCount } ticketCounts { status count } }", json!({})).await;
        assert_eq!(
            seen,
            json!({ "tickets": { "totalCount": 4 }, "ticketCounts": [{ "status": "NEW", "count": 4 }] })
        );
    }

    async fn an_owner_sees_the_tenants_repairs_and_nothing_else(app) {
        let play = Play::on(app);
        let mut screen = play.screen("zhou-zhu").await;
        let file = |kind: &str| json!({ "kind": kind, "unitId": app.world.b201, "description": "空调坏了" });
        for kind in ["COMPLAINT", "SERVICE", "ENQUIRY", "SUGGESTION"] {
            let id = play.file("chen-zu", file(kind)).await;
            assert_eq!(play.sees("zhou-zhu", &id, "id").await, json!(null), "{kind}");
        }
        let repair = play.file("chen-zu", file("REPAIR")).await;
        assert_eq!(play.sees("zhou-zhu", &repair, "viewerActions").await, json!({ "viewerActions": [] }));
        screen.shows("FILE", &repair).await;
        // What the owner raises is not the tenant's to see.
        let owners = play.file("zhou-zhu", file("SERVICE")).await;
        assert_eq!(play.sees("chen-zu", &owners, "id").await, json!(null));
    }

    async fn who_moves_in_does_not_see_what_was_before(app) {
        let play = Play::on(app);
        app.execute(
            "UPDATE occupancy SET from_on = '2026-11-24' \
             WHERE occupant_id = (SELECT id FROM occupant WHERE name = '林二')",
        )
        .await;
        let before = play.raise("REPAIR").await;
        assert_eq!(play.sees("lin-er", &before, "id").await, json!(null));
        play.later(TimeDelta::days(1)).await;
        let after = play.raise("REPAIR").await;
        assert_eq!(play.sees("lin-er", &before, "id").await, json!(null));
        assert_eq!(play.sees("lin-er", &after, "kind").await, json!({ "kind": "REPAIR" }));
    }

    async fn residents_know_who_handles_it_by_name_and_title(app) {
        let play = Play::on(app);
        let id = play.at(At::Assigned, "REPAIR").await;
        assert_eq!(
            play.sees("lin-yi", &id, "owner { id } handler { name title } assignableStaff { id } viewerActions").await,
            json!({
                "owner": null,
                "handler": { "name": "助理小陈", "title": "助理小陈" },
                "assignableStaff": [],
                "viewerActions": ["CANCEL", "HURRY", "COMMENT"],
            })
        );
    }

    async fn who_sees_the_telephone_number_whole(app) {
        let play = Play::on(app);
        let (id, _) = play.ordered().await;
        let (whole, masked) = (json!("13800000001"), json!("138******01"));
        for (login, phone) in [
            ("lin-yi", &whole), ("desk", &whole), ("assistant", &whole), ("supervisor", &whole), ("center", &whole),
            ("manager", &whole), ("head", &whole), ("worker", &whole), ("group", &masked), ("quality", &masked),
            ("executive", &masked), ("lin-er", &json!(null)),
        ] {
            assert_eq!(&play.sees(login, &id, "contactPhone").await["contactPhone"], phone, "{login}");
        }
    }

    async fn nobody_hears_of_what_they_do_not_see(app) {
        let play = Play::on(app);
        let mut screens = Vec::new();
        for login in ["wang-lin", "zhao-yuan", "worker", "assistant2", "yunshan-desk", "yunshan-head"] {
            screens.push((login, play.screen(login).await, play.own_list(login).await));
        }
        let id = play.at(At::Closed, "REPAIR").await;
        let subscription = format!("subscription {{ ticketChanged(id: \"{id}\") {{ __typename }} }}");
        for (login, _, _) in &screens {
            let mut ws = app.socket(&play.actor(login).await).await;
            ws.subscribe("1", &subscription).await;
            let refused = ws.message().await;
            assert_eq!(refused["type"], "error", "{login}: {refused}");
            assert_eq!(refused["payload"][0]["extensions"]["code"], "NOT_FOUND", "{login}: {refused}");
        }
        // The next thing that each of them hears of is their own.
        let owner = app.world.staff("assistant2");
        let next = play.file("wang-lin", json!({ "kind": "REPAIR", "unitId": app.world.a2_101, "description": "漏水" })).await;
        play.done("desk", "ticketAssign", json!({ "id": next, "ownerId": owner })).await;
        play.dispatch(&next, &app.world.engineering).await;
        let far = play.file("zhao-yuan", json!({ "kind": "REPAIR", "unitId": app.world.c101, "description": "漏水" })).await;
        for (login, mut screen, mut list) in screens {
            let (act, seen, in_list) = match login {
                "wang-lin" => ("FILE", &next, true),
                "assistant2" => ("ASSIGN", &next, true),
                "worker" => ("DISPATCH", &next, true),
                "zhao-yuan" => ("FILE", &far, true),
                _ => ("FILE", &far, false),
            };
            screen.shows(act, seen).await;
            if in_list {
                list.shows(act, seen).await;
            }
        }
    }

    async fn readers_act_on_nothing(app) {
        let play = Play::on(app);
        let id = play.at(At::Resolved, "REPAIR").await;
        for login in ["quality", "executive", "lin-er"] {
            assert_eq!(play.sees(login, &id, "viewerActions").await, json!({ "viewerActions": [] }), "{login}");
        }
    }

    async fn the_reporter_reads_the_public_lines(app) {
        let play = Play::on(app);
        let id = play.at(At::Assigned, "REPAIR").await;
        let line = |text: &str, visibility: &str| json!({ "id": id, "text": text, "visibility": visibility });
        play.done("desk", "ticketComment", line("业主很急", "INTERNAL")).await;
        play.done("desk", "ticketComment", line("师傅下午到", "PUBLIC")).await;
        play.done("lin-yi", "ticketComment", line("谢谢", "PUBLIC")).await;
        play.done("assistant", "ticketHandBack", json!({ "id": id, "reason": "不是我的楼" })).await;
        let public = json!([
            { "act": "FILE", "text": null, "visibility": "PUBLIC", "actor": null, "byOccupant": true },
            { "act": "ASSIGN", "text": null, "visibility": "PUBLIC", "actor": { "name": "前台小刘" }, "byOccupant": false },
            { "act": "COMMENT", "text": "师傅下午到", "visibility": "PUBLIC", "actor": { "name": "前台小刘" }, "byOccupant": false },
            { "act": "COMMENT", "text": "谢谢", "visibility": "PUBLIC", "actor": null, "byOccupant": true },
        ]);
        let fields = "timeline { act text visibility actor { name } byOccupant }";
        for login in ["lin-yi", "lin-er"] {
            assert_eq!(play.sees(login, &id, fields).await["timeline"], public, "{login}");
        }
        let all = play.sees("desk", &id, "timeline { act text }").await;
        assert_eq!(
            all["timeline"],
            json!([
                { "act": "FILE", "text": null },
                { "act": "ASSIGN", "text": null },
                { "act": "COMMENT", "text": "业主很急" },
                { "act": "COMMENT", "text": "师傅下午到" },
                { "act": "COMMENT", "text": "谢谢" },
                { "act": "HAND_BACK", "text": "不是我的楼" },
            ])
        );
        let last = play.sees("desk", &id, "timeline(last: 2) { text }").await;
        assert_eq!(last["timeline"], json!([{ "text": "谢谢" }, { "text": "不是我的楼" }]));
        let last = play.sees("lin-yi", &id, "timeline(last: 2) { text }").await;
        assert_eq!(last["timeline"], json!([{ "text": "师傅下午到" }, { "text": "谢谢" }]));
    }
}
