//! `kill -9` in the middle of an import: another gateway begins it anew, and nothing is there twice.

use serde_json::json;

use super::{import, long_list, told_at};
use crate::cli::SECRET;
use crate::cli::process::Home;
use crate::support::Actor;
use crate::support::database::{self, TestDatabase};
use crate::support::world::{PASSWORD, World};
use crate::support::ws::Ws;

const ROWS: usize = 6_000;

async fn run(database: TestDatabase) {
    let home = Home::new()
        .with("DATABASE_URL", &*database.url)
        .with("CONCIERGE_AUTH__SECRET", SECRET)
        .with("CONCIERGE_EXCHANGE__LEASE", "2s")
        .with("CONCIERGE_EXCHANGE__POLL_EVERY", "100ms");
    let gateway = home.serve();
    let head = Actor::sign_in(&gateway.url, &reqwest::Client::new(), "head", PASSWORD).await;
    let input = json!({ "communityId": World::default().xinghe });
    let begun = import(&head, "registerImport", input, long_list(ROWS).as_bytes()).await.done();
    let id = begun.text("/dataTransfer/id");
    let mut ws = Ws::ready(&gateway.url, head.token.as_deref()).await;
    let query = "subscription($id: ID!) { dataTransferChanged(id: $id) { stage } }";
    ws.subscribe_with("1", query, json!({ "id": id })).await;
    while ws.data("1").await["dataTransferChanged"]["stage"] != "WRITING" {}
    // It gets no chance to put anything in order.
    drop(gateway);

    let gateway = home.serve();
    let end = told_at(&gateway.url, &head.at(&gateway.url), &id).await.pop().unwrap();
    assert_eq!((&end["state"], &end["rowsDone"]), (&json!("DONE"), &json!(ROWS)), "{end}");
    let made = |place: usize| end["counts"][place]["made"].as_u64().unwrap();
    let there = |place: usize| end["counts"][place]["unchanged"].as_u64().unwrap();
    assert_eq!(end["counts"][0]["noun"], "UNIT", "{end}");
    assert!(there(0) > 0, "some were written before: {end}");
    assert_eq!(made(0) + there(0), ROWS as u64);
    let people = "{ occupants(filter: { search: \"住户\" }) { totalCount } }";
    let people = head.at(&gateway.url).ask(people).await;
    assert_eq!(people.at("/data/occupants/totalCount"), ROWS);
    let left = std::fs::read_dir(home.folder.join("data/exchange")).unwrap().count();
    assert_eq!(left, 0, "what was left of the file is gone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    run(database::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    let Some(database) = database::postgres().await else { return };
    run(database).await;
}
