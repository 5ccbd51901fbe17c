use serde_json::json;

use super::{code, hang, why};
use crate::on_both;

const ALL: &str = "patrolPlan { building { name } timesAWeek owedBy { name } checkpoints { code } fromOn toOn closedAt version }";

on_both! {
    async fn a_plan_is_made_given_to_somebody_and_closed(app) {
        let supervisor = app.actor("supervisor").await;
        hang(app, &app.world.a, "A-2", 2).await;
        hang(app, &app.world.a, "A-1", 1).await;
        let input = json!({ "buildingId": app.world.a });
        let made = supervisor.act("patrolPlanCreate", input.clone(), &format!("{ALL} patrolPlan {{ id }}")).await.done();
        let mut shown = made.at("/patrolPlan").clone();
        let id = shown.as_object_mut().unwrap().remove("id").unwrap();
        let mut expected = json!({
            "building": { "name": "A栋" },
            "timesAWeek": 3,
            "owedBy": [{ "name": "助理小陈" }],
            "checkpoints": [{ "code": "A-1" }, { "code": "A-2" }],
            "fromOn": "2026-11-23",
            "toOn": null,
            "closedAt": null,
            "version": 1,
        });
        assert_eq!(shown, expected);
        let again = supervisor.act("patrolPlanCreate", input, "").await;
        assert_eq!(why(&again.0), json!(["DUPLICATE", "input.buildingId", "A栋 has a patrol plan already; close that one first"]));
        for login in ["desk", "assistant2"] {
            let to = json!({ "id": id, "staffId": app.world.staff(login) });
            assert_eq!(code(&supervisor.act("patrolPlanUpdate", to, "").await.0), json!(["INVALID", "input.staffId"]), "{login}");
        }
        let to = json!({ "id": id, "expectedVersion": 1, "staffId": app.world.staff("supervisor") });
        expected["owedBy"] = json!([{ "name": "主管老李" }]);
        expected["version"] = json!(2);
        assert_eq!(supervisor.act("patrolPlanUpdate", to.clone(), ALL).await.done().at("/patrolPlan"), &expected);
        assert_eq!(supervisor.act("patrolPlanUpdate", to, "").await.refusal(), "CONFLICT");
        expected["toOn"] = json!("2026-11-23");
        expected["closedAt"] = json!("2026-11-23T02:00:00.000000Z");
        expected["version"] = json!(3);
        assert_eq!(supervisor.act("patrolPlanClose", json!({ "id": id }), ALL).await.done().at("/patrolPlan"), &expected);
        assert_eq!(code(&supervisor.act("patrolPlanClose", json!({ "id": id }), "").await.0), json!(["INVALID", "input.id"]));
        let counts = supervisor.ask("{ patrolPlans { totalCount } all: patrolPlans(filter: { includeClosed: true }) { totalCount } }").await;
        assert_eq!(counts.at("/data"), &json!({ "patrolPlans": { "totalCount": 0 }, "all": { "totalCount": 1 } }));
    }

    async fn a_plan_that_cannot_be_is_refused(app) {
        let supervisor = app.actor("supervisor").await;
        for times in [0, 8] {
            let input = json!({ "buildingId": app.world.a, "timesAWeek": times });
            let message = format!("{times} patrols a week do not fit on distinct days; ask for 1 to 7");
            assert_eq!(why(&supervisor.act("patrolPlanCreate", input, "").await.0), json!(["INVALID", "input.timesAWeek", message]));
        }
        let input = json!({ "buildingId": app.world.c });
        assert_eq!(code(&supervisor.act("patrolPlanCreate", input, "").await.0), json!(["NOT_FOUND", "input.buildingId"]));
    }

    async fn a_checkpoint_is_hung_changed_and_taken_away(app) {
        let supervisor = app.actor("supervisor").await;
        let input = json!({ "buildingId": app.world.a, "unitId": app.world.a101, "code": " QR-1 ", "place": "大堂", "idempotencyKey": "k" });
        let fields = "checkpoint { id code place position unit { number } building { name } version }";
        let made = supervisor.act("checkpointCreate", input.clone(), fields).await.done();
        assert_eq!(supervisor.act("checkpointCreate", input, fields).await.done(), made);
        let id = made.text("/checkpoint/id");
        assert_eq!(made.at("/checkpoint"), &json!({
            "id": id, "code": "QR-1", "place": "大堂", "position": 0, "unit": { "number": "101" }, "building": { "name": "A栋" }, "version": 1,
        }));
        let twice = json!({ "buildingId": app.world.b, "code": "QR-1", "place": "大堂" });
        let message = "there is a checkpoint with the code QR-1 in this community already";
        assert_eq!(why(&supervisor.act("checkpointCreate", twice.clone(), "").await.0), json!(["DUPLICATE", "input.code", message]));
        let elsewhere = json!({ "buildingId": app.world.b, "unitId": app.world.a101, "code": "QR-2", "place": "大堂" });
        assert_eq!(code(&supervisor.act("checkpointCreate", elsewhere, "").await.0), json!(["INVALID", "input.unitId"]));
        let change = json!({ "id": id, "expectedVersion": 1, "place": "天台", "position": 5 });
        let changed = supervisor.act("checkpointUpdate", change, "checkpoint { place position version }").await.done();
        assert_eq!(changed.at("/checkpoint"), &json!({ "place": "天台", "position": 5, "version": 2 }));
        supervisor.act("checkpointClose", json!({ "id": id, "expectedVersion": 2 }), "").await.done();
        let late = supervisor.act("checkpointUpdate", json!({ "id": id, "place": "x" }), "").await;
        assert_eq!(code(&late.0), json!(["INVALID", "input.id"]));
        supervisor.act("checkpointCreate", twice, "").await.done();
        let all = supervisor.ask("{ checkpoints(filter: { includeClosed: true }) { nodes { code place } } }").await;
        assert_eq!(all.at("/data/checkpoints/nodes"), &json!([{ "code": "QR-1", "place": "大堂" }, { "code": "QR-1", "place": "天台" }]));
    }
}
