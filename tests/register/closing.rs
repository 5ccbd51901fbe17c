use serde_json::json;

use super::*;
use crate::on_both;

fn in_use(name: &str, what: &str) -> (String, String, String) {
    let message = format!("{name} cannot be closed while there is something open: {what}");
    ("INVALID".into(), "input.id".into(), message)
}

on_both! {
    async fn a_unit_is_closed_when_nobody_is_in_it(app) {
        let (supervisor, desk, world) = (app.actor("supervisor").await, app.actor("desk").await, &app.world);
        let close = json!({ "id": world.b201, "expectedVersion": 1 });
        let filed = json!({ "kind": "REPAIR", "unitId": world.b201, "description": "漏水" });
        let ticket = desk.act("ticketFile", filed.clone(), "ticket { id number }").await.done();
        let refused = supervisor.act("unitClose", close.clone(), "unit { id }").await;
        let number = ticket.text("/ticket/number");
        assert_eq!(refusal(&refused.0), in_use("201", &format!("occupants 周主, 陈租; open tickets {number}")));
        // Who sees no tickets learns that there is one.
        let refused = app.actor("admin").await.act("unitClose", close.clone(), "").await;
        assert_eq!(refusal(&refused.0), in_use("201", "occupants 周主, 陈租; open tickets that you do not see"));
        let people = again(&supervisor, &world.b201, "Unit", "occupancies { id }").await;
        for occupancy in people["occupancies"].as_array().unwrap() {
            let input = json!({ "id": occupancy["id"], "toOn": "2026-11-22" });
            supervisor.act("occupancyMoveOut", input, "").await.done();
        }
        desk.act("ticketCancel", json!({ "id": ticket.at("/ticket/id") }), "").await.done();
        let closed = supervisor.act("unitClose", close.clone(), "unit { number closedAt version }").await.done();
        assert_eq!(closed.at("/unit"), &json!({ "number": "201", "closedAt": "2026-11-23T02:00:00.000000Z", "version": 2 }));
        assert_eq!(supervisor.act("unitClose", close, "").await.refusal(), "CONFLICT");
        let twice = supervisor.act("unitClose", json!({ "id": world.b201 }), "").await;
        let message = "it was closed at 2026-11-23T02:00:00+00:00 already";
        assert_eq!(refusal(&twice.0), ("INVALID".into(), "input.id".into(), message.into()));
        let listed = desk.ask("{ units(filter: { search: \"201\" }) { totalCount } }").await;
        assert_eq!(listed.at("/data/units/totalCount"), 0);
        let listed = desk.ask("{ units(filter: { search: \"201\", includeClosed: true }) { totalCount } }").await;
        assert_eq!(listed.at("/data/units/totalCount"), 1);
        assert_eq!(desk.act("ticketFile", filed, "").await.refusal(), "NOT_FOUND");
        // The number is free again.
        let input = json!({ "buildingId": world.b, "number": "201", "usage": "OFFICE" });
        supervisor.act("unitCreate", input, "").await.done();
    }

    async fn a_building_is_closed_when_it_is_empty(app) {
        let (supervisor, world) = (app.actor("supervisor").await, &app.world);
        let refused = supervisor.act("buildingClose", json!({ "id": world.a }), "").await;
        assert_eq!(refusal(&refused.0), in_use("A栋", "units 101, 101; entrances 1单元, 2单元; in the charge of 助理小陈"));
        let input = json!({ "communityId": world.xinghe, "name": "临时", "kind": "MIXED" });
        let id = supervisor.act("buildingCreate", input, "building { id }").await.done().text("/building/id");
        let input = json!({ "buildingId": id, "name": "东" });
        let entrance = supervisor.act("entranceCreate", input, "entrance { id }").await.done().text("/entrance/id");
        let mut units = Vec::new();
        for number in ["1", "2", "3", "4"] {
            let input = json!({ "entranceId": entrance, "number": number, "usage": "SHOP" });
            units.push(supervisor.act("unitCreate", input, "unit { id }").await.done().text("/unit/id"));
        }
        let refused = supervisor.act("entranceClose", json!({ "id": entrance, "expectedVersion": 1 }), "").await;
        assert_eq!(refusal(&refused.0), in_use("东", "units 1, 2, 3 and more"));
        for unit in units {
            supervisor.act("unitClose", json!({ "id": unit }), "").await.done();
        }
        let refused = supervisor.act("buildingClose", json!({ "id": id }), "").await;
        assert_eq!(refusal(&refused.0), in_use("临时", "entrances 东"));
        let closed = supervisor.act("entranceClose", json!({ "id": entrance }), "entrance { closedAt version }").await.done();
        assert_eq!(closed.at("/entrance"), &json!({ "closedAt": "2026-11-23T02:00:00.000000Z", "version": 2 }));
        let closed = supervisor.act("buildingClose", json!({ "id": id }), "building { closedAt version }").await.done();
        assert_eq!(closed.at("/building"), &json!({ "closedAt": "2026-11-23T02:00:00.000000Z", "version": 2 }));
        for (mutation, input) in [
            ("entranceCreate", json!({ "buildingId": id, "name": "西" })),
            ("unitCreate", json!({ "buildingId": id, "number": "5", "usage": "SHOP" })),
            ("chargeGrant", json!({ "buildingId": id, "staffId": world.staff("assistant") })),
        ] {
            assert_eq!(supervisor.act(mutation, input, "").await.refusal(), "NOT_FOUND", "{mutation}");
        }
    }

    async fn an_occupant_is_closed_when_they_are_nowhere(app) {
        let (supervisor, world) = (app.actor("supervisor").await, &app.world);
        let zhou = app.actor("zhou-zhu").await;
        let close = json!({ "id": world.zhou_zhu });
        let refused = supervisor.act("occupantClose", close.clone(), "").await;
        assert_eq!(refusal(&refused.0), in_use("周主", "units 201"));
        let lived = again(&supervisor, &world.zhou_zhu, "Occupant", "occupancies { id }").await;
        let input = json!({ "id": lived["occupancies"][0]["id"], "toOn": "2026-11-22" });
        supervisor.act("occupancyMoveOut", input, "").await.done();
        assert_eq!(zhou.ask("{ viewer { login } }").await.at("/data/viewer/login"), "zhou-zhu");
        let closed = supervisor.act("occupantClose", close.clone(), "occupant { name closedAt version }").await.done();
        assert_eq!(closed.at("/occupant"), &json!({ "name": "周主", "closedAt": "2026-11-23T02:00:00.000000Z", "version": 2 }));
        assert_eq!(zhou.ask("{ tickets { totalCount } }").await.error(), "UNAUTHENTICATED");
        let again = json!({ "login": "zhou-zhu", "password": crate::support::world::PASSWORD });
        assert_eq!(app.nobody().act("sessionCreate", again, "").await.refusal(), "INVALID");
        let input = json!({ "unitId": world.b201, "occupantId": world.zhou_zhu, "kind": "OWNER", "fromOn": "2026-12-01" });
        assert_eq!(supervisor.act("occupancyMoveIn", input, "").await.refusal(), "NOT_FOUND");
    }

    async fn who_may_not_change_the_register_closes_nothing(app) {
        let before = totals(app).await;
        let world = &app.world;
        let entrance = crate::support::world::shown("entrance", "a1");
        let all = [
            ("buildingClose", &world.a), ("entranceClose", &entrance), ("unitClose", &world.a101), ("occupantClose", &world.lin_yi),
        ];
        for (mutation, id) in all {
            for (login, code) in [
                ("desk", "FORBIDDEN"), ("worker", "FORBIDDEN"), ("assistant2", "FORBIDDEN"), ("group", "FORBIDDEN"),
                ("yunshan-head", "NOT_FOUND"), ("chen-zu", "NOT_FOUND"),
            ] {
                let answer = app.actor(login).await.act(mutation, json!({ "id": id }), "").await;
                assert_eq!(answer.refusal(), code, "{login} {mutation}");
            }
        }
        let answer = app.actor("assistant").await.act("buildingClose", json!({ "id": world.a }), "").await;
        assert_eq!(answer.refusal(), "FORBIDDEN", "an assistant closes no building");
        assert_eq!(totals(app).await, before);
    }

    async fn what_is_closed_at_one_moment_takes_nothing_in(app) {
        let (supervisor, world) = (app.actor("supervisor").await, &app.world);
        for round in 0..8 {
            let input = json!({ "communityId": world.xinghe, "name": format!("临{round}"), "kind": "MIXED" });
            let id = supervisor.act("buildingCreate", input, "building { id }").await.done().text("/building/id");
            let unit = json!({ "buildingId": id, "number": "1", "usage": "SHOP" });
            let (closed, made) = tokio::join!(
                supervisor.act("buildingClose", json!({ "id": id }), "building { id }"),
                supervisor.act("unitCreate", unit, "unit { id }"),
            );
            let done = [&closed, &made].map(|answer| answer.at("/userErrors") == &json!([]));
            assert!(done == [true, false] || done == [false, true], "{closed:?} {made:?}");
        }
    }
}
