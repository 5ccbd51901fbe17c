use futures_util::future::join_all;
use serde_json::json;

use super::*;
use crate::on_both;

const ALL: &str =
    "unit { number community { name } building { name } entrance { name } floor usage layout orientation area
    occupancies { kind } createdAt updatedAt closedAt version }";

/// The id of the first entrance of A栋.
async fn first_entrance(app: &App) -> String {
    let seen = again(&app.actor("supervisor").await, &app.world.a, "Building", "entrances { id }").await;
    seen["entrances"][0]["id"].as_str().unwrap().to_owned()
}

on_both! {
    async fn a_unit_is_added_to_an_entrance_a_building_or_a_community(app) {
        let supervisor = app.actor("supervisor").await;
        let entrance = first_entrance(app).await;
        let input = json!({ "entranceId": entrance, "number": " 102 ", "usage": "RESIDENCE", "floor": 1, "layout": "三房两厅",
            "orientation": "朝南", "area": 89.5, "idempotencyKey": "102" });
        let made = supervisor.act("unitCreate", input.clone(), ALL).await.done();
        assert_eq!(made.at("/unit"), &json!({
            "number": "102",
            "community": { "name": "星河·国际" },
            "building": { "name": "A栋" },
            "entrance": { "name": "1单元" },
            "floor": 1,
            "usage": "RESIDENCE",
            "layout": "三房两厅",
            "orientation": "朝南",
            "area": 89.5,
            "occupancies": [],
            "createdAt": "2026-11-23T02:00:00.000000Z",
            "updatedAt": "2026-11-23T02:00:00.000000Z",
            "closedAt": null,
            "version": 1,
        }));
        assert_eq!(supervisor.act("unitCreate", input, ALL).await.done(), made);
        let fields = "unit { building { name } entrance { name } floor area }";
        let alone = json!({ "communityId": app.world.xinghe, "number": "S1", "usage": "SHOP" });
        let alone = supervisor.act("unitCreate", alone, fields).await.done();
        assert_eq!(alone.at("/unit"), &json!({ "building": null, "entrance": null, "floor": null, "area": null }));
        let within = json!({ "communityId": app.world.xinghe, "buildingId": app.world.b, "number": "B101", "usage": "STALL", "floor": -1, "area": 12.345 });
        let within = supervisor.act("unitCreate", within, fields).await.done();
        assert_eq!(within.at("/unit"), &json!({ "building": { "name": "B栋" }, "entrance": null, "floor": -1, "area": 12.35 }));
    }

    async fn what_cannot_be_a_unit_is_refused(app) {
        let before = totals(app).await;
        let entrance = first_entrance(app).await;
        let good = json!({ "entranceId": entrance, "number": "102", "usage": "RESIDENCE" });
        let supervisor = app.actor("supervisor").await;
        let floor = |floor: i32| format!("{floor} is no floor; it goes from -20 to 300");
        let area = |area: &str| format!("{area} is no area; it goes from 0.01 to 100000 square metres");
        refuses(&supervisor, "unitCreate", &good, vec![
            (json!({ "number": "101" }), "DUPLICATE", "input.number", "unit 101 is already in 1单元".into()),
            (json!({ "entranceId": null, "buildingId": app.world.b, "number": "201" }), "DUPLICATE", "input.number",
                "unit 201 is already in B栋".into()),
            (json!({ "number": "" }), "INVALID", "input.number", EMPTY.into()),
            (json!({ "number": "1\u{0}" }), "INVALID", "input.number", NUL.into()),
            (json!({ "number": long() }), "INVALID", "input.number", too_long(40)),
            (json!({ "layout": long() }), "INVALID", "input.layout", too_long(40)),
            (json!({ "orientation": long() }), "INVALID", "input.orientation", too_long(40)),
            (json!({ "floor": 301 }), "INVALID", "input.floor", floor(301)),
            (json!({ "floor": -21 }), "INVALID", "input.floor", floor(-21)),
            (json!({ "area": 0 }), "INVALID", "input.area", area("0")),
            (json!({ "area": -1.5 }), "INVALID", "input.area", area("-1.5")),
            (json!({ "area": 1e12 }), "INVALID", "input.area", area("1000000000000")),
            (json!({ "entranceId": app.world.a }), "INVALID", "input.entranceId",
                "this id is of kind \"building\"; one of kind \"entrance\" is needed here".into()),
            (json!({ "entranceId": nobody("entrance") }), "NOT_FOUND", "input.entranceId", unknown("entrance")),
            (json!({ "buildingId": app.world.b }), "INVALID", "input.entranceId", "the entrance is in another building".into()),
            (json!({ "entranceId": null }), "INVALID", "input.communityId",
                "name the building, or the community of a unit that stands by itself".into()),
            (json!({ "communityId": app.world.yunshan }), "INVALID", "input.buildingId", "the building is in another community".into()),
            (json!({ "entranceId": null, "communityId": app.world.yunshan }), "NOT_FOUND", "input.communityId",
                format!("there is no community {}", app.world.yunshan)),
            (json!({ "entranceId": null, "buildingId": app.world.c }), "NOT_FOUND", "input.buildingId",
                format!("there is no building {}", app.world.c)),
        ]).await;
        for login in ["desk", "worker", "assistant2", "group", "lin-yi"] {
            let answer = app.actor(login).await.act("unitCreate", good.clone(), "").await;
            assert_eq!(refusal(&answer.0), ("FORBIDDEN".into(), String::new(), MAY_NOT.into()), "{login}");
        }
        // What stands in no building is in no assistant's charge.
        let alone = json!({ "communityId": app.world.xinghe, "number": "S1", "usage": "SHOP" });
        let answer = app.actor("assistant").await.act("unitCreate", alone, "").await;
        assert_eq!(refusal(&answer.0), ("FORBIDDEN".into(), String::new(), MAY_NOT.into()));
        assert_eq!(totals(app).await, before);
    }

    async fn of_sixteen_at_once_one_is_made(app) {
        let supervisor = app.actor("supervisor").await;
        let input = json!({ "buildingId": app.world.b, "number": "301", "usage": "OFFICE" });
        let answers = join_all((0..16).map(|_| supervisor.act("unitCreate", input.clone(), "unit { id }"))).await;
        let (made, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.at("/userErrors") == &json!([]));
        assert_eq!((made.len(), refused.len()), (1, 15), "{answers:?}");
        let taken = ("DUPLICATE".to_owned(), "input.number".to_owned(), "unit 301 is already in B栋".to_owned());
        assert!(refused.iter().all(|answer| refusal(&answer.0) == taken), "{refused:?}");
        let found = supervisor.ask("{ units(filter: { search: \"301\" }) { totalCount } }").await;
        assert_eq!(found.at("/data/units/totalCount"), 1);
    }

    async fn of_sixteen_with_one_key_all_are_answered_alike(app) {
        let supervisor = app.actor("supervisor").await;
        let input = json!({ "buildingId": app.world.b, "number": "302", "usage": "OFFICE", "idempotencyKey": "302" });
        let answers = join_all((0..16).map(|_| supervisor.act("unitCreate", input.clone(), "unit { id }"))).await;
        assert!(answers.iter().all(|answer| answer.clone().done() == answers[0]), "{answers:?}");
    }

    async fn a_unit_is_changed(app) {
        let assistant = app.actor("assistant").await;
        let change = json!({ "id": app.world.a101, "expectedVersion": 1, "floor": null, "area": 90.25, "layout": "两房", "entranceId": null, "number": "101A" });
        let fields = "unit { number floor area layout orientation usage entrance { name } building { name } version }";
        let changed = assistant.act("unitUpdate", change.clone(), fields).await.done();
        assert_eq!(changed.at("/unit"), &json!({
            "number": "101A", "floor": null, "area": 90.25, "layout": "两房", "orientation": null, "usage": "RESIDENCE",
            "entrance": null, "building": { "name": "A栋" }, "version": 2,
        }));
        let query = "mutation($input: UnitUpdateInput!) { unitUpdate(input: $input) {
            userErrors { code ... on Conflict { current { ... on Unit { number version } } } } } }";
        let late = assistant.ask_with(query, json!({ "input": change })).await;
        assert_eq!(late.at("/data/unitUpdate/userErrors"),
            &json!([{ "code": "CONFLICT", "current": { "number": "101A", "version": 2 } }]));
        let back = json!({ "id": app.world.a101, "entranceId": first_entrance(app).await });
        let back = assistant.act("unitUpdate", back, fields).await.done();
        assert_eq!((back.at("/unit/entrance/name"), back.at("/unit/version")), (&json!("1单元"), &json!(3)));
    }

    async fn an_update_is_refused(app) {
        let entrance = first_entrance(app).await;
        let good = json!({ "id": app.world.a2_101, "layout": "两房" });
        for login in ["desk", "worker", "assistant2", "quality", "wang-lin"] {
            let answer = app.actor(login).await.act("unitUpdate", good.clone(), "").await;
            assert_eq!(refusal(&answer.0), ("FORBIDDEN".into(), String::new(), MAY_NOT.into()), "{login}");
        }
        for login in ["yunshan-supervisor", "lin-yi", "zhao-yuan"] {
            let answer = app.actor(login).await.act("unitUpdate", good.clone(), "").await;
            let message = format!("there is no unit {}", app.world.a2_101);
            assert_eq!(refusal(&answer.0), ("NOT_FOUND".into(), "input.id".into(), message), "{login}");
        }
        let supervisor = app.actor("supervisor").await;
        refuses(&supervisor, "unitUpdate", &good, vec![
            (json!({ "entranceId": entrance }), "DUPLICATE", "input.number", "unit 101 is already in 1单元".into()),
            (json!({ "id": app.world.b201, "entranceId": entrance }), "INVALID", "input.entranceId", "the entrance is in another building".into()),
            (json!({ "entranceId": app.world.xinghe }), "INVALID", "input.entranceId",
                "this id is of kind \"community\"; one of kind \"entrance\" is needed here".into()),
            (json!({ "floor": 999 }), "INVALID", "input.floor", "999 is no floor; it goes from -20 to 300".into()),
            (json!({ "number": "" }), "INVALID", "input.number", EMPTY.into()),
        ]).await;
        let seen = again(&supervisor, &app.world.a2_101, "Unit", "layout floor number version").await;
        assert_eq!(seen, json!({ "layout": null, "floor": 1, "number": "101", "version": 1 }));
    }
}
