use serde_json::json;

use super::*;
use crate::on_both;

/// What each of the world's things is called, by its id.
async fn seen(app: &App, login: &str) -> Vec<String> {
    let world = &app.world;
    let ids = [
        &world.xinghe,
        &world.yunshan,
        &world.a,
        &world.b,
        &world.c,
        &world.a101,
        &world.b201,
        &world.c101,
        &world.lin_yi,
        &world.chen_zu,
        &world.zhao_yuan,
    ];
    let query =
        "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Community { name } ... on Building { name }
        ... on Unit { name: number } ... on Occupant { name } } }";
    let answer = app.actor(login).await.ask_with(query, json!({ "ids": ids })).await;
    let nodes = answer.at("/data/nodes").as_array().unwrap_or_else(|| panic!("{answer:?}")).clone();
    nodes
        .iter()
        .zip(ids)
        .filter(|(node, _)| !node.is_null())
        .map(|(node, id)| {
            assert_eq!(node["id"], **id);
            node["name"].as_str().unwrap().to_owned()
        })
        .collect()
}

on_both! {
    async fn each_sees_their_own_part_of_the_register(app) {
        let xinghe = ["星河·国际", "A栋", "B栋", "101", "201", "林一", "陈租"];
        for login in ["desk", "worker", "assistant", "supervisor", "center", "manager", "head", "executive"] {
            assert_eq!(seen(app, login).await, xinghe, "{login}");
        }
        for login in ["group", "quality", "admin"] {
            assert_eq!(seen(app, login).await.len(), 11, "{login}");
        }
        assert_eq!(seen(app, "yunshan-desk").await, ["云山苑", "C栋", "101", "赵远"]);
        assert_eq!(seen(app, "lin-yi").await, ["星河·国际", "A栋", "101", "林一"]);
        assert_eq!(seen(app, "chen-zu").await, ["星河·国际", "B栋", "201", "陈租"]);
        assert_eq!(seen(app, "personnel").await, [""; 0]);
    }

    async fn an_entrance_and_an_occupancy_are_found_again(app) {
        let (desk, resident) = (app.actor("desk").await, app.actor("lin-yi").await);
        let unit = again(&desk, &app.world.a101, "Unit", "entrance { id } occupancies { id }").await;
        let entrance = unit["entrance"]["id"].as_str().unwrap();
        let query = "name building { name entrances { name } }";
        let shown = json!({ "name": "1单元", "building": { "name": "A栋", "entrances": [{ "name": "1单元" }, { "name": "2单元" }] } });
        assert_eq!(again(&desk, entrance, "Entrance", query).await, shown);
        assert_eq!(again(&resident, entrance, "Entrance", query).await, shown);
        let neighbour = app.actor("chen-zu").await;
        assert_eq!(again(&neighbour, entrance, "Entrance", "name").await, Value::Null);
        let all = unit["occupancies"].as_array().unwrap();
        assert_eq!(all.len(), 2);
        let mut seen = Vec::new();
        for occupancy in all {
            let id = occupancy["id"].as_str().unwrap();
            assert_eq!(again(&neighbour, id, "Occupancy", "kind").await, Value::Null);
            seen.push(again(&resident, id, "Occupancy", "kind fromOn occupant { name }").await);
        }
        seen.retain(|row| !row.is_null());
        assert_eq!(seen, [json!({ "kind": "OWNER", "fromOn": "2026-01-01", "occupant": { "name": "林一" } })]);
        let own = again(&resident, &app.world.a101, "Unit", "occupancies { kind }").await;
        assert_eq!(own, json!({ "occupancies": [{ "kind": "OWNER" }] }), "with whom they live is not the register's to tell");
    }
}
