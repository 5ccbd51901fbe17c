//! Who lives here files while a long list comes in.

use serde_json::json;

use super::{import, long_list, units_in};
use crate::on_both;

const ROWS: usize = 12_000;

on_both! {
    async fn a_ticket_is_filed_while_a_list_comes_in(app) {
        let (head, lin) = (app.actor("head").await, app.actor("lin-yi").await);
        let input = json!({ "communityId": app.world.xinghe });
        let begun = import(&head, "registerImport", input, long_list(ROWS).as_bytes()).await.done();
        let id = begun.text("/dataTransfer/id");
        let mut ws = app.socket(&head).await;
        let query = "subscription($id: ID!) { dataTransferChanged(id: $id) { state stage rowsDone } }";
        ws.subscribe_with("1", query, json!({ "id": id })).await;
        let mut filed_in = Vec::new();
        loop {
            let told = ws.data("1").await["dataTransferChanged"].clone();
            if told["state"] == "DONE" {
                break;
            }
            let stage = told["stage"].as_str().unwrap_or("QUEUED").to_owned();
            if stage == "QUEUED" || filed_in.contains(&stage) {
                continue;
            }
            let file = json!({ "kind": "COMPLAINT", "unitId": app.world.a101, "description": stage });
            lin.act("ticketFile", file, "").await.done();
            let now = "query($id: ID!) { node(id: $id) { ... on DataTransfer { state } } }";
            let now = head.ask_with(now, json!({ "id": id })).await;
            assert_eq!(now.at("/data/node/state"), "RUNNING", "it was filed in {stage}, and that still goes on");
            filed_in.push(stage);
        }
        assert_eq!(filed_in, ["CHECKING", "WRITING"]);
        assert_eq!(units_in(&head, "长楼").await, ROWS as i64);
    }
}
