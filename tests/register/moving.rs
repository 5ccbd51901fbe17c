use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;

use super::*;
use crate::on_both;

const MINE: &str = "subscription { myTicketsChanged { __typename ... on FeedGap { reason } } }";
const DESK: &str = "subscription { complaintFeed { __typename ... on FeedGap { reason } } }";

/// A new occupancy of `occupant` in `unit`.
fn to(unit: &str, occupant: &str) -> Value {
    json!({ "unitId": unit, "occupantId": occupant, "kind": "TENANT", "fromOn": "2026-11-23" })
}

async fn units(actor: &Actor) -> Value {
    actor.ask("{ units { totalCount nodes { number building { name } } } }").await.at("/data/units").clone()
}

on_both! {
    async fn somebody_moves_in_and_sees_their_unit_at_once(app) {
        let (supervisor, resident) = (app.actor("supervisor").await, app.actor("lin-er").await);
        let home = json!({ "number": "101", "building": { "name": "A栋" } });
        assert_eq!(units(&resident).await, json!({ "totalCount": 1, "nodes": [home] }));
        let (mut mine, mut desk) = (app.socket(&resident).await, app.socket(&resident).await);
        mine.subscribe("1", MINE).await;
        assert_eq!(mine.data("1").await, json!({ "myTicketsChanged": { "__typename": "FeedCaughtUp" } }));
        desk.subscribe("1", DESK).await;
        assert_eq!(desk.data("1").await, json!({ "complaintFeed": { "__typename": "FeedCaughtUp" } }));
        let input = with(&to(&app.world.b201, &app.world.lin_er), json!({ "idempotencyKey": "in" }));
        let fields = "occupancy { id kind fromOn toOn unit { number } occupant { name } createdAt updatedAt }";
        let made = supervisor.act("occupancyMoveIn", input.clone(), fields).await.done();
        let id = made.text("/occupancy/id");
        assert_eq!(made.at("/occupancy"), &json!({
            "id": id,
            "kind": "TENANT",
            "fromOn": "2026-11-23",
            "toOn": null,
            "unit": { "number": "201" },
            "occupant": { "name": "林二" },
            "createdAt": "2026-11-23T02:00:00.000000Z",
            "updatedAt": "2026-11-23T02:00:00.000000Z",
        }));
        assert_eq!(supervisor.act("occupancyMoveIn", input, fields).await.done(), made);
        let second = json!({ "number": "201", "building": { "name": "B栋" } });
        assert_eq!(units(&resident).await, json!({ "totalCount": 2, "nodes": [home, second] }));
        assert_eq!(mine.data("1").await, json!({ "myTicketsChanged": { "__typename": "FeedGap", "reason": "SIGHT_CHANGED" } }));
        assert_eq!(desk.data("1").await, json!({ "complaintFeed": { "__typename": "FeedGap", "reason": "SIGHT_CHANGED" } }));
        assert_eq!(again(&app.actor("chen-zu").await, &id, "Occupancy", "kind").await, Value::Null, "a neighbour's is not shown");

        app.advance(TimeDelta::days(1));
        let (supervisor, resident) = (app.actor("supervisor").await, app.actor("lin-er").await);
        let out = json!({ "id": id, "toOn": "2026-11-24" });
        let ended = supervisor.act("occupancyMoveOut", out.clone(), "occupancy { fromOn toOn updatedAt }").await.done();
        assert_eq!(ended.at("/occupancy"), &json!({
            "fromOn": "2026-11-23", "toOn": "2026-11-24", "updatedAt": "2026-11-24T02:00:00.000000Z",
        }));
        assert_eq!(units(&resident).await["totalCount"], 2, "the last day still belongs to it");
        let twice = supervisor.act("occupancyMoveOut", out, "").await;
        let message = "they have moved out already; their last day is 2026-11-24";
        assert_eq!(refusal(&twice.0), ("INVALID".into(), "input.id".into(), message.into()));
        app.advance(TimeDelta::days(1));
        let resident = app.actor("lin-er").await;
        assert_eq!(units(&resident).await, json!({ "totalCount": 1, "nodes": [home] }));
        let seen = again(&resident, &id, "Occupancy", "toOn unit { number }").await;
        assert_eq!(seen, json!({ "toOn": "2026-11-24", "unit": null }), "their own time is kept, the unit is others'");
    }

    async fn who_moves_out_at_once_loses_sight_at_once(app) {
        let (supervisor, resident) = (app.actor("supervisor").await, app.actor("wang-lin").await);
        let mine = "{ viewer { occupant { occupancies { id fromOn } } } }";
        let id = resident.ask(mine).await.text("/data/viewer/occupant/occupancies/0/id");
        let mut socket = app.socket(&resident).await;
        socket.subscribe("1", MINE).await;
        assert_eq!(socket.data("1").await, json!({ "myTicketsChanged": { "__typename": "FeedCaughtUp" } }));
        assert_eq!(units(&resident).await["totalCount"], 1);
        supervisor.act("occupancyMoveOut", json!({ "id": id, "toOn": "2026-11-22" }), "").await.done();
        assert_eq!(units(&resident).await["totalCount"], 0);
        assert_eq!(again(&resident, &app.world.a2_101, "Unit", "number").await, Value::Null);
        assert_eq!(again(&resident, &app.world.a, "Building", "name").await, Value::Null);
        assert_eq!(socket.data("1").await, json!({ "myTicketsChanged": { "__typename": "FeedGap", "reason": "SIGHT_CHANGED" } }));
    }

    async fn a_household_is_told_of_a_newcomer(app) {
        let (supervisor, owner) = (app.actor("supervisor").await, app.actor("lin-yi").await);
        let mut socket = app.socket(&owner).await;
        socket.subscribe("1", MINE).await;
        assert_eq!(socket.data("1").await, json!({ "myTicketsChanged": { "__typename": "FeedCaughtUp" } }));
        supervisor.act("occupancyMoveIn", to(&app.world.a101, &app.world.wang_lin), "").await.done();
        assert_eq!(socket.data("1").await, json!({ "myTicketsChanged": { "__typename": "FeedGap", "reason": "SIGHT_CHANGED" } }));
    }

    async fn of_sixteen_at_once_one_moves_in(app) {
        let supervisor = app.actor("supervisor").await;
        let input = to(&app.world.b201, &app.world.wang_lin);
        let answers = join_all((0..16).map(|_| supervisor.act("occupancyMoveIn", input.clone(), "occupancy { id }"))).await;
        let done = answers.iter().filter(|answer| answer.at("/userErrors") == &json!([])).count();
        assert_eq!(done, 1, "{answers:?}");
        let message = "王邻 is in unit 201 as TENANT already, from 2026-11-23";
        let taken = ("DUPLICATE".to_owned(), "input.occupantId".to_owned(), message.to_owned());
        let refused = answers.iter().filter(|answer| answer.at("/userErrors") != &json!([]));
        refused.for_each(|answer| assert_eq!(refusal(&answer.0), taken));
    }

    async fn what_cannot_be_is_refused(app) {
        let before = totals(app).await;
        let supervisor = app.actor("supervisor").await;
        let good = to(&app.world.b201, &app.world.wang_lin);
        let there = "陈租 is in unit 201 as TENANT already, from 2026-01-01";
        let year = "1066-10-14 is not a day that is kept here; the year goes from 1900 to 2199";
        refuses(&supervisor, "occupancyMoveIn", &good, vec![
            (json!({ "occupantId": app.world.chen_zu }), "DUPLICATE", "input.occupantId", there.into()),
            (json!({ "fromOn": "1066-10-14" }), "INVALID", "input.fromOn", year.into()),
            (json!({ "unitId": app.world.wang_lin }), "INVALID", "input.unitId",
                "this id is of kind \"occupant\"; one of kind \"unit\" is needed here".into()),
            (json!({ "unitId": nobody("unit") }), "NOT_FOUND", "input.unitId", unknown("unit")),
            (json!({ "unitId": app.world.c101 }), "NOT_FOUND", "input.unitId", format!("there is no unit {}", app.world.c101)),
            (json!({ "occupantId": app.world.zhao_yuan }), "NOT_FOUND", "input.occupantId",
                format!("there is no occupant {}", app.world.zhao_yuan)),
        ]).await;
        for day in ["2026-02-30", "2026-1-1", "23.11.2026", "today"] {
            let answer = supervisor.act("occupancyMoveIn", with(&good, json!({ "fromOn": day })), "").await;
            assert_eq!(answer.error(), "INVALID");
            let message = answer.text("/errors/0/message");
            assert!(message.contains(&format!("\"{day}\" is no day; write it like 2026-11-23")), "{message}");
        }
        for login in ["assistant", "desk", "worker", "group"] {
            let answer = app.actor(login).await.act("occupancyMoveIn", good.clone(), "").await;
            assert_eq!(refusal(&answer.0), ("FORBIDDEN".into(), String::new(), MAY_NOT.into()), "{login}");
        }
        let answer = app.actor("lin-yi").await.act("occupancyMoveIn", good, "").await;
        assert_eq!(refusal(&answer.0).0, "NOT_FOUND");
        let chen = again(&supervisor, &app.world.chen_zu, "Occupant", "occupancies { id }").await;
        let id = chen["occupancies"][0]["id"].as_str().unwrap();
        let out = json!({ "id": id, "toOn": "2026-11-23" });
        refuses(&supervisor, "occupancyMoveOut", &out, vec![
            (json!({ "toOn": "2025-12-31" }), "INVALID", "input.toOn",
                "2025-12-31 is before the first day, 2026-01-01; it ends on that day or later".into()),
            (json!({ "toOn": "9999-12-31" }), "INVALID", "input.toOn",
                "9999-12-31 is not a day that is kept here; the year goes from 1900 to 2199".into()),
            (json!({ "id": nobody("occupancy") }), "NOT_FOUND", "input.id", unknown("occupancy")),
            (json!({ "id": app.world.b201 }), "INVALID", "input.id",
                "this id is of kind \"unit\"; one of kind \"occupancy\" is needed here".into()),
        ]).await;
        for login in ["assistant", "desk", "worker", "chen-zu"] {
            let answer = app.actor(login).await.act("occupancyMoveOut", out.clone(), "").await;
            assert_eq!(refusal(&answer.0), ("FORBIDDEN".into(), String::new(), MAY_NOT.into()), "{login}");
        }
        for login in ["yunshan-supervisor", "lin-yi", "zhou-zhu"] {
            let answer = app.actor(login).await.act("occupancyMoveOut", out.clone(), "").await;
            assert_eq!(refusal(&answer.0), ("NOT_FOUND".into(), "input.id".into(), format!("there is no occupancy {id}")), "{login}");
        }
        assert_eq!(totals(app).await, before);
    }
}
