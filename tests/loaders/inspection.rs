use chrono::TimeDelta;
use serde_json::json;

use super::{list, quiet, settle};
use crate::support::App;

/// What is selected of each row, and how many statements that adds to the list's own.
const PATROLS: [(&str, u64); 8] = [
    ("state onDay complete", 0),
    ("building { name }", 1),
    ("plan { timesAWeek }", 1),
    ("walkedBy { name }", 1),
    ("steps { passedAt }", 1),
    ("steps { checkpoint { code } }", 2),
    ("missing { code }", 3),
    ("findings { what }", 1),
];

const FINDINGS: [(&str, u64); 8] = [
    ("attachments { url }", 1),
    ("what severity place", 0),
    ("building { name }", 1),
    ("unit { number }", 1),
    ("ticket { number }", 1),
    ("patrol { state }", 1),
    ("foundBy { name }", 1),
    ("checkedBy { name }", 1),
];

const PLANS: [(&str, u64); 4] =
    [("timesAWeek", 0), ("building { name }", 1), ("owedBy { name }", 1), ("checkpoints { code }", 1)];

const CHECKPOINTS: [(&str, u64); 3] = [("code place", 0), ("building { name }", 1), ("unit { number }", 1)];

const SPOT_CHECKS: [(&str, u64); 6] = [
    ("attachments { url } rectificationAttachments { url }", 2),
    ("score remarks", 0),
    ("building { name }", 1),
    ("patrol { state }", 1),
    ("madeBy { name }", 1),
    ("findings { what }", 1),
];

async fn fill(app: &App) {
    let (supervisor, manager) = (app.actor("supervisor").await, app.actor("manager").await);
    for (house, unit, code) in [(&app.world.a, &app.world.a101, "A"), (&app.world.b, &app.world.b201, "B")] {
        let input = json!({ "buildingId": house, "staffId": app.world.staff("supervisor") });
        supervisor.act("patrolPlanCreate", input, "").await.done();
        let input = json!({ "buildingId": house, "unitId": unit, "code": code, "place": "门" });
        supervisor.act("checkpointCreate", input, "").await.done();
    }
    for _ in 0..4 {
        app.advance(TimeDelta::seconds(1));
        let input = json!({ "buildingId": app.world.a });
        let patrol = supervisor.act("patrolStart", input, "patrol { id }").await.done().text("/patrol/id");
        supervisor.act("patrolPass", json!({ "patrolId": patrol, "code": "A" }), "").await.done();
        let input =
            json!({ "patrolId": patrol, "what": "坏了", "severity": "MINOR", "unitId": app.world.a101 });
        let finding =
            supervisor.act("findingReport", input, "finding { id }").await.done().text("/finding/id");
        manager.act("findingCheck", json!({ "id": finding, "result": "NOT_MENDED" }), "").await.done();
        supervisor.act("patrolFinish", json!({ "patrolId": patrol }), "").await.done();
        let input = json!({ "buildingId": app.world.a, "patrolId": patrol, "score": 70, "remarks": "可" });
        manager.act("spotCheckCreate", input, "").await.done();
    }
}

async fn check(app: &App) {
    fill(app).await;
    let group = app.actor("group").await;
    settle(app).await;
    let lists = [
        ("patrols", 4, &PATROLS[..]),
        ("findings", 4, &FINDINGS[..]),
        ("patrolPlans", 2, &PLANS[..]),
        ("checkpoints", 2, &CHECKPOINTS[..]),
        ("spotChecks", 4, &SPOT_CHECKS[..]),
    ];
    for (name, all, fields) in lists {
        for (fields, expected) in fields {
            for first in [1, all] {
                let query = format!("{{ {name}(first: {first}) {{ nodes {{ {fields} }} }} }}");
                let found = list(app, &group, &format!("/data/{name}/nodes"), &query, 1 + expected).await;
                assert_eq!(found, (first, 1 + expected), "{fields}, of {first} {name}");
            }
        }
    }
    for weeks in [1, 53] {
        let query = format!(
            "{{ patrolCompliance(communityId: \"{}\", weekOf: \"2026-11-23\", weeks: {weeks}) {{ building {{ name }} percent }} }}",
            app.world.xinghe
        );
        let found = list(app, &group, "/data/patrolCompliance", &query, 4).await;
        assert_eq!(found, (2 * weeks, 4), "{weeks} weeks");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    let app = App::with(quiet).await;
    check(&app).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    let Some(app) = App::on_postgres_with(quiet).await else { return };
    check(&app).await;
    app.stop().await;
}
