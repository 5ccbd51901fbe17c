use serde_json::{Value, json};

use super::*;
use crate::on_both;

fn input() -> Value {
    json!({ "code": "HT", "name": "海棠湾", "timeZone": "Asia/Shanghai" })
}

fn hours(windows: &Value) -> Value {
    json!({ "serviceHours": { "week": [{ "weekday": "MONDAY", "windows": windows }], "holidays": [] } })
}

fn target(amount: i64) -> Value {
    json!([{ "priority": "URGENT", "response": { "amount": amount, "unit": "MINUTES" },
        "resolution": { "amount": 2, "unit": "SERVICE_DAYS" } }])
}

const ALL: &str = "community { id code name timeZone serviceHours { week { weekday windows { from to } } holidays }
    clockTargets { priority response { amount unit } resolution { amount unit } } createdAt updatedAt closedAt version }";

on_both! {
    async fn admin_takes_a_community_under_management(app) {
        let admin = app.actor("admin").await;
        let made = admin.act("communityCreate", input(), ALL).await.done();
        let id = made.text("/community/id");
        assert!(id.starts_with("community:"));
        let day = |weekday: &str| json!({ "weekday": weekday, "windows": [{ "from": "09:00", "to": "18:00" }] });
        let targets = |priority: &str, response: (i64, &str), resolution: (i64, &str)| json!({
            "priority": priority,
            "response": { "amount": response.0, "unit": response.1 },
            "resolution": { "amount": resolution.0, "unit": resolution.1 },
        });
        assert_eq!(made.at("/community"), &json!({
            "id": id,
            "code": "HT",
            "name": "海棠湾",
            "timeZone": "Asia/Shanghai",
            "serviceHours": {
                "week": [day("MONDAY"), day("TUESDAY"), day("WEDNESDAY"), day("THURSDAY"), day("FRIDAY"), day("SATURDAY"),
                    { "weekday": "SUNDAY", "windows": [] }],
                "holidays": [],
            },
            "clockTargets": [
                targets("URGENT", (15, "MINUTES"), (240, "MINUTES")),
                targets("HIGH", (60, "MINUTES"), (1440, "MINUTES")),
                targets("NORMAL", (240, "SERVICE_MINUTES"), (3, "SERVICE_DAYS")),
                targets("LOW", (1, "SERVICE_DAYS"), (7, "SERVICE_DAYS")),
            ],
            "createdAt": "2026-11-23T02:00:00.000000Z",
            "updatedAt": "2026-11-23T02:00:00.000000Z",
            "closedAt": null,
            "version": 1,
        }));
    }

    async fn a_repeated_creation_makes_one(app) {
        let admin = app.actor("admin").await;
        let keyed = with(&input(), json!({ "idempotencyKey": "draft 1" }));
        let first = admin.act("communityCreate", keyed.clone(), "community { id }").await.done();
        assert_eq!(admin.act("communityCreate", keyed.clone(), "community { id }").await.done(), first);
        let other = with(&keyed, json!({ "name": "另一个" }));
        let message = "the idempotency key \"draft 1\" was used before with another input; use a new key";
        let answer = admin.act("communityCreate", other, "").await;
        assert_eq!(refusal(&answer.0), ("KEY_REUSED".into(), "input.idempotencyKey".into(), message.into()));
    }

    async fn what_cannot_be_a_community_is_refused(app) {
        let admin = app.actor("admin").await;
        let before = totals(app).await;
        let code = |code: &str| format!("\"{code}\" cannot be a code; write 2 to 8 capital letters and digits, such as XH");
        let zone = |zone: &str| format!("\"{zone}\" is not a time zone; write an IANA name, such as Asia/Shanghai");
        let length = |amount: i64| format!("{amount} minutes cannot be a target; it goes from 1 to 527040");
        let overlap = |from: &str, to: &str| format!("the hours {from} to {to} end before they begin or overlap those before; \
            give each day's hours in order, such as 09:00 to 12:00, 13:00 to 18:00");
        let monday = json!({ "weekday": "MONDAY", "windows": [] });
        refuses(&admin, "communityCreate", &input(), vec![
            (json!({ "code": "ht" }), "INVALID", "input.code", code("ht")),
            (json!({ "code": "H" }), "INVALID", "input.code", code("H")),
            (json!({ "code": "ABCDEFGHI" }), "INVALID", "input.code", code("ABCDEFGHI")),
            (json!({ "code": "海棠" }), "INVALID", "input.code", code("海棠")),
            (json!({ "code": "XH" }), "DUPLICATE", "input.code", "the code XH belongs to another community".into()),
            (json!({ "timeZone": "Peking" }), "INVALID", "input.timeZone", zone("Peking")),
            (json!({ "name": "  " }), "INVALID", "input.name", EMPTY.into()),
            (json!({ "name": "a\u{0}b" }), "INVALID", "input.name", NUL.into()),
            (json!({ "name": long() }), "INVALID", "input.name", too_long(100)),
            (hours(&json!([{ "from": "18:00", "to": "09:00" }])), "INVALID", "input.serviceHours", overlap("18:00:00", "09:00:00")),
            (hours(&json!([{ "from": "09:00", "to": "12:00" }, { "from": "11:00", "to": "13:00" }])),
                "INVALID", "input.serviceHours", overlap("11:00:00", "13:00:00")),
            (json!({ "serviceHours": { "week": [monday, monday], "holidays": [] } }),
                "INVALID", "input.serviceHours", "MONDAY is given twice; give each day of the week once".into()),
            (json!({ "clockTargets": target(0) }), "INVALID", "input.clockTargets", length(0)),
            (json!({ "clockTargets": target(-5) }), "INVALID", "input.clockTargets", length(-5)),
            (json!({ "clockTargets": target(527_041) }), "INVALID", "input.clockTargets", length(527_041)),
            (json!({ "clockTargets": [target(1)[0], target(2)[0]] }), "INVALID", "input.clockTargets",
                "URGENT is given twice; give each priority once".into()),
        ]).await;
        let wrong = with(&input(), hours(&json!([{ "from": "9", "to": "18:00" }])));
        let answer = admin.act("communityCreate", wrong, "").await;
        assert!(answer.text("/errors/0/message").contains("\"9\" is no time; write it like 09:30"), "{answer:?}");
        assert_eq!(totals(app).await, before);
    }

    async fn only_admin_of_the_group_makes_one(app) {
        let before = totals(app).await;
        for login in ["head", "group", "desk", "lin-yi"] {
            let answer = app.actor(login).await.act("communityCreate", input(), "").await;
            let message = "only an ADMIN of the group adds a community";
            assert_eq!(refusal(&answer.0), ("FORBIDDEN".into(), String::new(), message.into()), "{login}");
        }
        assert_eq!(app.nobody().act("communityCreate", input(), "").await.error(), "UNAUTHENTICATED");
        assert_eq!(totals(app).await, before);
    }

    async fn hours_and_targets_are_set_where_they_hold(app) {
        let head = app.actor("head").await;
        let change = json!({
            "id": app.world.xinghe,
            "expectedVersion": 1,
            "serviceHours": {
                "week": [{ "weekday": "SUNDAY", "windows": [{ "from": "08:30", "to": "12:00" }, { "from": "13:00", "to": "20:00" }] }],
                "holidays": ["2027-02-06", "2027-01-01"],
            },
            "clockTargets": target(5),
        });
        let fields = "community { name serviceHours { week { weekday windows { from to } } holidays }
            clockTargets { priority response { amount unit } resolution { amount unit } } version }";
        let changed = head.act("communityUpdate", change, fields).await.done();
        assert_eq!(changed.at("/community/version"), 2);
        assert_eq!(changed.at("/community/name"), "星河·国际");
        assert_eq!(changed.at("/community/serviceHours/holidays"), &json!(["2027-01-01", "2027-02-06"]));
        assert_eq!(changed.at("/community/serviceHours/week/0"), &json!({ "weekday": "MONDAY", "windows": [] }));
        assert_eq!(changed.at("/community/serviceHours/week/6/windows"),
            &json!([{ "from": "08:30", "to": "12:00" }, { "from": "13:00", "to": "20:00" }]));
        assert_eq!(changed.at("/community/clockTargets/0"), &target(5)[0]);
        let usual = json!({ "id": app.world.xinghe, "clockTargets": [] });
        let back = head.act("communityUpdate", usual, "community { version clockTargets { response { amount } } }").await.done();
        assert_eq!(back.at("/community"), &json!({ "version": 3, "clockTargets": [
            { "response": { "amount": 15 } }, { "response": { "amount": 60 } }, { "response": { "amount": 240 } },
            { "response": { "amount": 1 } },
        ] }));
        let nothing = head.act("communityUpdate", json!({ "id": app.world.xinghe }), "community { version }").await.done();
        assert_eq!(nothing.at("/community/version"), 3, "what changes nothing makes no version");
    }

    async fn an_update_is_refused_to_who_may_not(app) {
        let change = json!({ "id": app.world.xinghe, "name": "新名" });
        let names = "only an ADMIN of the group changes a community's name or time zone";
        for login in ["head", "supervisor", "desk", "worker", "quality", "lin-yi"] {
            let answer = app.actor(login).await.act("communityUpdate", change.clone(), "").await;
            assert_eq!(refusal(&answer.0), ("FORBIDDEN".into(), String::new(), names.into()), "{login}");
        }
        let answer = app.actor("supervisor").await
            .act("communityUpdate", json!({ "id": app.world.xinghe, "clockTargets": [] }), "").await;
        let clocks = "the SERVICE_MANAGER, the PROJECT_HEAD and ADMIN set a community's hours and targets";
        assert_eq!(refusal(&answer.0), ("FORBIDDEN".into(), String::new(), clocks.into()));
        for login in ["yunshan-head", "zhao-yuan"] {
            let answer = app.actor(login).await.act("communityUpdate", change.clone(), "").await;
            let message = format!("there is no community {}", app.world.xinghe);
            assert_eq!(refusal(&answer.0), ("NOT_FOUND".into(), "input.id".into(), message), "{login}");
        }
        let admin = app.actor("admin").await;
        refuses(&admin, "communityUpdate", &change, vec![
            (json!({ "id": nobody("community") }), "NOT_FOUND", "input.id", unknown("community")),
            (json!({ "id": app.world.a }), "INVALID", "input.id",
                "this id is of kind \"building\"; one of kind \"community\" is needed here".into()),
            (json!({ "id": "rubbish" }), "INVALID", "input.id",
                "\"rubbish\" is not an id; an id of this kind looks like community:0190a0b1-…".into()),
        ]).await;
        assert_eq!(again(&admin, &app.world.xinghe, "Community", "name version").await, json!({ "name": "星河·国际", "version": 1 }));
    }

    async fn the_slower_of_two_learns_how_it_stands(app) {
        let admin = app.actor("admin").await;
        let change = |name: &str| json!({ "id": app.world.xinghe, "expectedVersion": 1, "name": name });
        admin.act("communityUpdate", change("甲"), "").await.done();
        let late = admin.ask_with(
            "mutation($input: CommunityUpdateInput!) { communityUpdate(input: $input) { community { id }
                userErrors { code message ... on Conflict { current { ... on Community { name version } } } } } }",
            json!({ "input": change("乙") }),
        ).await;
        assert_eq!(late.at("/data/communityUpdate"), &json!({ "community": null, "userErrors": [{
            "code": "CONFLICT",
            "message": "somebody else has changed it: version 1 is no longer the present one",
            "current": { "name": "甲", "version": 2 },
        }] }));
    }
}
