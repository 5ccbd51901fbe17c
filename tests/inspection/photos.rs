use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{code, hang, round, start};
use crate::on_both;
use crate::support::picture::jpeg;
use crate::support::{Actor, App};

const PHOTOS: &str = "attachments { id status fileName }";

async fn again(actor: &Actor, id: &str, kind: &str, fields: &str) -> Value {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {fields} }} }} }}");
    actor.ask_with(&query, json!({ "id": id })).await.at("/data/node").clone()
}

async fn sees(actor: &Actor, photo: &str) -> bool {
    let link = again(actor, photo, "Attachment", "url").await;
    let Some(link) = link["url"].as_str() else { return false };
    assert_eq!(actor.fetch(link).await.0, 200);
    true
}

async fn finding(app: &App, extra: Value) -> (Actor, Value) {
    round(app).await;
    let assistant = app.actor("assistant").await;
    let patrol = start(&assistant, &app.world.a).await;
    let photo = assistant.upload("灯.jpg", &jpeg(10, 10)).await;
    let mut input =
        json!({ "patrolId": patrol, "what": "灯坏", "severity": "MAJOR", "attachmentIds": [photo] });
    input.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    let fields = format!("finding {{ id {PHOTOS} ticket {{ id {PHOTOS} timeline {{ act {PHOTOS} }} }} }}");
    let made = assistant.act("findingReport", input, &fields).await.done().at("/finding").clone();
    (assistant, made)
}

on_both! {
    async fn a_findings_photos_are_its_tickets_too(app) {
        let (_, made) = finding(app, json!({})).await;
        let photo = made["attachments"][0]["id"].as_str().unwrap();
        assert_eq!(made["attachments"], json!([{ "id": photo, "status": "ATTACHED", "fileName": "灯.jpg" }]));
        assert_eq!(made["ticket"]["attachments"], made["attachments"]);
        assert_eq!(made["ticket"]["timeline"], json!([{ "act": "FILE", "attachments": made["attachments"] }]));
        for (login, expected) in [
            ("assistant", true), ("supervisor", true), ("desk", true), ("group", true), ("quality", true),
            ("worker", false), ("lin-yi", false), ("admin", false), ("yunshan-head", false),
        ] {
            assert_eq!(sees(&app.actor(login).await, photo).await, expected, "{login}");
        }
        // What is attached to the ticket later shows what was done, and not what was found.
        let desk = app.actor("desk").await;
        let later = desk.upload("好了.jpg", &jpeg(10, 10)).await;
        let comment = json!({ "id": made["ticket"]["id"], "text": "修好", "visibility": "PUBLIC", "attachmentIds": [later] });
        desk.act("ticketComment", comment, "").await.done();
        let id = made["id"].as_str().unwrap();
        assert_eq!(again(&app.actor("supervisor").await, id, "Finding", PHOTOS).await["attachments"], made["attachments"]);
        // Redacted like any of the ticket's.
        let redact = json!({ "id": photo, "reason": "拍到人脸" });
        app.actor("supervisor").await.act("attachmentRedact", redact, "attachment { status }").await.done();
        assert_eq!(again(&app.actor("head").await, id, "Finding", PHOTOS).await["attachments"][0]["status"], "REDACTED");
    }

    async fn what_was_mended_on_the_spot_keeps_its_photos_to_those_who_inspect(app) {
        let (assistant, made) = finding(app, json!({ "mendedOnSpot": true })).await;
        let photo = made["attachments"][0]["id"].as_str().unwrap();
        assert_eq!(made["ticket"], Value::Null);
        for (login, expected) in [("assistant", true), ("supervisor", true), ("group", true), ("quality", true),
            ("desk", false), ("assistant2", false), ("worker", false), ("lin-yi", false), ("yunshan-head", false)] {
            assert_eq!(sees(&app.actor(login).await, photo).await, expected, "{login}");
        }
        let redact = json!({ "id": photo, "reason": "拍到人脸" });
        for (login, code) in [("assistant", "FORBIDDEN"), ("quality", "FORBIDDEN"), ("desk", "NOT_FOUND"), ("yunshan-head", "NOT_FOUND")] {
            assert_eq!(app.actor(login).await.act("attachmentRedact", redact.clone(), "").await.refusal(), code, "{login}");
        }
        let silent = json!({ "id": photo, "reason": " " });
        assert_eq!(app.actor("supervisor").await.act("attachmentRedact", silent, "").await.refusal(), "INVALID");
        for _ in 0..2 {
            let done = app.actor("supervisor").await.act("attachmentRedact", redact.clone(), "attachment { status url }").await;
            assert_eq!(done.done().at("/attachment"), &json!({ "status": "REDACTED", "url": null }));
        }
        assert_eq!(app.blobs().len(), 0);
        assert!(!sees(&assistant, photo).await);
    }

    async fn a_photo_that_is_not_ones_own_or_comes_twice_is_refused(app) {
        let (assistant, made) = finding(app, json!({})).await;
        let used = made["attachments"][0]["id"].clone();
        let others = app.actor("supervisor").await.upload("b.jpg", &jpeg(10, 10)).await;
        let patrol = assistant.ask("{ patrols { nodes { id } } }").await.text("/data/patrols/nodes/0/id");
        let nine = vec![json!(others); 10];
        for (ids, expected) in [
            (json!([used]), ["NOT_FOUND", "input.attachmentIds"]), (json!([others]), ["NOT_FOUND", "input.attachmentIds"]),
            (json!([others, others]), ["INVALID", "input.attachmentIds"]), (json!(nine), ["INVALID", "input.attachmentIds"]),
        ] {
            let input = json!({ "patrolId": patrol, "what": "灰", "severity": "MINOR", "mendedOnSpot": true, "attachmentIds": ids });
            assert_eq!(code(&assistant.act("findingReport", input, "").await.0), json!(expected), "{ids}");
        }
        let answer = assistant.ask("{ findings { totalCount } }").await;
        assert_eq!(answer.at("/data/findings/totalCount"), 1, "what was refused wrote nothing");
    }

    async fn a_patrol_sent_later_names_the_photos_that_went_before_it(app) {
        hang(app, &app.world.a, "A-DOOR", 1).await;
        app.advance(TimeDelta::days(1));
        let assistant = app.actor("assistant").await;
        let (lamp, door) = (assistant.upload("灯.jpg", &jpeg(10, 10)).await, assistant.upload("门.jpg", &jpeg(10, 10)).await);
        let walked = |second: &str| json!({
            "clientId": "phone-9", "buildingId": app.world.a,
            "startedAt": "2026-11-23T16:00:00Z", "finishedAt": "2026-11-23T16:40:00Z",
            "steps": [{ "code": "A-DOOR", "passedAt": "2026-11-23T16:10:00Z" }],
            "findings": [
                { "foundAt": "2026-11-23T16:20:00Z", "what": "灯坏", "severity": "MAJOR", "attachmentIds": [lamp] },
                { "foundAt": "2026-11-23T16:35:00Z", "what": "门开", "severity": "MINOR", "mendedOnSpot": true, "attachmentIds": [second] },
            ],
        });
        let strange = app.actor("desk").await.upload("x.jpg", &jpeg(10, 10)).await;
        let refused = assistant.act("patrolSync", walked(&strange), "").await;
        assert_eq!(code(&refused.0), json!(["NOT_FOUND", "input.findings.1.attachmentIds"]));
        let fields = format!("patrol {{ id findings {{ what {PHOTOS} ticket {{ {PHOTOS} }} }} }}");
        let made = assistant.act("patrolSync", walked(&door), &fields).await.done();
        let photo = |id: &str, name: &str| json!([{ "id": id, "status": "ATTACHED", "fileName": name }]);
        assert_eq!(made.at("/patrol/findings"), &json!([
            { "what": "灯坏", "attachments": photo(&lamp, "灯.jpg"), "ticket": { "attachments": photo(&lamp, "灯.jpg") } },
            { "what": "门开", "attachments": photo(&door, "门.jpg"), "ticket": null },
        ]));
        assert_eq!(assistant.act("patrolSync", walked(&door), &fields).await.done(), made, "sent again");
    }

    async fn a_spot_check_and_what_was_put_right_show_their_photos(app) {
        let (manager, cleaner) = (app.actor("manager").await, app.actor("cleaner").await);
        let photo = jpeg(10, 10);
        let files: &[(&str, &str, &[u8])] = &[("files.0", "地面.jpg", &photo)];
        let input = json!({ "teamId": app.world.cleaning, "score": 55, "remarks": "不净", "files": [null], "idempotencyKey": "k" });
        let fields = format!("spotCheck {{ id {PHOTOS} rectificationAttachments {{ id }} }}");
        let made = manager.act_with("spotCheckCreate", input.clone(), files, &fields).await.done();
        let blobs = app.blobs().len();
        assert_eq!(manager.act_with("spotCheckCreate", input, files, &fields).await.done(), made, "once");
        assert_eq!(app.blobs().len(), blobs);
        let (id, seen) = (made.text("/spotCheck/id"), made.text("/spotCheck/attachments/0/id"));
        assert!(!sees(&cleaner, &seen).await, "unpublished");
        manager.act("spotCheckPublish", json!({ "id": id, "rectifyBy": "2026-11-30" }), "").await.done();
        assert!(sees(&cleaner, &seen).await);
        let clean = cleaner.upload("净.jpg", &jpeg(10, 10)).await;
        let rectify = json!({ "id": id, "rectification": "扫了", "attachmentIds": [clean] });
        let done = cleaner.act("spotCheckRectify", rectify, &fields).await.done();
        assert_eq!(done.at("/spotCheck/rectificationAttachments"), &json!([{ "id": clean }]));
        assert_eq!(done.at("/spotCheck/attachments"), made.at("/spotCheck/attachments"));
        assert!(sees(&app.actor("supervisor").await, &clean).await && !sees(&app.actor("lin-yi").await, &clean).await);
    }
}
