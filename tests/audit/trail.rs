use chrono::TimeDelta;
use serde_json::json;

use super::lines;
use crate::on_both;
use crate::support::world::PASSWORD;

on_both! {
    async fn sign_ins_are_told_with_where_they_came_from(app) {
        app.advance(TimeDelta::seconds(1));
        let wrong = json!({ "login": "desk", "password": "not this one" });
        app.nobody().act("sessionCreate", wrong, "").await.refusal();
        let unknown = json!({ "login": "my-password-by-mistake", "password": "x" });
        app.nobody().act("sessionCreate", unknown, "").await.refusal();
        app.advance(TimeDelta::seconds(1));
        let desk = app.actor("desk").await;
        app.advance(TimeDelta::seconds(1));
        desk.act("sessionEnd", json!({}), "").await.done();
        let admin = app.actor("admin").await;
        let account = app.actor("desk").await.ask("{ viewer { accountId } }").await.text("/data/viewer/accountId");

        let failed = lines(&admin, &["SIGN_IN_FAILED"], "accountId address subjects details community { id }").await;
        let nobody = json!({
            "accountId": null, "address": "127.0.0.1", "subjects": [], "details": { "by": "NOBODY_KNOWN" }, "community": null,
        });
        let known = json!({ "accountId": account, "address": "127.0.0.1", "subjects": [], "details": {}, "community": null });
        assert!(failed == [nobody.clone(), known.clone()] || failed == [known, nobody], "{failed:?}");

        let out = lines(&admin, &["SIGNED_OUT"], "accountId at staff { name }").await;
        assert_eq!(out, [json!({ "accountId": account, "at": "2026-11-23T02:00:03.000000Z", "staff": { "name": "前台小刘" } })]);
        let query = "query($id: ID!) { auditTrail(filter: { accountIds: [$id], actions: [SIGNED_IN] }, orderBy: AT_ASC) { totalCount nodes { at requestId } } }";
        let found = admin.ask_with(query, json!({ "id": account })).await;
        assert_eq!(found.at("/data/auditTrail/totalCount"), 2);
        assert_eq!(found.at("/data/auditTrail/nodes/0/at"), "2026-11-23T02:00:02.000000Z");
        assert!(found.at("/data/auditTrail/nodes/0/requestId").is_string());
    }

    async fn who_tries_again_and_again_does_not_flood_the_trail(app) {
        let input = json!({ "login": "desk", "password": "not this one" });
        for _ in 0..5 {
            assert_eq!(app.nobody().act("sessionCreate", input.clone(), "").await.refusal(), "INVALID");
        }
        app.advance(TimeDelta::minutes(1));
        app.nobody().act("sessionCreate", input, "").await.refusal();
        let told = lines(&app.actor("admin").await, &["SIGN_IN_FAILED"], "details").await;
        let mut counted: Vec<_> = told.iter().map(|line| line["details"]["attempts"].as_u64()).collect();
        counted.sort_unstable();
        assert_eq!(counted, [None, None, Some(2), Some(4)]);
    }

    async fn passwords_accounts_and_posts_are_told(app) {
        let (desk, admin) = (app.actor("desk").await, app.actor("admin").await);
        let input = json!({ "presentPassword": PASSWORD, "newPassword": "open-sesame-2" });
        desk.act("accountChangePassword", input, "").await.done();
        let changed = lines(&admin, &["PASSWORD_CHANGED"], "staff { name } address").await;
        assert_eq!(changed, [json!({ "staff": { "name": "前台小刘" }, "address": "127.0.0.1" })]);

        let code = desk.act("accountInvite", json!({ "occupantId": app.world.lin_yi }), "code").await.done().text("/code");
        let invited = lines(&admin, &["ACCOUNT_INVITED"], "subjects staff { name }").await;
        assert_eq!(invited[0]["subjects"][1], json!(app.world.lin_yi));
        let input = json!({ "code": code, "login": "lin-yi", "password": "open-sesame-3" });
        app.nobody().act("accountActivate", input, "").await.done();
        assert_eq!(lines(&admin, &["ACCOUNT_ACTIVATED"], "accountId").await[0]["accountId"], invited[0]["subjects"][0]);

        let input = json!({
            "staffId": app.world.staff("desk"), "role": "ASSISTANT", "communityId": app.world.xinghe, "fromOn": "2026-12-01",
        });
        let post = admin.act("postGrant", input, "post { id }").await.done().text("/post/id");
        admin.act("postEnd", json!({ "id": post, "toOn": "2026-11-30" }), "").await.done();
        let told = lines(&admin, &["POST_GRANTED", "POST_WITHDRAWN"], "action subjects details community { code }").await;
        let of = |action: &str| told.iter().find(|line| line["action"] == action).unwrap().clone();
        assert_eq!(of("POST_GRANTED"), json!({
            "action": "POST_GRANTED",
            "subjects": [app.world.staff("desk"), post],
            "details": { "role": "ASSISTANT", "fromOn": "2026-12-01" },
            "community": { "code": "XH" },
        }));
        assert_eq!(of("POST_WITHDRAWN")["details"]["toOn"], "2026-11-30");

        let charge = json!({ "staffId": app.world.staff("assistant"), "buildingId": app.world.b });
        let supervisor = app.actor("supervisor").await;
        let charge = supervisor.act("chargeGrant", charge, "charge { id }").await.done().text("/charge/id");
        supervisor.act("chargeEnd", json!({ "id": charge }), "").await.done();
        let told = lines(&admin, &["CHARGE_GRANTED", "CHARGE_ENDED"], "subjects").await;
        assert_eq!(told, [json!({ "subjects": [app.world.staff("assistant"), app.world.b] }), json!({ "subjects": [app.world.staff("assistant"), app.world.b] })]);
    }

    async fn a_project_head_reads_what_concerns_their_community_alone(app) {
        let hours = json!({ "id": app.world.xinghe, "timeZone": "Asia/Tokyo" });
        let admin = app.actor("admin").await;
        admin.act("communityUpdate", hours, "").await.done();
        admin.act("communityUpdate", json!({ "id": app.world.xinghe, "name": "星河" }), "").await.done();
        let all = ["SETTINGS_CHANGED", "SIGNED_IN"];
        let head = lines(&app.actor("head").await, &all, "action details subjects").await;
        assert_eq!(head, [json!({
            "action": "SETTINGS_CHANGED", "details": { "changed": ["timeZone"] }, "subjects": [app.world.xinghe],
        })]);
        for login in ["yunshan-head", "manager", "lin-yi", "quality"] {
            assert_eq!(lines(&app.actor(login).await, &all, "action").await, [] as [serde_json::Value; 0], "{login}");
        }
        let answer = app.actor("head").await.ask("{ auditTrail(filter: { subjectId: \"nonsense\" }) { totalCount } }").await;
        assert_eq!(answer.error(), "INVALID");
        let query = "query($id: ID!) { auditTrail(filter: { subjectId: $id, from: \"2026-11-23T02:00:00Z\", until: \"2026-11-23T02:00:01Z\" }) { totalCount } }";
        let found = app.actor("head").await.ask_with(query, json!({ "id": app.world.xinghe })).await;
        assert_eq!(found.at("/data/auditTrail/totalCount"), 1);
    }
}

async fn check_settings(mut app: crate::support::App) {
    let told = lines(&app.actor("admin").await, &["SETTINGS_CHANGED"], "details").await;
    assert_eq!(
        (told.len(), &told[0]["details"]["first"], &told[0]["details"]["changed"]),
        (1, &json!(true), &json!([]))
    );
    app = app.restart().await;
    assert_eq!(
        lines(&app.actor("admin").await, &["SETTINGS_CHANGED"], "at").await.len(),
        1,
        "nothing has changed"
    );
    app.advance(TimeDelta::seconds(1));
    app = app
        .restart_with(|config| {
            config.http.ws_queue += 1;
            config.auth.secret =
                Some(concierge::config::Secret::new("another secret of tests that is long enough"));
        })
        .await;
    let told = lines(&app.actor("admin").await, &["SETTINGS_CHANGED"], "details").await;
    assert_eq!(told[0]["details"]["changed"], json!(["auth.secret", "http.ws_queue"]));
    assert!(!told[0].to_string().contains("another secret"));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_that_changed_since_the_last_start_are_named() {
    Box::pin(check_settings(crate::support::App::on_sqlite().await)).await;
    if let Some(app) = crate::support::App::on_postgres().await {
        Box::pin(check_settings(app)).await;
    }
}
