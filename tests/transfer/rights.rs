use serde_json::json;

use super::{LIST, ended, export, idle, import, told};
use crate::on_both;

on_both! {
    async fn the_table_of_roles_says_who_may(app) {
        let (xinghe, yunshan) = (&app.world.xinghe, &app.world.yunshan);
        for (login, imports, exports) in [
            ("lin-yi", "FORBIDDEN", "FORBIDDEN"), ("desk", "FORBIDDEN", "FORBIDDEN"),
            ("worker", "FORBIDDEN", "FORBIDDEN"), ("assistant", "FORBIDDEN", "FORBIDDEN"),
            ("supervisor", "FORBIDDEN", ""), ("center", "", ""), ("manager", "", ""), ("head", "", ""),
            ("group", "FORBIDDEN", ""), ("admin", "", ""), ("quality", "FORBIDDEN", "FORBIDDEN"),
            ("executive", "FORBIDDEN", "FORBIDDEN"), ("yunshan-head", "NOT_FOUND", "NOT_FOUND"),
        ] {
            let actor = app.actor(login).await;
            let code = |answer: &crate::support::Answer| answer.at("/userErrors/0/code").as_str().unwrap_or("").to_owned();
            for what in ["registerImport", "ticketsImport"] {
                let answer = import(&actor, what, json!({ "communityId": xinghe, "keeps": "NOTHING" }), LIST.as_bytes()).await;
                assert_eq!(code(&answer), imports, "{login} {what}");
            }
            for what in ["registerExport", "ticketsExport"] {
                let answer = export(&actor, what, json!({ "communityId": xinghe })).await;
                assert_eq!(code(&answer), exports, "{login} {what}");
            }
            let whole = export(&actor, "registerExport", json!({})).await;
            let may = matches!(login, "group" | "admin");
            assert_eq!(code(&whole), if may { "" } else { "FORBIDDEN" }, "{login} exports all");
            let whole = import(&actor, "registerImport", json!({ "keeps": "NOTHING" }), LIST.as_bytes()).await;
            assert_eq!(code(&whole), if login == "admin" { "" } else { "FORBIDDEN" }, "{login} imports anywhere");
        }
        let nobody = app.nobody();
        let answer = export(&nobody, "registerExport", json!({ "communityId": yunshan })).await;
        assert_eq!(answer.at("/errors/0/extensions/code"), "UNAUTHENTICATED");
    }

    async fn nobody_imports_into_another_community(app) {
        let head = app.actor("head").await;
        let list = "小区代码,楼栋,房号\nYS,C栋,999\nXH,A栋,998\n";
        let input = json!({ "communityId": app.world.xinghe });
        let end = ended(app, &head, import(&head, "registerImport", input, list.as_bytes()).await).await;
        assert_eq!((&end["state"], &end["rowsRefused"]), (&json!("REFUSED"), &json!(1)));
        let new = "小区代码,小区名称,楼栋,房号\nNEW,新城,A栋,1\n";
        let input = json!({ "communityId": app.world.xinghe });
        let end = ended(app, &head, import(&head, "registerImport", input, new.as_bytes()).await).await;
        assert_eq!(end["state"], "REFUSED", "nor is one made");
        let admin = app.actor("admin").await;
        let end = ended(app, &admin, import(&admin, "registerImport", json!({}), new.as_bytes()).await).await;
        assert_eq!((&end["state"], &end["counts"][0]["noun"]), (&json!("DONE"), &json!("COMMUNITY")));
        let map = json!({ "communityId": app.world.xinghe, "map": "create = [\"staff\"]" });
        let refused = import(&head, "ticketsImport", map, b"x").await;
        assert_eq!(refused.at("/userErrors/0/code"), "FORBIDDEN");
    }

    async fn only_who_asked_for_it_sees_it(app) {
        let (head, manager) = (app.actor("head").await, app.actor("manager").await);
        let begun = export(&head, "registerExport", json!({ "communityId": app.world.xinghe })).await;
        let end = ended(app, &head, begun).await;
        let list = "{ dataTransfers(filter: { directions: [EXPORT] }) { totalCount nodes { id } } }";
        assert_eq!(head.ask(list).await.at("/data/dataTransfers/nodes/0/id"), &end["id"]);
        for other in [&manager, &app.actor("admin").await, &app.actor("yunshan-head").await] {
            assert_eq!(other.ask(list).await.at("/data/dataTransfers/totalCount"), 0);
            let node = other.ask_with("query($id: ID!) { node(id: $id) { id } }", json!({ "id": end["id"] })).await;
            assert!(node.at("/data/node").is_null());
            let cancelled = other.act("dataTransferCancel", json!({ "id": end["id"] }), "").await;
            assert_eq!(cancelled.at("/userErrors/0/code"), "NOT_FOUND");
            let mut ws = app.socket(other).await;
            ws.subscribe_with("1", "subscription($id: ID!) { dataTransferChanged(id: $id) { id } }", json!({ "id": end["id"] })).await;
            assert_eq!(ws.message().await["payload"][0]["extensions"]["code"], "NOT_FOUND");
        }
        // The link is for its owner's rights, which end.
        let admin = app.actor("admin").await;
        let post = "query($id: ID!) { node(id: $id) { ... on Staff { posts { id } } } }";
        let post = admin.ask_with(post, json!({ "id": app.world.staff("head") })).await.text("/data/node/posts/0/id");
        admin.act("postEnd", json!({ "id": post, "toOn": "2026-11-22" }), "").await.done();
        assert_eq!(head.fetch(end["resultUrl"].as_str().unwrap()).await.0, 404);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whose_post_ended_meanwhile_gets_nothing() {
    for app in idle().await {
        let (admin, center) = (app.actor("admin").await, app.actor("center").await);
        let input = json!({ "communityId": app.world.xinghe });
        let begun = import(&center, "registerImport", input, LIST.as_bytes()).await.done();
        let post = "query($id: ID!) { node(id: $id) { ... on Staff { posts { id } } } }";
        let post = admin
            .ask_with(post, json!({ "id": app.world.staff("center") }))
            .await
            .text("/data/node/posts/0/id");
        admin.act("postEnd", json!({ "id": post, "toOn": "2026-11-22" }), "").await.done();
        let app = app.restart_with(|config| config.exchange.works = true).await;
        let center = center.at(&app.url);
        let end = told(&app, &center, &begun.text("/dataTransfer/id")).await.pop().unwrap();
        assert_eq!((&end["state"], &end["failure"]), (&json!("FAILED"), &json!("RIGHTS")));
        app.stop().await;
    }
}
