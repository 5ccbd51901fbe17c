use serde_json::{Value, json};

use crate::on_both;
use crate::support::{Actor, App};

/// Walks through a list in pages of two, forwards or backwards, and gives the names in the list's order.
async fn walk(actor: &Actor, list: &str, arguments: &str, forwards: bool) -> Vec<String> {
    let (size, from, has_more, next) = match forwards {
        true => ("first", "after", "hasNextPage", "endCursor"),
        false => ("last", "before", "hasPreviousPage", "startCursor"),
    };
    let query = format!(
        "query($cursor: String) {{ {list}({size}: 2, {from}: $cursor, {arguments}) {{
            nodes {{ name }} pageInfo {{ {has_more} {next} }}
        }} }}"
    );
    let (mut names, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let answer = actor.ask_with(&query, json!({ "cursor": cursor })).await;
        let page = answer.at(&format!("/data/{list}"));
        let nodes = page["nodes"].as_array().unwrap_or_else(|| panic!("{answer:?}"));
        let found = nodes.iter().map(|node| node["name"].as_str().unwrap().to_owned());
        match forwards {
            true => names.extend(found),
            false => names = found.chain(names).collect(),
        }
        cursor = page["pageInfo"][next].clone();
        if page["pageInfo"][has_more] == false {
            return names;
        }
    }
}

async fn some(app: &App) {
    let admin = app.actor("admin").await;
    for name in ["pat 3", "pat 1", "pat 5", "pat 2", "pat 4"] {
        app.advance(chrono::TimeDelta::seconds(1));
        let post = json!({ "role": "FRONT_DESK", "communityId": app.world.xinghe, "fromOn": "2026-11-01" });
        admin.act("staffCreate", json!({ "name": name, "post": post }), "").await.done();
        let team = json!({ "name": name, "kind": "GREENING", "communityId": app.world.xinghe });
        admin.act("teamCreate", team, "").await.done();
    }
}

async fn total(actor: &Actor, list: &str, arguments: &str) -> Value {
    let answer = actor.ask(&format!("{{ {list}{arguments} {{ totalCount }} }}")).await;
    answer.at(&format!("/data/{list}/totalCount")).clone()
}

on_both! {
    async fn lists_are_walked_both_ways_in_every_order(app) {
        some(app).await;
        let desk = app.actor("desk").await;
        let orders = [
            ("NAME_ASC", ["pat 1", "pat 2", "pat 3", "pat 4", "pat 5"]),
            ("NAME_DESC", ["pat 5", "pat 4", "pat 3", "pat 2", "pat 1"]),
            ("CREATED_ASC", ["pat 3", "pat 1", "pat 5", "pat 2", "pat 4"]),
            ("CREATED_DESC", ["pat 4", "pat 2", "pat 5", "pat 1", "pat 3"]),
        ];
        for list in ["staffMembers", "teams"] {
            for (order, expected) in orders {
                for forwards in [true, false] {
                    let arguments = format!("orderBy: {order}, filter: {{ search: \"PAT\" }}");
                    let names = walk(&desk, list, &arguments, forwards).await;
                    assert_eq!(names, expected, "{list} by {order}, forwards: {forwards}");
                }
            }
            assert_eq!(total(&desk, list, "(first: 1, filter: { search: \"pat\" })").await, 5);
        }
    }

    async fn a_cursor_of_another_order_is_refused(app) {
        let desk = app.actor("desk").await;
        for list in ["staffMembers", "teams"] {
            let answer = desk.ask(&format!("{{ {list}(first: 1) {{ pageInfo {{ endCursor }} }} }}")).await;
            let cursor = answer.text(&format!("/data/{list}/pageInfo/endCursor"));
            let query = format!("{{ {list}(orderBy: CREATED_ASC, after: \"{cursor}\") {{ totalCount }} }}");
            assert_eq!(desk.ask(&query).await.error(), "INVALID");
            let answer = desk.ask(&format!("{{ {list}(first: 101) {{ totalCount }} }}")).await;
            assert_eq!(answer.at("/errors/0/message"), "first is 101; it must be from 0 to 100");
        }
    }

    async fn filters_narrow_and_an_empty_one_matches_nothing(app) {
        let desk = app.actor("desk").await;
        let group = app.actor("group").await;
        let (xinghe, yunshan) = (&app.world.xinghe, &app.world.yunshan);
        let cases = [
            (&desk, "staffMembers", "(filter: { roles: [FRONT_DESK] })".to_owned(), 2),
            (&desk, "staffMembers", "(filter: { roles: [FRONT_DESK, SUPERVISOR], search: \"小\" })".to_owned(), 2),
            (&desk, "staffMembers", "(filter: { roles: [] })".to_owned(), 0),
            (&desk, "staffMembers", format!("(filter: {{ communityIds: [\"{yunshan}\"] }})"), 0),
            (&group, "staffMembers", format!("(filter: {{ communityIds: [\"{yunshan}\"] }})"), 4),
            (&group, "staffMembers", format!("(filter: {{ communityIds: [\"{yunshan}\"], roles: [FRONT_DESK] }})"), 1),
            (&group, "staffMembers", "(filter: { includeClosed: true })".to_owned(), 20),
            (&desk, "teams", "(filter: { kinds: [CLEANING] })".to_owned(), 1),
            (&group, "teams", "(filter: { kinds: [ENGINEERING] })".to_owned(), 2),
            (&group, "teams", format!("(filter: {{ communityIds: [\"{xinghe}\"], search: \"工程\" }})"), 1),
            (&group, "teams", "(filter: { communityIds: [] })".to_owned(), 0),
        ];
        for (actor, list, arguments, expected) in cases {
            assert_eq!(total(actor, list, &arguments).await, expected, "{list}{arguments}");
        }
        let answer = desk.ask("{ teams(filter: { communityIds: [\"unit:1\"] }) { totalCount } }").await;
        assert_eq!((answer.error(), answer.at("/errors/0/extensions/field")), ("INVALID", &json!(["filter", "communityIds"])));
    }

    async fn everybody_sees_the_staff_and_the_teams_that_are_theirs_to_see(app) {
        // 星河 has 13 members of staff with a post there; those of the group are seen by the group.
        let sights = [
            ("desk", 12, 2), ("assistant", 12, 2), ("supervisor", 12, 2), ("head", 12, 2), ("executive", 12, 2),
            ("group", 20, 3), ("quality", 20, 3), ("personnel", 20, 3), ("admin", 20, 3),
            ("yunshan-desk", 4, 1), ("yunshan-head", 4, 1),
            ("worker", 1, 1), ("cleaner", 1, 1), ("yunshan-worker", 1, 1),
            ("lin-yi", 0, 0), ("zhao-yuan", 0, 0),
        ];
        for (login, staff, teams) in sights {
            let actor = app.actor(login).await;
            let found = (total(&actor, "staffMembers", "").await, total(&actor, "teams", "").await);
            assert_eq!(found, (json!(staff), json!(teams)), "{login}");
        }
        for list in ["staffMembers", "teams"] {
            let answer = app.nobody().ask(&format!("{{ {list} {{ totalCount }} }}")).await;
            assert_eq!(answer.error(), "UNAUTHENTICATED");
        }
    }
}
