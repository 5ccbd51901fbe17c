use concierge::base::id::{OccupantId, StaffId};
use concierge::storage::account;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::{node, post_of, why};
use crate::on_both;

fn in_use(name: &str, what: &str) -> serde_json::Value {
    json!(["INVALID", "input.id", format!("{name} cannot be closed while there is something open: {what}")])
}

on_both! {
    async fn somebody_leaves_when_nothing_is_left_with_them(app) {
        let (head, supervisor, desk, assistant) =
            (app.actor("head").await, app.actor("supervisor").await, app.actor("desk").await, app.actor("assistant").await);
        let close = json!({ "id": app.world.staff("assistant"), "expectedVersion": 1 });
        let filed = json!({ "kind": "REPAIR", "unitId": app.world.a101, "description": "漏水" });
        let ticket = desk.act("ticketFile", filed, "ticket { id number }").await.done();
        let give = |owner: &str| json!({ "id": ticket.at("/ticket/id"), "ownerId": app.world.staff(owner) });
        desk.act("ticketAssign", give("assistant"), "").await.done();
        let lead = json!({ "id": app.world.engineering, "leadId": app.world.staff("assistant") });
        head.act("teamUpdate", lead, "").await.done();
        let refused = head.act("staffClose", close.clone(), "").await;
        let number = ticket.text("/ticket/number");
        assert_eq!(why(&refused.0), in_use("助理小陈", &format!("open tickets {number}; lead of 工程部")));
        let refused = app.actor("admin").await.act("staffClose", close.clone(), "").await;
        assert_eq!(why(&refused.0), in_use("助理小陈", "open tickets that you do not see; lead of 工程部"));
        desk.act("ticketAssign", give("supervisor"), "").await.done();
        head.act("teamUpdate", json!({ "id": app.world.engineering, "leadId": null }), "").await.done();

        let mut socket = app.socket(&assistant).await;
        socket.subscribe("1", "subscription { complaintFeed { __typename } }").await;
        assert_eq!(socket.data("1").await["complaintFeed"]["__typename"], "FeedCaughtUp");
        let fields = "staff { name closedAt version posts { role toOn } charges { id } }";
        let closed = head.act("staffClose", close.clone(), fields).await.done();
        assert_eq!(closed.at("/staff"), &json!({
            "name": "助理小陈", "closedAt": "2026-11-23T02:00:00.000000Z", "version": 2,
            "posts": [{ "role": "ASSISTANT", "toOn": "2026-11-22" }], "charges": [],
        }));
        assert_eq!(socket.closed().await.0, 4403);
        assert_eq!(assistant.ask("{ tickets { totalCount } }").await.error(), "UNAUTHENTICATED");
        let back = json!({ "login": "assistant", "password": crate::support::world::PASSWORD });
        assert_eq!(app.nobody().act("sessionCreate", back, "").await.refusal(), "INVALID");
        assert_eq!(app.actor("admin").await.act("staffClose", close, "").await.refusal(), "CONFLICT");
        let building = node(&supervisor, &app.world.a, "Building", "assistants { name }").await;
        assert_eq!(building, json!({ "assistants": [] }));
        for (mutation, input) in [
            ("ticketAssign", give("assistant")),
            ("chargeGrant", json!({ "staffId": app.world.staff("assistant"), "buildingId": app.world.b })),
            ("postGrant", json!({ "staffId": app.world.staff("assistant"), "role": "FRONT_DESK", "communityId": app.world.xinghe, "fromOn": "2026-12-01" })),
        ] {
            assert_eq!(head.act(mutation, input, "").await.refusal(), "NOT_FOUND", "{mutation}");
        }
    }

    async fn a_worker_leaves_after_their_orders(app) {
        let (head, desk, worker) = (app.actor("head").await, app.actor("desk").await, app.actor("worker").await);
        let filed = json!({ "kind": "REPAIR", "unitId": app.world.a101, "description": "漏水" });
        let ticket = desk.act("ticketFile", filed, "ticket { id number }").await.done();
        let (id, number) = (ticket.at("/ticket/id"), ticket.text("/ticket/number"));
        desk.act("ticketAssign", json!({ "id": id, "ownerId": app.world.staff("supervisor") }), "").await.done();
        let order = json!({ "id": id, "teamId": app.world.engineering, "task": "修" });
        let order = desk.act("workOrderDispatch", order, "workOrder { id }").await.done().text("/workOrder/id");
        worker.act("workOrderTake", json!({ "id": order }), "").await.done();
        let (leave, close) = (json!({ "id": app.world.staff("worker") }), json!({ "id": app.world.engineering }));
        let refused = head.act("staffClose", leave.clone(), "").await;
        assert_eq!(why(&refused.0), in_use("工程老张", &format!("work orders on tickets {number}")));
        let refused = head.act("teamClose", close.clone(), "").await;
        assert_eq!(why(&refused.0), in_use("工程部", &format!("members 工程老孙, 工程老张; work orders on tickets {number}")));
        worker.act("workOrderFinish", json!({ "id": order, "result": "修好" }), "").await.done();
        for login in ["worker", "worker2"] {
            head.act("staffClose", json!({ "id": app.world.staff(login) }), "").await.done();
        }
        let closed = head.act("teamClose", close.clone(), "team { name closedAt version }").await.done();
        assert_eq!(closed.at("/team"), &json!({ "name": "工程部", "closedAt": "2026-11-23T02:00:00.000000Z", "version": 2 }));
        let again = json!({ "id": id, "teamId": app.world.engineering, "task": "修" });
        assert_eq!(desk.act("workOrderDispatch", again, "").await.refusal(), "NOT_FOUND");
    }

    async fn who_lives_here_too_keeps_the_account(app) {
        // One account for both, as a company links them.
        let desk = StaffId::parse(&app.world.staff("desk2")).unwrap();
        let lin = OccupantId::parse(&app.world.lin_yi).unwrap();
        let db = app.outside().await;
        account::Entity::delete_many().filter(account::Column::OccupantId.eq(lin)).exec(&db).await.unwrap();
        let both = account::Entity::update_many().col_expr(account::Column::OccupantId, Expr::value(lin));
        both.filter(account::Column::StaffId.eq(desk)).exec(&db).await.unwrap();
        db.close().await.unwrap();
        let both = app.actor("desk2").await;
        let query = "{ units { totalCount } }";
        assert_eq!(both.ask(query).await.at("/data/units/totalCount"), 3);
        app.actor("head").await.act("staffClose", json!({ "id": desk.to_string() }), "").await.done();
        assert_eq!(both.ask(query).await.at("/data/units/totalCount"), 1, "a resident still");
    }

    async fn who_may_not_let_somebody_go(app) {
        for (actor, login, expected) in [
            ("supervisor", "worker", "FORBIDDEN"), ("desk", "worker", "FORBIDDEN"), ("head", "head", "FORBIDDEN"),
            ("admin", "admin", "FORBIDDEN"), ("head", "group", "NOT_FOUND"), ("yunshan-head", "worker", "NOT_FOUND"),
            ("lin-yi", "worker", "NOT_FOUND"),
        ] {
            let answer = app.actor(actor).await.act("staffClose", json!({ "id": app.world.staff(login) }), "").await;
            assert_eq!(answer.refusal(), expected, "{actor} {login}");
        }
        for (actor, expected) in [("supervisor", "FORBIDDEN"), ("yunshan-head", "NOT_FOUND"), ("lin-yi", "NOT_FOUND")] {
            let answer = app.actor(actor).await.act("teamClose", json!({ "id": app.world.cleaning }), "").await;
            assert_eq!(answer.refusal(), expected, "{actor}");
        }
        assert!(!post_of(app, "worker").await.is_empty());
    }
}
