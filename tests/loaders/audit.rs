use serde_json::json;

use super::{list, quiet, settle};
use crate::support::App;
use crate::support::world::PASSWORD;

/// What is selected of each row, and how many statements that adds to the list's own.
const TRAIL: [(&str, u64); 5] = [
    ("at action accountId details requestId", 0),
    ("subjects", 1),
    ("address", 1),
    ("staff { name } community { name }", 2),
    ("subjects address occupant { name }", 3),
];

const REQUESTS: [(&str, u64); 2] = [("kind state reason version", 0), ("occupant { name }", 1)];

async fn check(app: &App) {
    let head = app.actor("head").await;
    for (place, login) in ["lin-yi", "lin-er", "wang-lin", "zhou-zhu"].into_iter().enumerate() {
        let input = json!({ "kind": "EXPORT", "password": PASSWORD });
        app.actor(login).await.act("privacyRequest", input, "").await.done();
        let post = json!({
            "staffId": app.world.staff("desk"), "role": "ASSISTANT", "communityId": app.world.xinghe,
            "fromOn": format!("2026-12-0{}", place + 1), "toOn": format!("2026-12-0{}", place + 1),
        });
        head.act("postGrant", post, "").await.done();
    }
    let admin = app.actor("admin").await;
    settle(app).await;
    for (name, filter, fields) in [
        ("auditTrail", "filter: { actions: [POST_GRANTED, PRIVACY_REQUESTED] }, ", &TRAIL[..]),
        ("privacyRequests", "", &REQUESTS[..]),
    ] {
        for (fields, expected) in fields {
            for first in [1, 4] {
                let query = format!("{{ {name}({filter}first: {first}) {{ nodes {{ {fields} }} }} }}");
                let (rows, spent) =
                    list(app, &admin, &format!("/data/{name}/nodes"), &query, 1 + expected).await;
                assert_eq!(rows, first, "{fields}, in {name}");
                // What none of the rows has is not looked for.
                assert!(spent <= 1 + expected, "{spent} for {fields}, of {first} in {name}");
            }
        }
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
