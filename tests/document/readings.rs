use chrono::TimeDelta;
use serde_json::json;

use super::*;
use crate::on_both;

const FIELDS: &str = "action staff { name } occupant { name } community { code } details subjects";

/// The readings of a document as the head sees them; what is gathered by request is written in the background.
async fn awaited(app: &App, id: &str, count: usize) -> Vec<Value> {
    let head = app.actor("head").await;
    loop {
        let shown = again(&head, id, &format!("readings {{ {FIELDS} }}")).await["readings"].clone();
        let readings = shown.as_array().unwrap().clone();
        assert!(readings.len() <= count, "{readings:?}");
        if readings.len() == count {
            return readings;
        }
        tokio::task::yield_now().await;
    }
}

on_both! {
    async fn every_opening_of_the_content_is_told(app) {
        let (id, _) = filed(app, "assistant", "NORMAL").await;
        let (desk, resident) = (app.actor("desk").await, app.actor("lin-yi").await);
        let (status, headers, body) = desk.fetch(&link(&desk, &id).await).await;
        assert_eq!((status, body.as_slice()), (200, PDF));
        assert_eq!(headers["content-disposition"], "attachment; filename*=UTF-8''%E5%90%88%E5%90%8C.pdf");
        assert_eq!(headers["cache-control"], "no-store", "a browser's copy would be read untold");
        app.advance(TimeDelta::seconds(1));
        desk.fetch(&link(&desk, &id).await).await;
        app.advance(TimeDelta::seconds(1));
        resident.fetch(&link(&resident, &id).await).await;
        let about = json!([app.world.lin_yi, app.world.a101, id]);
        let by_desk = json!({
            "action": "ARCHIVE_READ", "staff": { "name": "前台小刘" }, "occupant": null, "community": { "code": "XH" },
            "details": { "what": "CONTENT" }, "subjects": about,
        });
        let by_resident = with(&by_desk, json!({ "staff": null, "occupant": { "name": "林一" } }));
        // What is said of it is NORMAL, and its reading is told to nobody.
        assert_eq!(awaited(app, &id, 3).await, [by_resident, by_desk.clone(), by_desk]);
    }

    async fn a_photo_of_the_archives_is_saved_too(app) {
        let assistant = app.actor("assistant").await;
        let photo = crate::support::picture::jpeg(10, 10);
        let files: &[(&str, &str, &[u8])] = &[("files.0", "a.jpg", &photo)];
        let done = assistant.act_with("documentFile", contract(app), files, "document { id files { url thumbnailUrl } }").await.done();
        for (place, count) in [("url", 1), ("thumbnailUrl", 2)] {
            let (status, headers, _) = assistant.fetch(&done.text(&format!("/document/files/0/{place}"))).await;
            assert_eq!((status, headers["content-disposition"].to_str().unwrap()), (200, "attachment; filename*=UTF-8''a.jpg"));
            awaited(app, &done.text("/document/id"), count).await;
        }
    }

    async fn what_is_said_of_a_confidential_one_is_told_when_it_is_read(app) {
        let (id, _) = filed(app, "head", "CONFIDENTIAL").await;
        let (other, _) = filed(app, "head", "NORMAL").await;
        // Whoever filed it read what they were answered.
        assert_eq!(awaited(app, &id, 1).await[0]["staff"], json!({ "name": "管理处主任" }));
        let supervisor = app.actor("supervisor").await;
        app.advance(TimeDelta::seconds(1));
        supervisor.ask("{ documents { nodes { title note } } again: documents { nodes { title category } } }").await;
        let told = awaited(app, &id, 2).await.remove(0);
        assert_eq!((&told["staff"]["name"], &told["details"]), (&json!("主管老李"), &json!({ "what": "RECORD" })));
        assert_eq!(told["subjects"], json!([app.world.lin_yi, app.world.a101, id]));
        let unit = "query($id: ID!) { node(id: $id) { ... on Unit { documents { title } } } }";
        supervisor.ask_with(unit, json!({ "id": app.world.a101 })).await;
        awaited(app, &id, 3).await;
        // Their own, and what says nothing of it, are no reading; a count tells nothing.
        app.actor("lin-yi").await.ask("{ documents { nodes { title category } } }").await;
        supervisor.ask("{ documents { totalCount nodes { id } } }").await;
        supervisor.ask("{ documents { nodes { files { id } } } }").await;
        awaited(app, &id, 4).await;
        assert_eq!(awaited(app, &other, 0).await, [] as [Value; 0]);
    }

    async fn who_reads_the_trail_is_shown_the_readings(app) {
        let (id, _) = filed(app, "manager", "NORMAL").await;
        let desk = app.actor("desk").await;
        for _ in 0..3 {
            desk.fetch(&link(&desk, &id).await).await;
        }
        for (login, expected) in [("head", 3), ("admin", 3), ("manager", 0), ("group", 0), ("desk", 0), ("lin-yi", 0)] {
            let shown = again(&app.actor(login).await, &id, "readings { id }").await;
            assert_eq!(shown["readings"].as_array().unwrap().len(), expected, "{login}");
        }
        let few = again(&app.actor("head").await, &id, "readings(last: 2) { id } none: readings(last: -1) { id }").await;
        assert_eq!((few["readings"].as_array().unwrap().len(), &few["none"]), (2, &json!([])));
        let query = "query($id: ID!) { auditTrail(filter: { subjectId: $id, actions: [ARCHIVE_READ] }) { totalCount } }";
        let head = app.actor("head").await;
        assert_eq!(head.ask_with(query, json!({ "id": id })).await.at("/data/auditTrail/totalCount"), 3);
    }

    async fn on_a_screen_it_is_told_to_each_by_themselves(app) {
        let (id, _) = filed(app, "assistant", "CONFIDENTIAL").await;
        let (supervisor, desk, resident) = (app.actor("supervisor").await, app.actor("desk").await, app.actor("lin-yi").await);
        awaited(app, &id, 1).await;
        app.advance(TimeDelta::seconds(1));
        let feed = "subscription { complaintFeed { __typename ... on TicketChanged { ticket { unit { documents { title } } } } } }";
        let mut screens = [app.socket(&supervisor).await, app.socket(&desk).await];
        for screen in &mut screens {
            screen.subscribe("1", feed).await;
            assert_eq!(screen.data("1").await["complaintFeed"]["__typename"], "FeedCaughtUp");
        }
        let input = json!({ "kind": "COMPLAINT", "unitId": app.world.a101, "description": "吵" });
        resident.act("ticketFile", input, "").await.done();
        let [of_supervisor, of_desk] = &mut screens;
        let shown = |told: Value| told["complaintFeed"]["ticket"]["unit"]["documents"].clone();
        assert_eq!(shown(of_supervisor.data("1").await), json!([{ "title": "购房合同" }]));
        assert_eq!(shown(of_desk.data("1").await), json!([]));
        assert_eq!(awaited(app, &id, 2).await[0]["staff"], json!({ "name": "主管老李" }));
    }
}
