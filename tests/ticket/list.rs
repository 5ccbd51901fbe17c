//! Lists of tickets: filters, orders, pages, and who finds how many.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::play::Play;
use crate::on_both;

/// Five tickets, a minute apart: XH1 to XH4 of 星河 and YS1 of 云山. XH3 is then given to the assistant and XH4
/// answered; of the others XH2 is URGENT and late.
async fn stock(play: &Play<'_>) {
    let world = &play.app.world;
    let matters = [
        (
            "lin-yi",
            json!({ "kind": "COMPLAINT", "unitId": world.a101, "categoryId": world.noise, "description": "楼上太吵" }),
        ),
        (
            "lin-yi",
            json!({ "kind": "REPAIR", "unitId": world.a101, "categoryId": world.lift, "description": "电梯困人" }),
        ),
        ("wang-lin", json!({ "kind": "SERVICE", "unitId": world.a2_101, "description": "100%_保洁" })),
        (
            "chen-zu",
            json!({ "kind": "ENQUIRY", "unitId": world.b201, "place": "游泳池边", "description": "几点开放" }),
        ),
        ("zhao-yuan", json!({ "kind": "REPAIR", "unitId": world.c101, "description": "Door broken" })),
    ];
    let mut ids = Vec::new();
    for (login, matter) in matters {
        ids.push(play.file(login, matter).await);
        play.later(TimeDelta::minutes(1)).await;
    }
    play.done("desk", "ticketAssign", json!({ "id": ids[2], "ownerId": world.staff("assistant") })).await;
    play.later(TimeDelta::minutes(1)).await;
    play.done("desk", "ticketAnswer", json!({ "id": ids[3], "answer": "九点" })).await;
    play.later(TimeDelta::minutes(20)).await;
}

fn short(number: &Value) -> String {
    let (community, counter) = number.as_str().unwrap().split_once("-20261123-000").unwrap();
    format!("{community}{counter}")
}

async fn found(play: &Play<'_>, login: &str, filter: Value, order: &str) -> Vec<String> {
    let query = "query($filter: TicketFilter, $order: TicketOrder!) {
        tickets(filter: $filter, orderBy: $order) { totalCount nodes { number } } }";
    let data = play.asks(login, query, json!({ "filter": filter, "order": order })).await;
    let numbers = data["tickets"]["nodes"].as_array().unwrap().iter().map(|node| short(&node["number"]));
    let numbers = numbers.collect::<Vec<_>>();
    assert_eq!(data["tickets"]["totalCount"], numbers.len(), "{filter}");
    numbers
}

on_both! {
    async fn every_filter(app) {
        let play = Play::on(app);
        stock(&play).await;
        let world = &app.world;
        let table = [
            (json!({}), "XH1 XH2 XH3 XH4 YS1"),
            (json!(null), "XH1 XH2 XH3 XH4 YS1"),
            (json!({ "communityIds": [world.xinghe] }), "XH1 XH2 XH3 XH4"),
            (json!({ "communityIds": [world.xinghe, world.yunshan] }), "XH1 XH2 XH3 XH4 YS1"),
            (json!({ "communityIds": [] }), ""),
            (json!({ "buildingIds": [world.a] }), "XH1 XH2 XH3"),
            (json!({ "unitIds": [world.a101, world.c101] }), "XH1 XH2 YS1"),
            (json!({ "unitIds": [] }), ""),
            (json!({ "kinds": ["REPAIR"] }), "XH2 YS1"),
            (json!({ "kinds": [] }), ""),
            (json!({ "statuses": ["ASSIGNED", "RESOLVED"] }), "XH3 XH4"),
            (json!({ "priorities": ["URGENT"] }), "XH2"),
            (json!({ "categoryIds": [world.noise] }), "XH1"),
            (json!({ "ownerIds": [world.staff("assistant")] }), "XH3"),
            (json!({ "reporterIds": [world.lin_yi, world.chen_zu] }), "XH1 XH2 XH4"),
            (json!({ "owned": true }), "XH3"),
            (json!({ "owned": false }), "XH1 XH2 XH4 YS1"),
            (json!({ "responded": true }), "XH3 XH4"),
            (json!({ "responded": false }), "XH1 XH2 YS1"),
            (json!({ "open": true }), "XH1 XH2 XH3 YS1"),
            (json!({ "open": false }), "XH4"),
            (json!({ "overdue": true }), "XH2"),
            (json!({ "overdue": false }), "XH1 XH3 XH4 YS1"),
            (json!({ "dueSoon": true }), ""),
            (json!({ "dueSoon": false }), "XH1 XH2 XH3 XH4 YS1"),
            (json!({ "createdFrom": "2026-11-23T02:02:00Z" }), "XH3 XH4 YS1"),
            (json!({ "createdUntil": "2026-11-23T10:02:00+08:00" }), "XH1 XH2"),
            (json!({ "createdFrom": "2026-11-24T00:00:00Z", "createdUntil": "2026-11-23T00:00:00Z" }), ""),
            (json!({ "kinds": ["REPAIR"], "communityIds": [world.xinghe], "open": true }), "XH2"),
            (json!({ "search": "太吵" }), "XH1"),
            (json!({ "search": " xh-20261123-0003 " }), "XH3"),
            (json!({ "search": "游泳池" }), "XH4"),
            (json!({ "search": "101" }), "XH1 XH2 XH3 YS1"),
            (json!({ "search": "王邻" }), "XH3"),
            (json!({ "search": "door" }), "YS1"),
            (json!({ "search": "0%_" }), "XH3"),
            (json!({ "search": "%" }), "XH3"),
            (json!({ "search": "'; --" }), ""),
            (json!({ "search": "  " }), "XH1 XH2 XH3 XH4 YS1"),
        ];
        for (filter, expected) in table {
            assert_eq!(found(&play, "group", filter.clone(), "CREATED_ASC").await.join(" "), expected, "{filter}");
        }
        // A telephone number finds a person only for those who may see it whole.
        for (login, expected) in [("desk", "XH4"), ("group", ""), ("quality", ""), ("lin-yi", ""), ("yunshan-desk", "")] {
            let filter = json!({ "search": "138 0000 0005" });
            assert_eq!(found(&play, login, filter, "CREATED_ASC").await.join(" "), expected, "{login}");
        }
    }

    async fn everybody_finds_their_own(app) {
        let play = Play::on(app);
        stock(&play).await;
        for (login, expected) in [
            ("lin-yi", "XH1 XH2"), ("lin-er", "XH2"), ("wang-lin", "XH3"), ("chen-zu", "XH4"), ("zhou-zhu", ""),
            ("zhao-yuan", "YS1"), ("desk", "XH1 XH2 XH3 XH4"), ("worker", ""), ("assistant", "XH1 XH2 XH3"),
            ("assistant2", ""), ("supervisor", "XH1 XH2 XH3 XH4"), ("executive", "XH1 XH2 XH3 XH4"),
            ("yunshan-desk", "YS1"), ("group", "XH1 XH2 XH3 XH4 YS1"), ("quality", "XH1 XH2 XH3 XH4 YS1"),
            ("personnel", ""), ("admin", ""),
        ] {
            assert_eq!(found(&play, login, json!({}), "CREATED_ASC").await.join(" "), expected, "{login}");
            let counts = play.asks(login, "{ ticketCounts { count } }", json!({})).await;
            let sum = counts["ticketCounts"].as_array().unwrap().iter().map(|one| one["count"].as_u64().unwrap()).sum::<u64>();
            assert_eq!(sum, expected.split_whitespace().count() as u64, "{login}");
        }
        for query in ["{ tickets { totalCount } }", "{ ticketCounts { count } }", "{ ticket(number: \"XH-20261123-0001\") { id } }"] {
            assert_eq!(app.nobody().ask(query).await.error(), "UNAUTHENTICATED");
        }
    }

    async fn every_order_is_paged_both_ways(app) {
        let play = Play::on(app);
        stock(&play).await;
        let query = "query($order: TicketOrder!, $first: Int, $after: String, $last: Int, $before: String) {
            tickets(orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
                edges { cursor node { number } }
                pageInfo { hasPreviousPage hasNextPage startCursor endCursor }
            } }";
        for (order, expected) in [
            ("CREATED_ASC", ["XH1", "XH2", "XH3", "XH4", "YS1"]),
            ("CREATED_DESC", ["YS1", "XH4", "XH3", "XH2", "XH1"]),
            ("UPDATED_ASC", ["XH1", "XH2", "YS1", "XH3", "XH4"]),
            ("UPDATED_DESC", ["XH4", "XH3", "YS1", "XH2", "XH1"]),
            ("DUE_ASC", ["XH2", "XH1", "XH3", "XH4", "YS1"]),
            ("DUE_DESC", ["YS1", "XH4", "XH3", "XH1", "XH2"]),
        ] {
            assert_eq!(found(&play, "group", json!({}), order).await, expected, "{order}");
            for forward in [true, false] {
                let (size, place, more, end) = match forward {
                    true => ("first", "after", "hasNextPage", "endCursor"),
                    false => ("last", "before", "hasPreviousPage", "startCursor"),
                };
                let (mut pages, mut cursor) = (Vec::new(), Value::Null);
                loop {
                    let asked = json!({ "order": order, size: 2, place: cursor });
                    let page = play.asks("group", query, asked).await["tickets"].take();
                    let edges = page["edges"].as_array().unwrap();
                    let numbers = edges.iter().map(|edge| short(&edge["node"]["number"])).collect::<Vec<_>>();
                    assert_eq!(page["pageInfo"]["startCursor"], edges.first().unwrap()["cursor"]);
                    assert_eq!(page["pageInfo"]["endCursor"], edges.last().unwrap()["cursor"]);
                    pages.push(numbers);
                    cursor = page["pageInfo"][end].clone();
                    if page["pageInfo"][more] == false {
                        break;
                    }
                }
                assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
                if !forward {
                    pages.reverse();
                }
                assert_eq!(pages.concat(), expected, "{order} {place}");
            }
        }
    }

    async fn tickets_of_one_moment_are_paged_without_a_loss(app) {
        let play = Play::on(app);
        for _ in 0..5 {
            play.raise("REPAIR").await;
        }
        let query = "query($after: String) { tickets(first: 2, after: $after) { nodes { number } pageInfo { endCursor hasNextPage } } }";
        let (mut numbers, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let page = play.asks("desk", query, json!({ "after": cursor })).await["tickets"].take();
            numbers.extend(page["nodes"].as_array().unwrap().iter().map(|node| short(&node["number"])));
            cursor = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        numbers.sort_unstable();
        assert_eq!(numbers, ["XH1", "XH2", "XH3", "XH4", "XH5"]);
    }

    async fn a_page_asked_for_wrongly(app) {
        let play = Play::on(app);
        play.raise("REPAIR").await;
        let desk = play.actor("desk").await;
        let first = play.asks("desk", "{ tickets(orderBy: CREATED_ASC) { edges { cursor } } }", json!({})).await;
        let other = first["tickets"]["edges"][0]["cursor"].as_str().unwrap().to_owned();
        let made = |list: &str, value: Value| {
            let cursor = json!({ "l": list, "v": value, "i": "0190c0de-0000-7000-8000-000000000000" });
            URL_SAFE_NO_PAD.encode(cursor.to_string())
        };
        let table = [
            ("first: -1".to_owned(), "first is -1; it must be from 0 to 100"),
            ("first: 101".to_owned(), "first is 101; it must be from 0 to 100"),
            ("last: -1".to_owned(), "last is -1; it must be from 0 to 100"),
            ("last: 2147483647".to_owned(), "last is 2147483647; it must be from 0 to 100"),
            ("first: 1, last: 1".to_owned(), "ask for either first or last, not both"),
            ("after: \"nonsense\"".to_owned(), "after is not a cursor that this server gave out"),
            ("before: \"\"".to_owned(), "before is not a cursor that this server gave out"),
            (
                format!("after: \"{other}\""),
                "after is a cursor of the list ticket/created_at/asc; it does not fit ticket/created_at/desc",
            ),
            (
                format!("before: \"{}\"", made("unit/number/asc", json!("101"))),
                "before is a cursor of the list unit/number/asc; it does not fit ticket/created_at/desc",
            ),
            (
                format!("after: \"{}\"", made("ticket/created_at/desc", json!("yesterday"))),
                "after is not a cursor that this server gave out",
            ),
            (
                format!("after: \"{}\"", made("ticket/created_at/desc", json!(7))),
                "after is not a cursor that this server gave out",
            ),
        ];
        for (arguments, message) in table {
            let answer = desk.ask(&format!("{{ tickets({arguments}) {{ totalCount }} }}")).await;
            assert_eq!(answer.error(), "INVALID", "{arguments}");
            assert_eq!(answer.at("/errors/0/message"), message, "{arguments}");
        }
        let none = play.asks("desk", "{ tickets(first: 0) { totalCount nodes { id } pageInfo { hasNextPage } } }", json!({})).await;
        assert_eq!(none["tickets"], json!({ "totalCount": 1, "nodes": [], "pageInfo": { "hasNextPage": true } }));
    }

    async fn a_filter_that_names_something_wrong(app) {
        let play = Play::on(app);
        let desk = play.actor("desk").await;
        let table = [
            (json!({ "unitIds": [app.world.a] }), "unitIds", "this id is of kind \"building\"; one of kind \"unit\" is needed here"),
            (json!({ "communityIds": ["42"] }), "communityIds", "\"42\" is not an id; an id of this kind looks like community:0190a0b1-…"),
            (json!({ "search": "一\u{0}" }), "search", "the text holds the control character U+0000; remove it"),
            (json!({ "search": "长".repeat(201) }), "search", "the text has 201 characters; at most 200 are kept"),
        ];
        for root in ["tickets(filter: $filter) { totalCount }", "ticketCounts(filter: $filter) { count }"] {
            let query = format!("query($filter: TicketFilter) {{ {root} }}");
            for (filter, field, message) in &table {
                let answer = desk.ask_with(&query, json!({ "filter": filter })).await;
                assert_eq!(answer.error(), "INVALID", "{filter}");
                assert_eq!(answer.at("/errors/0/extensions/field"), &json!(["filter", field]));
                assert_eq!(answer.at("/errors/0/message"), message);
            }
        }
        let answer = desk.ask("{ tickets(filter: { createdFrom: \"yesterday\" }) { totalCount } }").await;
        let told = answer.at("/errors/0/message").as_str().unwrap().to_owned();
        assert!(told.contains("write it like 2026-11-23T08:30:00Z"), "{told}");
    }
}
