//! Files are hung on tickets: named, or sent along in one step.

use serde_json::{Value, json};

use super::{comment, complaint, seen};
use crate::on_both;
use crate::support::picture::{PDF, jpeg};
use crate::support::{Actor, App};

fn leak(app: &App) -> Value {
    json!({ "kind": "COMPLAINT", "unitId": app.world.a101, "description": "漏水" })
}

fn with(mut input: Value, other: &Value) -> Value {
    input.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
    input
}

async fn tickets(actor: &Actor) -> Value {
    actor.ask("{ tickets { totalCount } }").await.at("/data/tickets/totalCount").clone()
}

on_both! {
    async fn photos_are_uploaded_first_and_named_when_the_ticket_is_filed(app) {
        let (resident, desk) = (app.actor("lin-yi").await, app.actor("desk").await);
        let (one, two) = (resident.upload("1.jpg", &jpeg(10, 10)).await, resident.upload("2.pdf", PDF).await);
        let input = with(leak(app), &json!({ "attachmentIds": [two, one] }));
        let fields = "ticket { id attachments { id status fileName } timeline { act attachments { id } } }";
        let filed = resident.act("ticketFile", input, fields).await.done();
        let attached = json!([
            { "id": two, "status": "ATTACHED", "fileName": "2.pdf" },
            { "id": one, "status": "ATTACHED", "fileName": "1.jpg" },
        ]);
        assert_eq!(filed.at("/ticket/attachments"), &attached);
        assert_eq!(
            filed.at("/ticket/timeline"),
            &json!([{ "act": "FILE", "attachments": [{ "id": two }, { "id": one }] }])
        );
        assert_eq!(seen(&desk, &filed.text("/ticket/id"), "id status fileName").await, attached);
    }

    async fn a_phone_files_a_ticket_with_its_photos_in_one_step_and_the_desk_sees_them_come(app) {
        let (resident, desk) = (app.actor("lin-yi").await, app.actor("desk").await);
        let mut screen = app.socket(&desk).await;
        let query = "subscription { complaintFeed { __typename ... on TicketChanged { act ticket { \
            attachments { fileName width height mediaType thumbnailUrl } } } } }";
        screen.subscribe("1", query).await;
        assert_eq!(screen.data("1").await, json!({ "complaintFeed": { "__typename": "FeedCaughtUp" } }));
        let input = with(leak(app), &json!({ "idempotencyKey": "draft-1", "files": [null, null] }));
        let (one, two) = (jpeg(30, 20), jpeg(20, 30));
        let files: [(&str, &str, &[u8]); 2] = [("files.0", "一.jpg", &one), ("files.1", "二.jpg", &two)];
        let fields = "ticket { id attachments { fileName width height } }";
        let filed = resident.act_with("ticketFile", input.clone(), &files, fields).await.done();
        let attached = json!([
            { "fileName": "一.jpg", "width": 30, "height": 20 },
            { "fileName": "二.jpg", "width": 20, "height": 30 },
        ]);
        assert_eq!(filed.at("/ticket/attachments"), &attached);
        assert_eq!(app.blobs().len(), 4);

        // Its links are the desk's own, and good.
        let mut told = screen.data("1").await["complaintFeed"].take();
        assert_eq!(told["act"], "FILE");
        let link = told["ticket"]["attachments"][1]["thumbnailUrl"].take();
        assert_eq!(told["ticket"]["attachments"][1], json!({
            "fileName": "二.jpg", "width": 20, "height": 30, "mediaType": "image/jpeg", "thumbnailUrl": null
        }));
        assert_eq!(desk.fetch(link.as_str().unwrap()).await.0, 200);

        // Sent twice, filed once, and kept once.
        let again = resident.act_with("ticketFile", input.clone(), &files, fields).await.done();
        assert_eq!(again, filed);
        assert_eq!(app.blobs().len(), 4);
        let others: [(&str, &str, &[u8]); 2] = [("files.0", "一.jpg", &one), ("files.1", "二.jpg", &one)];
        assert_eq!(resident.act_with("ticketFile", input, &others, fields).await.refusal(), "KEY_REUSED");
        assert_eq!(app.blobs().len(), 4);
        assert_eq!(tickets(&desk).await, 1);
    }

    async fn each_is_told_links_of_their_own(app) {
        let (desk, mate, resident) = (app.actor("desk").await, app.actor("desk2").await, app.actor("lin-yi").await);
        let mut links = Vec::new();
        let mut screens = Vec::new();
        for actor in [&desk, &mate] {
            let mut screen = app.socket(actor).await;
            screen.subscribe("1", "subscription { complaintFeed { ... on TicketChanged { ticket { attachments { url } } } } }").await;
            assert_eq!(screen.data("1").await, json!({ "complaintFeed": {} }));
            screens.push(screen);
        }
        let content = jpeg(10, 10);
        let input = with(leak(app), &json!({ "files": [null] }));
        resident.act_with("ticketFile", input, &[("files.0", "a.jpg", &content)], "").await.done();
        for screen in &mut screens {
            let told = screen.data("1").await;
            links.push(told.pointer("/complaintFeed/ticket/attachments/0/url").unwrap().as_str().unwrap().to_owned());
        }
        assert_ne!(links[0], links[1]);
    }

    async fn photos_come_with_comments_with_what_was_done_and_with_orders(app) {
        let (resident, desk) = (app.actor("lin-yi").await, app.actor("desk").await);
        let (worker, supervisor) = (app.actor("worker").await, app.actor("supervisor").await);
        let id = complaint(app).await;
        let content = jpeg(10, 10);
        let file: [(&str, &str, &[u8]); 1] = [("files.0", "a.jpg", &content)];
        // A photo speaks for itself.
        let input = json!({ "id": id, "text": " ", "visibility": "PUBLIC", "files": [null] });
        resident.act_with("ticketComment", input, &file, "").await.done();
        desk.act("ticketAssign", json!({ "id": id, "ownerId": app.world.staff("supervisor") }), "").await.done();
        let input = json!({ "id": id, "teamId": app.world.engineering, "task": "去看看" });
        let order = desk.act("workOrderDispatch", input, "workOrder { id }").await.done().text("/workOrder/id");
        worker.act("workOrderTake", json!({ "id": order }), "").await.done();
        let input = json!({ "id": order, "result": "换了水管", "files": [null] });
        worker.act_with("workOrderFinish", input, &file, "").await.done();
        let uploaded = supervisor.upload("b.pdf", PDF).await;
        let input = json!({ "id": id, "resolution": "修好了", "attachmentIds": [uploaded], "files": [null] });
        supervisor.act_with("ticketResolve", input, &file, "").await.done();
        let query = "query($id: ID!) { node(id: $id) { ... on Ticket { timeline { act text attachments { kind } } } } }";
        let lines = resident.ask_with(query, json!({ "id": id })).await;
        let (photo, document) = (json!({ "kind": "PHOTO" }), json!({ "kind": "DOCUMENT" }));
        let with_files: Vec<_> = lines.at("/data/node/timeline").as_array().unwrap().iter()
            .filter(|line| line["attachments"] != json!([])).cloned().collect();
        assert_eq!(json!(with_files), json!([
            { "act": "COMMENT", "text": null, "attachments": [photo] },
            { "act": "FINISH_ORDER", "text": "换了水管", "attachments": [photo] },
            { "act": "RESOLVE", "text": "修好了", "attachments": [document, photo] },
        ]));
    }

    async fn a_comment_that_is_sent_twice_is_written_once(app) {
        let resident = app.actor("lin-yi").await;
        let id = complaint(app).await;
        let content = jpeg(10, 10);
        let send = async |key: &str, text: &str| {
            let input = json!({ "idempotencyKey": key, "id": id, "text": text, "visibility": "PUBLIC", "files": [null] });
            let file: [(&str, &str, &[u8]); 1] = [("files.0", "a.jpg", &content)];
            resident.act_with("ticketComment", input, &file, "ticket { revision }").await
        };
        let first = send("line-1", "见图").await.done();
        assert_eq!(send("line-1", "见图").await.done(), first);
        assert_eq!(app.blobs().len(), 2);
        assert_eq!(send("line-1", "看图").await.refusal(), "KEY_REUSED");
        assert_eq!(app.blobs().len(), 2);
        assert_ne!(send("line-2", "见图").await.done(), first);
        assert_eq!(seen(&resident, &id, "fileName").await.as_array().unwrap().len(), 2);
    }

    async fn only_what_is_ones_own_and_hangs_on_nothing_is_attached(app) {
        let (resident, other) = (app.actor("lin-yi").await, app.actor("wang-lin").await);
        let (own, theirs) = (resident.upload("a.pdf", PDF).await, other.upload("b.pdf", PDF).await);
        let unknown = format!("attachment:{}", "0190a0b1-0000-7000-8000-000000000000");
        let file = async |ids: Value| {
            resident.act("ticketFile", with(leak(app), &json!({ "attachmentIds": ids })), "ticket { id }").await
        };
        for id in [&theirs, &unknown] {
            let refused = file(json!([own, id])).await;
            assert_eq!(refused.refusal(), "NOT_FOUND");
            assert_eq!(refused.at("/userErrors/0/field"), &json!(["input", "attachmentIds"]));
            assert_eq!(refused.at("/userErrors/0/message"), &json!(format!("there is no attachment {id}")));
        }
        assert_eq!(
            file(json!([own, own])).await.at("/userErrors/0/message"),
            &json!(format!("{own} is named twice"))
        );
        assert_eq!(
            file(json!(vec![&own; 10])).await.at("/userErrors/0/message"),
            "10 files are too many; at most 9 come with one act"
        );
        assert_eq!(file(json!([app.world.a])).await.refusal(), "INVALID");
        assert_eq!(tickets(&resident).await, 0);
        file(json!([own])).await.done();
        // It hangs on that one now.
        assert_eq!(file(json!([own])).await.refusal(), "NOT_FOUND");
        assert_eq!(tickets(&resident).await, 1);
    }

    async fn what_comes_with_an_act_that_is_refused_is_not_kept(app) {
        let (resident, neighbour) = (app.actor("lin-yi").await, app.actor("wang-lin").await);
        let id = complaint(app).await;
        let content = jpeg(10, 10);
        let file: [(&str, &str, &[u8]); 1] = [("files.0", "a.jpg", &content)];
        let input = json!({ "id": id, "text": "", "visibility": "PUBLIC", "files": [null] });
        assert_eq!(neighbour.act_with("ticketComment", input, &file, "").await.refusal(), "NOT_FOUND");
        let input = json!({ "id": id, "text": "", "visibility": "INTERNAL", "files": [null] });
        assert_eq!(resident.act_with("ticketComment", input, &file, "").await.refusal(), "FORBIDDEN");
        let unknown = "attachment:0190a0b1-0000-7000-8000-000000000000";
        let input = with(leak(app), &json!({ "attachmentIds": [unknown], "files": [null] }));
        assert_eq!(resident.act_with("ticketFile", input, &file, "").await.refusal(), "NOT_FOUND");
        // The second of two is broken: the first is not kept either.
        let input = with(leak(app), &json!({ "files": [null, null] }));
        let files: [(&str, &str, &[u8]); 2] = [("files.0", "a.jpg", &content), ("files.1", "b.jpg", b"text")];
        let refused = resident.act_with("ticketFile", input, &files, "").await;
        assert_eq!(refused.at("/userErrors/0/field"), &json!(["input", "files", "1"]));
        assert_eq!(tickets(&resident).await, 1);
        assert_eq!(app.blobs(), Vec::<String>::new());
        // A comment without a photo needs words.
        let input = json!({ "id": id, "text": " ", "visibility": "PUBLIC" });
        let refused = resident.act("ticketComment", input, "").await;
        assert_eq!(refused.at("/userErrors/0/message"), "a text is needed here; this one is empty");
    }

    async fn of_two_that_take_the_same_file_at_once_one_gets_it(app) {
        let resident = app.actor("lin-yi").await;
        let (id, file) = (complaint(app).await, resident.upload("a.pdf", PDF).await);
        let input = json!({ "id": id, "text": "见图", "visibility": "PUBLIC", "attachmentIds": [file] });
        let say = || resident.act("ticketComment", input.clone(), "");
        let (one, two) = tokio::join!(say(), say());
        let refusals = [&one, &two].iter().filter(|answer| answer.at("/userErrors") != &json!([])).count();
        assert_eq!(refusals, 1, "{one:?} {two:?}");
        assert_eq!(seen(&resident, &id, "id").await, json!([{ "id": file }]));
    }

    async fn a_ticket_has_two_hundred_files_at_most(app) {
        let resident = app.actor("lin-yi").await;
        let id = complaint(app).await;
        let first = resident.upload("a.pdf", PDF).await;
        comment(&resident, &id, "PUBLIC", &[&first]).await;
        let fresh = if app.is_postgres() { "gen_random_uuid()" } else { "randomblob(16)" };
        let columns = "community_id, uploaded_by_id, kind, status, media_type, bytes, ticket_id, ticket_event_id, \
            visibility, place, created_at, attached_at";
        app.execute(&format!(
            "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 198) \
             INSERT INTO attachment (id, {columns}) SELECT {fresh}, {columns} FROM attachment, counted"
        ))
        .await;
        let (one, two) = (resident.upload("b.pdf", PDF).await, resident.upload("c.pdf", PDF).await);
        let input = json!({ "id": id, "text": "", "visibility": "PUBLIC", "attachmentIds": [one, two] });
        let refused = resident.act("ticketComment", input, "").await;
        assert_eq!(
            refused.at("/userErrors/0/message"),
            "the ticket has 199 files; at most 200 are kept with one"
        );
        comment(&resident, &id, "PUBLIC", &[&one]).await;
    }

    async fn they_stand_in_the_order_in_which_they_came(app) {
        let (resident, desk) = (app.actor("lin-yi").await, app.actor("desk").await);
        let id = complaint(app).await;
        let mut names = Vec::new();
        for (place, actor) in [&resident, &desk, &resident].into_iter().enumerate() {
            app.advance(chrono::TimeDelta::seconds(1));
            let (one, two) = (format!("{place}-1.pdf"), format!("{place}-2.pdf"));
            let (second, first) = (actor.upload(&two, PDF).await, actor.upload(&one, PDF).await);
            comment(actor, &id, "PUBLIC", &[&first, &second]).await;
            names.extend([json!({ "fileName": one }), json!({ "fileName": two })]);
        }
        assert_eq!(seen(&resident, &id, "fileName").await, json!(names));
    }
}
