use serde_json::json;

use super::{awaited, lines};
use crate::on_both;

const READ: &[&str] = &["PERSONAL_DATA_READ"];

on_both! {
    async fn whole_numbers_of_others_are_told_once_a_request(app) {
        let desk = app.actor("desk").await;
        let list = "{ occupants(orderBy: CREATED_ASC) { nodes { phone } } again: occupants { nodes { phone } } }";
        desk.ask(list).await;
        let fields = "staff { name } community { code } subjects details requestId";
        let mut told = awaited(app, READ, fields, 1).await;
        let line = told.remove(0);
        assert_eq!((&line["staff"]["name"], &line["community"]["code"]), (&json!("前台小刘"), &json!("XH")));
        assert_eq!(line["details"], json!({ "what": "OCCUPANT_PHONE" }));
        let world = &app.world;
        let mut expected = [&world.lin_yi, &world.lin_er, &world.wang_lin, &world.zhou_zhu, &world.chen_zu].map(String::as_str);
        let mut subjects: Vec<_> = line["subjects"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        expected.sort_unstable();
        subjects.sort_unstable();
        assert_eq!(subjects, expected);
        assert!(line["requestId"].is_string());
    }

    async fn what_is_masked_or_ones_own_is_not_told(app) {
        let resident = app.actor("lin-yi").await;
        let input = json!({ "kind": "COMPLAINT", "unitId": app.world.a101, "description": "吵" });
        resident.act("ticketFile", input, "").await.done();
        resident.ask("{ viewer { occupant { phone } } tickets { nodes { contactPhone reporter { phone } } } }").await;
        app.actor("quality").await.ask("{ occupants { nodes { phone } } tickets { nodes { contactPhone } } }").await;
        app.actor("desk").await.ask("{ occupants { nodes { name } } }").await;
        // Told last, and so written last.
        app.actor("yunshan-head").await.ask("{ occupants { nodes { phone } } }").await;
        let told = awaited(app, READ, "subjects", 1).await;
        assert_eq!(told, [json!({ "subjects": [app.world.zhao_yuan] })]);
    }

    async fn a_number_to_call_is_told_with_its_ticket_over_http_and_on_a_screen(app) {
        let (resident, desk) = (app.actor("lin-yi").await, app.actor("desk").await);
        let mut screen = app.socket(&desk).await;
        screen.subscribe("1", "subscription { complaintFeed { __typename ... on TicketChanged { ticket { contactPhone } } } }").await;
        assert_eq!(screen.data("1").await["complaintFeed"]["__typename"], "FeedCaughtUp");
        let input = json!({ "kind": "COMPLAINT", "unitId": app.world.a101, "description": "吵" });
        let id = resident.act("ticketFile", input, "ticket { id }").await.done().text("/ticket/id");
        assert_eq!(screen.data("1").await["complaintFeed"]["ticket"]["contactPhone"], "13800000001");
        let shown = json!({
            "subjects": [app.world.lin_yi, id], "details": { "what": "CONTACT_PHONE" }, "staff": { "name": "前台小刘" },
        });
        assert_eq!(awaited(app, READ, "subjects details staff { name }", 1).await, std::slice::from_ref(&shown));
        desk.ask("{ tickets { nodes { contactPhone } } }").await;
        assert_eq!(awaited(app, READ, "subjects details staff { name }", 2).await, [shown.clone(), shown]);
        let head = app.actor("head").await;
        let query = "query($id: ID!) { auditTrail(filter: { subjectId: $id }) { totalCount } }";
        assert_eq!(head.ask_with(query, json!({ "id": app.world.lin_yi })).await.at("/data/auditTrail/totalCount"), 2);
        assert!(lines(&app.actor("yunshan-head").await, READ, "id").await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_read_just_before_the_end_is_not_lost() {
    let app = crate::support::App::on_sqlite().await;
    let desk = app.actor("desk").await;
    for _ in 0..20 {
        desk.ask("{ occupants { nodes { phone } } }").await;
    }
    let app = app.restart().await;
    assert_eq!(lines(&app.actor("admin").await, READ, "id").await.len(), 20);
    app.stop().await;
}
