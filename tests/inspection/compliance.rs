use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{pass, round, start, walk};
use crate::on_both;
use crate::support::{Actor, App};

async fn told(actor: &Actor, app: &App, arguments: &str) -> Value {
    let query = format!(
        "{{ patrolCompliance(communityId: \"{}\", {arguments}) {{ building {{ name }} weekOf owed done days percent }} }}",
        app.world.xinghe
    );
    let answer = actor.ask(&query).await;
    assert_eq!(answer.at("/errors"), &Value::Null, "{answer:?}");
    answer.at("/data/patrolCompliance").clone()
}

fn week(name: &str, monday: &str, owed: u32, days: &[&str], percent: Option<i32>) -> Value {
    json!({
        "building": { "name": name }, "weekOf": monday, "owed": owed, "done": days.len(), "days": days, "percent": percent,
    })
}

on_both! {
    async fn complete_patrols_on_distinct_days_count(app) {
        round(app).await;
        // 10:00 in Shanghai; the next patrols are on Tuesday 00:30 there, still Monday in UTC, and next Monday.
        let supervisor = app.actor("supervisor").await;
        walk(&supervisor, app).await;
        walk(&supervisor, app).await;
        let half = start(&supervisor, &app.world.b).await;
        pass(&supervisor, &half, "B-DOOR").await;
        supervisor.act("patrolFinish", json!({ "patrolId": half }), "").await.done();
        app.advance(TimeDelta::minutes(14 * 60 + 30));
        let supervisor = app.actor("supervisor").await;
        walk(&supervisor, app).await;
        let part = start(&supervisor, &app.world.a).await;
        supervisor.act("patrolFinish", json!({ "patrolId": part }), "").await.done();
        app.advance(TimeDelta::days(6));
        let supervisor = app.actor("supervisor").await;
        walk(&supervisor, app).await;
        let first = ["2026-11-23", "2026-11-24"];
        let expected = json!([
            week("A栋", "2026-11-23", 3, &first, Some(66)),
            week("A栋", "2026-11-30", 3, &["2026-11-30"], Some(33)),
            week("B栋", "2026-11-23", 0, &["2026-11-23"], None),
            week("B栋", "2026-11-30", 0, &[], None),
        ]);
        assert_eq!(told(&supervisor, app, "weekOf: \"2026-11-29\", weeks: 2").await, expected);
        assert_eq!(told(&supervisor, app, "weekOf: \"2026-11-16\"").await, json!([]));
        let assistant = app.actor("assistant").await;
        assert_eq!(told(&assistant, app, "weekOf: \"2026-11-23\"").await, json!([week("A栋", "2026-11-23", 3, &first, Some(66))]));
    }

    async fn what_was_owed_stays_so_when_a_plan_is_closed(app) {
        round(app).await;
        app.advance(TimeDelta::days(8));
        let supervisor = app.actor("supervisor").await;
        let plan = supervisor.ask("{ patrolPlans { nodes { id version } } }").await;
        let plan = plan.at("/data/patrolPlans/nodes/0").clone();
        let closed = supervisor
            .act("patrolPlanClose", json!({ "id": plan["id"], "expectedVersion": plan["version"] }), "patrolPlan { toOn }")
            .await
            .done();
        assert_eq!(closed.at("/patrolPlan/toOn"), "2026-12-01");
        let input = json!({ "buildingId": app.world.a, "timesAWeek": 7, "fromOn": "2026-12-05" });
        supervisor.act("patrolPlanCreate", input, "").await.done();
        // Monday, Tuesday, Saturday and Sunday have a plan.
        let expected = json!([
            week("A栋", "2026-11-23", 3, &[], Some(0)),
            week("A栋", "2026-11-30", 4, &[], Some(0)),
            week("A栋", "2026-12-07", 7, &[], Some(0)),
        ]);
        assert_eq!(told(&supervisor, app, "weekOf: \"2026-11-23\", weeks: 3").await, expected);
    }

    async fn it_is_asked_for_rightly(app) {
        let supervisor = app.actor("supervisor").await;
        for arguments in ["weekOf: \"2026-11-23\", weeks: 0", "weekOf: \"2026-11-23\", weeks: 54", "weekOf: \"0001-01-01\""] {
            let query = format!("{{ patrolCompliance(communityId: \"{}\", {arguments}) {{ owed }} }}", app.world.xinghe);
            assert_eq!(supervisor.ask(&query).await.error(), "INVALID", "{arguments}");
        }
    }
}
