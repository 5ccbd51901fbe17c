use serde_json::{Value, json};

use super::{code, complaint, node, seen, why, with};
use crate::on_both;
use crate::support::App;

fn second(app: &App) -> Value {
    json!({ "staffId": app.world.staff("assistant2"), "buildingId": app.world.b })
}

const ALL: &str = "charge { staff { name } building { name } createdAt closedAt }";

on_both! {
    async fn a_building_is_put_in_an_assistants_charge_and_taken_out_again(app) {
        let (supervisor, assistant) = (app.actor("supervisor").await, app.actor("assistant2").await);
        complaint(&app.actor("chen-zu").await, &app.world.b201, "漏水").await;
        assert_eq!(seen(&assistant).await, json!([]));
        let mut expected = json!({
            "staff": { "name": "助理小何" },
            "building": { "name": "B栋" },
            "createdAt": "2026-11-23T02:00:00.000000Z",
            "closedAt": null,
        });
        let made = supervisor.act("chargeGrant", second(app), &ALL.replace("{ staff", "{ id staff")).await.done();
        let mut shown = made.at("/charge").clone();
        let id = shown.as_object_mut().unwrap().remove("id").unwrap();
        assert_eq!(shown, expected);
        assert_eq!(seen(&assistant).await, json!(["漏水"]));
        let charges = "charges { building { name } }";
        let own = node(&assistant, &app.world.staff("assistant2"), "Staff", charges).await;
        assert_eq!(own, json!({ "charges": [{ "building": { "name": "B栋" } }] }));
        app.advance(chrono::TimeDelta::minutes(1));
        expected["closedAt"] = json!("2026-11-23T02:01:00.000000Z");
        let ended = supervisor.act("chargeEnd", json!({ "id": id }), ALL).await.done();
        assert_eq!(ended.at("/charge"), &expected);
        assert_eq!(seen(&assistant).await, json!([]));
        let own = node(&assistant, &app.world.staff("assistant2"), "Staff", charges).await;
        assert_eq!(own, json!({ "charges": [] }));
        let answer = supervisor.act("chargeEnd", json!({ "id": id }), "").await;
        let message = "the charge ended at 2026-11-23T02:01:00+00:00 already";
        assert_eq!(why(&answer.0), json!(["INVALID", "input.id", message]));
    }

    async fn what_cannot_be_taken_is_named(app) {
        let head = app.actor("head").await;
        let yunshan = app.world.staff("yunshan-desk");
        let cases = [
            (
                json!({ "staffId": app.world.staff("desk") }),
                json!(["INVALID", "input.staffId", "前台小刘 is no ASSISTANT at this community; grant that post first"]),
            ),
            (
                json!({ "staffId": app.world.staff("assistant"), "buildingId": app.world.a }),
                json!(["DUPLICATE", "input.buildingId", "A栋 is in 助理小陈's charge already"]),
            ),
            (
                json!({ "buildingId": app.world.c }),
                json!(["NOT_FOUND", "input.buildingId", format!("there is no building {}", app.world.c)]),
            ),
            (json!({ "staffId": yunshan }), json!(["NOT_FOUND", "input.staffId", format!("there is no staff {yunshan}")])),
        ];
        for (changes, expected) in cases {
            let answer = head.act("chargeGrant", with(&second(app), &changes), "charge { id }").await;
            assert_eq!((answer.at("/charge"), why(&answer.0)), (&Value::Null, expected), "{changes}");
        }
    }

    async fn charges_are_changed_by_supervisors_and_managers_and_nobody_else(app) {
        let admin = app.actor("admin").await;
        let charges = node(&admin, &app.world.staff("assistant"), "Staff", "charges { id }").await;
        let charge = json!({ "id": charges["charges"][0]["id"] });
        let message = "you may not change who is in charge of a building; the community's supervisors and managers do";
        for login in ["desk", "assistant", "assistant2", "group", "quality", "admin"] {
            let actor = app.actor(login).await;
            for answer in [actor.act("chargeGrant", second(app), "").await, actor.act("chargeEnd", charge.clone(), "").await] {
                assert_eq!(why(&answer.0), json!(["FORBIDDEN", null, message]), "{login}");
            }
        }
        for login in ["yunshan-supervisor", "lin-yi"] {
            let actor = app.actor(login).await;
            assert_eq!(code(&actor.act("chargeEnd", charge.clone(), "").await.0), json!(["NOT_FOUND", "input.id"]));
        }
        let answer = app.actor("yunshan-supervisor").await.act("chargeGrant", second(app), "").await;
        assert_eq!(code(&answer.0), json!(["NOT_FOUND", "input.buildingId"]));
        for login in ["supervisor", "center", "manager", "head"] {
            let actor = app.actor(login).await;
            let made = actor.act("chargeGrant", second(app), "charge { id }").await.done();
            actor.act("chargeEnd", made.at("/charge").clone(), "").await.done();
        }
    }

    async fn sent_twice_a_charge_is_granted_once(app) {
        let head = app.actor("head").await;
        let input = with(&second(app), &json!({ "idempotencyKey": "k" }));
        let first = head.act("chargeGrant", input.clone(), "charge { id }").await.done();
        assert_eq!(head.act("chargeGrant", input.clone(), "charge { id }").await.done(), first);
        let other = head.act("chargeGrant", with(&input, &json!({ "buildingId": app.world.a })), "charge { id }").await;
        assert_eq!(code(&other.0), json!(["KEY_REUSED", "input.idempotencyKey"]));
    }
}
