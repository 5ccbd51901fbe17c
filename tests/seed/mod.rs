//! The demo estate.

mod year;

use std::collections::BTreeSet;

use concierge::app;
use concierge::seed::{Life, PASSWORD, SeedError, SignIn, plant};
use serde_json::{Value, json};

use crate::support::{Actor, App, world::START};

const WEEKS: Life = Life { days: 21, seed: 1 };

async fn planted(app: &App, life: Life) -> Result<Vec<SignIn>, SeedError> {
    let db = app::connect(app.config()).await.unwrap();
    let (auth, secrets) = (&app.config().auth, app.config().secrets().unwrap());
    let planted = plant(&db, auth, &secrets, app.config().time_zone, (life, START), |_| {}).await;
    db.close().await.unwrap();
    planted
}

/// All of a list, page by page.
async fn all(actor: &Actor, list: &str, fields: &str) -> Vec<Value> {
    let query = format!(
        "query($after: String) {{ page: {list}(first: 100, after: $after) {{
            nodes {{ {fields} }} pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    let (mut rows, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = actor.ask_with(&query, json!({ "after": after })).await;
        rows.extend(page.at("/data/page/nodes").as_array().unwrap().iter().cloned());
        if page.at("/data/page/pageInfo/hasNextPage") == false {
            return rows;
        }
        after = page.at("/data/page/pageInfo/endCursor").clone();
    }
}

/// What an estate holds, in words: no ids, and in an order that rests on none.
async fn told(app: &App) -> Vec<String> {
    let group = app.actor_with("group", PASSWORD).await;
    let ticket =
        "number kind status priority channel description place createdAt resolvedAt rating ratingComment
        escalationLevel reopenCount unit { number } category { code } owner { name }
        workOrders { task status result appointmentFrom appointmentOutcome }";
    let mut told = Vec::new();
    for (list, fields) in [
        ("communities", "code name"),
        ("buildings", "name kind community { code }"),
        ("units", "number usage building { name }"),
        ("occupants", "name kind"),
        ("staffMembers", "name title"),
        ("facilities", "name kind place"),
        ("tickets", ticket),
        ("patrols", "startedAt complete remarks building { name }"),
        ("findings", "foundAt what severity mendedOnSpot checkedAt ticket { number }"),
        ("spotChecks", "score remarks publishedAt rectifyBy rectification confirmedAt"),
    ] {
        told.extend(all(&group, list, fields).await.iter().map(|row| format!("{list} {row}")));
    }
    told.sort();
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_seed_makes_the_same_life() {
    let first = App::empty(false).await.unwrap();
    planted(&first, WEEKS).await.unwrap();
    let life = told(&first).await;
    let tickets = life.iter().filter(|line| line.starts_with("tickets ")).count();
    assert!((40..150).contains(&tickets), "{tickets}");
    for postgres in [false, true] {
        let Some(other) = App::empty(postgres).await else { continue };
        planted(&other, WEEKS).await.unwrap();
        let same = told(&other).await;
        let differs = life.iter().zip(&same).find(|(one, other)| one != other);
        assert_eq!((differs, life.len()), (None, same.len()), "on PostgreSQL: {postgres}");
        other.stop().await;
    }
    let other = App::empty(false).await.unwrap();
    planted(&other, Life { seed: 2, ..WEEKS }).await.unwrap();
    assert_ne!(told(&other).await, life);
    other.stop().await;
    first.stop().await;
}

async fn check(app: &App) {
    let sign_ins = planted(app, Life { days: Life::SHORTEST, seed: 3 }).await.unwrap();
    assert_eq!(planted(app, Life::YEAR).await.unwrap(), sign_ins, "a second time nothing is made");
    let logins = sign_ins.iter().map(|one| one.login.as_str()).collect::<BTreeSet<_>>();
    assert_eq!(logins.len(), sign_ins.len());
    for login in logins {
        let query = "mutation($login: String!, $password: String!) {
            sessionCreate(input: { login: $login, password: $password }) { userErrors { message } }
        }";
        let answer = app.nobody().ask_with(query, json!({ "login": login, "password": PASSWORD })).await;
        assert_eq!(answer.at("/data/sessionCreate/userErrors"), &json!([]), "{login}");
    }
    let desk = app.actor_with("desk", PASSWORD).await;
    let written = json!({
        "status": "CLOSED",
        "description": "厨房水槽下面的水管在滴水，已经用盆接了一夜。",
        "handler": { "name": "陈思思" },
        "rating": 5,
    });
    let tickets = all(&desk, "tickets", "status description handler { name } rating").await;
    assert!(tickets.contains(&written), "what was written down is there");
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
    let refused = planted(&app, WEEKS).await.unwrap_err().to_string();
    assert_eq!(
        refused,
        "the database holds other communities already; the demo estate goes into an empty database only"
    );
    app.stop().await;
}
