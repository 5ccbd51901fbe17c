//! The demo estate.

use concierge::app;
use concierge::seed::{PASSWORD, SeedError, SignIn, plant};
use serde_json::json;

use crate::support::{App, world::START};

async fn planted(app: &App) -> Result<Vec<SignIn>, SeedError> {
    let db = app::connect(app.config()).await.unwrap();
    let secret = app.config().secrets().unwrap();
    let planted = plant(&db, &app.config().auth, &secret, app.config().time_zone, START).await;
    db.close().await.unwrap();
    planted
}

async fn check(app: &App) {
    let sign_ins = planted(app).await.unwrap();
    assert_eq!(planted(app).await.unwrap(), sign_ins, "a second time nothing is made");
    for SignIn { login, .. } in &sign_ins {
        let query = "mutation($login: String!, $password: String!) {
            sessionCreate(input: { login: $login, password: $password }) { userErrors { message } }
        }";
        let answer = app.nobody().ask_with(query, json!({ "login": login, "password": PASSWORD })).await;
        assert_eq!(answer.at("/data/sessionCreate/userErrors"), &json!([]), "{login}");
    }
    let desk = app.actor_with("desk", PASSWORD).await;
    let answer = desk.ask("{ ticketCounts { status count } tickets(last: 1) { totalCount nodes { number description handler { name } rating } } }").await;
    assert_eq!(
        answer.at("/data"),
        &json!({
            "ticketCounts": [
                { "status": "NEW", "count": 2 },
                { "status": "ASSIGNED", "count": 2 },
                { "status": "IN_PROGRESS", "count": 1 },
                { "status": "ON_HOLD", "count": 1 },
                { "status": "RESOLVED", "count": 2 },
                { "status": "CLOSED", "count": 4 },
                { "status": "REJECTED", "count": 1 },
            ],
            "tickets": { "totalCount": 13, "nodes": [{
                "number": "XH-20261113-0001",
                "description": "厨房水槽下面的水管在滴水，已经用盆接了一夜。",
                "handler": { "name": "陈思思" },
                "rating": 5,
            }] },
        })
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    let app = App::empty(false).await.unwrap();
    check(&app).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    let Some(app) = App::empty(true).await else { return };
    check(&app).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_database_is_left_alone() {
    let app = App::on_sqlite().await;
    let refused = planted(&app).await.unwrap_err().to_string();
    assert_eq!(
        refused,
        "the database holds other communities already; the demo estate goes into an empty database only"
    );
    app.stop().await;
}
