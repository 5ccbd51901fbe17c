use serde_json::json;

use super::*;
use crate::on_both;

/// A list read to its end, `size` at a time, and its total.
async fn walk(actor: &Actor, list: &str, order: &str, forward: bool, size: usize) -> (Vec<String>, u64) {
    let (mut names, mut cursor, mut total) = (Vec::new(), Value::Null, 0);
    loop {
        let window = if forward { "first: $size, after: $cursor" } else { "last: $size, before: $cursor" };
        let query = format!("query($size: Int, $cursor: String) {{ {list}(orderBy: {order}, {window}) {{ totalCount
            edges {{ cursor node {{ id }} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}");
        let answer = actor.ask_with(&query, json!({ "size": size, "cursor": cursor })).await;
        let page = answer.at(&format!("/data/{list}"));
        assert!(page.is_object(), "{answer:?}");
        let mut ids = page["edges"]
            .as_array()
            .unwrap()
            .iter()
            .map(|edge| edge["node"]["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>();
        assert!(ids.len() <= size);
        total = total.max(page["totalCount"].as_u64().unwrap());
        let (more, next) =
            if forward { ("hasNextPage", "endCursor") } else { ("hasPreviousPage", "startCursor") };
        if !forward {
            ids.append(&mut names);
            names = ids;
        } else {
            names.append(&mut ids);
        }
        if page["pageInfo"][more] == false {
            return (names, total);
        }
        cursor = page["pageInfo"][next].clone();
    }
}

/// The names that a list shows.
async fn named(actor: &Actor, list: &str, name: &str, filter: Value) -> Vec<String> {
    let mut kind = list.trim_end_matches('s').to_owned();
    if list == "communities" {
        kind = "community".into();
    }
    let kind = format!("{}{}", kind[..1].to_uppercase(), &kind[1..]);
    let query = format!(
        "query($filter: {kind}Filter) {{ {list}(filter: $filter) {{ totalCount nodes {{ name: {name} }} }} }}"
    );
    let answer = actor.ask_with(&query, json!({ "filter": filter })).await;
    let nodes = answer.at(&format!("/data/{list}/nodes")).as_array().unwrap_or_else(|| panic!("{answer:?}"));
    let names = nodes.iter().map(|node| node["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(answer.at(&format!("/data/{list}/totalCount")), names.len());
    names
}

on_both! {
    async fn every_list_is_read_in_each_order_from_both_ends(app) {
        let admin = app.actor("admin").await;
        let input = json!({ "communityId": app.world.xinghe, "name": "D栋", "kind": "OFFICE" });
        admin.act("buildingCreate", input, "").await.done();
        for (list, by, expected) in [("communities", "NAME", 2), ("buildings", "NAME", 4), ("units", "NUMBER", 4), ("occupants", "NAME", 6)] {
            for by in [by, "CREATED"] {
                let (all, total) = walk(&admin, list, &format!("{by}_ASC"), true, 100).await;
                assert_eq!((all.len() as u64, total), (expected, expected), "{list}");
                let mut turned = all.clone();
                turned.reverse();
                for size in [1, 2, 3] {
                    for forward in [true, false] {
                        assert_eq!(walk(&admin, list, &format!("{by}_ASC"), forward, size).await.0, all, "{list} {by} {size} {forward}");
                        assert_eq!(walk(&admin, list, &format!("{by}_DESC"), forward, size).await.0, turned, "{list} {by} {size} {forward}");
                    }
                }
            }
        }
    }

    async fn a_list_that_is_asked_for_wrongly_is_refused(app) {
        let admin = app.actor("admin").await;
        let foreign = admin.ask("{ communities { pageInfo { endCursor } } }").await.text("/data/communities/pageInfo/endCursor");
        for list in ["communities", "buildings", "units", "occupants"] {
            for (arguments, message) in [
                ("first: -1", "first is -1; it must be from 0 to 100".to_owned()),
                ("first: 2147483647", "first is 2147483647; it must be from 0 to 100".to_owned()),
                ("last: 101", "last is 101; it must be from 0 to 100".to_owned()),
                ("first: 1, last: 1", "ask for either first or last, not both".to_owned()),
                ("after: \"rubbish\"", "after is not a cursor that this server gave out".to_owned()),
            ] {
                let answer = admin.ask(&format!("{{ {list}({arguments}) {{ nodes {{ id }} }} }}")).await;
                assert_eq!((answer.error(), answer.text("/errors/0/message")), ("INVALID", message), "{list} {arguments}");
            }
            let order = if list == "communities" { "NAME_DESC" } else { "CREATED_ASC" };
            let answer = admin.ask(&format!("{{ {list}(orderBy: {order}, after: \"{foreign}\") {{ nodes {{ id }} }} }}")).await;
            assert_eq!(answer.error(), "INVALID");
            let message = answer.text("/errors/0/message");
            assert!(message.starts_with("after is a cursor of the list community/name/asc; it does not fit "), "{message}");
            assert_eq!(app.nobody().ask(&format!("{{ {list} {{ totalCount }} }}")).await.error(), "UNAUTHENTICATED");
            let search = format!("{{ {list}(filter: {{ search: \"a\\u0000b\" }}) {{ totalCount }} }}");
            assert_eq!(admin.ask(&search).await.error(), "INVALID");
        }
        let wrong = admin.ask_with("query($ids: [ID!]) { units(filter: { buildingIds: $ids }) { totalCount } }", json!({ "ids": [app.world.xinghe] })).await;
        assert_eq!(wrong.at("/errors/0/extensions"), &json!({ "code": "INVALID", "field": ["filter", "buildingIds"] }));
    }

    async fn a_filter_narrows_a_list(app) {
        let (admin, world) = (app.actor("admin").await, &app.world);
        assert_eq!(named(&admin, "communities", "name", json!({ "search": "XH" })).await, ["星河·国际"]);
        assert_eq!(named(&admin, "communities", "name", json!({ "search": "云" })).await, ["云山苑"]);
        assert_eq!(named(&admin, "communities", "name", json!({ "search": "%" })).await, [""; 0]);
        assert_eq!(named(&admin, "buildings", "name", json!({ "communityIds": [world.xinghe] })).await, ["A栋", "B栋"]);
        assert_eq!(named(&admin, "buildings", "name", json!({ "communityIds": [] })).await, [""; 0]);
        assert_eq!(named(&admin, "buildings", "name", json!({ "kinds": ["OFFICE"] })).await, [""; 0]);
        assert_eq!(named(&admin, "buildings", "name", json!({ "search": "c", "includeClosed": true })).await, ["C栋"]);
        assert_eq!(named(&admin, "units", "number", json!({ "buildingIds": [world.a, world.c] })).await, ["101", "101", "101"]);
        assert_eq!(named(&admin, "units", "number", json!({ "usages": ["SHOP"] })).await, [""; 0]);
        assert_eq!(named(&admin, "units", "number", json!({ "search": "20", "communityIds": [world.xinghe] })).await, ["201"]);
        assert_eq!(named(&admin, "occupants", "name", json!({ "unitIds": [world.c101] })).await, ["赵远"]);
        assert_eq!(named(&admin, "occupants", "name", json!({ "communityIds": [world.yunshan], "kinds": ["PERSON"] })).await, ["赵远"]);
        let seen = again(&admin, &world.a101, "Unit", "entrance { id }").await;
        let entrance = &seen["entrance"]["id"];
        assert_eq!(named(&admin, "units", "number", json!({ "entranceIds": [entrance] })).await, ["101"]);
    }

    async fn nothing_of_another_community_is_listed_or_counted(app) {
        let desk = app.actor("yunshan-desk").await;
        let world = &app.world;
        assert_eq!(named(&desk, "communities", "name", json!({})).await, ["云山苑"]);
        assert_eq!(named(&desk, "buildings", "name", json!({})).await, ["C栋"]);
        assert_eq!(named(&desk, "buildings", "name", json!({ "communityIds": [world.xinghe] })).await, [""; 0]);
        assert_eq!(named(&desk, "units", "number", json!({})).await, ["101"]);
        assert_eq!(named(&desk, "units", "number", json!({ "buildingIds": [world.a] })).await, [""; 0]);
        assert_eq!(named(&desk, "occupants", "name", json!({})).await, ["赵远"]);
        assert_eq!(named(&desk, "occupants", "name", json!({ "unitIds": [world.a101] })).await, [""; 0]);
        assert_eq!(named(&desk, "occupants", "name", json!({ "search": "林一" })).await, [""; 0]);
        let nobody = app.actor("personnel").await;
        for (list, name) in [("communities", "name"), ("buildings", "name"), ("units", "number"), ("occupants", "name")] {
            assert_eq!(named(&nobody, list, name, json!({})).await, [""; 0], "{list}");
        }
    }
}
