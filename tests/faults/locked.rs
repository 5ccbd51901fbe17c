//! Another program holds SQLite's write lock for long.

use sea_orm::ConnectionTrait;
use serde_json::json;

use super::fault;
use crate::support::{Actor, App};

fn filing(actor: &Actor, unit: &str) -> reqwest::RequestBuilder {
    let query = "mutation($input: TicketFileInput!) { ticketFile(input: $input) { ticket { number } userErrors { message } } }";
    let input =
        json!({ "idempotencyKey": "kept", "kind": "COMPLAINT", "unitId": unit, "description": "停水了" });
    let body = json!({ "query": query, "variables": { "input": input } });
    let request = reqwest::Client::new().post(format!("{}/graphql", actor.url)).json(&body);
    request.bearer_auth(actor.token.as_deref().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_writes_is_told_to_come_again_and_who_reads_is_served() {
    let app = App::on_sqlite().await;
    let resident = app.actor("lin-yi").await;
    let other = app.outside().await;
    other.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    let busy = (503, Some("5".to_owned()), json!("UNAVAILABLE"));
    let (refused, read) =
        tokio::join!(fault(filing(&resident, &app.world.a101)), resident.ask("{ tickets { totalCount } }"));
    assert_eq!(refused, busy);
    assert_eq!(read.at("/data/tickets/totalCount"), 0);

    other.execute_unprepared("ROLLBACK").await.unwrap();
    other.close().await.unwrap();
    // Sent again with its key, as a client does; what was refused has left nothing.
    assert_eq!(fault(filing(&resident, &app.world.a101)).await.0, 200);
    assert_eq!(fault(filing(&resident, &app.world.a101)).await.0, 200);
    assert_eq!(resident.ask("{ tickets { totalCount } }").await.at("/data/tickets/totalCount"), 1);
    app.stop().await;
}
