//! What is left over goes.

use chrono::TimeDelta;
use concierge::domain::attachment::{Swept, sweep};
use serde_json::{Value, json};

use super::{comment, complaint, link};
use crate::on_both;
use crate::support::App;
use crate::support::picture::{PDF, jpeg};

async fn swept(app: &App) -> Swept {
    sweep(&app.running.domain).await.unwrap()
}

/// Puts a blob into the store that no row knows of, made so long ago.
fn leave_orphan(app: &App, ago: TimeDelta) -> String {
    let at = app.clock.now() - ago;
    let millis = u64::try_from(at.timestamp_millis()).unwrap();
    let id = uuid::Builder::from_unix_timestamp_millis(millis, &[7; 10]).into_uuid();
    let day = app.config().files_folder().join(at.date_naive().to_string());
    std::fs::create_dir_all(&day).unwrap();
    std::fs::write(day.join(id.to_string()), "left over").unwrap();
    std::fs::write(day.join(format!("{id}.thumbnail")), "left over").unwrap();
    id.to_string()
}

on_both! {
    async fn what_was_never_attached_goes_after_a_day(app) {
        let resident = app.actor("lin-yi").await;
        let ticket = complaint(app).await;
        let (kept, left) = (resident.upload("a.pdf", PDF).await, resident.upload("b.jpg", &jpeg(10, 10)).await);
        comment(&resident, &ticket, "PUBLIC", &[&kept]).await;
        app.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
        assert_eq!(swept(app).await, Swept::default());
        assert_eq!(app.blobs().len(), 3);
        app.advance(TimeDelta::seconds(1));
        assert_eq!(swept(app).await, Swept { pending: 1, ..Swept::default() });
        assert_eq!(swept(app).await, Swept::default());
        let resident = app.actor("lin-yi").await;
        let nodes = resident.ask_with("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": [kept, left] })).await;
        assert_eq!(nodes.at("/data/nodes"), &json!([{ "id": kept }, null]));
        assert_eq!(app.blobs().len(), 1);
        assert_eq!(resident.fetch(&link(&resident, &kept, "url").await).await.2, PDF);
        let late = json!({ "id": ticket, "text": "x", "visibility": "PUBLIC", "attachmentIds": [left] });
        assert_eq!(resident.act("ticketComment", late, "").await.refusal(), "NOT_FOUND");
    }

    async fn what_no_row_knows_of_goes_after_an_hour(app) {
        let resident = app.actor("lin-yi").await;
        resident.upload("a.jpg", &jpeg(10, 10)).await;
        leave_orphan(app, TimeDelta::hours(2));
        leave_orphan(app, TimeDelta::days(40));
        let young = leave_orphan(app, TimeDelta::minutes(59));
        // What is not ours is let be.
        let strange = app.config().files_folder().join("2026-11-23").join("README");
        std::fs::write(strange, "hello").unwrap();
        assert_eq!(app.blobs().len(), 2 + 6 + 1);
        assert_eq!(swept(app).await, Swept { orphans: 2, ..Swept::default() });
        assert_eq!(swept(app).await, Swept::default());
        let left = app.blobs();
        assert_eq!(left.len(), 2 + 2 + 1, "{left:?}");
        assert!(left.iter().any(|blob| blob.contains(&young)));
    }

    async fn what_was_taken_away_and_could_not_be_removed_goes_later(app) {
        let (resident, supervisor) = (app.actor("lin-yi").await, app.actor("supervisor").await);
        let ticket = complaint(app).await;
        let id = resident.upload("a.pdf", PDF).await;
        comment(&resident, &ticket, "PUBLIC", &[&id]).await;
        let link = link(&resident, &id, "url").await;
        // Where the blob was stands a folder, which cannot be removed as a file is.
        let blob = app.config().files_folder().join(&app.blobs()[0]);
        std::fs::remove_file(&blob).unwrap();
        std::fs::create_dir_all(blob.join("in the way")).unwrap();
        supervisor.act("attachmentRedact", json!({ "id": id, "reason": "x" }), "").await.done();
        let (status, _, body) = resident.fetch(&link).await;
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (410, &json!("REDACTED")));
        assert!(sweep(&app.running.domain).await.is_err());
        std::fs::remove_dir_all(&blob).unwrap();
        std::fs::write(&blob, PDF).unwrap();
        assert_eq!(swept(app).await, Swept { redacted: 1, ..Swept::default() });
        assert_eq!(app.blobs(), Vec::<String>::new());
        assert_eq!(swept(app).await, Swept::default());
    }

    async fn two_gateways_sweep_at_once(app) {
        let resident = app.actor("lin-yi").await;
        for _ in 0..5 {
            resident.upload("a.pdf", PDF).await;
        }
        app.advance(TimeDelta::days(2));
        let (one, two) = tokio::join!(swept(app), swept(app));
        assert_eq!(one.pending + two.pending, 5);
        assert_eq!(app.blobs(), Vec::<String>::new());
    }
}
