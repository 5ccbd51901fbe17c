use serde_json::{Value, json};

use super::{code, node, why, with};
use crate::on_both;
use crate::support::App;

fn newcomer(app: &App) -> Value {
    json!({
        "name": " 新助理 ",
        "phone": "138 1234-5678",
        "title": "物业助理",
        "managerId": app.world.staff("supervisor"),
        "deputyId": app.world.staff("assistant"),
        "post": { "role": "ASSISTANT", "communityId": app.world.xinghe, "fromOn": "2026-11-23", "toOn": "2027-11-22" },
    })
}

const ALL: &str = "staff {
    name title phone manager { name } deputy { name } awayFrom awayUntil charges { id }
    posts { role fromOn toOn community { name } team { name } staff { name } }
    createdAt updatedAt closedAt version
}";

const BRIEF: &str = "staff { name title phone manager { name } deputy { name } awayFrom awayUntil version }";

on_both! {
    async fn a_project_head_takes_somebody_on_with_a_post(app) {
        let head = app.actor("head").await;
        let made = head.act("staffCreate", newcomer(app), ALL).await.done();
        assert_eq!(
            made.at("/staff"),
            &json!({
                "name": "新助理",
                "title": "物业助理",
                "phone": "13812345678",
                "manager": { "name": "主管老李" },
                "deputy": { "name": "助理小陈" },
                "awayFrom": null,
                "awayUntil": null,
                "charges": [],
                "posts": [{
                    "role": "ASSISTANT",
                    "fromOn": "2026-11-23",
                    "toOn": "2027-11-22",
                    "community": { "name": "星河·国际" },
                    "team": null,
                    "staff": { "name": "新助理" },
                }],
                "createdAt": "2026-11-23T02:00:00.000000Z",
                "updatedAt": "2026-11-23T02:00:00.000000Z",
                "closedAt": null,
                "version": 1,
            })
        );
    }

    async fn admin_takes_somebody_on_without_a_post_and_others_do_not_see_them(app) {
        let (admin, head) = (app.actor("admin").await, app.actor("head").await);
        let made = admin.act("staffCreate", json!({ "name": "无岗" }), "staff { id name posts { id } }").await.done();
        assert_eq!(made.at("/staff/posts"), &json!([]));
        assert_eq!(node(&head, &made.text("/staff/id"), "Staff", "name").await, Value::Null);
    }

    async fn what_cannot_be_taken_is_named(app) {
        let head = app.actor("head").await;
        let input = newcomer(app);
        let post = |changes: Value| json!({ "post": with(&input["post"], &changes) });
        let supervisor = app.world.staff("supervisor");
        let nobody = "staff:00000000-0000-7000-8000-000000000000";
        let cases = [
            (json!({ "name": " " }), json!(["INVALID", "input.name", "a text is needed here; this one is empty"])),
            (json!({ "name": "名".repeat(101) }), json!(["INVALID", "input.name", "the text has 101 characters; at most 100 are kept"])),
            (json!({ "title": "a\u{7}" }), json!(["INVALID", "input.title", "the text holds the control character U+0007; remove it"])),
            (
                json!({ "phone": "call me" }),
                json!(["INVALID", "input.phone", "\"call me\" is not a telephone number; write 3 to 20 digits, with a + in front at most"]),
            ),
            (json!({ "managerId": nobody }), json!(["NOT_FOUND", "input.managerId", format!("there is no staff {nobody}")])),
            (
                json!({ "deputyId": app.world.staff("yunshan-head") }),
                json!(["NOT_FOUND", "input.deputyId", format!("there is no staff {}", app.world.staff("yunshan-head"))]),
            ),
            (json!({ "post": null }), json!(["INVALID", "input.post", "say which post at your community they are to hold"])),
            (
                post(json!({ "communityId": null })),
                json!(["INVALID", "input.post.communityId", "ASSISTANT is held at a community; name it"]),
            ),
            (
                post(json!({ "communityId": app.world.yunshan })),
                json!(["NOT_FOUND", "input.post.communityId", format!("there is no community {}", app.world.yunshan)]),
            ),
            (
                post(json!({ "toOn": "2026-11-22" })),
                json!(["INVALID", "input.post.toOn", "2026-11-22 is before the first day, 2026-11-23; it ends on that day or later"]),
            ),
            (
                post(json!({ "fromOn": "0206-11-23" })),
                json!(["INVALID", "input.post.fromOn", "0206-11-23 is not a day that is kept here; the year goes from 1900 to 2199"]),
            ),
            (
                post(json!({ "role": "WORKER" })),
                json!(["INVALID", "input.post.teamId", "a WORKER belongs to a team; name it"]),
            ),
            (
                post(json!({ "role": "PROJECT_HEAD" })),
                json!(["FORBIDDEN", null, "PROJECT_HEAD is not below your own rung; ADMIN grants and ends it"]),
            ),
        ];
        for (changes, expected) in cases {
            let answer = head.act("staffCreate", with(&input, &changes), "staff { id }").await;
            assert_eq!(answer.at("/staff"), &Value::Null);
            assert_eq!(why(&answer.0), expected, "{changes}");
        }
        let wrong = with(&input, &json!({ "managerId": supervisor.replace("staff:", "unit:") }));
        assert_eq!(code(&head.act("staffCreate", wrong, "").await.0), json!(["INVALID", "input.managerId"]));
        let answer = head.act("staffCreate", with(&input, &post(json!({ "fromOn": "23.11.2026" }))), "").await;
        let message = answer.text("/errors/0/message");
        assert!(message.contains("is no day; write it like 2026-11-23"), "{message}");
    }

    async fn only_a_project_head_and_admin_take_staff_on(app) {
        for login in ["supervisor", "manager", "desk", "personnel", "group", "lin-yi"] {
            let answer = app.actor(login).await.act("staffCreate", json!({ "name": "谁" }), "").await;
            assert_eq!(why(&answer.0), json!(["FORBIDDEN", null, "only a PROJECT_HEAD and ADMIN take staff on"]), "{login}");
        }
        let answer = app.nobody().act("staffCreate", json!({ "name": "谁" }), "").await;
        assert_eq!(answer.error(), "UNAUTHENTICATED");
    }

    async fn sent_twice_somebody_is_taken_on_once(app) {
        let head = app.actor("head").await;
        let input = with(&newcomer(app), &json!({ "idempotencyKey": "draft 1" }));
        let first = head.act("staffCreate", input.clone(), "staff { id }").await.done();
        assert_eq!(head.act("staffCreate", input.clone(), "staff { id }").await.done(), first);
        let other = head.act("staffCreate", with(&input, &json!({ "name": "别人" })), "staff { id }").await;
        assert_eq!(code(&other.0), json!(["KEY_REUSED", "input.idempotencyKey"]));
        let count = head.ask("{ staffMembers(filter: { search: \"新助理\" }) { totalCount } }").await;
        assert_eq!(count.at("/data/staffMembers/totalCount"), 1);
    }

    async fn what_is_left_out_stays_and_null_clears(app) {
        let head = app.actor("head").await;
        let id = app.world.staff("assistant");
        app.advance(chrono::TimeDelta::seconds(1));
        let input = json!({
            "id": id, "expectedVersion": 1, "managerId": app.world.staff("supervisor"), "deputyId": app.world.staff("assistant2"),
            "awayFrom": "2026-12-01T00:00:00Z", "awayUntil": "2026-12-08T00:00:00+08:00",
        });
        let mut expected = json!({
            "name": "助理小陈",
            "title": "助理小陈",
            "phone": "13900000000",
            "manager": { "name": "主管老李" },
            "deputy": { "name": "助理小何" },
            "awayFrom": "2026-12-01T00:00:00.000000Z",
            "awayUntil": "2026-12-07T16:00:00.000000Z",
            "version": 2,
        });
        assert_eq!(head.act("staffUpdate", input, BRIEF).await.done().at("/staff"), &expected);
        let input = json!({ "id": id, "name": "陈助理", "phone": null, "deputyId": null, "awayFrom": null, "awayUntil": null });
        for (field, value) in [("name", json!("陈助理")), ("version", json!(3))] {
            expected[field] = value;
        }
        for field in ["phone", "deputy", "awayFrom", "awayUntil"] {
            expected[field] = Value::Null;
        }
        assert_eq!(head.act("staffUpdate", input.clone(), BRIEF).await.done().at("/staff"), &expected);
        assert_eq!(head.act("staffUpdate", input, BRIEF).await.done().at("/staff"), &expected, "nothing changed");
    }

    async fn who_was_slower_is_shown_what_it_is_now(app) {
        let head = app.actor("head").await;
        let id = app.world.staff("assistant");
        head.act("staffUpdate", json!({ "id": id, "title": "客户助理" }), "").await.done();
        let query = "mutation($input: StaffUpdateInput!) { staffUpdate(input: $input) { staff { id } userErrors {
            code field message ... on Conflict { current { ... on Staff { title version } } }
        } } }";
        let answer = head.ask_with(query, json!({ "input": { "id": id, "expectedVersion": 1, "title": "助理" } })).await;
        assert_eq!(
            answer.at("/data/staffUpdate"),
            &json!({ "staff": null, "userErrors": [{
                "code": "CONFLICT",
                "field": null,
                "message": "somebody else has changed it: version 1 is no longer the present one",
                "current": { "title": "客户助理", "version": 2 },
            }] })
        );
    }

    async fn nobody_answers_to_themselves_nor_chooses_to_whom(app) {
        let (head, admin) = (app.actor("head").await, app.actor("admin").await);
        let staff = |login: &str| app.world.staff(login);
        let under = |who: &str, above: &str| json!({ "id": staff(who), "managerId": staff(above) });
        head.act("staffUpdate", under("assistant", "supervisor"), "").await.done();
        head.act("staffUpdate", under("supervisor", "manager"), "").await.done();
        let message = "this person answers to them already, directly or through others";
        for (who, above) in [("manager", "assistant"), ("supervisor", "supervisor")] {
            let answer = head.act("staffUpdate", under(who, above), "").await;
            assert_eq!(why(&answer.0), json!(["INVALID", "input.managerId", message]), "{who} under {above}");
        }
        let answer = head.act("staffUpdate", under("head", "manager"), "").await;
        let message = "nobody chooses their own line manager; a superior or ADMIN does";
        assert_eq!(why(&answer.0), json!(["FORBIDDEN", null, message]));
        admin.act("staffUpdate", under("head", "group"), "").await.done();
        let answer = head.act("staffUpdate", json!({ "id": staff("desk"), "deputyId": staff("desk") }), "").await;
        assert_eq!(why(&answer.0), json!(["INVALID", "input.deputyId", "nobody is their own deputy"]));
        let away = json!({ "id": staff("desk"), "awayFrom": "2026-12-01T00:00:00Z", "awayUntil": "2026-12-01T00:00:00Z" });
        assert_eq!(code(&head.act("staffUpdate", away, "").await.0), json!(["INVALID", "input.awayUntil"]));
        let until = json!({ "id": staff("desk"), "awayUntil": "2026-12-01T00:00:00Z" });
        assert_eq!(
            why(&head.act("staffUpdate", until, "").await.0),
            json!(["INVALID", "input.awayFrom", "say also from when they are away"])
        );
    }

    async fn two_who_put_each_other_under_each_other_make_no_circle(app) {
        let (head, admin) = (app.actor("head").await, app.actor("admin").await);
        let staff = |login: &str| app.world.staff(login);
        let (one, two) = tokio::join!(
            head.act("staffUpdate", json!({ "id": staff("desk"), "managerId": staff("desk2") }), "staff { id }"),
            admin.act("staffUpdate", json!({ "id": staff("desk2"), "managerId": staff("desk") }), "staff { id }"),
        );
        let refused = [&one, &two].into_iter().filter(|answer| answer.at("/userErrors") != &json!([])).collect::<Vec<_>>();
        assert_eq!(refused.len(), 1, "{one:?} {two:?}");
        assert_eq!(code(&refused[0].0), json!(["INVALID", "input.managerId"]));
    }

    async fn staff_are_changed_by_the_head_of_their_community_and_are_not_there_for_others(app) {
        let input = json!({ "id": app.world.staff("desk"), "title": "接待" });
        let message = "only the PROJECT_HEAD of a community where they hold a post, and ADMIN, change staff";
        for login in ["desk", "supervisor", "manager", "group", "personnel"] {
            let answer = app.actor(login).await.act("staffUpdate", input.clone(), "").await;
            assert_eq!(why(&answer.0), json!(["FORBIDDEN", null, message]), "{login}");
        }
        for login in ["yunshan-head", "worker", "lin-yi"] {
            let answer = app.actor(login).await.act("staffUpdate", input.clone(), "").await;
            assert_eq!(code(&answer.0), json!(["NOT_FOUND", "input.id"]), "{login}");
        }
        assert_eq!(app.nobody().act("staffUpdate", input, "").await.error(), "UNAUTHENTICATED");
    }
}
