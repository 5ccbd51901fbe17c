use serde_json::json;

use super::*;
use crate::on_both;

/// Whether a document is seen by its id, in the list, of its unit, of its occupant, and by its file: all must agree.
async fn sees(actor: &Actor, app: &App, id: &str, file: &str) -> bool {
    let query = "query($id: ID!, $file: ID!, $unit: ID!, $person: ID!) {
        node(id: $id) { id } file: node(id: $file) { id } list: documents { nodes { id } }
        unit: node(id: $unit) { ... on Unit { documents { id } } } person: node(id: $person) { ... on Occupant { documents { id } } } }";
    let variables = json!({ "id": id, "file": file, "unit": app.world.a101, "person": app.world.lin_yi });
    let answer = actor.ask_with(query, variables).await;
    let seen = !answer.at("/data/node").is_null();
    assert_eq!(!answer.at("/data/file").is_null(), seen, "{}", answer.0);
    for place in ["list", "unit", "person"] {
        let part = answer.at(&format!("/data/{place}"));
        assert_eq!(part.to_string().contains(id), seen && !part.is_null(), "{place} {}", answer.0);
    }
    seen
}

on_both! {
    async fn confidentiality_says_who_sees_it(app) {
        let readers: [(&str, &[&str]); 3] = [
            ("NORMAL", &["lin-yi", "desk", "worker", "assistant", "assistant2", "supervisor", "center", "manager", "head",
                "group", "quality", "executive", "admin"]),
            ("CONFIDENTIAL", &["lin-yi", "assistant", "supervisor", "center", "manager", "head", "group"]),
            ("SECRET", &["manager", "head", "group"]),
        ];
        let everybody = [
            "lin-yi", "lin-er", "wang-lin", "desk", "worker", "assistant", "assistant2", "supervisor", "center", "manager", "head",
            "group", "quality", "executive", "personnel", "admin", "yunshan-desk", "yunshan-head", "zhao-yuan",
        ];
        for (confidentiality, expected) in readers {
            let (id, file) = filed(app, "manager", confidentiality).await;
            let mut seen = Vec::new();
            for login in everybody {
                let actor = app.actor(login).await;
                if sees(&actor, app, &id, &file).await {
                    assert_eq!(actor.fetch(&link(&actor, &id).await).await.0, 200, "{login}");
                    seen.push(login);
                }
            }
            assert_eq!(seen, expected, "{confidentiality}");
        }
    }

    async fn an_occupant_is_not_shown_the_companys_note(app) {
        let (manager, resident) = (app.actor("manager").await, app.actor("lin-yi").await);
        let (id, _) = filed(app, "manager", "CONFIDENTIAL").await;
        manager.act("documentUpdate", json!({ "id": id, "note": "有争议" }), "").await.done();
        assert_eq!(again(&manager, &id, "note").await, json!({ "note": "有争议" }));
        assert_eq!(again(&resident, &id, "note title").await, json!({ "note": null, "title": "购房合同" }));
        // What is kept of the unit alone is of whoever owned it then.
        let input = with(&contract(app), json!({ "occupantId": null }));
        let files: &[(&str, &str, &[u8])] = &[("files.0", "合同.pdf", PDF)];
        let unit = manager.act_with("documentFile", input, files, "document { id }").await.done().text("/document/id");
        assert_eq!(again(&resident, &unit, "id").await, Value::Null);
    }

    async fn a_link_ends_with_the_right(app) {
        let (manager, desk) = (app.actor("manager").await, app.actor("desk").await);
        let (id, _) = filed(app, "manager", "NORMAL").await;
        let link = link(&desk, &id).await;
        assert_eq!(desk.fetch(&link).await.0, 200);
        manager.act("documentUpdate", json!({ "id": id, "confidentiality": "SECRET" }), "").await.done();
        assert_eq!(desk.fetch(&link).await.0, 404);
    }

    async fn lists_are_narrowed_and_ordered(app) {
        let manager = app.actor("manager").await;
        let files: &[(&str, &str, &[u8])] = &[("files.0", "合同.pdf", PDF)];
        let mut ids = Vec::new();
        for change in [
            json!({ "title": "乙 租约", "category": "CONTRACT" }),
            json!({ "title": "甲 身份证", "category": "IDENTITY", "confidentiality": "SECRET" }),
            json!({ "title": "丙 收楼", "category": "HANDOVER", "unitId": app.world.b201, "occupantId": app.world.zhou_zhu }),
        ] {
            app.advance(chrono::TimeDelta::seconds(1));
            let done = manager.act_with("documentFile", with(&contract(app), change), files, "document { id }").await;
            ids.push(done.done().text("/document/id"));
        }
        let [first, second, third] = [&ids[0], &ids[1], &ids[2]].map(String::as_str);
        let world = &app.world;
        for (filter, expected) in [
            (json!({}), vec![third, second, first]),
            (json!({ "communityIds": [world.xinghe] }), vec![third, second, first]),
            (json!({ "communityIds": [world.yunshan] }), vec![]),
            (json!({ "buildingIds": [world.b] }), vec![third]),
            (json!({ "unitIds": [world.a101] }), vec![second, first]),
            (json!({ "occupantIds": [world.zhou_zhu] }), vec![third]),
            (json!({ "categories": ["IDENTITY", "HANDOVER"] }), vec![third, second]),
            (json!({ "confidentialities": ["SECRET"] }), vec![second]),
            (json!({ "search": "租约" }), vec![first]),
            (json!({ "search": "%" }), vec![]),
        ] {
            assert_eq!(listed(&manager, filter.clone()).await, expected, "{filter}");
        }
        for (order, expected) in [("FILED_ASC", [first, second, third]), ("FILED_DESC", [third, second, first])] {
            let answer = manager.ask(&format!("{{ documents(orderBy: {order}) {{ nodes {{ id }} }} }}")).await;
            let nodes = answer.at("/data/documents/nodes").as_array().unwrap();
            assert_eq!(nodes.iter().map(|node| node["id"].as_str().unwrap()).collect::<Vec<_>>(), expected, "{order}");
        }
        let page = manager.ask("{ documents(orderBy: TITLE_ASC, first: 2) { nodes { title } pageInfo { endCursor } } }").await;
        let after = page.text("/data/documents/pageInfo/endCursor");
        let rest = format!("{{ documents(orderBy: TITLE_ASC, first: 2, after: \"{after}\") {{ nodes {{ title }} }} }}");
        let rest = manager.ask(&rest).await;
        let titles = [page.at("/data/documents/nodes"), rest.at("/data/documents/nodes")];
        let titles: Vec<_> = titles.iter().flat_map(|nodes| nodes.as_array().unwrap()).collect();
        let mut backwards = manager.ask("{ documents(orderBy: TITLE_DESC) { nodes { title } } }").await.at("/data/documents/nodes").clone();
        backwards.as_array_mut().unwrap().reverse();
        assert_eq!(json!(titles), backwards);
        let wrong = manager.ask("{ documents(filter: { unitIds: [\"nonsense\"] }) { totalCount } }").await;
        assert_eq!(wrong.error(), "INVALID");
    }
}
