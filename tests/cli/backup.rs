//! `concierge backup` and `restore`, rehearsed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::process::Home;
use super::{SECRET, empty_databases};
use crate::feed::Screen;
use crate::support::database::{self, TestDatabase};
use crate::support::picture::jpeg;
use crate::support::{Actor, contents};

async fn desk_at(url: &str) -> Actor {
    Actor::sign_in(url, &reqwest::Client::new(), "desk", concierge::seed::PASSWORD).await
}

async fn numbers(desk: &Actor) -> BTreeSet<String> {
    let mut numbers = BTreeSet::new();
    let mut after = Value::Null;
    loop {
        let query = "query($after: String) { tickets(first: 100, after: $after) {
            nodes { number } pageInfo { hasNextPage endCursor } } }";
        let page = desk.ask_with(query, json!({ "after": after })).await;
        let nodes = page.at("/data/tickets/nodes").as_array().unwrap();
        numbers.extend(nodes.iter().map(|node| node["number"].as_str().unwrap().to_owned()));
        if page.at("/data/tickets/pageInfo/hasNextPage") == false {
            return numbers;
        }
        after = page.at("/data/tickets/pageInfo/endCursor").clone();
    }
}

async fn file(desk: &Actor) -> String {
    let query = "{ buildings(first: 1) { nodes { id } } }";
    let building = desk.ask(query).await.text("/data/buildings/nodes/0/id");
    let input = json!({ "kind": "COMPLAINT", "buildingId": building, "description": "电梯异响" });
    desk.act("ticketFile", input, "ticket { number }").await.done().text("/ticket/number")
}

/// Files a ticket with a photo, and gives the photo's id.
async fn photographed(desk: &Actor) -> String {
    let query = "{ buildings(first: 1) { nodes { id } } }";
    let building = desk.ask(query).await.text("/data/buildings/nodes/0/id");
    let input =
        json!({ "kind": "COMPLAINT", "buildingId": building, "description": "电梯异响", "files": [null] });
    let files: &[(&str, &str, &[u8])] = &[("files.0", "a.jpg", &jpeg(8, 8))];
    let filed = desk.act_with("ticketFile", input, files, "ticket { attachments { id } }").await;
    filed.done().text("/ticket/attachments/0/id")
}

async fn link(desk: &Actor, photo: &str) -> String {
    let query = "query($id: ID!) { node(id: $id) { ... on Attachment { url } } }";
    desk.ask_with(query, json!({ "id": photo })).await.text("/data/node/url")
}

fn tool(name: &str, arguments: &[&str]) {
    let ran = Command::new(name).args(arguments).output();
    let ran = ran.unwrap_or_else(|error| panic!("{name} is missing (install postgresql-client): {error}"));
    assert!(ran.status.success(), "{name}: {}", String::from_utf8_lossy(&ran.stderr));
}

fn home_of(database: &TestDatabase) -> Home {
    let home = Home::new().with("DATABASE_URL", &*database.url).with("CONCIERGE_AUTH__SECRET", SECRET);
    home.with("CONCIERGE_FEED__HEARTBEAT_EVERY", "1h")
}

/// A home that serves the demo estate from this database.
fn demo(database: &TestDatabase) -> Home {
    let home = home_of(database);
    home.done(&["seed", "--days", "10"]);
    home
}

/// Copies all of `home` as docs/OPERATING.md has it, and brings it back into an empty place.
async fn carried_over(database: &TestDatabase, home: &Home) -> (TestDatabase, Home) {
    let folder = home.folder.join("monday");
    let folder = folder.to_str().unwrap();
    let dump = format!("{folder}.dump");
    let postgres = database.url.starts_with("postgres");
    if postgres {
        tool("pg_dump", &["--format=custom", "--file", &dump, &database.url]);
    }
    home.done(&["backup", folder]);
    let place = match postgres {
        true => database::empty_postgres().await.unwrap(),
        false => database::empty_sqlite().await,
    };
    let restored = home_of(&place);
    if postgres {
        let ran = restored.run(&["restore", folder]);
        assert_eq!(ran.code, 1);
        assert!(ran.err.contains("the database is empty; bring it back first"), "{}", ran.err);
        tool("pg_restore", &["--no-owner", "--dbname", &place.url, &dump]);
    }
    let said = restored.done(&["restore", folder]);
    let into = if postgres { restored.folder.join("data") } else { place.folder.clone() };
    assert!(said.trim_end().ends_with(&format!("bytes, into {}", into.display())), "{said}");
    (place, restored)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_before_a_backup_is_there_after_it_and_screens_are_told_of_the_gap() {
    for database in empty_databases().await {
        let home = demo(&database);
        let gateway = home.serve();
        let desk = desk_at(&gateway.url).await;
        let photo = photographed(&desk).await;
        let before = numbers(&desk).await;
        let cursor = desk.ask("{ feedCursor }").await.text("/data/feedCursor");

        // While the gateway serves and people write.
        let writing = tokio::spawn({
            let desk = desk.clone();
            async move {
                for _ in 0..20 {
                    file(&desk).await;
                }
            }
        });
        let (_place, restored) = carried_over(&database, &home).await;
        writing.await.unwrap();
        let all = numbers(&desk).await;
        assert_eq!(all.len(), before.len() + 20, "nobody who wrote was refused");

        let second = restored.serve();
        let desk = desk_at(&second.url).await;
        let there = numbers(&desk).await;
        assert!(there.is_superset(&before) && there.is_subset(&all), "{before:?} {there:?}");
        let (status, _, content) = desk.fetch(&link(&desk, &photo).await).await;
        assert_eq!((status, content.is_empty()), (200, false), "the photo hangs on its ticket");
        let mut screen = Screen::resume(&desk, &cursor).await;
        assert_eq!(screen.told_next(2).await, ["gap CURSOR_UNKNOWN", "caught up"]);
        let number = file(&desk).await;
        assert_eq!(screen.told().await, format!("FILE {number}"), "the feed goes on");
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_over_and_nothing_half_is_taken() {
    let database = database::empty_sqlite().await;
    let home = demo(&database);
    home.done(&["backup", "monday"]);
    let folder = home.folder.join("monday");
    assert_eq!(names_in(&folder), ["SHA256SUMS", "backup.json", "concierge.db", "files"]);
    let mut sums = Command::new("sha256sum");
    sums.args(["--check", "--strict", "SHA256SUMS"]).current_dir(&folder);
    assert!(sums.output().unwrap().status.success(), "sha256sum reads our sums");
    let kept = contents::contents(&database.url).await;

    let ran = home.run(&["backup", "monday"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert_eq!(
        ran.err,
        "error: monday is there already; nothing is written over. Name another place, or move it away first\n"
    );
    let ran = home.run(&["backup", "data/files/monday"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("data/files/monday is inside"), "{}", ran.err);
    assert!(!home.folder.join("data/files/monday.partial").exists());
    let ran = home.run(&["restore", "monday"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("concierge.db is there already; nothing is written over."), "{}", ran.err);
    assert!(kept == contents::contents(&database.url).await, "and the database is as it was");

    let elsewhere = Home::new().with("CONCIERGE_AUTH__SECRET", SECRET);
    let said = |folder: &Path| {
        let ran = elsewhere.run(&["restore", folder.to_str().unwrap()]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""));
        assert!(!elsewhere.folder.join("data/concierge.db").exists());
        ran.err
    };
    assert!(said(&home.folder.join("sunday")).contains("sunday is no backup of concierge: SHA256SUMS: "));
    let about = fs::read_to_string(folder.join("backup.json")).unwrap();
    fs::write(folder.join("backup.json"), about.replace("\"format\": 1", "\"format\": 9")).unwrap();
    assert!(said(&folder).contains("its form is 9, and this program reads 1"));
    fs::write(folder.join("backup.json"), about.replace("concierge 0", "concierge 9")).unwrap();
    assert!(said(&folder).contains("backup.json is not what was backed up: its SHA-256 differs"));
    fs::write(folder.join("backup.json"), about).unwrap();
    let mut bytes = fs::read(folder.join("concierge.db")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(folder.join("concierge.db"), &bytes).unwrap();
    assert!(said(&folder).contains("concierge.db is not what was backed up: its SHA-256 differs"));
    bytes[middle] ^= 1;
    fs::write(folder.join("concierge.db"), &bytes).unwrap();

    let postgres =
        elsewhere.run(&["--database-url", "postgres://127.0.0.1:9/c", "restore", folder.to_str().unwrap()]);
    assert!(
        postgres.err.contains("it holds an SQLite database, and the settings name PostgreSQL"),
        "{}",
        postgres.err
    );
    let ran = elsewhere.run(&["backup", "tuesday"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, "error: there is no database at ./data/concierge.db\n"));
    assert!(
        !elsewhere.folder.join("tuesday").exists() && names_in(&elsewhere.folder.join("data")).is_empty()
    );

    elsewhere.done(&["restore", folder.to_str().unwrap()]);
    assert_eq!(
        names_in(&elsewhere.folder.join("data")),
        ["concierge.db"],
        "nothing is left lying about, and nothing made up"
    );
}
