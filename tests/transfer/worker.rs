//! Which gateway works on it, and what becomes of it when that one does not.

use chrono::TimeDelta;
use serde_json::json;

use super::{LIST, both, export, idle, import, long_list, told, units_in};
use crate::support::ws::Got;

/// Makes it look as if a gateway had begun it, and was not heard of since.
const BEGUN: &str = "UPDATE data_transfer SET state = 'RUNNING', attempts = attempts + 1, lease_until = ";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_gateway_takes_over_what_one_let_lie() {
    for app in idle().await {
        let head = app.actor("head").await;
        let input = json!({ "communityId": app.world.xinghe });
        let begun = import(&head, "registerImport", input, LIST.as_bytes()).await.done();
        let id = begun.text("/dataTransfer/id");
        app.execute(&format!("{BEGUN} '2026-11-23T02:01:00+00:00'")).await;
        let app = app.restart_with(|config| config.exchange.works = true).await;
        let head = head.at(&app.url);
        let node = "query($id: ID!) { node(id: $id) { ... on DataTransfer { state rowsDone } } }";
        let still = head.ask_with(node, json!({ "id": id })).await;
        assert_eq!(still.at("/data/node/state"), "RUNNING", "the other one has a minute yet");
        app.advance(TimeDelta::minutes(2));
        let app = app.restart_with(|_| ()).await;
        let head = head.at(&app.url);
        let end = told(&app, &head, &id).await.pop().unwrap();
        assert_eq!((&end["state"], &end["rowsDone"]), (&json!("DONE"), &json!(2)));
        assert_eq!(units_in(&head, "A栋").await, 3);
        app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ends_every_gateway_is_given_up() {
    for app in idle().await {
        let head = app.actor("head").await;
        let begun = export(&head, "registerExport", json!({ "communityId": app.world.xinghe })).await.done();
        for _ in 0..3 {
            app.execute(&format!("{BEGUN} '2026-11-22T00:00:00+00:00'")).await;
        }
        let app = app.restart_with(|config| config.exchange.works = true).await;
        let end = told(&app, &head.at(&app.url), &begun.text("/dataTransfer/id")).await.pop().unwrap();
        assert_eq!((&end["state"], &end["failure"]), (&json!("FAILED"), &json!("INTERRUPTED")));
        app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_is_cancelled_at_once() {
    for app in idle().await {
        let head = app.actor("head").await;
        let input = json!({ "communityId": app.world.xinghe });
        let begun = import(&head, "registerImport", input.clone(), LIST.as_bytes()).await.done();
        let id = json!({ "id": begun.text("/dataTransfer/id") });
        assert_eq!(app.blobs().len(), 1);
        let cancelled = head.act("dataTransferCancel", id.clone(), "dataTransfer { state }").await.done();
        assert_eq!(cancelled.at("/dataTransfer/state"), "CANCELLED");
        assert_eq!(app.blobs(), [""; 0], "its file is gone");
        let again = head.act("dataTransferCancel", id, "").await;
        assert_eq!(again.at("/userErrors/0/code"), "INVALID");
        for _ in 0..10 {
            import(&head, "registerImport", input.clone(), LIST.as_bytes()).await.done();
        }
        let more = import(&head, "registerImport", input.clone(), LIST.as_bytes()).await;
        assert_eq!(more.at("/userErrors/0/code"), "INVALID", "who asks without end fills the store");
        app.stop().await;
    }
}

/// A gateway is stopped, or told to stop, while a long list comes in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_under_way_is_cancelled_or_given_back() {
    for app in both(|_| {}).await {
        let head = app.actor("head").await;
        let input = json!({ "communityId": app.world.xinghe });
        let begun = import(&head, "registerImport", input, long_list(8_000).as_bytes()).await.done();
        let id = begun.text("/dataTransfer/id");
        let mut ws = app.socket(&head).await;
        let query = "subscription($id: ID!) { dataTransferChanged(id: $id) { stage } }";
        ws.subscribe_with("1", query, json!({ "id": id })).await;
        while ws.data("1").await["dataTransferChanged"]["stage"] != "CHECKING" {}
        drop(ws);
        let app = app.restart().await;
        let head = head.at(&app.url);
        let mut ws = app.socket(&head).await;
        let query =
            "subscription($id: ID!) { dataTransferChanged(id: $id) { state stage rowsDone written } }";
        ws.subscribe_with("1", query, json!({ "id": id })).await;
        while ws.data("1").await["dataTransferChanged"]["stage"] != "WRITING" {}
        head.act("dataTransferCancel", json!({ "id": id }), "").await.done();
        let mut last = json!(null);
        loop {
            match ws.next().await {
                Got::Message(message) if message["type"] == "next" => {
                    last = message["payload"]["data"]["dataTransferChanged"].clone();
                }
                Got::Message(message) if message["type"] == "complete" => break,
                _ => {}
            }
        }
        assert_eq!((&last["state"], &last["written"]), (&json!("CANCELLED"), &json!(true)), "{last}");
        let units = units_in(&head, "长楼").await;
        assert!(units > 0 && units < 8_000, "what was written stays: {units}");
        assert_eq!(last["rowsDone"], units);
        app.stop().await;
    }
}
