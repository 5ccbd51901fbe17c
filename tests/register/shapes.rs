//! The shapes that owning, living and working take: shops in no building, joint owners, owners of many units, people
//! who both live and work here, outside firms.

use concierge::base::id::{OccupantId, StaffId};
use concierge::storage::account;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::*;
use crate::on_both;

async fn total(actor: &Actor, list: &str) -> Value {
    let answer = actor.ask(&format!("{{ {list} {{ totalCount }} }}")).await;
    answer.at(&format!("/data/{list}/totalCount")).clone()
}

on_both! {
    async fn a_shop_stands_by_itself(app) {
        let (supervisor, desk, world) = (app.actor("supervisor").await, app.actor("desk").await, &app.world);
        let shop = json!({ "communityId": world.xinghe, "number": "南门1号", "usage": "SHOP" });
        let made = supervisor.act("unitCreate", shop.clone(), "unit { id number building { id } community { name } }").await.done();
        let id = made.text("/unit/id");
        assert_eq!(made.at("/unit"), &json!({ "id": id, "number": "南门1号", "building": null, "community": { "name": "星河·国际" } }));
        let twice = supervisor.act("unitCreate", shop.clone(), "").await;
        assert_eq!(refusal(&twice.0).2, "unit 南门1号 is already in 星河·国际");
        assert_eq!(app.actor("assistant").await.act("unitCreate", shop, "").await.refusal(), "FORBIDDEN");
        let lives = json!({ "unitId": id, "occupantId": world.wang_lin, "kind": "TENANT", "fromOn": "2026-11-01" });
        supervisor.act("occupancyMoveIn", lives, "").await.done();
        let tenant = app.actor("wang-lin").await;
        let filed = json!({ "kind": "REPAIR", "unitId": id, "description": "卷帘门坏" });
        let ticket = tenant.act("ticketFile", filed, "ticket { id unit { number } building { id } }").await.done();
        assert_eq!(ticket.at("/ticket/unit/number"), "南门1号");
        assert_eq!(ticket.at("/ticket/building"), &json!(null));
        let found = desk.ask("{ tickets(filter: { search: \"南门1号\" }) { totalCount } }").await;
        assert_eq!(found.at("/data/tickets/totalCount"), 1);
        let found = app.actor("assistant").await.ask("{ tickets { totalCount } }").await;
        assert_eq!(found.at("/data/tickets/totalCount"), 0, "it is in no building of theirs");
    }

    async fn joint_owners_are_one_household(app) {
        let (supervisor, world) = (app.actor("supervisor").await, &app.world);
        let joins = json!({ "unitId": world.a101, "occupantId": world.wang_lin, "kind": "OWNER", "fromOn": "2026-11-01" });
        supervisor.act("occupancyMoveIn", joins, "").await.done();
        let owners = again(&supervisor, &world.a101, "Unit", "occupancies { kind occupant { name } }").await;
        assert_eq!(owners["occupancies"].as_array().unwrap().iter().filter(|one| one["kind"] == "OWNER").count(), 2);
        let (lin, wang) = (app.actor("lin-yi").await, app.actor("wang-lin").await);
        for kind in ["REPAIR", "COMPLAINT"] {
            let filed = json!({ "kind": kind, "unitId": world.a101, "description": "漏水" });
            lin.act("ticketFile", filed, "").await.done();
        }
        let seen = wang.ask("{ tickets { nodes { kind } } }").await;
        assert_eq!(seen.at("/data/tickets/nodes"), &json!([{ "kind": "REPAIR" }]), "a complaint is the reporter's own");
    }

    async fn an_owner_has_many_units(app) {
        let (supervisor, world) = (app.actor("supervisor").await, &app.world);
        let owns = json!({ "unitId": world.a101, "occupantId": world.zhou_zhu, "kind": "OWNER", "fromOn": "2026-11-01" });
        supervisor.act("occupancyMoveIn", owns, "").await.done();
        let zhou = app.actor("zhou-zhu").await;
        assert_eq!(total(&zhou, "units").await, 2);
        let own = again(&zhou, &world.zhou_zhu, "Occupant", "occupancies { unit { number } }").await;
        assert_eq!(own, json!({ "occupancies": [{ "unit": { "number": "101" } }, { "unit": { "number": "201" } }] }));
        for (login, unit) in [("chen-zu", &world.b201), ("lin-yi", &world.a101)] {
            let filed = json!({ "kind": "REPAIR", "unitId": unit, "description": "漏水" });
            app.actor(login).await.act("ticketFile", filed, "").await.done();
        }
        assert_eq!(total(&zhou, "tickets").await, 2, "the repairs in both");
    }

    async fn a_companys_people_act_as_its_employees(app) {
        let (supervisor, desk, world) = (app.actor("supervisor").await, app.actor("desk").await, &app.world);
        let office = json!({ "buildingId": world.b, "number": "1201", "usage": "OFFICE" });
        let office = supervisor.act("unitCreate", office, "unit { id }").await.done().text("/unit/id");
        let mut people = Vec::new();
        for (name, kind, occupancy) in [("星航科技", "COMPANY", "TENANT"), ("钱程", "PERSON", "EMPLOYEE")] {
            let input = json!({ "communityId": world.xinghe, "kind": kind, "name": name });
            let made = supervisor.act("occupantCreate", input, "occupant { id }").await.done().text("/occupant/id");
            let input = json!({ "unitId": office, "occupantId": made, "kind": occupancy, "fromOn": "2026-11-01" });
            let moved = supervisor.act("occupancyMoveIn", input, "occupancy { id }").await.done();
            let whom = concierge::auth::Whom::Occupant(OccupantId::parse(&made).unwrap());
            app.running.auth.grant_login(whom, name, crate::support::world::PASSWORD).await.unwrap();
            people.push((app.actor(name).await, moved.text("/occupancy/id")));
        }
        let (company, employee) = (&people[0].0, &people[1].0);
        for (by, words) in [(company, "空调不冷"), (employee, "饮水机漏水")] {
            let filed = json!({ "kind": "REPAIR", "unitId": office, "description": words });
            by.act("ticketFile", filed, "").await.done();
        }
        // Each has their own; they are no household.
        for by in [company, employee] {
            assert_eq!(total(by, "tickets").await, 1);
            assert_eq!(total(by, "units").await, 1);
        }
        let found = desk.ask("{ tickets(filter: { search: \"钱程\" }) { nodes { reporter { name } } } }").await;
        assert_eq!(found.at("/data/tickets/nodes"), &json!([{ "reporter": { "name": "钱程" } }]));
        // Who has left the company raises nothing for it any more.
        supervisor.act("occupancyMoveOut", json!({ "id": people[1].1, "toOn": "2026-11-22" }), "").await.done();
        let filed = json!({ "kind": "REPAIR", "unitId": office, "description": "门禁" });
        let left = app.actor("钱程").await;
        assert_eq!(left.act("ticketFile", filed, "").await.refusal(), "NOT_FOUND");
        assert_eq!(total(&left, "units").await, 0);
    }

    async fn who_works_here_may_live_here(app) {
        let world = &app.world;
        let desk = StaffId::parse(&world.staff("desk")).unwrap();
        let lin = OccupantId::parse(&world.lin_yi).unwrap();
        let db = app.outside().await;
        account::Entity::delete_many().filter(account::Column::OccupantId.eq(lin)).exec(&db).await.unwrap();
        let both = account::Entity::update_many().col_expr(account::Column::OccupantId, Expr::value(lin));
        both.filter(account::Column::StaffId.eq(desk)).exec(&db).await.unwrap();
        db.close().await.unwrap();
        let both = app.actor("desk").await;
        for (login, words) in [("wang-lin", "邻居"), ("chen-zu", "租客")] {
            let unit = if login == "wang-lin" { &world.a2_101 } else { &world.b201 };
            let about = if login == "wang-lin" { json!(world.a101) } else { json!(null) };
            let filed = json!({ "kind": "COMPLAINT", "unitId": unit, "description": words, "aboutUnitId": about });
            app.actor(login).await.act("ticketFile", filed, "").await.done();
        }
        let filed = json!({ "kind": "REPAIR", "unitId": world.a101, "description": "自家", "reporterId": world.lin_yi });
        both.act("ticketFile", filed, "").await.done();
        let seen = both.ask("{ tickets(orderBy: CREATED_ASC) { nodes { description } } }").await;
        let words = seen.at("/data/tickets/nodes").as_array().unwrap().iter();
        let mut words = words.map(|node| node["description"].as_str().unwrap()).collect::<Vec<_>>();
        words.sort_unstable();
        assert_eq!(words, ["租客", "自家"], "all of the community's but what is about their own home");
    }

    async fn an_outside_firm_is_a_team(app) {
        let (head, desk, world) = (app.actor("head").await, app.actor("desk").await, &app.world);
        let firm = json!({ "communityId": world.xinghe, "kind": "ENGINEERING", "name": "通力电梯", "contractor": true });
        let firm = head.act("teamCreate", firm, "team { id contractor }").await.done();
        assert_eq!(firm.at("/team/contractor"), true);
        let member = json!({ "name": "电梯师傅", "post": {
            "role": "WORKER", "communityId": world.xinghe, "teamId": firm.at("/team/id"), "fromOn": "2026-11-01",
        } });
        let member = head.act("staffCreate", member, "staff { id }").await.done().text("/staff/id");
        let db = StaffId::parse(&member).unwrap();
        app.running.auth.grant_login(concierge::auth::Whom::Staff(db), "firm", crate::support::world::PASSWORD).await.unwrap();
        let filed = json!({ "kind": "REPAIR", "unitId": world.a101, "description": "电梯异响" });
        let id = desk.act("ticketFile", filed, "ticket { id }").await.done().text("/ticket/id");
        desk.act("ticketAssign", json!({ "id": id, "ownerId": world.staff("supervisor") }), "").await.done();
        let works = app.actor("firm").await;
        assert_eq!(total(&works, "tickets").await, 0);
        let order = json!({ "id": id, "teamId": firm.at("/team/id"), "task": "检查" });
        let order = desk.act("workOrderDispatch", order, "workOrder { id }").await.done().text("/workOrder/id");
        assert_eq!(total(&works, "tickets").await, 1);
        works.act("workOrderTake", json!({ "id": order }), "").await.done();
        works.act("workOrderFinish", json!({ "id": order, "result": "正常" }), "").await.done();
    }
}
