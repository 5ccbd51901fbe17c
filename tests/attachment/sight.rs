//! Who sees an attachment: those who see what it hangs on.

use serde_json::{Value, json};

use super::{comment, complaint, link, seen};
use crate::on_both;
use crate::support::Actor;
use crate::support::picture::{PDF, jpeg};

async fn node(actor: &Actor, id: &str) -> Value {
    let query = "query($id: ID!) { node(id: $id) { id ... on Attachment { fileName url } } }";
    actor.ask_with(query, json!({ "id": id })).await.at("/data/node").clone()
}

/// Whether it is seen by its id, by its ticket and by the lines of the timeline; all three must agree.
async fn sees(actor: &Actor, ticket: &str, attachment: &str) -> bool {
    let by_id = !node(actor, attachment).await.is_null();
    let query = "query($id: ID!) { node(id: $id) { ... on Ticket { attachments { id } timeline { attachments { id } } } } }";
    let answer = actor.ask_with(query, json!({ "id": ticket })).await;
    let holds = |value: &Value| value.to_string().contains(attachment);
    let by_ticket = holds(answer.at("/data/node/attachments"));
    let by_line = holds(answer.at("/data/node/timeline"));
    assert_eq!((by_ticket, by_line), (by_id, by_id), "{}", answer.0);
    by_id
}

on_both! {
    async fn what_hangs_on_nothing_is_seen_by_its_uploader_alone(app) {
        let resident = app.actor("lin-yi").await;
        let id = resident.upload("a.jpg", &jpeg(10, 10)).await;
        assert_eq!(node(&resident, &id).await["fileName"], "a.jpg");
        for login in ["lin-er", "wang-lin", "desk", "supervisor", "group", "admin", "yunshan-head"] {
            assert_eq!(node(&app.actor(login).await, &id).await, Value::Null, "{login}");
        }
        assert_eq!(app.nobody().ask_with("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await.error(), "UNAUTHENTICATED");
    }

    async fn those_who_see_the_ticket_see_what_hangs_on_it(app) {
        let resident = app.actor("lin-yi").await;
        let ticket = complaint(app).await;
        let id = resident.upload("a.jpg", &jpeg(10, 10)).await;
        comment(&resident, &ticket, "PUBLIC", &[&id]).await;
        for login in ["lin-yi", "desk", "assistant", "supervisor", "head", "group", "quality"] {
            let actor = app.actor(login).await;
            assert!(sees(&actor, &ticket, &id).await, "{login}");
            assert_eq!(actor.fetch(&link(&actor, &id, "url").await).await.0, 200, "{login}");
        }
        // The household sees no complaints; a worker none without an order; another community nothing.
        for login in ["lin-er", "wang-lin", "worker", "admin", "personnel", "yunshan-head", "yunshan-desk", "zhao-yuan"] {
            assert!(!sees(&app.actor(login).await, &ticket, &id).await, "{login}");
        }
    }

    async fn what_hangs_on_an_internal_line_is_for_staff(app) {
        let (resident, desk) = (app.actor("lin-yi").await, app.actor("desk").await);
        let ticket = complaint(app).await;
        let (inside, outside) = (desk.upload("in.pdf", PDF).await, desk.upload("out.pdf", PDF).await);
        comment(&desk, &ticket, "INTERNAL", &[&inside]).await;
        comment(&desk, &ticket, "PUBLIC", &[&outside]).await;
        assert!(!sees(&resident, &ticket, &inside).await);
        assert!(sees(&resident, &ticket, &outside).await);
        assert_eq!(seen(&resident, &ticket, "fileName").await, json!([{ "fileName": "out.pdf" }]));
        for login in ["desk", "desk2", "assistant", "supervisor"] {
            assert!(sees(&app.actor(login).await, &ticket, &inside).await, "{login}");
        }
    }

    async fn a_complaint_about_somebody_keeps_its_photos_from_them(app) {
        let (resident, supervisor) = (app.actor("lin-yi").await, app.actor("supervisor").await);
        let id = resident.upload("a.jpg", &jpeg(10, 10)).await;
        let input = json!({
            "kind": "COMPLAINT", "unitId": app.world.a101, "description": "态度差",
            "aboutStaffId": app.world.staff("desk"), "attachmentIds": [id],
        });
        let ticket = resident.act("ticketFile", input, "ticket { id }").await.done().text("/ticket/id");
        assert!(sees(&supervisor, &ticket, &id).await);
        assert!(!sees(&app.actor("desk").await, &ticket, &id).await);
    }

    async fn ones_own_upload_is_gone_from_sight_with_the_ticket(app) {
        // 前台 attaches to a ticket that is then a complaint about nobody: still seen. A worker's own upload on a ticket
        // that was taken from them is seen by them no longer: it belongs to the ticket.
        let (desk, worker) = (app.actor("desk").await, app.actor("worker").await);
        let ticket = complaint(app).await;
        desk.act("ticketAssign", json!({ "id": ticket, "ownerId": app.world.staff("supervisor") }), "").await.done();
        let input = json!({ "id": ticket, "teamId": app.world.engineering, "task": "去看看" });
        let order = desk.act("workOrderDispatch", input, "workOrder { id }").await.done().text("/workOrder/id");
        let id = worker.upload("a.jpg", &jpeg(10, 10)).await;
        comment(&worker, &ticket, "PUBLIC", &[&id]).await;
        assert!(sees(&worker, &ticket, &id).await);
        worker.act("workOrderReturn", json!({ "id": order, "reason": "不是我们的" }), "").await.done();
        assert!(!sees(&worker, &ticket, &id).await);
        assert!(sees(&desk, &ticket, &id).await);
    }
}
