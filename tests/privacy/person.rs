//! Somebody with everything that a person can have here, in words that stand nowhere else.

use serde_json::json;

use super::move_out;
use crate::support::{Actor, App};
use crate::transfer;

/// The words of the person: none may be found after the erasure.
pub const WORDS: [&str; 23] = [
    "Zyxwanda",
    "13912345678",
    "zyx-login",
    "zyx-password-1",
    "zyx-client",
    "zyx-description",
    "zyx-place",
    "zyx-comment",
    "zyx-internal",
    "zyx-resolution",
    "zyx-rating",
    "zyx-task",
    "zyx-result",
    "zyx-contact",
    "zyx-subject",
    "zyx-reason",
    "zyx-file",
    "zyx-document",
    "zyx-title",
    "zyx-note",
    "zyx-paper",
    "zyx-secret",
    "zyx-reference",
];

/// Words that are in no table even before: a password is kept as a hash, and what a file holds in the store.
pub const IN_NO_TABLE: [&str; 3] = ["zyx-password-1", "zyx-document", "zyx-secret"];

pub struct Person {
    pub id: String,
    pub occupancy: String,
    /// A repair of theirs, closed and rated.
    pub ticket: String,
    pub actor: Actor,
    pub account: String,
}

impl Person {
    /// Moves somebody in, lets them sign up, complain, rate and ask for their data.
    pub async fn settle(app: &App) -> Self {
        let (head, desk) = (app.actor("head").await, app.actor("desk").await);
        let world = &app.world;
        let input = json!({
            "communityId": world.xinghe, "kind": "PERSON", "name": "Zyxwanda 张", "phone": "139 1234 5678",
            "idempotencyKey": "zyx-key",
        });
        let id = head.act("occupantCreate", input, "occupant { id }").await.done().text("/occupant/id");
        let input =
            json!({ "unitId": world.b201, "occupantId": id, "kind": "TENANT", "fromOn": "2026-11-01" });
        let occupancy =
            head.act("occupancyMoveIn", input, "occupancy { id }").await.done().text("/occupancy/id");
        let code = desk.act("accountInvite", json!({ "occupantId": id }), "code").await.done().text("/code");
        let input = json!({ "code": code, "login": "zyx-login", "password": "zyx-password-1", "client": "zyx-client" });
        let tokens = app.nobody().act("accountActivate", input, "tokens { accessToken }").await.done();
        let mut actor = app.nobody();
        actor.token = Some(tokens.text("/tokens/accessToken"));
        let account = actor.ask("{ viewer { accountId } }").await.text("/data/viewer/accountId");
        // A code that waits, and a link to another service.
        desk.act("accountInvite", json!({ "occupantId": id }), "code").await.done();
        let outside = "UPDATE account SET issuer = 'https://issuer.example', subject = 'zyx-subject' WHERE login = 'zyx-login'";
        app.execute(outside).await;
        // What they are called in the system they came from.
        let list = "住户编号,姓名,电话\nzyx-reference,Zyxwanda 张,13912345678\n";
        let into = json!({ "communityId": world.xinghe });
        let known = transfer::import(&head, "registerImport", into, list.as_bytes()).await;
        assert_eq!(transfer::ended(app, &head, known).await["state"], "DONE");
        Self::file(app, &id).await;
        let ticket = Self::complain(app, &actor, &id).await;
        Self { id, occupancy, ticket, actor, account }
    }

    /// A contract of theirs, and a secret one that was withdrawn.
    async fn file(app: &App, id: &str) {
        let manager = app.actor("manager").await;
        for confidentiality in ["NORMAL", "SECRET"] {
            let input = json!({
                "occupantId": id, "unitId": app.world.b201, "category": "CONTRACT", "title": "zyx-title", "note": "zyx-note",
                "confidentiality": confidentiality, "files": [null], "idempotencyKey": format!("zyx-{confidentiality}"),
            });
            let paper: &[(&str, &str, &[u8])] = &[("files.0", "zyx-paper.pdf", b"%PDF-1.4 zyx-secret %%EOF")];
            let filed = manager.act_with("documentFile", input, paper, "document { id }").await.done();
            if confidentiality == "SECRET" {
                let withdraw = json!({ "id": filed.text("/document/id") });
                manager.act("documentWithdraw", withdraw, "").await.done();
            }
        }
    }

    async fn complain(app: &App, actor: &Actor, id: &str) -> String {
        let (desk, supervisor, worker) =
            (app.actor("desk").await, app.actor("supervisor").await, app.actor("worker").await);
        let input = json!({
            "kind": "REPAIR", "unitId": app.world.b201, "description": "zyx-description, says Zyxwanda",
            "idempotencyKey": "zyx-key",
        });
        let ticket = actor.act("ticketFile", input, "ticket { id }").await.done().text("/ticket/id");
        actor
            .act("ticketComment", json!({ "id": ticket, "text": "zyx-comment", "visibility": "PUBLIC" }), "")
            .await
            .done();
        let photographed = json!({ "id": ticket, "text": "见附件", "visibility": "PUBLIC", "files": [null] });
        let document: &[(&str, &str, &[u8])] = &[("files.0", "zyx-file.pdf", b"%PDF-1.4 zyx-document %%EOF")];
        actor.act_with("ticketComment", photographed, document, "").await.done();
        let internal =
            json!({ "id": ticket, "text": "zyx-internal: call 13912345678", "visibility": "INTERNAL" });
        desk.act("ticketComment", internal, "").await.done();
        let assign = json!({ "id": ticket, "ownerId": app.world.staff("supervisor") });
        desk.act("ticketAssign", assign, "").await.done();
        supervisor.act_as("ticketStart", "TicketActInput", json!({ "id": ticket }), "").await.done();
        let dispatch = json!({ "id": ticket, "teamId": app.world.engineering, "task": "zyx-task" });
        let order =
            desk.act("workOrderDispatch", dispatch, "workOrder { id }").await.done().text("/workOrder/id");
        worker.act("workOrderTake", json!({ "id": order }), "").await.done();
        worker.act("workOrderFinish", json!({ "id": order, "result": "zyx-result" }), "").await.done();
        supervisor
            .act("ticketResolve", json!({ "id": ticket, "resolution": "zyx-resolution" }), "")
            .await
            .done();
        actor.act("ticketConfirm", json!({ "id": ticket }), "").await.done();
        let rate = json!({ "id": ticket, "rating": 4, "ratingComment": "zyx-rating" });
        actor.act("ticketRate", rate, "").await.done();
        // Somewhere in words, with somebody to call; and a call of theirs that was taken as a stranger's.
        let input = json!({
            "kind": "ENQUIRY", "communityId": app.world.xinghe, "place": "zyx-place", "reporterId": id,
            "description": "zyx-description", "contactName": "zyx-contact", "contactPhone": "13912345678",
        });
        let place = desk.act("ticketFile", input, "ticket { id }").await.done().text("/ticket/id");
        desk.act("ticketCancel", json!({ "id": place, "reason": "zyx-reason" }), "").await.done();
        let input = json!({
            "kind": "ENQUIRY", "communityId": app.world.xinghe, "place": "大堂", "description": "问路",
            "contactName": "zyx-contact", "contactPhone": "+86 139-1234-5678",
        });
        let stranger = desk.act("ticketFile", input, "ticket { id }").await.done().text("/ticket/id");
        desk.act("ticketCancel", json!({ "id": stranger, "reason": "走了" }), "").await.done();
        // Their number is read, and a request of theirs was refused.
        desk.ask("{ occupants { nodes { phone } } tickets { nodes { contactPhone } } }").await;
        let ask = json!({ "kind": "ERASE", "password": "zyx-password-1" });
        let asked = actor.act("privacyRequest", ask, "privacyRequest { id }").await.done();
        let refuse =
            json!({ "id": asked.text("/privacyRequest/id"), "reason": "zyx-reason: Zyxwanda lives here" });
        app.actor("admin").await.act("privacyRequestRefuse", refuse, "").await.done();
        ticket
    }

    /// Moves out; from the next day on they may be erased.
    pub async fn leave(&self, app: &App) {
        move_out(app, &self.occupancy).await;
    }
}
