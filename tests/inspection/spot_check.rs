use serde_json::json;

use super::{code, round, walk, why};
use crate::on_both;

const ALL: &str =
    "spotCheck { building { name } team { name } patrol { state } madeBy { name } score remarks publishedAt
    rectifyBy rectification rectifiedAt rectifiedBy { name } confirmedAt confirmedBy { name } version }";

on_both! {
    async fn it_is_made_published_put_right_and_confirmed(app) {
        let (supervisor, manager, cleaner) =
            (app.actor("supervisor").await, app.actor("manager").await, app.actor("cleaner").await);
        let input = json!({ "teamId": app.world.cleaning, "score": 55, "remarks": "地面不净", "idempotencyKey": "k" });
        let made = manager.act("spotCheckCreate", input.clone(), "spotCheck { id }").await.done();
        assert_eq!(manager.act("spotCheckCreate", input, "spotCheck { id }").await.done(), made);
        let id = made.text("/spotCheck/id");
        let early = json!({ "id": id, "rectification": "扫了" });
        assert_eq!(code(&cleaner.act("spotCheckRectify", early.clone(), "").await.0), json!(["NOT_FOUND", "input.id"]), "unpublished");
        let late = json!({ "id": id, "rectifyBy": "2026-11-22" });
        let message = "2026-11-22 is over; ask for it by today, 2026-11-23, or later";
        assert_eq!(why(&manager.act("spotCheckPublish", late, "").await.0), json!(["INVALID", "input.rectifyBy", message]));
        let publish = json!({ "id": id, "expectedVersion": 1, "rectifyBy": "2026-11-30" });
        let mut expected = json!({
            "building": null,
            "team": { "name": "保洁部" },
            "patrol": null,
            "madeBy": { "name": "客服经理" },
            "score": 55,
            "remarks": "地面不净",
            "publishedAt": "2026-11-23T02:00:00.000000Z",
            "rectifyBy": "2026-11-30",
            "rectification": null,
            "rectifiedAt": null,
            "rectifiedBy": null,
            "confirmedAt": null,
            "confirmedBy": null,
            "version": 2,
        });
        assert_eq!(manager.act("spotCheckPublish", publish.clone(), ALL).await.done().at("/spotCheck"), &expected);
        assert_eq!(manager.act("spotCheckPublish", publish, "").await.refusal(), "CONFLICT");
        assert_eq!(code(&manager.act("spotCheckConfirm", json!({ "id": id }), "").await.0), json!(["INVALID", "input.id"]), "nothing reported");
        let worker = app.actor("worker").await;
        assert_eq!(code(&worker.act("spotCheckRectify", early.clone(), "").await.0), json!(["FORBIDDEN", null]), "another team");
        expected["rectification"] = json!("扫了");
        expected["rectifiedAt"] = json!("2026-11-23T02:00:00.000000Z");
        expected["rectifiedBy"] = json!({ "name": "保洁阿姨" });
        expected["version"] = json!(3);
        assert_eq!(cleaner.act("spotCheckRectify", early.clone(), ALL).await.done().at("/spotCheck"), &expected);
        assert_eq!(code(&cleaner.act("spotCheckConfirm", json!({ "id": id }), "").await.0), json!(["FORBIDDEN", null]));
        expected["confirmedAt"] = json!("2026-11-23T02:00:00.000000Z");
        expected["confirmedBy"] = json!({ "name": "主管老李" });
        expected["version"] = json!(4);
        assert_eq!(supervisor.act("spotCheckConfirm", json!({ "id": id }), ALL).await.done().at("/spotCheck"), &expected);
        assert_eq!(code(&cleaner.act("spotCheckRectify", early, "").await.0), json!(["INVALID", "input.id"]));
        let open = supervisor.ask("{ spotChecks(filter: { open: true }) { totalCount } done: spotChecks(filter: { open: false, published: true }) { totalCount } }").await;
        assert_eq!(open.at("/data"), &json!({ "spotChecks": { "totalCount": 0 }, "done": { "totalCount": 1 } }));
    }

    async fn nobody_judges_their_own_work(app) {
        round(app).await;
        let (supervisor, manager) = (app.actor("supervisor").await, app.actor("manager").await);
        let patrol = walk(&supervisor, app).await;
        let input = json!({ "buildingId": app.world.a, "patrolId": patrol, "score": 100, "remarks": "好" });
        let own = supervisor.act("spotCheckCreate", input.clone(), "").await;
        assert_eq!(why(&own.0), json!(["FORBIDDEN", null, "the patrol is your own, and nobody judges their own work"]));
        let made = manager.act("spotCheckCreate", input, "spotCheck { id patrol { state } }").await.done();
        assert_eq!(made.at("/spotCheck/patrol/state"), "FINISHED");
        let id = made.text("/spotCheck/id");
        manager.act("spotCheckPublish", json!({ "id": id, "rectifyBy": "2026-11-23" }), "").await.done();
        manager.act("spotCheckRectify", json!({ "id": id, "rectification": "已办" }), "").await.done();
        let own = manager.act("spotCheckConfirm", json!({ "id": id }), "").await;
        assert_eq!(why(&own.0), json!(["FORBIDDEN", null, "you reported it yourself, and nobody judges their own work"]));
    }

    async fn what_cannot_be_taken_is_named(app) {
        round(app).await;
        let (supervisor, manager) = (app.actor("supervisor").await, app.actor("manager").await);
        let patrol = walk(&supervisor, app).await;
        let cases = [
            (json!({ "buildingId": app.world.a, "score": 101 }), json!(["INVALID", "input.score"])),
            (json!({ "buildingId": app.world.a, "score": -1 }), json!(["INVALID", "input.score"])),
            (json!({ "buildingId": app.world.a, "remarks": " " }), json!(["INVALID", "input.remarks"])),
            (json!({}), json!(["INVALID", "input.buildingId"])),
            (json!({ "buildingId": app.world.a, "teamId": app.world.cleaning }), json!(["INVALID", "input.buildingId"])),
            (json!({ "teamId": app.world.cleaning, "patrolId": patrol }), json!(["INVALID", "input.patrolId"])),
            (json!({ "buildingId": app.world.b, "patrolId": patrol }), json!(["INVALID", "input.patrolId"])),
            (json!({ "buildingId": app.world.c }), json!(["NOT_FOUND", "input.buildingId"])),
            (json!({ "teamId": app.world.yunshan_engineering }), json!(["NOT_FOUND", "input.teamId"])),
        ];
        for (changes, expected) in cases {
            let mut input = json!({ "score": 80, "remarks": "看过" });
            input.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
            assert_eq!(code(&manager.act("spotCheckCreate", input, "").await.0), expected, "{changes}");
        }
        assert_eq!(manager.ask("{ spotChecks { totalCount } }").await.at("/data/spotChecks/totalCount"), 0);
    }
}
