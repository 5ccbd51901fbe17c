use std::time::Duration;

use concierge::domain::privacy::{KeptFor, LetGo, let_go};
use serde_json::json;

use crate::on_both;
use crate::support::App;
use crate::support::contents::contents;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

const KEPT: KeptFor = KeptFor {
    audit: Duration::from_secs(300 * 24 * 60 * 60),
    readings: Duration::from_secs(200 * 24 * 60 * 60),
    addresses: Duration::from_secs(100 * 24 * 60 * 60),
    idempotency: DAY,
    sessions: DAY,
    requests: Duration::from_secs(150 * 24 * 60 * 60),
};

/// The number of rows of a table.
async fn rows(app: &App, table: &str) -> usize {
    contents(app.database_url()).await[table].lines().count()
}

on_both! {
    async fn each_kind_is_let_go_when_its_time_is_over(app) {
        let (domain, days) = (&app.running.domain, chrono::TimeDelta::days);
        let resident = app.actor("lin-yi").await;
        let input = json!({ "kind": "REPAIR", "unitId": app.world.a101, "description": "漏水", "idempotencyKey": "k" });
        let ticket = resident.act("ticketFile", input, "ticket { id }").await.done().text("/ticket/id");
        let ask = json!({ "kind": "EXPORT", "password": crate::support::world::PASSWORD });
        let asked = resident.act("privacyRequest", ask.clone(), "privacyRequest { id }").await.done();
        let id = json!({ "id": asked.text("/privacyRequest/id") });
        app.actor("admin").await.act("privacyRequestFulfil", id, "").await.done();
        app.actor("desk").await.ask("{ occupants { nodes { phone } } }").await;
        while !contents(app.database_url()).await["audit"].contains("PERSONAL_DATA_READ") {
            tokio::task::yield_now().await;
        }
        assert_eq!(let_go(domain, &KEPT).await.unwrap(), LetGo::default(), "nothing is old yet");
        let (lines, sessions) = (rows(app, "audit").await, rows(app, "session").await);
        assert_eq!((rows(app, "idempotency").await, rows(app, "privacy_request").await, sessions), (1, 1, 3));

        // A session expires after 30 days, and is let go a day later.
        app.advance(days(32));
        let gone = let_go(domain, &KEPT).await.unwrap();
        assert_eq!(gone, LetGo { idempotency: 1, sessions: 3, ..LetGo::default() });
        app.advance(days(69));
        assert_eq!(let_go(domain, &KEPT).await.unwrap(), LetGo { addresses: 3, ..LetGo::default() });
        app.advance(days(50));
        assert_eq!(let_go(domain, &KEPT).await.unwrap(), LetGo { requests: 1, ..LetGo::default() });
        app.advance(days(50));
        assert_eq!(let_go(domain, &KEPT).await.unwrap(), LetGo { readings: 1, ..LetGo::default() });
        assert_eq!(rows(app, "audit").await, lines - 1);
        app.advance(days(100));
        let gone = let_go(domain, &KEPT).await.unwrap();
        assert_eq!(gone, LetGo { audit: lines as u64 - 1, ..LetGo::default() });
        assert_eq!((rows(app, "audit").await, rows(app, "audit_subject").await), (0, 0));

        // A request that is sent again after its key was let go is a new one; the matter itself is kept.
        let resident = app.actor("lin-yi").await;
        let found = resident.ask_with("query($id: ID!) { node(id: $id) { id } }", json!({ "id": ticket })).await;
        assert_eq!(found.at("/data/node/id"), &json!(ticket));
    }
}
