use serde_json::{Value, json};

use super::{hang, start, why};
use crate::on_both;
use crate::support::{Actor, App};

fn in_use(name: &str, what: &str) -> Value {
    json!(["INVALID", "input.id", format!("{name} cannot be closed while there is something open: {what}")])
}

/// A building with one shop and nothing else; its id and the shop's.
async fn arcade(app: &App) -> (String, String) {
    let supervisor = app.actor("supervisor").await;
    let house = json!({ "communityId": app.world.xinghe, "name": "商街", "kind": "RETAIL" });
    let house = supervisor.act("buildingCreate", house, "building { id }").await.done().text("/building/id");
    let shop = json!({ "buildingId": house, "number": "1", "usage": "SHOP" });
    let shop = supervisor.act("unitCreate", shop, "unit { id }").await.done().text("/unit/id");
    (house, shop)
}

async fn plan(actor: &Actor, building: &str, staff: Option<String>) -> String {
    let input = json!({ "buildingId": building, "staffId": staff });
    actor.act("patrolPlanCreate", input, "patrolPlan { id }").await.done().text("/patrolPlan/id")
}

/// A spot check that asks for something to be put right by the end of the month.
async fn asks_for_rectification(actor: &Actor, mut subject: Value) -> String {
    subject["score"] = json!(50);
    subject["remarks"] = json!("脏");
    let check = actor.act("spotCheckCreate", subject, "spotCheck { id }").await.done().text("/spotCheck/id");
    actor.act("spotCheckPublish", json!({ "id": check, "rectifyBy": "2026-11-30" }), "").await.done();
    check
}

async fn put_right(app: &App, check: &str) {
    let rectified = json!({ "id": check, "rectification": "扫了" });
    app.actor("supervisor").await.act("spotCheckRectify", rectified, "").await.done();
    app.actor("manager").await.act("spotCheckConfirm", json!({ "id": check }), "").await.done();
}

on_both! {
    async fn a_building_is_closed_when_nobody_inspects_it(app) {
        let (supervisor, manager) = (app.actor("supervisor").await, app.actor("manager").await);
        let (house, shop) = arcade(app).await;
        supervisor.act("unitClose", json!({ "id": shop }), "").await.done();
        let plan = plan(&supervisor, &house, None).await;
        let mut points = Vec::new();
        for code in ["S-1", "S-2", "S-3", "S-4"] {
            points.push(hang(app, &house, code, 1).await);
        }
        let patrol = start(&supervisor, &house).await;
        let check = asks_for_rectification(&manager, json!({ "buildingId": house })).await;
        let close = json!({ "id": house });
        let what = "patrol plans of 商街; checkpoints S-1, S-2, S-3 and more; patrols under way of 主管老李; rectifications due 2026-11-30";
        assert_eq!(why(&supervisor.act("buildingClose", close.clone(), "").await.0), in_use("商街", what));
        // ADMIN sees no inspections and learns that there are some.
        let what = "patrol plans that you do not see; checkpoints that you do not see; patrols under way that you do not see; rectifications that you do not see";
        let admin = app.actor("admin").await;
        assert_eq!(why(&admin.act("buildingClose", close.clone(), "").await.0), in_use("商街", what));
        supervisor.act("patrolPlanClose", json!({ "id": plan }), "").await.done();
        for point in points {
            supervisor.act("checkpointClose", json!({ "id": point }), "").await.done();
        }
        supervisor.act("patrolFinish", json!({ "patrolId": patrol }), "").await.done();
        put_right(app, &check).await;
        supervisor.act("buildingClose", close, "").await.done();
        for (mutation, input) in [
            ("patrolPlanCreate", json!({ "buildingId": house })),
            ("checkpointCreate", json!({ "buildingId": house, "code": "S-1", "place": "门" })),
            ("patrolStart", json!({ "buildingId": house })),
        ] {
            assert_eq!(supervisor.act(mutation, input, "").await.refusal(), "NOT_FOUND", "{mutation}");
        }
    }

    async fn a_shop_is_closed_when_no_patrol_passes_it(app) {
        let supervisor = app.actor("supervisor").await;
        let (house, shop) = arcade(app).await;
        let point = json!({ "buildingId": house, "unitId": shop, "code": "S-1", "place": "店门" });
        let point = supervisor.act("checkpointCreate", point, "checkpoint { id }").await.done().text("/checkpoint/id");
        let close = json!({ "id": shop });
        assert_eq!(why(&supervisor.act("unitClose", close.clone(), "").await.0), in_use("1", "checkpoints S-1"));
        supervisor.act("checkpointClose", json!({ "id": point }), "").await.done();
        supervisor.act("unitClose", close, "").await.done();
        let patrol = start(&supervisor, &house).await;
        let finished = supervisor.act("patrolFinish", json!({ "patrolId": patrol }), "patrol { complete missing { code } }").await.done();
        assert_eq!(finished.at("/patrol"), &json!({ "complete": true, "missing": [] }));
    }

    async fn who_owes_patrols_hands_them_over_before_leaving(app) {
        let (head, assistant) = (app.actor("head").await, app.actor("assistant").await);
        let plan = plan(&head, &app.world.a, Some(app.world.staff("assistant"))).await;
        let patrol = start(&assistant, &app.world.a).await;
        let close = json!({ "id": app.world.staff("assistant") });
        assert_eq!(why(&head.act("staffClose", close.clone(), "").await.0), in_use("助理小陈", "patrol plans of A栋"));
        let unseen = in_use("助理小陈", "patrol plans that you do not see");
        assert_eq!(why(&app.actor("admin").await.act("staffClose", close.clone(), "").await.0), unseen);
        head.act("patrolPlanUpdate", json!({ "id": plan, "staffId": app.world.staff("supervisor") }), "").await.done();
        head.act("staffClose", close, "").await.done();
        // Nobody else can finish what they were walking, so it ends with them.
        let walked = head.ask("{ patrols { nodes { id state } } }").await;
        assert_eq!(walked.at("/data/patrols/nodes"), &json!([{ "id": patrol, "state": "ABANDONED" }]));
        let back = json!({ "id": plan, "staffId": app.world.staff("assistant") });
        assert_eq!(head.act("patrolPlanUpdate", back, "").await.refusal(), "NOT_FOUND");
    }

    async fn a_team_is_closed_when_it_has_put_things_right(app) {
        let (head, manager) = (app.actor("head").await, app.actor("manager").await);
        let team = json!({ "communityId": app.world.xinghe, "name": "绿化部", "kind": "GREENING" });
        let team = head.act("teamCreate", team, "team { id }").await.done().text("/team/id");
        let check = asks_for_rectification(&manager, json!({ "teamId": team })).await;
        let draft = json!({ "teamId": team, "score": 50, "remarks": "草高" });
        let draft = manager.act("spotCheckCreate", draft, "spotCheck { id }").await.done().text("/spotCheck/id");
        let close = json!({ "id": team });
        assert_eq!(why(&head.act("teamClose", close.clone(), "").await.0), in_use("绿化部", "rectifications due 2026-11-30"));
        put_right(app, &check).await;
        head.act("teamClose", close, "").await.done();
        let late = json!({ "id": draft, "rectifyBy": "2026-11-30" });
        let message = "what was looked at is closed, and nobody is left to put anything right there; publish it without a day";
        assert_eq!(why(&manager.act("spotCheckPublish", late, "").await.0), json!(["INVALID", "input.rectifyBy", message]));
        manager.act("spotCheckPublish", json!({ "id": draft }), "").await.done();
    }

    async fn what_is_closed_at_one_moment_is_not_patrolled(app) {
        let supervisor = app.actor("supervisor").await;
        for (round, mutation) in ["patrolPlanCreate", "checkpointCreate", "patrolStart"].into_iter().cycle().take(9).enumerate() {
            let input = json!({ "communityId": app.world.xinghe, "name": format!("临{round}"), "kind": "MIXED" });
            let id = supervisor.act("buildingCreate", input, "building { id }").await.done().text("/building/id");
            let mut hung = json!({ "buildingId": id });
            if mutation == "checkpointCreate" {
                hung["code"] = json!(format!("T-{round}"));
                hung["place"] = json!("门");
            }
            let (closed, made) = tokio::join!(
                supervisor.act("buildingClose", json!({ "id": id }), "building { id }"),
                supervisor.act(mutation, hung, ""),
            );
            let done = [&closed, &made].map(|answer| answer.at("/userErrors") == &json!([]));
            assert!(done == [true, false] || done == [false, true], "{closed:?} {made:?}");
        }
    }
}
