use serde_json::json;

use super::*;
use crate::on_both;

on_both! {
    async fn a_number_is_whole_for_those_who_call_and_masked_for_others(app) {
        let seen = async |login: &str, id: &str| {
            again(&app.actor(login).await, id, "Occupant", "phone").await["phone"].as_str().map(ToOwned::to_owned)
        };
        let (lin, chen) = (&app.world.lin_yi, &app.world.chen_zu);
        for login in ["desk", "supervisor", "center", "manager", "head"] {
            assert_eq!(seen(login, lin).await.as_deref(), Some("13800000001"), "{login}");
            assert_eq!(seen(login, chen).await.as_deref(), Some("13800000005"), "{login}");
        }
        for login in ["worker", "assistant2", "group", "quality", "executive", "admin"] {
            assert_eq!(seen(login, lin).await.as_deref(), Some("138******01"), "{login}");
        }
        assert_eq!(seen("assistant", lin).await.as_deref(), Some("13800000001"), "in the assistant's own building");
        assert_eq!(seen("assistant", chen).await.as_deref(), Some("138******05"), "in another building");
        assert_eq!(seen("lin-yi", lin).await.as_deref(), Some("13800000001"), "their own");
        for login in ["lin-er", "yunshan-desk", "personnel"] {
            assert_eq!(again(&app.actor(login).await, lin, "Occupant", "phone").await, Value::Null, "{login}");
        }
    }

    async fn a_worker_sees_the_number_while_there_is_an_order(app) {
        let (desk, worker, other) = (app.actor("desk").await, app.actor("worker").await, app.actor("cleaner").await);
        let phone = async |actor: &Actor| again(actor, &app.world.chen_zu, "Occupant", "phone").await["phone"].clone();
        assert_eq!(phone(&worker).await, "138******05");
        let ticket = json!({ "kind": "REPAIR", "unitId": app.world.b201, "reporterId": app.world.chen_zu, "description": "漏水" });
        let id = desk.act("ticketFile", ticket, "ticket { id }").await.done().text("/ticket/id");
        let supervisor = app.world.staff("supervisor");
        desk.act("ticketAssign", json!({ "id": id, "ownerId": supervisor }), "").await.done();
        let order = json!({ "id": id, "teamId": app.world.engineering, "task": "修" });
        desk.act("workOrderDispatch", order, "").await.done();
        assert_eq!(phone(&worker).await, "13800000005");
        assert_eq!(phone(&other).await, "138******05", "of another team");
    }

    async fn a_number_finds_only_whose_number_is_seen_whole(app) {
        let found = async |login: &str, search: &str| {
            let query = "query($search: String) { occupants(filter: { search: $search }) { totalCount nodes { name } } }";
            app.actor(login).await.ask_with(query, json!({ "search": search })).await.at("/data/occupants").clone()
        };
        let one = |name: &str| json!({ "totalCount": 1, "nodes": [{ "name": name }] });
        let none = json!({ "totalCount": 0, "nodes": [] });
        assert_eq!(found("desk", "138 0000 0005").await, one("陈租"));
        assert_eq!(found("assistant", "13800000001").await, one("林一"));
        for login in ["assistant", "worker", "admin", "quality", "yunshan-desk", "lin-yi"] {
            assert_eq!(found(login, "13800000005").await, none, "{login}");
        }
        assert_eq!(found("admin", "陈租").await, one("陈租"));
        assert_eq!(found("lin-yi", "陈租").await, none);
    }
}
