//! After an erasure nothing of the person is left: not in any column of any table, nor in any file.

use std::path::Path;

use serde_json::{Value, json};

use super::person::{IN_NO_TABLE, WORDS};
use super::{Person, erase_occupant, move_out};
use crate::on_both;
use crate::support::App;
use crate::support::contents::contents;
use crate::transfer;

/// The words that stand in some table, each with the table.
async fn in_tables(app: &App) -> Vec<String> {
    let contents = contents(app.database_url()).await;
    let mut found = Vec::new();
    for word in WORDS {
        let there = contents.iter().filter(|(_, rows)| rows.contains(word));
        found.extend(there.map(|(table, _)| format!("{word} in {table}")));
    }
    found
}

/// The words that stand in some file, byte by byte.
fn in_files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(in_files(&path));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let holds = |word: &&&str| bytes.windows(word.len()).any(|part| part == word.as_bytes());
        found.extend(WORDS.iter().filter(holds).map(|word| format!("{word} in {}", path.display())));
    }
    found
}

on_both! {
    async fn nothing_of_an_erased_person_is_left_anywhere(app) {
        let person = Person::settle(app).await;
        person.leave(app).await;
        let head = app.actor("head").await;
        let all = json!({ "communityId": app.world.xinghe });
        let sheet = transfer::exported(app, &head, "registerExport", all.clone()).await;
        assert!(sheet.contains("Zyxwanda"), "the sheet tells of them");
        let list = "楼栋,房号,姓名,电话\nA栋,1,Zyxwanda,13912345678x\n";
        let refused = transfer::import(&head, "registerImport", all, list.as_bytes()).await;
        assert_eq!(transfer::ended(app, &head, refused).await["state"], "REFUSED");
        let before = in_tables(app).await;
        assert!(in_files(app.folder()).iter().any(|found| found.starts_with("zyx-document")), "a file is kept");
        for word in WORDS.iter().filter(|word| !IN_NO_TABLE.contains(word)) {
            assert!(before.iter().any(|found| found.starts_with(word)), "the test itself writes no {word}");
        }

        let desk = app.actor("desk").await;
        let mut screen = app.socket(&desk).await;
        let feed = "subscription { complaintFeed(filter: { kinds: [REPAIR] }) { __typename ... on TicketChanged {
            act ticket { id description contactName contactPhone resolution ratingComment rating status erasedAt timeline { text } } } } }";
        screen.subscribe("1", feed).await;
        while screen.data("1").await["complaintFeed"]["__typename"] != "FeedCaughtUp" {}
        let counted = erase_occupant(app, &person.id, true).await.unwrap();
        assert_eq!(in_tables(app).await, before, "a dry run has changed something");
        let erased = erase_occupant(app, &person.id, false).await.unwrap();
        assert_eq!(erased, counted, "a dry run counts right");
        assert_eq!((erased["occupants"], erased["tickets"], erased["contacts"], erased["accounts"]), (1, 2, 1, 1));
        assert_eq!((erased["attachments"], erased["documents"]), (2, 2));
        assert!(erased["sessions"] >= 1 && erased["lines"] >= 5 && erased["addresses"] >= 1, "{erased:?}");

        // An open screen changes, and the figures stay.
        let mut told = screen.data("1").await["complaintFeed"].take();
        while told["act"] != "ERASE" {
            told = screen.data("1").await["complaintFeed"].take();
        }
        let ticket = &told["ticket"];
        assert_eq!(
            [&ticket["description"], &ticket["contactName"], &ticket["resolution"], &ticket["ratingComment"]],
            [&json!(""), &json!(""), &Value::Null, &Value::Null]
        );
        assert_eq!([&ticket["rating"], &ticket["status"]], [&json!(4), &json!("CLOSED")]);
        assert!(ticket["erasedAt"].is_string());
        assert!(ticket["timeline"].as_array().unwrap().iter().all(|line| line["text"].is_null()));

        let archives = "query($ids: [ID!]) { documents(filter: { occupantIds: $ids, includeWithdrawn: true }) { nodes {
            category title note withdrawnAt erasedAt files { status } } } }";
        let archives = app.actor("head").await.ask_with(archives, json!({ "ids": [person.id] })).await;
        let nodes = archives.at("/data/documents/nodes").as_array().unwrap();
        assert_eq!(nodes.len(), 2, "{archives:?}");
        for node in nodes {
            assert_eq!((&node["title"], &node["note"], &node["files"]), (&json!(""), &Value::Null, &json!([{ "status": "REDACTED" }])));
            assert_eq!((&node["category"], &node["erasedAt"]), (&json!("CONTRACT"), &json!("2026-11-24T02:00:00.000000Z")));
        }
        assert_eq!(in_tables(app).await, [] as [String; 0]);
        assert_eq!(in_files(app.folder()), [] as [String; 0]);
        let person_now = desk.ask_with(
            "query($id: ID!) { node(id: $id) { ... on Occupant { name phone erasedAt closedAt } } }",
            json!({ "id": person.id }),
        );
        let now = person_now.await;
        assert_eq!([now.at("/data/node/name"), now.at("/data/node/phone")], [&json!(""), &Value::Null]);
        assert_eq!(now.at("/data/node/erasedAt"), &json!("2026-11-24T02:00:00.000000Z"));
    }

    async fn who_is_erased_is_signed_out_and_stays_erased(app) {
        let person = Person::settle(app).await;
        person.leave(app).await;
        erase_occupant(app, &person.id, false).await.unwrap();
        let input = json!({ "login": "zyx-login", "password": "zyx-password-1" });
        assert_eq!(app.nobody().act("sessionCreate", input, "").await.refusal(), "INVALID");
        assert_eq!(person.actor.ask("{ viewer { login } }").await.error(), "UNAUTHENTICATED");
        let head = app.actor("head").await;
        let rename = json!({ "id": person.id, "name": "Zyxwanda" });
        assert_eq!(head.act("occupantUpdate", rename, "").await.refusal(), "INVALID");
        let invite = json!({ "occupantId": person.id });
        assert_eq!(app.actor("desk").await.act("accountInvite", invite, "").await.refusal(), "INVALID");
        let again = erase_occupant(app, &person.id, false).await.unwrap_err().to_string();
        assert!(again.starts_with("their data were erased at 2026-11-24T02:00:00"), "{again}");
        let admin = app.actor("admin").await;
        let told = admin.ask_with(
            "query($id: ID!) { auditTrail(filter: { subjectId: $id, actions: [ERASED] }) { nodes { subjects details } } }",
            json!({ "id": person.id }),
        );
        let told = told.await;
        let line = told.at("/data/auditTrail/nodes/0");
        assert_eq!(line["subjects"], json!([person.id]));
        assert_eq!((&line["details"]["reason"], &line["details"]["tickets"]), (&json!("OWN_REQUEST"), &json!(2)));
    }

    async fn who_lives_here_or_has_an_open_matter_is_not_erased(app) {
        let refused = erase_occupant(app, &app.world.chen_zu, false).await.unwrap_err().to_string();
        assert!(refused.starts_with("they live or work in a unit still"), "{refused}");
        let input = json!({ "kind": "REPAIR", "unitId": app.world.b201, "description": "漏水" });
        let tenant = app.actor("chen-zu").await;
        let number = tenant.act("ticketFile", input, "ticket { number }").await.done().text("/ticket/number");
        move_out(app, &crate::support::world::shown("occupancy", "chen-zu lives")).await;
        let refused = erase_occupant(app, &app.world.chen_zu, false).await.unwrap_err().to_string();
        assert_eq!(refused, format!("their tickets {number} have not ended; end them first"));
        assert!(!app.folder().join("erasures.jsonl").exists(), "what was refused is in no ledger");
        let unknown = erase_occupant(app, "occupant:00000000-0000-7000-8000-000000000000", false).await;
        assert!(unknown.unwrap_err().to_string().starts_with("there is no occupant "));
    }
}
