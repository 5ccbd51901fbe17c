//! The disk is full: a small one of the process's own, which the test fills to the last byte.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use reqwest::Client;
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use serde_json::{Value, json};

use super::fault;
use crate::cli::process::Home;
use crate::support::Actor;
use crate::support::picture::PDF;

/// Large enough for the demo estate and its log.
const SIZE: &str = "24m";

/// More complaints than fit into what SQLite has set aside in its files before.
const ENOUGH: usize = 2_000;

fn fill(ballast: &Path) {
    let mut file = File::create(ballast).unwrap();
    for piece in [vec![0; 4096], vec![0; 1]] {
        while file.write_all(&piece).is_ok() {}
    }
}

fn filing(actor: &Actor, unit: &str, key: usize) -> reqwest::RequestBuilder {
    let query = "mutation($input: TicketFileInput!) { ticketFile(input: $input) { ticket { number } userErrors { message } } }";
    let input = json!({
        "idempotencyKey": format!("no {key}"), "kind": "COMPLAINT", "unitId": unit, "description": "水".repeat(500),
    });
    let request = Client::new().post(format!("{}/graphql", actor.url));
    let request = request.bearer_auth(actor.token.as_deref().unwrap());
    request.json(&json!({ "query": query, "variables": { "input": input } }))
}

async fn filed(actor: &Actor, unit: &str, key: usize) -> Option<String> {
    let answer: Value = filing(actor, unit, key).send().await.unwrap().json().await.unwrap();
    answer["data"]["ticketFile"]["ticket"]["number"].as_str().map(str::to_owned)
}

/// Counts rows in a copy of the database as it lies on the disk.
async fn count(data: &Path, copy: &Path, table: &str) -> i64 {
    for name in ["concierge.db", "concierge.db-wal"] {
        std::fs::copy(data.join(name), copy.join(name)).unwrap();
    }
    let url = format!("sqlite://{}", copy.join("concierge.db").display());
    let database = Database::connect(url).await.unwrap();
    let sql = format!("SELECT count(*) AS n FROM {table}");
    let row = database.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
    database.close().await.unwrap();
    row.unwrap().try_get("", "n").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_is_kept_and_what_cannot_be_is_refused() {
    let home = Home::new();
    home.done(&["seed", "--days", "10"]);
    let Some((gateway, disk)) = home.serve_on_a_disk_of(SIZE) else {
        eprintln!("no small disk can be made here (unshare, mount): what a full one does was not looked at");
        return;
    };
    let ballast: PathBuf = disk.join("ballast");
    let resident = Actor::sign_in(&gateway.url, &Client::new(), "resident", concierge::seed::PASSWORD).await;
    let unit = "{ viewer { occupant { occupancies { unit { id } } } } }";
    let unit = resident.ask(unit).await.text("/data/viewer/occupant/occupancies/0/unit/id");
    let total = async || {
        resident.ask("{ tickets { totalCount } }").await.at("/data/tickets/totalCount").as_i64().unwrap()
    };
    let before = total().await;
    let attached = count(&disk, &home.folder, "attachment").await;

    fill(&ballast);
    let mut done = Vec::new();
    while let Some(number) = filed(&resident, &unit, done.len()).await {
        done.push(number);
        assert!(done.len() < ENOUGH, "the disk is not full");
    }
    let full = (503, Some("5".to_owned()), json!("UNAVAILABLE"));
    assert_eq!(fault(filing(&resident, &unit, done.len())).await, full);
    let file = [("file", "a.pdf", PDF)];
    let refused =
        resident.act_with("attachmentUpload", json!({ "file": null }), &file, "attachment { id }").await;
    assert_eq!(refused.error(), "UNAVAILABLE");
    // It is read as before, and all is there that was answered.
    assert_eq!(total().await, before + i64::try_from(done.len()).unwrap());

    std::fs::remove_file(&ballast).unwrap();
    for _ in 0..3 {
        done.push(filed(&resident, &unit, done.len()).await.expect("there is room again"));
    }
    resident.upload("a.pdf", PDF).await;
    assert_eq!(total().await, before + i64::try_from(done.len()).unwrap());
    done.sort();
    let told = done.len();
    done.dedup();
    assert_eq!(done.len(), told, "each is one of its own");
    let left = count(&disk, &home.folder, "attachment").await;
    assert_eq!(left, attached + 1, "what was refused left no row");
    let (code, log) = gateway.terminate();
    assert_eq!(code, Some(0), "{log}");
}
