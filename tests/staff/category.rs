use serde_json::{Value, json};

use super::{code, node, why, with};
use crate::on_both;

fn stuck(app: &crate::support::App) -> Value {
    json!({
        "parentId": app.world.lift,
        "code": "LIFT.STUCK",
        "names": [{ "language": "zh-CN", "name": "困人" }, { "language": "en", "name": "People stuck" }],
        "ticketKind": "REPAIR",
        "priority": "URGENT",
        "teamKind": "ENGINEERING",
        "position": 3,
    })
}

const ALL: &str = "category {
    code name english: name(language: \"en-GB\") french: name(language: \"fr\") names { language name }
    parent { code } children { code } ticketKind priority teamKind position closedAt
}";

on_both! {
    async fn everybody_reads_the_tree(app) {
        for login in ["lin-yi", "desk", "yunshan-worker"] {
            let answer = app.actor(login).await.ask("{ categories { code name ticketKind priority parent { code } } }").await;
            assert_eq!(
                answer.at("/data/categories"),
                &json!([
                    { "code": "NOISE", "name": "噪音", "ticketKind": "COMPLAINT", "priority": null, "parent": null },
                    { "code": "LIFT", "name": "电梯", "ticketKind": "REPAIR", "priority": "URGENT", "parent": null },
                ])
            );
        }
        let answer = app.actor("desk").await.ask("{ repair: categories(filter: { ticketKind: REPAIR }) { code } enquiry: categories(filter: { ticketKind: ENQUIRY, includeClosed: true }) { code } }").await;
        assert_eq!(answer.at("/data"), &json!({ "repair": [{ "code": "LIFT" }], "enquiry": [] }));
        assert_eq!(app.nobody().ask("{ categories { code } }").await.error(), "UNAUTHENTICATED");
    }

    async fn a_category_is_added_below_another(app) {
        let admin = app.actor("admin").await;
        let made = admin.act("categoryCreate", stuck(app), ALL).await.done();
        assert_eq!(
            made.at("/category"),
            &json!({
                "code": "LIFT.STUCK",
                "name": "困人",
                "english": "People stuck",
                "french": "困人",
                "names": [{ "language": "en", "name": "People stuck" }, { "language": "zh-CN", "name": "困人" }],
                "parent": { "code": "LIFT" },
                "children": [],
                "ticketKind": "REPAIR",
                "priority": "URGENT",
                "teamKind": "ENGINEERING",
                "position": 3,
                "closedAt": null,
            })
        );
        let before = with(&stuck(app), &json!({ "code": "LIFT.NOISE", "position": 1 }));
        admin.act("categoryCreate", before, "").await.done();
        let lift = node(&app.actor("lin-yi").await, &app.world.lift, "Category", "children { code }").await;
        assert_eq!(lift, json!({ "children": [{ "code": "LIFT.NOISE" }, { "code": "LIFT.STUCK" }] }));
    }

    async fn what_cannot_be_taken_is_named(app) {
        let admin = app.actor("admin").await;
        let name = |language: &str, name: &str| json!({ "language": language, "name": name });
        let nothing = "category:00000000-0000-7000-8000-000000000000";
        let cases = [
            (json!({ "code": "LIFT" }), json!(["DUPLICATE", "input.code", "the code LIFT belongs to another category"])),
            (
                json!({ "code": "电梯" }),
                json!(["INVALID", "input.code", "\"电梯\" cannot be a code; write letters, digits, \".\", \"-\" and \"_\""]),
            ),
            (
                json!({ "names": [name("en", "Lift")] }),
                json!(["INVALID", "input.names", "a name in zh-CN is needed besides those in other languages"]),
            ),
            (
                json!({ "names": [name("zh-CN", "电梯"), name("English", "Lift")] }),
                json!(["INVALID", "input.names", "\"English\" is not a language; write a tag such as zh-CN or en"]),
            ),
            (
                json!({ "names": [name("zh-CN", "电梯"), name("zh-CN", "升降机")] }),
                json!(["INVALID", "input.names", "there are two names in zh-CN; give one a language"]),
            ),
            (
                json!({ "names": [name("zh-CN", " ")] }),
                json!(["INVALID", "input.names", "a text is needed here; this one is empty"]),
            ),
            (json!({ "parentId": nothing }), json!(["NOT_FOUND", "input.parentId", format!("there is no category {nothing}")])),
        ];
        for (changes, expected) in cases {
            let answer = admin.act("categoryCreate", with(&stuck(app), &changes), "category { id }").await;
            assert_eq!((answer.at("/category"), why(&answer.0)), (&Value::Null, expected), "{changes}");
        }
    }

    async fn what_is_left_out_stays_and_null_clears(app) {
        let admin = app.actor("admin").await;
        let made = admin.act("categoryCreate", stuck(app), "category { id }").await.done();
        let id = made.at("/category/id");
        let fields = "category { code name parent { code } ticketKind priority teamKind position }";
        let input = json!({ "id": id, "position": 7, "priority": null, "names": [{ "language": "zh-CN", "name": "电梯困人" }] });
        assert_eq!(
            admin.act("categoryUpdate", input, fields).await.done().at("/category"),
            &json!({
                "code": "LIFT.STUCK", "name": "电梯困人", "parent": { "code": "LIFT" }, "ticketKind": "REPAIR", "priority": null,
                "teamKind": "ENGINEERING", "position": 7,
            })
        );
        let input = json!({ "id": id, "parentId": null, "ticketKind": null, "teamKind": null, "priority": "HIGH" });
        assert_eq!(
            admin.act("categoryUpdate", input, fields).await.done().at("/category"),
            &json!({
                "code": "LIFT.STUCK", "name": "电梯困人", "parent": null, "ticketKind": null, "priority": "HIGH",
                "teamKind": null, "position": 7,
            })
        );
    }

    async fn a_stale_change_is_a_conflict(app) {
        let admin = app.actor("admin").await;
        let change = json!({ "id": app.world.lift, "expectedVersion": 1, "position": 7 });
        let changed = admin.act("categoryUpdate", change.clone(), "category { position version }").await.done();
        assert_eq!(changed.at("/category"), &json!({ "position": 7, "version": 2 }));
        let query = "mutation($input: CategoryUpdateInput!) { categoryUpdate(input: $input) {
            userErrors { code ... on Conflict { current { ... on Category { position version } } } } } }";
        let late = admin.ask_with(query, json!({ "input": change })).await;
        assert_eq!(
            late.at("/data/categoryUpdate/userErrors"),
            &json!([{ "code": "CONFLICT", "current": { "position": 7, "version": 2 } }])
        );
    }

    async fn a_category_is_never_below_itself(app) {
        let admin = app.actor("admin").await;
        let made = admin.act("categoryCreate", stuck(app), "category { id }").await.done();
        let message = "this category is below it already; a category cannot be below itself";
        for parent in [made.at("/category/id"), &json!(app.world.lift)] {
            let answer = admin.act("categoryUpdate", json!({ "id": app.world.lift, "parentId": parent }), "").await;
            assert_eq!(why(&answer.0), json!(["INVALID", "input.parentId", message]));
        }
    }

    async fn only_an_admin_of_the_group_changes_categories(app) {
        let message = "only an ADMIN of the group changes the categories";
        for login in ["head", "group", "desk", "lin-yi"] {
            let actor = app.actor(login).await;
            let update = json!({ "id": app.world.lift, "position": 9 });
            for answer in [actor.act("categoryCreate", stuck(app), "").await, actor.act("categoryUpdate", update, "").await] {
                assert_eq!(why(&answer.0), json!(["FORBIDDEN", null, message]), "{login}");
            }
        }
    }

    async fn sent_twice_a_category_is_added_once(app) {
        let admin = app.actor("admin").await;
        let input = with(&stuck(app), &json!({ "idempotencyKey": "k" }));
        let first = admin.act("categoryCreate", input.clone(), "category { id }").await.done();
        assert_eq!(admin.act("categoryCreate", input.clone(), "category { id }").await.done(), first);
        let other = admin.act("categoryCreate", with(&input, &json!({ "position": 4 })), "category { id }").await;
        assert_eq!(code(&other.0), json!(["KEY_REUSED", "input.idempotencyKey"]));
    }
}
