use serde_json::{Value, json};

use super::{code, node, post_of, why, with};
use crate::on_both;
use crate::support::App;

fn greens(app: &App) -> Value {
    json!({
        "communityId": app.world.xinghe, "kind": "GREENING", "name": " 绿化部 ", "leadId": app.world.staff("supervisor"),
        "contractor": true,
    })
}

const ALL: &str = "team {
    kind name community { name } lead { name } members { name } contractor createdAt updatedAt closedAt version
}";

on_both! {
    async fn a_team_is_set_up(app) {
        let center = app.actor("center").await;
        let made = center.act("teamCreate", greens(app), ALL).await.done();
        assert_eq!(
            made.at("/team"),
            &json!({
                "kind": "GREENING",
                "name": "绿化部",
                "community": { "name": "星河·国际" },
                "lead": { "name": "主管老李" },
                "members": [],
                "contractor": true,
                "createdAt": "2026-11-23T02:00:00.000000Z",
                "updatedAt": "2026-11-23T02:00:00.000000Z",
                "closedAt": null,
                "version": 1,
            })
        );
    }

    async fn its_members_are_those_with_a_post_in_it_today(app) {
        let members = async |login: &str| {
            let mut team = node(&app.actor(login).await, &app.world.engineering, "Team", "members { name }").await;
            let mut names = team["members"].as_array_mut().unwrap().drain(..).map(|row| row["name"].clone()).collect::<Vec<_>>();
            names.sort_by_key(ToString::to_string);
            names
        };
        assert_eq!(members("desk").await, ["工程老孙", "工程老张"]);
        assert_eq!(members("worker").await, ["工程老张"], "a worker sees no staff but themselves");
        let head = app.actor("head").await;
        let tomorrow = json!({
            "staffId": app.world.staff("cleaner"), "role": "WORKER", "communityId": app.world.xinghe,
            "teamId": app.world.engineering, "fromOn": "2026-11-24",
        });
        // A WORKER is one of one team: the post in the other one ends first.
        head.act("postEnd", json!({ "id": post_of(app, "cleaner").await, "toOn": "2026-11-23" }), "").await.done();
        head.act("postGrant", tomorrow, "").await.done();
        assert_eq!(members("desk").await, ["工程老孙", "工程老张"]);
        app.advance(chrono::TimeDelta::hours(14));
        assert_eq!(members("desk").await, ["保洁阿姨", "工程老孙", "工程老张"]);
    }

    async fn what_cannot_be_taken_is_named(app) {
        let head = app.actor("head").await;
        let cases = [
            (json!({ "name": "" }), json!(["INVALID", "input.name", "a text is needed here; this one is empty"])),
            (json!({ "name": "工程部" }), json!(["DUPLICATE", "input.name", "there is a team 工程部 in this community already"])),
            (
                json!({ "communityId": app.world.yunshan }),
                json!(["NOT_FOUND", "input.communityId", format!("there is no community {}", app.world.yunshan)]),
            ),
            (
                json!({ "leadId": app.world.staff("yunshan-head") }),
                json!(["NOT_FOUND", "input.leadId", format!("there is no staff {}", app.world.staff("yunshan-head"))]),
            ),
        ];
        for (changes, expected) in cases {
            let answer = head.act("teamCreate", with(&greens(app), &changes), "team { id }").await;
            assert_eq!((answer.at("/team"), why(&answer.0)), (&Value::Null, expected), "{changes}");
        }
        let elsewhere = with(&greens(app), &json!({ "leadId": app.world.staff("yunshan-head") }));
        let answer = app.actor("admin").await.act("teamCreate", elsewhere, "").await;
        let message = "云山主任 holds no post at this community; a team's lead works there";
        assert_eq!(why(&answer.0), json!(["INVALID", "input.leadId", message]));
    }

    async fn teams_are_set_up_by_managers_and_nobody_else(app) {
        let message = "you may not set up teams here; the community's CENTER_SUPERVISOR, SERVICE_MANAGER, PROJECT_HEAD and ADMIN do";
        let change = json!({ "id": app.world.engineering, "contractor": true });
        for login in ["desk", "worker", "assistant", "supervisor", "group", "quality", "executive"] {
            let actor = app.actor(login).await;
            let answer = actor.act("teamCreate", with(&greens(app), &json!({ "leadId": null })), "").await;
            assert_eq!(why(&answer.0), json!(["FORBIDDEN", null, message]), "{login}");
            let answer = actor.act("teamUpdate", change.clone(), "").await;
            assert_eq!(why(&answer.0), json!(["FORBIDDEN", null, message]), "{login}");
        }
        for login in ["yunshan-head", "lin-yi"] {
            let answer = app.actor(login).await.act("teamUpdate", change.clone(), "").await;
            assert_eq!(code(&answer.0), json!(["NOT_FOUND", "input.id"]), "{login}");
        }
        let answer = app.actor("yunshan-head").await.act("teamCreate", greens(app), "").await;
        assert_eq!(code(&answer.0), json!(["NOT_FOUND", "input.communityId"]));
        for login in ["center", "manager", "head", "admin"] {
            app.actor(login).await.act("teamUpdate", change.clone(), "").await.done();
        }
    }

    async fn sent_twice_a_team_is_set_up_once(app) {
        let head = app.actor("head").await;
        let input = with(&greens(app), &json!({ "idempotencyKey": "k" }));
        let first = head.act("teamCreate", input.clone(), "team { id }").await.done();
        assert_eq!(head.act("teamCreate", input.clone(), "team { id }").await.done(), first);
        let other = head.act("teamCreate", with(&input, &json!({ "kind": "OTHER" })), "team { id }").await;
        assert_eq!(code(&other.0), json!(["KEY_REUSED", "input.idempotencyKey"]));
    }

    async fn what_is_left_out_stays_and_null_clears(app) {
        let head = app.actor("head").await;
        let id = &app.world.engineering;
        let fields = "team { kind name lead { name } contractor version }";
        let input = json!({ "id": id, "expectedVersion": 1, "leadId": app.world.staff("worker"), "kind": "OTHER", "contractor": true });
        let changed = head.act("teamUpdate", input, fields).await.done();
        assert_eq!(
            changed.at("/team"),
            &json!({ "kind": "OTHER", "name": "工程部", "lead": { "name": "工程老张" }, "contractor": true, "version": 2 })
        );
        let changed = head.act("teamUpdate", json!({ "id": id, "expectedVersion": 2, "name": "工程维修部", "leadId": null }), fields).await;
        assert_eq!(
            changed.done().at("/team"),
            &json!({ "kind": "OTHER", "name": "工程维修部", "lead": null, "contractor": true, "version": 3 })
        );
        let stale = head.act("teamUpdate", json!({ "id": id, "expectedVersion": 2, "name": "工程部" }), fields).await;
        let message = "somebody else has changed it: version 2 is no longer the present one";
        assert_eq!(why(&stale.0), json!(["CONFLICT", null, message]));
        let taken = head.act("teamUpdate", json!({ "id": id, "name": "保洁部" }), fields).await;
        assert_eq!(code(&taken.0), json!(["DUPLICATE", "input.name"]));
    }
}
