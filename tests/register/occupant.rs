use serde_json::json;

use super::*;
use crate::on_both;

on_both! {
    async fn an_occupant_is_registered_and_changed(app) {
        let supervisor = app.actor("supervisor").await;
        let input = json!({ "communityId": app.world.xinghe, "kind": "COMPANY", "name": "星河咖啡", "phone": "+86 (138) 1234-5678", "idempotencyKey": "c" });
        let fields = "occupant { id kind name phone community { name } occupancies { kind } createdAt updatedAt closedAt version }";
        let made = supervisor.act("occupantCreate", input.clone(), fields).await.done();
        let id = made.text("/occupant/id");
        assert_eq!(made.at("/occupant"), &json!({
            "id": id,
            "kind": "COMPANY",
            "name": "星河咖啡",
            "phone": "+8613812345678",
            "community": { "name": "星河·国际" },
            "occupancies": [],
            "createdAt": "2026-11-23T02:00:00.000000Z",
            "updatedAt": "2026-11-23T02:00:00.000000Z",
            "closedAt": null,
            "version": 1,
        }));
        assert_eq!(supervisor.act("occupantCreate", input, fields).await.done(), made);
        let change = json!({ "id": id, "expectedVersion": 1, "name": "星河茶", "phone": null });
        let changed = supervisor.act("occupantUpdate", change.clone(), "occupant { kind name phone version }").await.done();
        assert_eq!(changed.at("/occupant"), &json!({ "kind": "COMPANY", "name": "星河茶", "phone": null, "version": 2 }));
        let query = "mutation($input: OccupantUpdateInput!) { occupantUpdate(input: $input) {
            userErrors { code ... on Conflict { current { ... on Occupant { name version } } } } } }";
        let late = supervisor.ask_with(query, json!({ "input": change })).await;
        assert_eq!(late.at("/data/occupantUpdate/userErrors"),
            &json!([{ "code": "CONFLICT", "current": { "name": "星河茶", "version": 2 } }]));
        let kept = json!({ "id": app.world.lin_yi, "kind": "COMPANY" });
        let kept = supervisor.act("occupantUpdate", kept, "occupant { kind name phone }").await.done();
        assert_eq!(kept.at("/occupant"), &json!({ "kind": "COMPANY", "name": "林一", "phone": "13800000001" }));
    }

    async fn what_cannot_be_an_occupant_is_refused(app) {
        let before = totals(app).await;
        let good = json!({ "communityId": app.world.xinghe, "kind": "PERSON", "name": "李四" });
        let supervisor = app.actor("supervisor").await;
        let phone = |text: &str| format!("\"{text}\" is not a telephone number; write 3 to 20 digits, with a + in front at most");
        refuses(&supervisor, "occupantCreate", &good, vec![
            (json!({ "name": "\t" }), "INVALID", "input.name", EMPTY.into()),
            (json!({ "name": "李\u{0}" }), "INVALID", "input.name", NUL.into()),
            (json!({ "name": long() }), "INVALID", "input.name", too_long(100)),
            (json!({ "phone": "12" }), "INVALID", "input.phone", phone("12")),
            (json!({ "phone": "138******78" }), "INVALID", "input.phone", phone("138******78")),
            (json!({ "communityId": app.world.yunshan }), "NOT_FOUND", "input.communityId", format!("there is no community {}", app.world.yunshan)),
            (json!({ "communityId": app.world.lin_yi }), "INVALID", "input.communityId",
                "this id is of kind \"occupant\"; one of kind \"community\" is needed here".into()),
        ]).await;
        for login in ["desk", "worker", "assistant2", "quality", "lin-yi"] {
            let answer = app.actor(login).await.act("occupantCreate", good.clone(), "").await;
            assert_eq!(refusal(&answer.0), ("FORBIDDEN".into(), String::new(), MAY_NOT.into()), "{login}");
        }
        assert_eq!(totals(app).await, before);
        app.actor("assistant").await.act("occupantCreate", good, "").await.done();
    }

    async fn an_update_is_refused(app) {
        let good = json!({ "id": app.world.chen_zu, "name": "别人" });
        for login in ["assistant", "desk", "worker", "group", "chen-zu"] {
            let answer = app.actor(login).await.act("occupantUpdate", good.clone(), "").await;
            assert_eq!(refusal(&answer.0), ("FORBIDDEN".into(), String::new(), MAY_NOT.into()), "{login}");
        }
        for login in ["yunshan-supervisor", "zhou-zhu", "lin-yi"] {
            let answer = app.actor(login).await.act("occupantUpdate", good.clone(), "").await;
            let message = format!("there is no occupant {}", app.world.chen_zu);
            assert_eq!(refusal(&answer.0), ("NOT_FOUND".into(), "input.id".into(), message), "{login}");
        }
        let supervisor = app.actor("supervisor").await;
        let phone = "\"138******05\" is not a telephone number; write 3 to 20 digits, with a + in front at most";
        refuses(&supervisor, "occupantUpdate", &good, vec![
            (json!({ "phone": "138******05" }), "INVALID", "input.phone", phone.into()),
            (json!({ "id": nobody("occupant") }), "NOT_FOUND", "input.id", unknown("occupant")),
        ]).await;
        assert_eq!(again(&supervisor, &app.world.chen_zu, "Occupant", "name phone version").await,
            json!({ "name": "陈租", "phone": "13800000005", "version": 1 }));
    }
}
