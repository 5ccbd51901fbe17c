//! A restored database has forgotten the erasures since its backup; the ledger beside it has not.

use serde_json::json;

use super::person::WORDS;
use super::{Person, erase_occupant};
use crate::support::App;
use crate::support::contents::contents;

async fn traces(app: &App) -> usize {
    let contents = contents(app.database_url()).await;
    WORDS.iter().filter(|word| contents.values().any(|rows| rows.contains(**word))).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restored_backup_is_erased_again_at_the_start() {
    let app = App::on_sqlite().await;
    let person = Person::settle(&app).await;
    // The backup is from before the person left.
    let (file, backup) = (app.folder().join("concierge.db"), app.folder().join("backup.db"));
    app.execute(&format!("VACUUM INTO '{}'", backup.display())).await;
    person.leave(&app).await;
    erase_occupant(&app, &person.id, false).await.unwrap();
    assert_eq!(traces(&app).await, 0);
    let app = app
        .restart_after(async || {
            for rest in ["concierge.db-wal", "concierge.db-shm"] {
                let _ = std::fs::remove_file(file.with_file_name(rest));
            }
            std::fs::rename(&backup, &file).unwrap();
        })
        .await;
    assert_eq!(traces(&app).await, 0, "erased again");
    let ledger = || std::fs::read_to_string(app.folder().join("erasures.jsonl")).unwrap();
    assert_eq!(ledger().lines().count(), 1);
    let uuid = person.id.split_once(':').unwrap().1;
    assert!(ledger().contains(uuid) && ledger().contains("\"OWN_REQUEST\""), "{}", ledger());
    let again = app
        .actor("admin")
        .await
        .ask("{ auditTrail(filter: { actions: [ERASED] }) { nodes { details } } }")
        .await;
    assert_eq!(again.at("/data/auditTrail/nodes/0/details/again"), &json!(true));
    let homes = "query($id: ID!) { node(id: $id) { ... on Occupant { occupancies { toOn } } } }";
    let homes = app.actor("head").await.ask_with(homes, json!({ "id": person.id })).await;
    assert_eq!(
        homes.at("/data/node/occupancies"),
        &json!([{ "toOn": "2026-11-24" }]),
        "nobody nameless lives there"
    );
    let app = app.restart().await;
    let once =
        app.actor("admin").await.ask("{ auditTrail(filter: { actions: [ERASED] }) { totalCount } }").await;
    assert_eq!(once.at("/data/auditTrail/totalCount"), 1, "it is done once");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_too_and_a_lost_ledger_is_made_anew() {
    let Some(app) = App::on_postgres().await else { return };
    let person = Person::settle(&app).await;
    person.leave(&app).await;
    erase_occupant(&app, &person.id, false).await.unwrap();
    let uuid = person.id.split_once(':').unwrap().1;
    app.execute("DELETE FROM erasure").await;
    let back = format!(
        "UPDATE occupant SET name = 'Zyxwanda', phone = '13912345678', erased_at = NULL WHERE id = '{uuid}'"
    );
    app.execute(&back).await;
    assert_eq!(traces(&app).await, 2);
    let app = app.restart().await;
    assert_eq!(traces(&app).await, 0, "erased again");
    let file = app.folder().join("erasures.jsonl");
    let app = app.restart_after(async || std::fs::remove_file(&file).unwrap()).await;
    assert!(std::fs::read_to_string(&file).unwrap().contains(uuid), "a new gateway has the ledger too");
    app.stop().await;
}
