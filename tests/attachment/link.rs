//! `/files/…`: the links to what attachments hold.

use chrono::TimeDelta;
use serde_json::Value;

use super::{comment, complaint, link};
use crate::on_both;
use crate::support::picture::{PDF, jpeg};
use crate::support::{Actor, App};

/// The code of what was answered instead of a file.
fn code(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap();
    assert!(body["errors"][0]["message"].is_string(), "{body}");
    body["errors"][0]["extensions"]["code"].as_str().unwrap().to_owned()
}

async fn refused(actor: &Actor, link: &str) -> (u16, String) {
    let (status, headers, body) = actor.fetch(link).await;
    assert_eq!(headers["cache-control"], "no-store");
    (status, code(&body))
}

fn not_found() -> (u16, String) {
    (404, "NOT_FOUND".to_owned())
}

on_both! {
    async fn a_photo_is_served_so_that_nothing_in_it_can_do_harm(app) {
        let resident = app.actor("lin-yi").await;
        let id = resident.upload("厨房.jpg", &jpeg(10, 10)).await;
        let link = link(&resident, &id, "url").await;
        assert!(link.starts_with(&format!("/files/{}?", id.strip_prefix("attachment:").unwrap())), "{link}");
        let (status, headers, body) = resident.fetch(&link).await;
        assert_eq!(status, 200);
        for (name, value) in [
            ("content-type", "image/jpeg"),
            ("content-disposition", "inline; filename*=UTF-8''%E5%8E%A8%E6%88%BF.jpg"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox"),
            ("cross-origin-resource-policy", "cross-origin"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "private, max-age=300, immutable"),
            ("content-length", &body.len().to_string()),
        ] {
            assert_eq!(headers[name], value, "{name}");
        }
        let counted = app.client.get(format!("{}/metrics", app.url)).send().await.unwrap().text().await.unwrap();
        assert!(counted.contains("concierge_files_served_total{status=\"200\"}"), "{counted}");
        assert!(counted.contains("concierge_files_received_total"), "{counted}");
        // Who has it already is told so.
        let tag = headers["etag"].to_str().unwrap();
        let request = app.client.get(format!("{}{link}", app.url)).header("if-none-match", format!("\"x\", {tag}"));
        let again = request.send().await.unwrap();
        assert_eq!((again.status().as_u16(), &again.headers()["etag"]), (304, &headers["etag"]));
        assert_eq!(again.bytes().await.unwrap().len(), 0);
        let head = app.client.head(format!("{}{link}", app.url)).send().await.unwrap();
        assert_eq!((head.status().as_u16(), head.headers()["content-type"].to_str().unwrap()), (200, "image/jpeg"));
    }

    async fn a_document_is_saved_rather_than_shown(app) {
        let resident = app.actor("lin-yi").await;
        let id = resident.upload("合同.pdf", PDF).await;
        let (_, headers, body) = resident.fetch(&link(&resident, &id, "url").await).await;
        assert_eq!(headers["content-disposition"], "attachment; filename*=UTF-8''%E5%90%88%E5%90%8C.pdf");
        assert_eq!((headers["content-type"].to_str().unwrap(), body.as_slice()), ("application/pdf", PDF));
    }

    async fn a_link_is_good_for_five_minutes(app) {
        let resident = app.actor("lin-yi").await;
        let id = resident.upload("a.jpg", &jpeg(10, 10)).await;
        let first = link(&resident, &id, "url").await;
        app.advance(TimeDelta::seconds(30));
        // Asked again within the minute it is the same, so that a browser has it already.
        assert_eq!(link(&resident, &id, "url").await, first);
        app.advance(TimeDelta::seconds(269));
        assert_eq!(resident.fetch(&first).await.0, 200);
        app.advance(TimeDelta::seconds(1));
        assert_eq!(refused(&resident, &first).await, (410, "LINK_EXPIRED".to_owned()));
        assert_eq!(resident.fetch(&link(&resident, &id, "url").await).await.0, 200);
    }

    async fn a_link_is_good_only_as_it_was_made(app) {
        let resident = app.actor("lin-yi").await;
        let (id, other) = (resident.upload("a.jpg", &jpeg(10, 10)).await, resident.upload("b.jpg", &jpeg(10, 10)).await);
        let (whole, small) = (link(&resident, &id, "url").await, link(&resident, &id, "thumbnailUrl").await);
        let uuid = |id: &str| id.strip_prefix("attachment:").unwrap().to_owned();
        let mate = app.actor("lin-er").await.upload("c.pdf", PDF).await;
        let theirs = link(&app.actor("lin-er").await, &mate, "url").await;
        let part = |link: &str, name: &str| {
            let (_, rest) = link.split_once(&format!("{name}=")).unwrap();
            rest.split('&').next().unwrap().to_owned()
        };
        for wrong in [
            whole.replace(&uuid(&id), &uuid(&other)),
            small.replace("variant=thumbnail&", ""),
            whole.replace('?', "?variant=thumbnail&"),
            whole.replace('?', "?variant=other&"),
            whole.replace(&part(&whole, "account"), &part(&theirs, "account")),
            whole.replace(&part(&whole, "expires"), "1895399500"),
            whole.replace(&part(&whole, "expires"), "-1"),
            whole.replace(&part(&whole, "signature"), &part(&small, "signature")),
            whole.replace(&part(&whole, "signature"), ""),
            whole.split('?').next().unwrap().to_owned(),
            "/files/nonsense?x=%ff".to_owned(),
            whole.replace("/files/", "/files/%ff"),
            format!("/files/{}?account=1&account=2", uuid(&id)),
            whole.replace("/files/", "/files/../files/x"),
        ] {
            assert_eq!(refused(&resident, &wrong).await, not_found(), "{wrong}");
        }
        let posted = app.client.post(format!("{}{whole}", app.url)).send().await.unwrap();
        assert_eq!(posted.status().as_u16(), 405);
    }

    async fn a_link_ends_with_the_right_to_see(app) {
        let (worker, desk) = (app.actor("worker").await, app.actor("desk").await);
        let id = complaint(app).await;
        let file = desk.upload("a.pdf", PDF).await;
        comment(&desk, &id, "INTERNAL", &[&file]).await;
        desk.act("ticketAssign", serde_json::json!({ "id": id, "ownerId": app.world.staff("supervisor") }), "").await.done();
        let input = serde_json::json!({ "id": id, "teamId": app.world.engineering, "task": "去看看" });
        let order = desk.act("workOrderDispatch", input, "workOrder { id }").await.done().text("/workOrder/id");
        let link = link(&worker, &file, "url").await;
        assert_eq!(worker.fetch(&link).await.0, 200);
        worker.act("workOrderReturn", serde_json::json!({ "id": order, "reason": "不是我们的" }), "").await.done();
        assert_eq!(refused(&worker, &link).await, not_found());
    }

    async fn what_is_not_in_the_store_is_not_there(app) {
        let resident = app.actor("lin-yi").await;
        let id = resident.upload("a.pdf", PDF).await;
        std::fs::remove_file(app.config().files_folder().join(&app.blobs()[0])).unwrap();
        assert_eq!(refused(&resident, &link(&resident, &id, "url").await).await, not_found());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_long_a_link_is_good_is_a_setting() {
    let app = App::with(|config| config.auth.file_link_ttl = std::time::Duration::from_secs(2)).await;
    let resident = app.actor("lin-yi").await;
    let id = resident.upload("a.pdf", PDF).await;
    let link = link(&resident, &id, "url").await;
    assert_eq!(resident.fetch(&link).await.1["cache-control"], "private, max-age=2, immutable");
    app.advance(TimeDelta::seconds(2));
    assert_eq!(refused(&resident, &link).await.0, 410);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_of_one_gateway_is_good_at_another() {
    let Some(app) = App::on_postgres().await else { return };
    let resident = app.actor("lin-yi").await;
    let id = resident.upload("a.pdf", PDF).await;
    let link = link(&resident, &id, "url").await;
    let (running, url) = app.second().await;
    assert_eq!(resident.at(&url).fetch(&link).await.2, PDF);
    running.stop().await;
    app.stop().await;
}
