use serde_json::{Value, json};

use super::{code, post_of, why, with};
use crate::on_both;
use crate::support::App;

fn supervise(app: &App) -> Value {
    json!({
        "staffId": app.world.staff("assistant"), "role": "SUPERVISOR", "communityId": app.world.xinghe, "fromOn": "2026-11-23",
    })
}

const ALL: &str = "post { role fromOn toOn staff { name } community { name } team { name } }";

on_both! {
    async fn a_post_is_granted_and_ended(app) {
        let head = app.actor("head").await;
        let mut expected = json!({
            "role": "SUPERVISOR",
            "fromOn": "2026-11-23",
            "toOn": null,
            "staff": { "name": "助理小陈" },
            "community": { "name": "星河·国际" },
            "team": null,
        });
        let made = head.act("postGrant", supervise(app), &ALL.replace("{ role", "{ id role")).await.done();
        let mut shown = made.at("/post").clone();
        let id = shown.as_object_mut().unwrap().remove("id").unwrap();
        assert_eq!(shown, expected);
        for day in ["2026-12-31", "2026-12-01"] {
            expected["toOn"] = json!(day);
            assert_eq!(head.act("postEnd", json!({ "id": id, "toOn": day }), ALL).await.done().at("/post"), &expected);
        }
        for day in ["2026-12-01", "2026-12-02"] {
            let answer = head.act("postEnd", json!({ "id": id, "toOn": day }), ALL).await;
            let message = "the post has an end already; its last day is 2026-12-01";
            assert_eq!(why(&answer.0), json!(["INVALID", "input.toOn", message]));
        }
    }

    async fn a_post_of_the_group_holds_everywhere(app) {
        let admin = app.actor("admin").await;
        let input = json!({ "staffId": app.world.staff("desk"), "role": "GROUP_SERVICE", "fromOn": "2026-11-23" });
        let made = admin.act("postGrant", input, ALL).await.done();
        assert_eq!((made.at("/post/role"), made.at("/post/community")), (&json!("GROUP_SERVICE"), &Value::Null));
        let teams = app.actor("desk").await.ask("{ teams { totalCount } }").await;
        assert_eq!(teams.at("/data/teams/totalCount"), 3);
    }

    async fn what_cannot_be_taken_is_named(app) {
        let head = app.actor("head").await;
        let worker = json!({ "staffId": app.world.staff("desk"), "role": "WORKER" });
        let mut yunshan_team = worker.clone();
        yunshan_team["teamId"] = json!(app.world.yunshan_engineering);
        let cases = [
            (
                json!({ "fromOn": "2026-11-24", "toOn": "2026-11-23" }),
                json!(["INVALID", "input.toOn", "2026-11-23 is before the first day, 2026-11-24; it ends on that day or later"]),
            ),
            (json!({ "communityId": null }), json!(["INVALID", "input.communityId", "SUPERVISOR is held at a community; name it"])),
            (
                json!({ "communityId": app.world.yunshan }),
                json!(["NOT_FOUND", "input.communityId", format!("there is no community {}", app.world.yunshan)]),
            ),
            (
                json!({ "staffId": app.world.staff("yunshan-desk") }),
                json!(["NOT_FOUND", "input.staffId", format!("there is no staff {}", app.world.staff("yunshan-desk"))]),
            ),
            (worker, json!(["INVALID", "input.teamId", "a WORKER belongs to a team; name it"])),
            (
                yunshan_team,
                json!(["NOT_FOUND", "input.teamId", format!("there is no team {}", app.world.yunshan_engineering)]),
            ),
            (
                json!({ "teamId": app.world.engineering }),
                json!(["INVALID", "input.teamId", "only a WORKER belongs to a team; leave it out for SUPERVISOR"]),
            ),
            (
                json!({ "role": "ASSISTANT" }),
                json!(["DUPLICATE", "input.role", "they hold the role ASSISTANT here already, from 2026-01-01"]),
            ),
        ];
        for (changes, expected) in cases {
            let answer = head.act("postGrant", with(&supervise(app), &changes), "post { id }").await;
            assert_eq!((answer.at("/post"), why(&answer.0)), (&Value::Null, expected), "{changes}");
        }
        let admin = app.actor("admin").await;
        let elsewhere = json!({ "role": "WORKER", "teamId": app.world.yunshan_engineering });
        let answer = admin.act("postGrant", with(&supervise(app), &elsewhere), "").await;
        assert_eq!(why(&answer.0), json!(["INVALID", "input.teamId", "the team 工程部 is of another community"]));
        let id = post_of(app, "desk").await;
        let answer = head.act("postEnd", json!({ "id": id, "toOn": "2025-12-30" }), "").await;
        let message = "2025-12-30 is before the first day, 2026-01-01; it ends on that day or later";
        assert_eq!(why(&answer.0), json!(["INVALID", "input.toOn", message]));
    }

    async fn sent_twice_a_post_is_granted_once(app) {
        let head = app.actor("head").await;
        let input = with(&supervise(app), &json!({ "idempotencyKey": "k" }));
        let first = head.act("postGrant", input.clone(), "post { id }").await.done();
        assert_eq!(head.act("postGrant", input.clone(), "post { id }").await.done(), first);
        let other = head.act("postGrant", with(&input, &json!({ "toOn": "2026-12-01" })), "post { id }").await;
        assert_eq!(code(&other.0), json!(["KEY_REUSED", "input.idempotencyKey"]));
    }

    async fn granted_by_two_at_once_it_is_one_post(app) {
        let (head, admin) = (app.actor("head").await, app.actor("admin").await);
        let (one, two) = tokio::join!(
            head.act("postGrant", supervise(app), "post { id }"),
            admin.act("postGrant", supervise(app), "post { id }"),
        );
        let refused = [&one, &two].into_iter().filter(|answer| answer.at("/post").is_null()).collect::<Vec<_>>();
        assert_eq!(refused.len(), 1, "{one:?} {two:?}");
        assert_eq!(code(&refused[0].0), json!(["DUPLICATE", "input.role"]));
    }

    async fn posts_of_another_community_are_not_there(app) {
        let id = post_of(app, "desk").await;
        for login in ["yunshan-head", "lin-yi", "worker"] {
            let actor = app.actor(login).await;
            let answer = actor.act("postEnd", json!({ "id": id, "toOn": "2026-11-23" }), "").await;
            assert_eq!(why(&answer.0), json!(["NOT_FOUND", "input.id", format!("there is no post {id}")]), "{login}");
            let answer = actor.act("postGrant", supervise(app), "").await;
            assert_eq!(code(&answer.0), json!(["NOT_FOUND", "input.staffId"]), "{login}");
        }
    }

    async fn the_viewer_reads_their_own_posts(app) {
        let answer = app.actor("worker").await.ask("{ viewer { posts { role fromOn toOn community { name } team { name } staff { name } } } }").await;
        assert_eq!(
            answer.at("/data/viewer/posts"),
            &json!([{
                "role": "WORKER",
                "fromOn": "2026-01-01",
                "toOn": null,
                "community": { "name": "星河·国际" },
                "team": { "name": "工程部" },
                "staff": { "name": "工程老张" },
            }])
        );
        let answer = app.actor("lin-yi").await.ask("{ viewer { posts { id } } }").await;
        assert_eq!(answer.at("/data/viewer/posts"), &json!([]));
    }
}
