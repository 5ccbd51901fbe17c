use serde_json::json;

use super::{FIELDS, LIST, ended, import, told, units_in};
use crate::on_both;

on_both! {
    async fn a_list_comes_in_and_is_watched(app) {
        let center = app.actor("center").await;
        let input = json!({ "communityId": app.world.xinghe, "idempotencyKey": "list-1" });
        let begun = import(&center, "registerImport", input.clone(), LIST.as_bytes()).await.done();
        let id = begun.text("/dataTransfer/id");
        assert_eq!(begun.at("/dataTransfer/fileName"), "list.csv");
        assert_eq!(begun.at("/dataTransfer/community/code"), "XH");
        let told = told(app, &center, &id).await;
        let end = told.last().unwrap();
        assert_eq!((&end["state"], &end["written"], &end["rowsDone"]), (&json!("DONE"), &json!(true), &json!(2)));
        assert_eq!(end["counts"], json!([
            { "noun": "UNIT", "made": 1, "changed": 0, "unchanged": 1 },
            { "noun": "OCCUPANT", "made": 2, "changed": 0, "unchanged": 0 },
            { "noun": "OCCUPANCY", "made": 2, "changed": 0, "unchanged": 0 },
        ]));
        assert!(told.is_sorted_by_key(|told| told["revision"].as_i64()), "{told:?}");
        let again = import(&center, "registerImport", input.clone(), LIST.as_bytes()).await.done();
        assert_eq!(again.text("/dataTransfer/id"), id, "the same key and file are the same import");
        let other = import(&center, "registerImport", input, b"x").await;
        assert_eq!(other.at("/userErrors/0/code"), "KEY_REUSED");

        let node = center.ask(&format!("{{ node(id: \"{id}\") {{ ... on DataTransfer {{ {FIELDS} }} }} }}")).await;
        assert_eq!(node.at("/data/node"), end);
        assert_eq!(units_in(&center, "A栋").await, 3);
        let found = center.ask("{ occupants(filter: { search: \"孙新\" }) { nodes { name phone } } }").await;
        assert_eq!(found.at("/data/occupants/nodes/0/phone"), "13800000022");
        let trail = "{ auditTrail(filter: { actions: [IMPORTED] }) { nodes { subjects details community { code } staff { name } } } }";
        let trail = app.actor("head").await.ask(trail).await;
        assert_eq!(trail.at("/data/auditTrail/nodes"), &json!([{
            "subjects": [id], "details": { "rows": 2, "what": "REGISTER" }, "community": { "code": "XH" },
            "staff": { "name": "中心主管" },
        }]));
    }

    async fn a_second_import_makes_no_doubles(app) {
        let head = app.actor("head").await;
        let input = json!({ "communityId": app.world.xinghe });
        for (made, unchanged) in [(1, 1), (0, 2)] {
            let end = ended(app, &head, import(&head, "registerImport", input.clone(), LIST.as_bytes()).await).await;
            assert_eq!(end["counts"][0], json!({ "noun": "UNIT", "made": made, "changed": 0, "unchanged": unchanged }));
        }
    }

    async fn what_was_closed_is_not_made_again_by_an_old_list(app) {
        let head = app.actor("head").await;
        let into = json!({ "communityId": app.world.xinghe });
        let list = "楼栋,房号,姓名,身份\n新楼,1,赵一,业主\n新楼,2,,\n";
        let taken = import(&head, "registerImport", into.clone(), list.as_bytes()).await;
        assert_eq!(ended(app, &head, taken).await["state"], "DONE");
        let refusals = "query($id: ID!) { node(id: $id) { ... on DataTransfer { refusals { nodes { line header value code inEnglish: reason(language: EN) } } } } }";
        let why = "this was closed on 2026-11-24, and an old list does not open it again; delete the row, or make it anew in the app";
        let people = head.ask("{ occupants(filter: { search: \"赵一\" }) { nodes { id occupancies { id unit { id building { id } } } } } }").await;
        let person = people.at("/data/occupants/nodes/0");
        let (occupancy, first) = (&person["occupancies"][0], &person["occupancies"][0]["unit"]);
        let in_it = json!({ "of": [first["building"]["id"]] });
        let units = head.ask_with("query($of: [ID!]) { units(filter: { buildingIds: $of }) { nodes { id number } } }", in_it).await;
        let second = units.at("/data/units/nodes").as_array().unwrap().iter().find(|row| row["number"] == "2").unwrap();
        head.act("occupancyMoveOut", json!({ "id": occupancy["id"], "toOn": "2026-11-23" }), "").await.done();
        app.advance(chrono::TimeDelta::days(1));
        let head = app.actor("head").await;
        for (closing, id, line, header, value) in [
            ("occupantClose", &person["id"], 2, "姓名", "赵一"), ("unitClose", &second["id"], 3, "房号", "2"),
            ("unitClose", &first["id"], 2, "房号", "1"), ("buildingClose", &first["building"]["id"], 2, "楼栋", "新楼"),
        ] {
            head.act(closing, json!({ "id": id }), "").await.done();
            let again = import(&head, "registerImport", into.clone(), list.as_bytes()).await;
            let again = ended(app, &head, again).await;
            assert_eq!(again["state"], "REFUSED", "{closing}");
            let refused = head.ask_with(refusals, json!({ "id": again["id"] })).await;
            let refused = refused.at("/data/node/refusals/nodes").as_array().unwrap().clone();
            let expected = json!({ "line": line, "header": header, "value": value, "code": "CLOSED", "inEnglish": why });
            assert!(refused.contains(&expected), "{closing}: {refused:?}");
        }
    }

    async fn old_tickets_come_in_and_are_no_news(app) {
        let manager = app.actor("manager").await;
        let mut screen = app.socket(&app.actor("desk").await).await;
        screen.subscribe("1", "subscription { complaintFeed { __typename } }").await;
        assert_eq!(screen.data("1").await["complaintFeed"]["__typename"], "FeedCaughtUp");
        let old = "外部编号,类型,状态,内容,楼栋,单元,房号,报事人,联系电话,报事时间\n\
                   A-1,投诉,新建,楼上太吵,A栋,1单元,101,林一,13800000001,2026-01-05 21:30\n";
        let input = json!({ "communityId": app.world.xinghe, "clocksFrom": "2026-11-24T00:00:00Z" });
        let end = ended(app, &manager, import(&manager, "ticketsImport", input.clone(), old.as_bytes()).await).await;
        assert_eq!(end["counts"], json!([{ "noun": "TICKET", "made": 1, "changed": 0, "unchanged": 0 }]));
        let query = "{ tickets(filter: { search: \"楼上太吵\" }) { nodes { channel createdAt responseDueAt resolutionDueAt reporter { name } } } }";
        let found = manager.ask(query).await;
        assert_eq!(found.at("/data/tickets/nodes"), &json!([{
            "channel": "IMPORT", "createdAt": "2026-01-05T13:30:00.000000Z",
            "responseDueAt": "2026-11-26T10:00:00.000000Z",
            "resolutionDueAt": "2026-11-26T10:00:00.000000Z", "reporter": { "name": "林一" },
        }]));
        let again = ended(app, &manager, import(&manager, "ticketsImport", input, old.as_bytes()).await).await;
        assert_eq!(again["counts"], json!([{ "noun": "TICKET", "made": 0, "changed": 0, "unchanged": 1 }]));
        // What the desk hears next is what is filed now.
        let file = json!({ "kind": "COMPLAINT", "unitId": app.world.a101, "description": "漏水" });
        app.actor("lin-yi").await.act("ticketFile", file, "").await.done();
        assert_eq!(screen.data("1").await["complaintFeed"]["__typename"], "TicketChanged");
        assert_eq!(manager.ask("{ tickets { totalCount } }").await.at("/data/tickets/totalCount"), 2);
    }

    async fn foreign_columns_are_mapped(app) {
        let head = app.actor("head").await;
        let map = "[columns]\n\"Tower\" = \"building\"\n\"No\" = \"unit\"\n";
        let input = json!({ "communityId": app.world.xinghe, "map": map, "language": "EN" });
        let end = ended(app, &head, import(&head, "registerImport", input, b"Tower,No\nD,1\n").await).await;
        assert_eq!((&end["state"], &end["counts"][1]["made"]), (&json!("DONE"), &json!(1)));
        let wrong = json!({ "communityId": app.world.xinghe, "map": "[columns]\nx = \"nothing\"\n" });
        let refused = import(&head, "registerImport", wrong, LIST.as_bytes()).await;
        assert_eq!(refused.at("/userErrors/0/field"), &json!(["input", "map"]));
        assert!(refused.text("/userErrors/0/message").starts_with("columns names \"nothing\""), "{refused:?}");
    }
}
