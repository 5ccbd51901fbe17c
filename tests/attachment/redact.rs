//! `attachmentRedact`.

use serde_json::{Value, json};

use super::{comment, complaint, link, seen};
use crate::on_both;
use crate::support::picture::{PDF, jpeg};
use crate::support::{Actor, Answer};

async fn redact(actor: &Actor, id: &str) -> Answer {
    let input = json!({ "id": id, "reason": "拍到了别人的脸" });
    actor.act("attachmentRedact", input, "attachment { id status url thumbnailUrl fileName bytes }").await
}

on_both! {
    async fn what_it_held_is_gone_and_that_it_was_there_stays(app) {
        let (resident, supervisor) = (app.actor("lin-yi").await, app.actor("supervisor").await);
        let ticket = complaint(app).await;
        let (id, other) = (resident.upload("脸.jpg", &jpeg(10, 10)).await, resident.upload("b.pdf", PDF).await);
        comment(&resident, &ticket, "PUBLIC", &[&id, &other]).await;
        let (old, small) = (link(&resident, &id, "url").await, link(&resident, &id, "thumbnailUrl").await);
        let versions = "query($id: ID!) { node(id: $id) { ... on Ticket { version revision } } }";
        let before = resident.ask_with(versions, json!({ "id": ticket })).await;
        let mut screen = app.socket(&supervisor).await;
        let query = "subscription($id: ID!) { ticketChanged(id: $id) { __typename ... on TicketChanged { act ticket { attachments { status url } } } } }";
        screen.subscribe_with("1", query, json!({ "id": ticket })).await;
        while screen.data("1").await["ticketChanged"]["__typename"] != "FeedCaughtUp" {}

        let done = redact(&supervisor, &id).await.done();
        let redacted = done.at("/attachment").clone();
        let bytes = redacted["bytes"].clone();
        assert_eq!(redacted, json!({ "id": id, "status": "REDACTED", "url": null, "thumbnailUrl": null, "fileName": null, "bytes": bytes }));
        let mut told = screen.data("1").await["ticketChanged"].take();
        while told["act"] != "REDACT" {
            told = screen.data("1").await["ticketChanged"].take();
        }
        assert_eq!(told["ticket"]["attachments"][0], json!({ "status": "REDACTED", "url": null }));

        assert_eq!(seen(&resident, &ticket, "status fileName").await, json!([
            { "status": "REDACTED", "fileName": null },
            { "status": "ATTACHED", "fileName": "b.pdf" },
        ]));
        for link in [old, small] {
            let (status, _, body) = resident.fetch(&link).await;
            let body: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (410, &json!("REDACTED")));
        }
        assert_eq!(app.blobs().len(), 1, "the other's");
        // Whoever acts on the ticket need not have seen it: the version stays.
        let after = resident.ask_with(versions, json!({ "id": ticket })).await;
        assert_eq!(before.at("/data/node/version"), after.at("/data/node/version"));
        assert_ne!(before.at("/data/node/revision"), after.at("/data/node/revision"));
        // Staff read why; the reporter sees that it was done by what they see.
        let lines = "query($id: ID!) { node(id: $id) { ... on Ticket { timeline { act text params } } } }";
        let line = supervisor.ask_with(lines, json!({ "id": ticket })).await;
        assert_eq!(
            line.at("/data/node/timeline").as_array().unwrap().last().unwrap(),
            &json!({ "act": "REDACT", "text": "拍到了别人的脸", "params": { "attachment": id } })
        );
        assert!(!resident.ask_with(lines, json!({ "id": ticket })).await.0.to_string().contains("REDACT"));

        // Done again it changes nothing.
        assert_eq!(redact(&supervisor, &id).await.done(), done);
        let again = resident.ask_with(versions, json!({ "id": ticket })).await;
        assert_eq!(again, after);
    }

    async fn supervisors_and_those_above_them_do_it(app) {
        let resident = app.actor("lin-yi").await;
        let ticket = complaint(app).await;
        let id = resident.upload("a.pdf", PDF).await;
        assert_eq!(redact(&app.actor("supervisor").await, &id).await.refusal(), "NOT_FOUND", "it hangs on nothing");
        let own = redact(&resident, &id).await;
        assert_eq!(own.at("/userErrors/0/message"), "it hangs on nothing yet; it goes by itself in time");
        comment(&resident, &ticket, "PUBLIC", &[&id]).await;
        for (login, code) in [
            ("wang-lin", "NOT_FOUND"), ("yunshan-head", "NOT_FOUND"), ("admin", "NOT_FOUND"),
            ("lin-yi", "FORBIDDEN"), ("desk", "FORBIDDEN"), ("assistant", "FORBIDDEN"), ("quality", "FORBIDDEN"),
        ] {
            assert_eq!(redact(&app.actor(login).await, &id).await.refusal(), code, "{login}");
        }
        let supervisor = app.actor("supervisor").await;
        let silent = supervisor.act("attachmentRedact", json!({ "id": id, "reason": " " }), "").await;
        assert_eq!(silent.at("/userErrors/0/message"), "a text is needed here; this one is empty");
        let wrong = supervisor.act("attachmentRedact", json!({ "id": ticket, "reason": "x" }), "").await;
        assert_eq!(wrong.at("/userErrors/0/message"), "this id is of kind \"ticket\"; one of kind \"attachment\" is needed here");
        assert_eq!(app.blobs().len(), 1);
        for login in ["supervisor", "center", "manager", "head", "group"] {
            let id = resident.upload("a.pdf", PDF).await;
            comment(&resident, &ticket, "PUBLIC", &[&id]).await;
            redact(&app.actor(login).await, &id).await.done();
        }
        // Nobody is offered it as an act on the ticket.
        let actions = "query($id: ID!) { node(id: $id) { ... on Ticket { viewerActions } } }";
        let actions = supervisor.ask_with(actions, json!({ "id": ticket })).await;
        assert!(!actions.0.to_string().contains("REDACT"), "{}", actions.0);
    }
}
