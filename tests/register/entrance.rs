use serde_json::json;

use super::*;
use crate::on_both;

on_both! {
    async fn an_entrance_is_added_and_renamed(app) {
        let assistant = app.actor("assistant").await;
        let input = json!({ "buildingId": app.world.a, "name": "3单元", "idempotencyKey": "3" });
        let fields = "entrance { id name building { name } createdAt closedAt }";
        let made = assistant.act("entranceCreate", input.clone(), fields).await.done();
        let id = made.text("/entrance/id");
        assert_eq!(made.at("/entrance"), &json!({
            "id": id, "name": "3单元", "building": { "name": "A栋" }, "createdAt": "2026-11-23T02:00:00.000000Z", "closedAt": null,
        }));
        assert_eq!(assistant.act("entranceCreate", input, fields).await.done(), made);
        let change = json!({ "id": id, "expectedVersion": 1, "name": "丙单元" });
        let renamed = assistant.act("entranceUpdate", change.clone(), "entrance { name version }").await.done();
        assert_eq!(renamed.at("/entrance"), &json!({ "name": "丙单元", "version": 2 }));
        let query = "mutation($input: EntranceUpdateInput!) { entranceUpdate(input: $input) {
            userErrors { code ... on Conflict { current { ... on Entrance { name version } } } } } }";
        let late = assistant.ask_with(query, json!({ "input": change })).await;
        assert_eq!(late.at("/data/entranceUpdate/userErrors"),
            &json!([{ "code": "CONFLICT", "current": { "name": "丙单元", "version": 2 } }]));
        let names = again(&assistant, &app.world.a, "Building", "entrances { name }").await;
        assert_eq!(names, json!({ "entrances": [{ "name": "1单元" }, { "name": "2单元" }, { "name": "丙单元" }] }));
    }

    async fn what_cannot_be_an_entrance_is_refused(app) {
        let before = totals(app).await;
        let assistant = app.actor("assistant").await;
        let good = json!({ "buildingId": app.world.a, "name": "3单元" });
        refuses(&assistant, "entranceCreate", &good, vec![
            (json!({ "name": "1单元" }), "DUPLICATE", "input.name", "there is an entrance 1单元 in this building already".into()),
            (json!({ "name": "" }), "INVALID", "input.name", EMPTY.into()),
            (json!({ "name": "3\u{0}" }), "INVALID", "input.name", NUL.into()),
            (json!({ "name": long() }), "INVALID", "input.name", too_long(100)),
            (json!({ "buildingId": app.world.xinghe }), "INVALID", "input.buildingId",
                "this id is of kind \"community\"; one of kind \"building\" is needed here".into()),
            (json!({ "buildingId": nobody("building") }), "NOT_FOUND", "input.buildingId", unknown("building")),
            (json!({ "buildingId": app.world.c }), "NOT_FOUND", "input.buildingId", format!("there is no building {}", app.world.c)),
            (json!({ "buildingId": app.world.b }), "FORBIDDEN", "", MAY_NOT.into()),
        ]).await;
        for login in ["desk", "worker", "assistant2", "lin-yi"] {
            let answer = app.actor(login).await.act("entranceCreate", good.clone(), "").await;
            assert_eq!(refusal(&answer.0), ("FORBIDDEN".into(), String::new(), MAY_NOT.into()), "{login}");
        }
        let entrances = again(&assistant, &app.world.a, "Building", "entrances { id }").await;
        let first = entrances["entrances"][0]["id"].as_str().unwrap();
        let rename = json!({ "id": first, "name": "2单元" });
        refuses(&assistant, "entranceUpdate", &rename, vec![
            (json!({}), "DUPLICATE", "input.name", "there is an entrance 2单元 in this building already".into()),
            (json!({ "name": " " }), "INVALID", "input.name", EMPTY.into()),
            (json!({ "id": nobody("entrance") }), "NOT_FOUND", "input.id", unknown("entrance")),
        ]).await;
        let answer = app.actor("desk").await.act("entranceUpdate", rename.clone(), "").await;
        assert_eq!(refusal(&answer.0), ("FORBIDDEN".into(), String::new(), MAY_NOT.into()));
        for login in ["yunshan-supervisor", "chen-zu"] {
            let answer = app.actor(login).await.act("entranceUpdate", rename.clone(), "").await;
            let message = format!("there is no entrance {first}");
            assert_eq!(refusal(&answer.0), ("NOT_FOUND".into(), "input.id".into(), message), "{login}");
        }
        assert_eq!(totals(app).await, before);
        assert_eq!(again(&assistant, first, "Entrance", "name").await, json!({ "name": "1单元" }));
    }
}
