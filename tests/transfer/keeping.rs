//! How long the files are kept.

use std::time::Duration;

use chrono::TimeDelta;
use concierge::domain::transfer::{Swept, sweep};
use serde_json::json;

use super::{LIST, ended, export, import};
use crate::on_both;
use crate::support::contents::contents;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

on_both! {
    async fn files_and_refusals_go_after_their_time(app) {
        let head = app.actor("head").await;
        let input = json!({ "communityId": app.world.xinghe });
        ended(app, &head, import(&head, "registerImport", input.clone(), LIST.as_bytes()).await).await;
        assert_eq!(app.blobs(), [""; 0], "what an import has read is gone with its end");
        let broken = "楼栋,房号,入住日期,姓名\nA栋,1,不是日期,Zyxwanda\n";
        let refused = ended(app, &head, import(&head, "registerImport", input.clone(), broken.as_bytes()).await).await;
        let done = ended(app, &head, export(&head, "registerExport", input).await).await;
        assert_eq!(app.blobs().len(), 1);
        assert_eq!(sweep(&app.running.domain, DAY).await.unwrap(), Swept::default());
        app.advance(TimeDelta::days(1));
        assert_eq!(sweep(&app.running.domain, DAY).await.unwrap(), Swept { transfers: 3, orphans: 0 });
        assert_eq!(app.blobs(), [""; 0]);
        let head = app.actor("head").await;
        for id in [&refused["id"], &done["id"]] {
            let query = "query($id: ID!) { node(id: $id) { ... on DataTransfer {
                filesGoneAt fileName resultUrl refusalsUrl refusals { totalCount nodes { value } } } } }";
            let node = head.ask_with(query, json!({ "id": id })).await;
            assert_eq!(node.at("/data/node"), &json!({
                "filesGoneAt": "2026-11-24T02:00:00.000000Z", "fileName": null, "resultUrl": null, "refusalsUrl": null,
                "refusals": { "totalCount": 0, "nodes": [] },
            }));
        }
        let rows = contents(app.database_url()).await;
        assert_eq!(rows["data_transfer_refusal"], "");
    }
}
