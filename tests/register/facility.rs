use serde_json::json;

use super::*;
use crate::on_both;

const ALL: &str = "facility { id kind name place purpose nextCheckOn community { name } building { name } createdAt closedAt version }";

async fn listed(actor: &Actor, filter: Value) -> Vec<String> {
    let query =
        "query($filter: FacilityFilter) { facilities(filter: $filter) { totalCount nodes { name } } }";
    let found = actor.ask_with(query, json!({ "filter": filter })).await.at("/data/facilities").clone();
    let names = found["nodes"].as_array().unwrap_or_else(|| panic!("{found}")).iter();
    let names = names.map(|node| node["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(found["totalCount"], names.len());
    names
}

on_both! {
    async fn a_facility_is_added_changed_and_closed(app) {
        let assistant = app.actor("assistant").await;
        let input = json!({
            "buildingId": app.world.a, "kind": "FIRE_SAFETY", "name": " 消防栓 ", "place": "1单元大堂", "purpose": "灭火",
            "nextCheckOn": "2026-12-01", "idempotencyKey": "hydrant",
        });
        let made = assistant.act("facilityCreate", input.clone(), ALL).await.done();
        let id = made.text("/facility/id");
        assert_eq!(made.at("/facility"), &json!({
            "id": id, "kind": "FIRE_SAFETY", "name": "消防栓", "place": "1单元大堂", "purpose": "灭火", "nextCheckOn": "2026-12-01",
            "community": { "name": "星河·国际" }, "building": { "name": "A栋" },
            "createdAt": "2026-11-23T02:00:00.000000Z", "closedAt": null, "version": 1,
        }));
        assert_eq!(assistant.act("facilityCreate", input, ALL).await.done(), made);
        let change = json!({ "id": id, "expectedVersion": 1, "kind": "SHARED", "name": "水栓", "place": null, "nextCheckOn": null });
        let changed = assistant.act("facilityUpdate", change.clone(), "facility { kind name place purpose nextCheckOn version }").await.done();
        assert_eq!(changed.at("/facility"), &json!({
            "kind": "SHARED", "name": "水栓", "place": null, "purpose": "灭火", "nextCheckOn": null, "version": 2,
        }));
        let query = "mutation($input: FacilityUpdateInput!) { facilityUpdate(input: $input) {
            userErrors { code ... on Conflict { current { ... on Facility { name version } } } } } }";
        let late = assistant.ask_with(query, json!({ "input": change })).await;
        assert_eq!(late.at("/data/facilityUpdate/userErrors"), &json!([{ "code": "CONFLICT", "current": { "name": "水栓", "version": 2 } }]));
        let close = json!({ "id": id, "expectedVersion": 2 });
        let closed = assistant.act("facilityClose", close, "facility { closedAt version }").await.done();
        assert_eq!(closed.at("/facility"), &json!({ "closedAt": "2026-11-23T02:00:00.000000Z", "version": 3 }));
        assert_eq!(listed(&assistant, json!({})).await, [""; 0]);
        assert_eq!(listed(&assistant, json!({ "includeClosed": true })).await, ["水栓"]);
    }

    async fn what_cannot_be_a_facility_is_refused(app) {
        let (assistant, supervisor, world) = (app.actor("assistant").await, app.actor("supervisor").await, &app.world);
        let good = json!({ "buildingId": world.a, "kind": "SHARED", "name": "电梯" });
        refuses(&assistant, "facilityCreate", &good, vec![
            (json!({ "name": " " }), "INVALID", "input.name", EMPTY.into()),
            (json!({ "name": long() }), "INVALID", "input.name", too_long(100)),
            (json!({ "place": "\u{0}" }), "INVALID", "input.place", NUL.into()),
            (json!({ "purpose": "用".repeat(201) }), "INVALID", "input.purpose", "the text has 201 characters; at most 200 are kept".into()),
            (json!({ "nextCheckOn": "0026-12-01" }), "INVALID", "input.nextCheckOn",
                "0026-12-01 is not a day that is kept here; the year goes from 1900 to 2199".into()),
            (json!({ "buildingId": nobody("building") }), "NOT_FOUND", "input.buildingId", unknown("building")),
            (json!({ "communityId": world.yunshan }), "INVALID", "input.buildingId", "the building is in another community".into()),
            (json!({ "buildingId": null }), "INVALID", "input.communityId",
                "name the building, or the community of a facility that is in none".into()),
            (json!({ "buildingId": world.b }), "FORBIDDEN", "", MAY_NOT.into()),
            (json!({ "buildingId": null, "communityId": world.xinghe }), "FORBIDDEN", "", MAY_NOT.into()),
        ]).await;
        let id = supervisor.act("facilityCreate", good.clone(), "facility { id }").await.done().text("/facility/id");
        for (login, code) in [("desk", "FORBIDDEN"), ("worker", "FORBIDDEN"), ("yunshan-head", "NOT_FOUND"), ("lin-yi", "NOT_FOUND")] {
            let actor = app.actor(login).await;
            assert_eq!(actor.act("facilityUpdate", json!({ "id": id, "name": "x" }), "").await.refusal(), code, "{login}");
            assert_eq!(actor.act("facilityClose", json!({ "id": id }), "").await.refusal(), code, "{login}");
        }
        assert_eq!(again(&supervisor, &id, "Facility", "name version closedAt").await, json!({ "name": "电梯", "version": 1, "closedAt": null }));
        assert_eq!(again(&app.actor("lin-yi").await, &id, "Facility", "name").await, Value::Null);
    }

    async fn facilities_are_listed_by_what_is_asked(app) {
        let (supervisor, world) = (app.actor("supervisor").await, &app.world);
        for (name, place, kind, day) in [
            ("电梯", json!({ "buildingId": world.a }), "SHARED", json!("2026-11-30")),
            ("灭火器", json!({ "buildingId": world.b }), "FIRE_SAFETY", json!("2026-12-01")),
            ("游泳池", json!({ "communityId": world.xinghe }), "SHARED", json!(null)),
        ] {
            let input = with(&place, json!({ "name": name, "kind": kind, "nextCheckOn": day }));
            supervisor.act("facilityCreate", input, "").await.done();
        }
        for (filter, expected) in [
            (json!({}), vec!["游泳池", "灭火器", "电梯"]),
            (json!({ "kinds": ["SHARED"] }), vec!["游泳池", "电梯"]),
            (json!({ "buildingIds": [world.b] }), vec!["灭火器"]),
            (json!({ "communityIds": [world.yunshan] }), vec![]),
            (json!({ "dueBefore": "2026-12-01" }), vec!["电梯"]),
            (json!({ "dueBefore": "2026-12-02", "search": "灭火" }), vec!["灭火器"]),
            (json!({ "kinds": [] }), vec![]),
        ] {
            assert_eq!(listed(&supervisor, filter.clone()).await, expected, "{filter}");
        }
        for login in ["desk", "worker", "assistant2", "quality", "admin"] {
            assert_eq!(listed(&app.actor(login).await, json!({})).await.len(), 3, "{login}");
        }
        for login in ["lin-yi", "personnel", "yunshan-head"] {
            assert_eq!(listed(&app.actor(login).await, json!({})).await, [""; 0], "{login}");
        }
        let refused = supervisor.act("buildingClose", json!({ "id": world.b }), "").await;
        let message = "B栋 cannot be closed while there is something open: units 201; facilities 灭火器";
        assert_eq!(refusal(&refused.0), ("INVALID".into(), "input.id".into(), message.into()));
    }
}
