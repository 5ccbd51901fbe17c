//! Patrols, findings and spot checks, through the front door.

mod closing;
mod compliance;
mod finding;
mod line_lost;
mod offline;
mod overdue;
mod patrol;
mod photos;
mod plan;
mod policy;
mod sight;
mod spot_check;

use serde_json::{Value, json};

use crate::support::{Actor, App};

/// Code, path and message of the only user error.
fn why(payload: &Value) -> Value {
    let errors = payload["userErrors"].as_array().unwrap_or_else(|| panic!("{payload}"));
    assert_eq!(errors.len(), 1, "{payload}");
    let field = errors[0]["field"]
        .as_array()
        .map(|path| path.iter().map(|part| part.as_str().unwrap()).collect::<Vec<_>>().join("."));
    json!([errors[0]["code"], field, errors[0]["message"]])
}

/// Code and path of the only user error.
fn code(payload: &Value) -> Value {
    let Value::Array(mut why) = why(payload) else { unreachable!() };
    why.truncate(2);
    Value::Array(why)
}

/// Hangs a checkpoint into a building and gives its id.
async fn hang(app: &App, building: &str, code: &str, position: i32) -> String {
    let input =
        json!({ "buildingId": building, "code": code, "place": format!("{code}处"), "position": position });
    let made = app.actor("supervisor").await.act("checkpointCreate", input, "checkpoint { id }").await.done();
    made.text("/checkpoint/id")
}

/// Plans three patrols a week of A栋, and hangs two checkpoints there and one in B栋.
async fn round(app: &App) {
    let supervisor = app.actor("supervisor").await;
    supervisor.act("patrolPlanCreate", json!({ "buildingId": app.world.a }), "").await.done();
    hang(app, &app.world.a, "A-ROOF", 2).await;
    hang(app, &app.world.a, "A-DOOR", 1).await;
    hang(app, &app.world.b, "B-DOOR", 1).await;
}

async fn start(actor: &Actor, building: &str) -> String {
    actor
        .act("patrolStart", json!({ "buildingId": building }), "patrol { id }")
        .await
        .done()
        .text("/patrol/id")
}

async fn pass(actor: &Actor, patrol: &str, code: &str) {
    actor.act("patrolPass", json!({ "patrolId": patrol, "code": code }), "").await.done();
}

/// Walks A栋 from its start to its end.
async fn walk(actor: &Actor, app: &App) -> String {
    let patrol = start(actor, &app.world.a).await;
    pass(actor, &patrol, "A-DOOR").await;
    pass(actor, &patrol, "A-ROOF").await;
    actor.act("patrolFinish", json!({ "patrolId": patrol }), "").await.done();
    patrol
}
