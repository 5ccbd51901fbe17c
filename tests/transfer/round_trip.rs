//! What was exported and is imported elsewhere is exported as the same file.

use serde_json::{Value, json};

use super::{ended, exported, import};
use crate::support::App;

async fn trip(app: &App, other: &App) {
    let (head, admin) = (app.actor("head").await, other.actor("admin").await);
    let code = json!({ "communityId": app.world.xinghe });
    for (text, unit) in [("水管漏了", &app.world.a101), ("太吵", &app.world.b201)] {
        let input = json!({ "kind": "REPAIR", "unitId": unit, "description": text });
        app.actor("desk").await.act("ticketFile", input, "").await.done();
    }
    for (goes_out, comes_in) in [("registerExport", "registerImport"), ("ticketsExport", "ticketsImport")] {
        let file = exported(app, &head, goes_out, code.clone()).await;
        let end = ended(other, &admin, import(&admin, comes_in, json!({}), file.as_bytes()).await).await;
        assert_eq!((&end["state"], &end["rowsRefused"]), (&json!("DONE"), &json!(0)), "{end}");
        let query = "{ communities(filter: { search: \"XH\" }) { nodes { id code } } }";
        let found = other.actor("group").await.ask(query).await;
        let community =
            found.at("/data/communities/nodes").as_array().unwrap().iter().find(|one| one["code"] == "XH");
        let id = community.map(|one| one["id"].clone()).unwrap_or(Value::Null);
        let again = exported(other, &other.actor("head").await, goes_out, json!({ "communityId": id })).await;
        assert_eq!(again, file, "{goes_out}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite() {
    let (app, other) = (App::with(|_| {}).await, App::with(|_| {}).await);
    empty(&other).await;
    trip(&app, &other).await;
    app.stop().await;
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres() {
    let (Some(app), Some(other)) = (App::on_postgres().await, App::on_postgres().await) else { return };
    empty(&other).await;
    trip(&app, &other).await;
    app.stop().await;
    other.stop().await;
}

/// Takes units and people of 星河 away, and leaves its staff.
async fn empty(app: &App) {
    for table in ["session", "occupancy", "unit", "charge", "entrance", "building"] {
        app.execute(&format!("DELETE FROM {table}")).await;
    }
    app.execute("DELETE FROM account WHERE occupant_id IS NOT NULL").await;
    app.execute("DELETE FROM occupant").await;
}
