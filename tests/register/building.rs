use serde_json::json;

use super::*;
use crate::on_both;

on_both! {
    async fn a_building_is_added(app) {
        let supervisor = app.actor("supervisor").await;
        let input = json!({ "communityId": app.world.xinghe, "name": " D栋 ", "kind": "MIXED", "address": "星河路1号", "idempotencyKey": "d" });
        let fields = "building { id name kind address community { name } entrances { name } assistants { name title }
            units { totalCount nodes { number } } createdAt updatedAt closedAt version }";
        let made = supervisor.act("buildingCreate", input.clone(), fields).await.done();
        assert_eq!(made.at("/building"), &json!({
            "id": made.text("/building/id"),
            "name": "D栋",
            "kind": "MIXED",
            "address": "星河路1号",
            "community": { "name": "星河·国际" },
            "entrances": [],
            "assistants": [],
            "units": { "totalCount": 0, "nodes": [] },
            "createdAt": "2026-11-23T02:00:00.000000Z",
            "updatedAt": "2026-11-23T02:00:00.000000Z",
            "closedAt": null,
            "version": 1,
        }));
        assert_eq!(supervisor.act("buildingCreate", input, fields).await.done(), made);
    }

    async fn what_cannot_be_a_building_is_refused(app) {
        let before = totals(app).await;
        let good = json!({ "communityId": app.world.xinghe, "name": "D栋", "kind": "OFFICE" });
        let supervisor = app.actor("supervisor").await;
        refuses(&supervisor, "buildingCreate", &good, vec![
            (json!({ "name": " A栋" }), "DUPLICATE", "input.name", "there is a building A栋 in this community already".into()),
            (json!({ "name": "" }), "INVALID", "input.name", EMPTY.into()),
            (json!({ "name": "\u{0}" }), "INVALID", "input.name", NUL.into()),
            (json!({ "name": long() }), "INVALID", "input.name", too_long(100)),
            (json!({ "name": "x".repeat(200_000) }), "INVALID", "input.name",
                "the text has 200000 characters; at most 100 are kept".into()),
            (json!({ "address": "路".repeat(201) }), "INVALID", "input.address", "the text has 201 characters; at most 200 are kept".into()),
            (json!({ "communityId": app.world.a }), "INVALID", "input.communityId",
                "this id is of kind \"building\"; one of kind \"community\" is needed here".into()),
            (json!({ "communityId": nobody("community") }), "NOT_FOUND", "input.communityId", unknown("community")),
            (json!({ "communityId": app.world.yunshan }), "NOT_FOUND", "input.communityId",
                format!("there is no community {}", app.world.yunshan)),
        ]).await;
        for login in ["assistant", "desk", "worker", "group", "lin-yi"] {
            let answer = app.actor(login).await.act("buildingCreate", good.clone(), "").await;
            let message = "you may not add a building here; the community's supervisors, managers and ADMIN do";
            assert_eq!(refusal(&answer.0), ("FORBIDDEN".into(), String::new(), message.into()), "{login}");
        }
        assert_eq!(totals(app).await, before);
    }

    async fn a_building_is_changed(app) {
        let assistant = app.actor("assistant").await;
        let fields = "building { name kind address version updatedAt }";
        app.advance(chrono::TimeDelta::seconds(1));
        let change = json!({ "id": app.world.a, "expectedVersion": 1, "address": "星河路1号" });
        let changed = assistant.act("buildingUpdate", change.clone(), fields).await.done();
        assert_eq!(changed.at("/building"), &json!({
            "name": "A栋", "kind": "RESIDENTIAL", "address": "星河路1号", "version": 2, "updatedAt": "2026-11-23T02:00:01.000000Z",
        }));
        let current = "userErrors { code ... on Conflict { current { id ... on Building { version address } } } }";
        let query = format!("mutation($input: BuildingUpdateInput!) {{ buildingUpdate(input: $input) {{ {current} }} }}");
        let late = assistant.ask_with(&query, json!({ "input": with(&change, json!({ "address": null })) })).await;
        assert_eq!(late.at("/data/buildingUpdate/userErrors"), &json!([{
            "code": "CONFLICT", "current": { "id": app.world.a, "version": 2, "address": "星河路1号" },
        }]));
        let cleared = json!({ "id": app.world.a, "expectedVersion": 2, "address": null, "kind": "MIXED" });
        let cleared = assistant.act("buildingUpdate", cleared, "building { name kind address version }").await.done();
        assert_eq!(cleared.at("/building"), &json!({ "name": "A栋", "kind": "MIXED", "address": null, "version": 3 }));
    }

    async fn an_update_is_refused(app) {
        let good = json!({ "id": app.world.b, "name": "新B栋" });
        for login in ["assistant", "assistant2", "desk", "worker", "quality", "chen-zu"] {
            let answer = app.actor(login).await.act("buildingUpdate", good.clone(), "").await;
            assert_eq!(refusal(&answer.0), ("FORBIDDEN".into(), String::new(), MAY_NOT.into()), "{login}");
        }
        for login in ["yunshan-supervisor", "zhao-yuan", "lin-yi", "personnel"] {
            let answer = app.actor(login).await.act("buildingUpdate", good.clone(), "").await;
            let message = format!("there is no building {}", app.world.b);
            assert_eq!(refusal(&answer.0), ("NOT_FOUND".into(), "input.id".into(), message), "{login}");
        }
        let supervisor = app.actor("supervisor").await;
        refuses(&supervisor, "buildingUpdate", &good, vec![
            (json!({ "name": "A栋" }), "DUPLICATE", "input.name", "there is a building A栋 in this community already".into()),
            (json!({ "name": " " }), "INVALID", "input.name", EMPTY.into()),
            (json!({ "id": app.world.b201 }), "INVALID", "input.id", "this id is of kind \"unit\"; one of kind \"building\" is needed here".into()),
        ]).await;
        assert_eq!(again(&supervisor, &app.world.b, "Building", "name version").await, json!({ "name": "B栋", "version": 1 }));
    }

    async fn a_resident_sees_their_buildings_assistant(app) {
        let query = "{ buildings { totalCount nodes { name assistants { name title } entrances { name } units { totalCount nodes { number } } } } }";
        let seen = app.actor("lin-yi").await.ask(query).await;
        assert_eq!(seen.at("/data/buildings"), &json!({ "totalCount": 1, "nodes": [{
            "name": "A栋",
            "assistants": [{ "name": "助理小陈", "title": "助理小陈" }],
            "entrances": [{ "name": "1单元" }, { "name": "2单元" }],
            "units": { "totalCount": 1, "nodes": [{ "number": "101" }] },
        }] }));
    }

    async fn each_buildings_units_come_a_page_at_a_time(app) {
        let supervisor = app.actor("supervisor").await;
        for (building, numbers) in [(&app.world.a, ["001", "002"]), (&app.world.b, ["101", "301"])] {
            for number in numbers {
                let input = json!({ "buildingId": building, "number": number, "usage": "SHOP" });
                supervisor.act("unitCreate", input, "").await.done();
            }
        }
        let page = async |arguments: &str| {
            let query = format!("{{ buildings(filter: {{ kinds: [RESIDENTIAL] }}) {{ nodes {{ name units({arguments}) {{ totalCount
                nodes {{ number }} pageInfo {{ hasPreviousPage hasNextPage startCursor endCursor }} }} }} }} }}");
            let answer = supervisor.ask(&query).await;
            let nodes = answer.at("/data/buildings/nodes").as_array().unwrap_or_else(|| panic!("{answer:?}")).clone();
            nodes.iter().map(|building| {
                let units = &building["units"];
                let numbers = units["nodes"].as_array().unwrap().iter().map(|unit| unit["number"].as_str().unwrap());
                let info = units["pageInfo"].clone();
                let more = (info["hasPreviousPage"].as_bool().unwrap(), info["hasNextPage"].as_bool().unwrap());
                ((numbers.collect::<Vec<_>>().join(" "), more, units["totalCount"].as_u64().unwrap()), info)
            }).unzip::<_, _, Vec<_>, Vec<_>>()
        };
        let (first, info) = page("first: 2").await;
        assert_eq!(first, [("001 002".into(), (false, true), 4), ("101 201".into(), (false, true), 3)]);
        let (second, _) = page(&format!("first: 2, after: {}", info[0]["endCursor"])).await;
        assert_eq!(second, [("101 101".into(), (true, false), 4), ("101 201".into(), (true, true), 3)]);
        let (last, info) = page("last: 1").await;
        assert_eq!(last, [("101".into(), (true, false), 4), ("301".into(), (true, false), 3)]);
        let (before, _) = page(&format!("last: 2, before: {}", info[1]["startCursor"])).await;
        assert_eq!(before, [("101 101".into(), (true, true), 4), ("101 201".into(), (false, true), 3)]);
        let (none, _) = page("first: 0").await;
        assert_eq!(none, [(String::new(), (false, true), 4), (String::new(), (false, true), 3)]);
        let wrong = supervisor.ask("{ buildings { nodes { units(first: -1) { totalCount } } } }").await;
        assert_eq!((wrong.error(), wrong.at("/errors/0/message")), ("INVALID", &json!("first is -1; it must be from 0 to 100")));
    }
}
