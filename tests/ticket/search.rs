//! Searching for tickets: the same answers on both databases, and nothing that the searcher may not see.

use chrono::TimeDelta;
use concierge::base::Id;
use concierge::storage::{ticket, work_order};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set, TransactionTrait,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::play::Play;
use crate::cli::process::Home;
use crate::on_both;

const LIST: &str =
    "query($search: String, $after: String) { tickets(after: $after, filter: { search: $search }) {
    totalCount nodes { number } pageInfo { endCursor hasNextPage } } }";

/// What the tickets of the estate say, a minute apart; XH1 to XH8 of 星河 and YS1 of 云山. XH7 is a caller's who is
/// nobody's occupant.
async fn stock(play: &Play<'_>) -> Vec<String> {
    let world = &play.app.world;
    let caller = json!({
        "kind": "ENQUIRY", "communityId": world.xinghe, "place": "南门岗亭", "description": "Wi-Fi密码？",
        "contactName": "欧阳Anna", "contactPhone": "021-5555 0101",
    });
    let matters = [
        (
            "lin-yi",
            json!({ "kind": "REPAIR", "unitId": world.a101, "description": "水管漏水，滴到１２０３室" }),
        ),
        ("wang-lin", json!({ "kind": "REPAIR", "unitId": world.a2_101, "description": "管道井有异响" })),
        (
            "chen-zu",
            json!({ "kind": "SERVICE", "unitId": world.b201, "description": "100%_保洁 'OR' \"NEAR\" *" }),
        ),
        ("chen-zu", json!({ "kind": "COMPLAINT", "unitId": world.b201, "description": "漏水\n水管 没人管" })),
        (
            "zhou-zhu",
            json!({ "kind": "ENQUIRY", "unitId": world.b201, "description": "Ｄoor ABC-12, naïve CAFÉ" }),
        ),
        (
            "lin-er",
            json!({ "kind": "SUGGESTION", "unitId": world.a101, "description": "😀𠮷 太好了 - AND NOT" }),
        ),
        ("desk", caller),
        ("desk", json!({ "kind": "REPAIR", "buildingId": world.b, "description": "林一说电梯坏" })),
        ("zhao-yuan", json!({ "kind": "REPAIR", "unitId": world.c101, "description": "水管漏水" })),
    ];
    let mut ids = Vec::new();
    for (login, matter) in matters {
        ids.push(play.file(login, matter).await);
        play.later(TimeDelta::minutes(1)).await;
    }
    ids
}

/// XH1 and YS1 so many times more.
async fn multiply(play: &Play<'_>, times: usize) {
    let db = play.app.outside().await;
    let all = ticket::Entity::find().all(&db).await.unwrap();
    let tx = db.begin().await.unwrap();
    for first in all.iter().filter(|row| row.description.contains("水管漏水")) {
        for copy in 0..times {
            let id = Id::new(Uuid::from_u128(first.id.uuid().as_u128() ^ ((copy as u128 + 1) << 64)));
            let number = format!("{}-C{copy}", first.number);
            ticket::Model { id, number, ..first.clone() }.into_active_model().insert(&tx).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
    db.close().await.unwrap();
}

/// XH1 and its copies are given twice more to the team that has XH1's work order.
async fn order_twice(play: &Play<'_>) {
    let db = play.app.outside().await;
    let first = work_order::Entity::find().one(&db).await.unwrap().unwrap();
    let copies = ticket::Entity::find().filter(ticket::Column::Number.starts_with("XH-20261123-0001"));
    let copies = copies.all(&db).await.unwrap();
    let tx = db.begin().await.unwrap();
    for ticket in copies {
        for _ in 0..2 {
            let again = work_order::Model { id: play.app.clock.id(), ticket_id: ticket.id, ..first.clone() };
            again.into_active_model().insert(&tx).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
    db.close().await.unwrap();
}

/// Makes somebody its owner, past the rules for who can be.
async fn own(play: &Play<'_>, short: &str, login: &str) {
    let db = play.app.outside().await;
    let number = format!("{}-20261123-000{}", &short[..2], &short[2..]);
    let row =
        ticket::Entity::find().filter(ticket::Column::Number.eq(number)).one(&db).await.unwrap().unwrap();
    let owner = play.app.world.staff(login).trim_start_matches("staff:").parse::<Uuid>().unwrap();
    ticket::ActiveModel { id: Set(row.id), owner_id: Set(Some(Id::new(owner))), ..Default::default() }
        .update(&db)
        .await
        .unwrap();
    db.close().await.unwrap();
}

async fn found(play: &Play<'_>, login: &str, search: &str) -> String {
    let query = "query($filter: TicketFilter) {
        tickets(filter: $filter, orderBy: CREATED_ASC) { totalCount nodes { number } }
        ticketCounts(filter: $filter) { count } }";
    let data = play.asks(login, query, json!({ "filter": { "search": search } })).await;
    let nodes = data["tickets"]["nodes"].as_array().unwrap();
    assert_eq!(data["tickets"]["totalCount"], nodes.len(), "{search}");
    let counted = data["ticketCounts"].as_array().unwrap().iter().filter_map(|one| one["count"].as_u64());
    assert_eq!(counted.sum::<u64>(), nodes.len() as u64, "{search}");
    let short = |node: &Value| node["number"].as_str().unwrap().replace("-20261123-000", "");
    nodes.iter().map(short).collect::<Vec<_>>().join(" ")
}

on_both! {
    async fn the_same_is_found_on_both_databases(app) {
        let play = Play::on(app);
        stock(&play).await;
        let everything = "XH1 XH2 XH3 XH4 XH5 XH6 XH7 XH8 YS1";
        for (search, expected) in [
            // Chinese: a piece of a text, never one of two texts.
            ("水管", "XH1 XH4 YS1"), ("管漏", "XH1 YS1"), ("水管漏水", "XH1 YS1"), ("漏水水管", ""), ("管没", ""),
            // Each word, in whatever order.
            ("漏水 水管", "XH1 XH4 YS1"), ("漏水　没人", "XH4"), ("漏水 电梯", ""), ("没人 水 漏水 管", "XH4"),
            // A single character, and one that is two to UTF-16.
            ("管", "XH1 XH2 XH4 YS1"), ("了", "XH6"), ("𠮷", "XH6"), ("😀𠮷", "XH6"), ("😁", ""),
            // Latin: anywhere in a word, whatever the case or the width; accents tell.
            ("door", "XH5"), ("OOR", "XH5"), ("ｄｏｏｒ", "XH5"), ("d", "XH5 XH6"), ("cafe\u{301}", "XH5"), ("cafe", ""),
            ("naive", ""), ("wi-fi", "XH7"), ("fi密码?", "XH7"),
            // Digits.
            ("1203", "XH1"), ("１２０３", "XH1"), ("203室", "XH1"), ("12", "XH1 XH5"),
            // Punctuation and operators stand for themselves.
            ("%", "XH3"), ("_", "XH3"), ("0%_保", "XH3"), ("，滴", "XH1"), (",", "XH1 XH5"), ("？", "XH7"),
            ("'", "XH3"), ("\"", "XH3"), ("\"near\"", "XH3"), ("'or'", "XH3"), ("*", "XH3"), ("管*", ""), ("。", ""),
            ("'; --", ""), ("\\", ""), ("and not", "XH6"), ("水管 OR 电梯", ""), ("水管 & !漏水", ""), ("-", "XH5 XH6 XH7"),
            // Place and contact name.
            ("岗亭", "XH7"), ("阳anna", "XH7"),
            // The unit's number and the reporter's name, also beside other words.
            ("101", "XH1 XH2 XH6 YS1"), ("101 漏水", "XH1 YS1"), ("01", "XH1 XH2 XH3 XH4 XH5 XH6 YS1"),
            ("林一", "XH1 XH8"), ("林", "XH1 XH6 XH8"), ("陈租 水管", "XH4"), ("王邻 漏水", ""),
            // One word here and one there, or both there and none in what was written.
            ("101 林一", "XH1"), ("林一 电梯", "XH8"), ("201 陈租", "XH3 XH4"), ("0 陈", "XH3 XH4"), ("一 203室 水", "XH1"), ("101 201", ""),
            ("12 abc", "XH5"), ("0001 漏水", "XH1 YS1"), ("0001 林一", "XH1"), ("林一 林二", ""),
            // The ticket's number: whole, a part with a dash, or its last digits.
            ("xh-20261123-0003", "XH3"), ("ＸＨ－20261123－0003", "XH3"), ("YS-", "YS1"), ("1123-0002", "XH2"), ("0001", "XH1 YS1"),
            ("0003 保洁", "XH3"), ("003", ""), ("20261123", ""), ("XH-20261123-00031", ""),
            // Nothing to look for.
            ("", everything), (" \t\n　", everything), ("\u{200b}\u{feff}", everything),
        ] {
            assert_eq!(found(&play, "group", search).await, expected, "{search}");
        }
    }

    async fn what_one_does_not_see_is_not_found(app) {
        let play = Play::on(app);
        let ids = stock(&play).await;
        for (login, search, expected) in [
            ("desk", "漏水", "XH1 XH4"), ("yunshan-desk", "漏水", "YS1"), ("yunshan-desk", "林一", ""),
            ("lin-yi", "漏水", "XH1"), ("lin-yi", "101", "XH1 XH6"), ("lin-er", "太好了", "XH6"), ("zhou-zhu", "漏水", ""),
            // 林一 sees what 林二 reports, and not the register's 林二.
            ("lin-yi", "林二", ""), ("lin-yi", "林一", "XH1"), ("desk", "林二", "XH6"),
            ("assistant", "水管", "XH1"), ("worker", "水管", ""), ("admin", "水管", ""), ("personnel", "水", ""),
            // A number finds only for those who see it whole.
            ("desk", "021 55550101", "XH7"), ("group", "021-5555-0101", ""), ("yunshan-desk", "02155550101", ""),
            ("desk", "13800000005", "XH3 XH4"), ("assistant", "13800000001", "XH1"), ("assistant", "13800000005", ""),
            ("quality", "13800000001", ""),
        ] {
            assert_eq!(found(&play, login, search).await, expected, "{login} {search}");
        }
        let supervisor = app.world.staff("supervisor");
        play.done("desk", "ticketAssign", json!({ "id": ids[3], "ownerId": supervisor })).await;
        let order = json!({ "id": ids[3], "teamId": app.world.engineering, "task": "换管" });
        play.done("desk", "workOrderDispatch", order).await;
        play.done("desk", "ticketComment", json!({ "id": ids[0], "text": "内部暗号", "visibility": "INTERNAL" })).await;
        assert_eq!(found(&play, "worker", "水管").await, "XH4");
        assert_eq!(found(&play, "desk", "暗号").await, "", "the timeline is not searched");
        assert_eq!(found(&play, "worker", "13800000005").await, "");
    }

    async fn ones_own_is_found_wherever_it_is(app) {
        let play = Play::on(app);
        stock(&play).await;
        assert_eq!(found(&play, "desk", "漏水").await, "XH1 XH4");
        own(&play, "YS1", "desk").await;
        assert_eq!(found(&play, "desk", "漏水").await, "XH1 XH4 YS1");
        assert_eq!(found(&play, "desk", "管 101").await, "XH1 XH2", "of units only those that the desk sees");
        let world = &app.world;
        play.file("worker", json!({ "kind": "REPAIR", "unitId": world.b201, "description": "阀门漏水" })).await;
        own(&play, "YS1", "worker").await;
        for (search, expected) in [("漏水", "YS1 XH9"), ("水管漏水", "YS1"), ("阀", "XH9"), ("漏 电梯", "")] {
            assert_eq!(found(&play, "worker", search).await, expected, "{search}");
        }
    }

    async fn a_search_in_some_communities_finds_what_is_there(app) {
        let play = Play::on(app);
        stock(&play).await;
        let (xinghe, yunshan) = (&app.world.xinghe, &app.world.yunshan);
        let query = "query($filter: TicketFilter) { tickets(filter: $filter) { totalCount nodes { number } } }";
        for (login, communities, search, expected) in [
            ("group", json!([xinghe]), "漏水", 2), ("group", json!([yunshan]), "漏水", 1), ("group", json!([yunshan]), "没人", 0),
            ("group", json!([xinghe, yunshan]), "漏水", 3), ("group", json!([]), "漏水", 0), ("group", json!([yunshan]), "101 水", 1),
            ("desk", json!([xinghe]), "漏水", 2), ("desk", json!([yunshan]), "漏水", 0), ("lin-yi", json!([xinghe]), "漏水", 1),
        ] {
            let filter = json!({ "communityIds": communities, "search": search });
            let tickets = play.asks(login, query, json!({ "filter": filter })).await["tickets"].take();
            assert_eq!(tickets["totalCount"], expected, "{login} {communities} {search}");
            assert_eq!(tickets["nodes"].as_array().unwrap().len(), expected, "{login} {communities} {search}");
        }
    }

    async fn a_search_among_what_is_open_finds_what_is_open(app) {
        let play = Play::on(app);
        let ids = stock(&play).await;
        own(&play, "YS1", "worker").await;
        own(&play, "XH1", "worker").await;
        play.done("lin-yi", "ticketCancel", json!({ "id": ids[0] })).await;
        let query = "query($filter: TicketFilter) { tickets(filter: $filter) { totalCount nodes { number } }
            ticketCounts(filter: $filter) { count } }";
        for (login, filter, expected) in [
            ("group", json!({ "open": true }), 2), ("group", json!({ "open": false }), 1), ("group", json!({}), 3),
            ("group", json!({ "statuses": ["NEW", "ASSIGNED"] }), 2), ("group", json!({ "statuses": ["CANCELLED"] }), 1),
            ("group", json!({ "statuses": ["NEW", "ASSIGNED", "CANCELLED"] }), 3), ("group", json!({ "statuses": [] }), 0),
            ("group", json!({ "statuses": ["NEW"], "open": false }), 0), ("group", json!({ "overdue": false }), 3),
            ("group", json!({ "communityIds": [app.world.yunshan], "open": true }), 1), ("desk", json!({ "open": true }), 1),
            ("worker", json!({ "open": true }), 1), ("worker", json!({ "open": false }), 1),
            ("lin-yi", json!({ "open": true }), 0), ("lin-yi", json!({ "open": false }), 1),
        ] {
            let mut filter = filter;
            filter["search"] = json!("漏水");
            let data = play.asks(login, query, json!({ "filter": filter })).await;
            assert_eq!(data["tickets"]["totalCount"], expected, "{login} {filter}");
            assert_eq!(data["tickets"]["nodes"].as_array().unwrap().len(), expected, "{login} {filter}");
            let counts = data["ticketCounts"].as_array().unwrap().iter().map(|count| count["count"].as_u64().unwrap());
            assert_eq!(counts.sum::<u64>(), expected as u64, "{login} {filter}");
        }
    }

    async fn a_complaint_about_the_searcher_is_not_found(app) {
        let play = Play::on(app);
        stock(&play).await;
        let about = json!({
            "kind": "COMPLAINT", "unitId": app.world.a101, "description": "漏水没人回电话",
            "aboutStaffId": app.world.staff("group"),
        });
        play.file("lin-yi", about).await;
        assert_eq!(found(&play, "group", "漏水").await, "XH1 XH4 YS1");
        assert_eq!(found(&play, "group", "回电话").await, "");
        assert_eq!(found(&play, "lin-yi", "回电话").await, "XH9");
    }

    async fn who_has_posts_in_all_communities_finds_all_but_what_is_about_them(app) {
        let play = Play::on(app);
        stock(&play).await;
        let desk = app.world.staff("desk");
        let about =
            json!({ "kind": "COMPLAINT", "unitId": app.world.a101, "description": "前台不管漏水", "aboutStaffId": desk });
        play.file("lin-yi", about).await;
        assert_eq!(found(&play, "desk", "漏水").await, "XH1 XH4");
        let post =
            json!({ "staffId": desk, "role": "FRONT_DESK", "communityId": app.world.yunshan, "fromOn": "2026-11-23" });
        play.done("admin", "postGrant", post).await;
        assert_eq!(found(&play, "desk", "漏水").await, "XH1 XH4 YS1");
        assert_eq!(found(&play, "desk", "前台").await, "");
        assert_eq!(found(&play, "group", "漏水").await, "XH1 XH4 YS1 XH9");
    }

    async fn many_of_ones_own_are_found_like_few(app) {
        let play = Play::on(app);
        stock(&play).await;
        own(&play, "XH1", "worker").await;
        own(&play, "YS1", "worker").await;
        let about = json!({
            "kind": "COMPLAINT", "unitId": app.world.a101, "description": "水管工没人管", "aboutStaffId": app.world.staff("worker"),
        });
        play.file("lin-yi", about).await;
        own(&play, "XH9", "worker").await;
        let query = "query($search: String) { tickets(filter: { search: $search }) { totalCount nodes { number } } }";
        for (copies, expected) in [(0, 2), (2_000, 2 + 4_000)] {
            multiply(&play, copies).await;
            for (search, expected) in [("水管", expected), ("水管 没人", 0), ("XH-", expected / 2), ("异响", 0)] {
                let tickets = play.asks("worker", query, json!({ "search": search })).await["tickets"].take();
                assert_eq!(tickets["totalCount"], expected, "{search}");
                assert_eq!(tickets["nodes"].as_array().unwrap().len(), expected.min(20), "{search}");
            }
        }
    }

    async fn what_a_crew_has_had_orders_for_is_found_among_many(app) {
        let play = Play::on(app);
        let ids = stock(&play).await;
        let supervisor = app.world.staff("supervisor");
        play.done("desk", "ticketAssign", json!({ "id": ids[0], "ownerId": supervisor })).await;
        play.done("desk", "workOrderDispatch", json!({ "id": ids[0], "teamId": app.world.engineering, "task": "换管" })).await;
        for (copies, lists) in [
            (0, [("", 1), ("水管", 1), ("没人", 0), ("YS", 0), ("-0001", 1)]),
            (2_000, [("", 2_001), ("水管", 2_001), ("没人", 0), ("YS", 0), ("-0001", 2_001)]),
        ] {
            multiply(&play, copies).await;
            order_twice(&play).await;
            for (search, expected) in lists {
                for (login, expected) in [("worker", expected), ("cleaner", 0), ("yunshan-worker", 0)] {
                    let mut after = Value::Null;
                    let mut numbers = Vec::new();
                    while numbers.len() < 60 {
                        let list = play.asks(login, LIST, json!({ "search": search, "after": after })).await["tickets"].take();
                        assert_eq!(list["totalCount"], expected, "{login} {search}");
                        numbers.extend(list["nodes"].as_array().unwrap().iter().map(|node| node["number"].to_string()));
                        after = list["pageInfo"]["endCursor"].clone();
                        if list["pageInfo"]["hasNextPage"] == false {
                            break;
                        }
                    }
                    assert_eq!(numbers.len(), expected.min(60), "{login} {search}");
                    numbers.sort_unstable();
                    numbers.dedup();
                    assert_eq!(numbers.len(), expected.min(60), "{login} {search}: none comes twice");
                }
            }
        }
    }

    async fn what_changes_is_found_as_it_is_now(app) {
        let play = Play::on(app);
        stock(&play).await;
        let world = &app.world;
        play.done("supervisor", "occupantUpdate", json!({ "id": world.chen_zu, "name": "司马租" })).await;
        play.done("supervisor", "unitUpdate", json!({ "id": world.b201, "number": "1-1203" })).await;
        for (search, expected) in [
            ("陈租", ""), ("司马", "XH3 XH4"), ("201", ""), ("1-1203", "XH3 XH4 XH5"), ("1203 水管", "XH1 XH4"),
        ] {
            assert_eq!(found(&play, "desk", search).await, expected, "{search}");
        }
        let query = "query($search: String) { units(filter: { search: $search }) { nodes { number } totalCount }
            occupants(filter: { search: $search }) { nodes { name } totalCount } }";
        for (search, units, occupants) in [
            ("1203", json!(["1-1203"]), json!([])), ("-1", json!(["1-1203"]), json!([])), ("201", json!([]), json!([])),
            ("１-１", json!(["1-1203"]), json!([])), ("租", json!([]), json!(["司马租"])), ("租 司", json!([]), json!(["司马租"])),
            ("陈", json!([]), json!([])), ("%", json!([]), json!([])),
        ] {
            let found = play.asks("desk", query, json!({ "search": search })).await;
            for (list, field, expected) in [("units", "number", &units), ("occupants", "name", &occupants)] {
                let names = found[list]["nodes"].as_array().unwrap().iter().map(|node| node[field].clone());
                assert_eq!(&Value::Array(names.collect()), expected, "{list} {search}");
                assert_eq!(found[list]["totalCount"], expected.as_array().unwrap().len(), "{list} {search}");
            }
        }
    }

    async fn a_search_for_too_much_is_refused(app) {
        let play = Play::on(app);
        let desk = play.actor("desk").await;
        let many = (0..9).map(|word| format!("{word}")).collect::<Vec<_>>().join(" ");
        for (search, message) in [
            ("长".repeat(201), "the text has 201 characters; at most 200 are kept"),
            ("x".repeat(200_000), "the text has 200000 characters; at most 200 are kept"),
            ("一\u{0}".to_owned(), "the text holds the control character U+0000; remove it"),
            (many, "the search has 9 words; at most 8 are looked for"),
        ] {
            for list in ["tickets", "units", "occupants"] {
                let query = format!("query($search: String) {{ {list}(filter: {{ search: $search }}) {{ totalCount }} }}");
                let answer = desk.ask_with(&query, json!({ "search": search })).await;
                assert_eq!(answer.at("/errors/0/message"), message, "{list}");
                assert_eq!(answer.at("/errors/0/extensions"), &json!({ "code": "INVALID", "field": ["filter", "search"] }));
            }
        }
        assert_eq!(found(&play, "desk", &"长".repeat(200)).await, "");
        assert_eq!(found(&play, "desk", "a b c d e f g h a b a").await, "");
    }

    async fn a_word_that_most_have_is_found_like_any_other(app) {
        let play = Play::on(app);
        stock(&play).await;
        multiply(&play, 1_200).await;
        for (login, search, expected) in [
            ("group", "水管漏", 2 + 2_400), ("group", "水", 3 + 2_400), ("group", "漏水 水管", 3 + 2_400), ("group", "水管 漏水 了", 0),
            ("desk", "水管漏", 1 + 1_200), ("yunshan-desk", "水", 1 + 1_200), ("yunshan-desk", "101 水", 1 + 1_200),
            ("yunshan-desk", "林一 水", 0), ("desk", "林一", 2 + 1_200), ("lin-yi", "1203", 1 + 1_200), ("lin-yi", "林二", 0),
            ("chen-zu", "水管", 1), ("chen-zu", "水管漏", 0), ("assistant", "101", 3 + 1_200), ("assistant2", "101", 0),
            ("desk", "-2026", 8 + 1_200), ("desk", "13800000001", 1 + 1_200), ("group", "13800000001", 0), ("desk", "水管 一千", 0),
            ("group", "水 管", 3 + 2_400), ("group", "101 水管", 2 + 2_400), ("group", "林一 1203", 1 + 1_200), ("group", "101 林一", 1 + 1_200),
            ("desk", "-2026 水", 2 + 1_200), ("group", "没人 漏水", 1), ("group", "水管 电梯", 0),
        ] {
            let query = "query($search: String) { tickets(filter: { search: $search }) { totalCount } }";
            let data = play.asks(login, query, json!({ "search": search })).await;
            assert_eq!(data["tickets"]["totalCount"], expected, "{login} {search}");
        }
    }

    async fn what_is_found_is_paged(app) {
        let play = Play::on(app);
        stock(&play).await;
        multiply(&play, 1_200).await;
        let query = "query($search: String, $after: String) { tickets(first: 100, after: $after, filter: { search: $search }) {
            nodes { number } pageInfo { endCursor hasNextPage } } }";
        // What many have, and of those that they see one or none.
        let elsewhere = [("chen-zu", "水管", 1), ("chen-zu", "水管漏", 1), ("zhou-zhu", "漏水", 1), ("yunshan-desk", "XH", 1)];
        for (login, search, pages) in
            [("desk", "漏水", 13), ("desk", "没人 水管", 1), ("lin-yi", "水管", 13)].into_iter().chain(elsewhere)
        {
            let (mut numbers, mut cursor) = (Vec::new(), Value::Null);
            loop {
                let page = play.asks(login, query, json!({ "search": search, "after": cursor })).await["tickets"].take();
                numbers.push(page["nodes"].as_array().unwrap().iter().map(|node| node["number"].to_string()).collect::<Vec<_>>());
                cursor = page["pageInfo"]["endCursor"].clone();
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
            }
            assert_eq!(numbers.len(), pages, "{login} {search}");
            let mut all = numbers.concat();
            let count = all.len();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), count, "{login} {search}: none comes twice");
            let total = "query($search: String) { tickets(filter: { search: $search }) { totalCount } }";
            let total = play.asks(login, total, json!({ "search": search })).await;
            assert_eq!(total["tickets"]["totalCount"], count, "{login} {search}");
        }
    }

    async fn what_was_there_before_the_search_is_filled_in(app) {
        let play = Play::on(app);
        stock(&play).await;
        let home = Home::new().with("DATABASE_URL", app.database_url());
        let steps = home.done(&["migrate", "status"]).lines().skip_while(|line| !line.ends_with("_search")).count();
        home.done(&["migrate", "down", "--steps", &steps.to_string()]);
        home.done(&["migrate"]);
        for (search, expected) in [("管漏", "XH1 YS1"), ("林一", "XH1 XH8"), ("201 水管", "XH4"), ("阳anna", "XH7"), ("-0002", "XH2")] {
            assert_eq!(found(&play, "group", search).await, expected, "{search}");
        }
    }
}
