//! A matter is raised.

use serde_json::{Value, json};

use super::case::overlay;
use super::play::{At, Play, refusal, unknown};
use crate::on_both;
use crate::support::App;

fn leak(app: &App) -> Value {
    json!({ "kind": "REPAIR", "unitId": app.world.a101, "description": "厨房水管漏水" })
}

fn with(mut input: Value, other: Value) -> Value {
    overlay(&mut input, other);
    input
}

on_both! {
    async fn a_resident_raises_a_matter_and_the_desk_sees_it(app) {
        let play = Play::on(app);
        let (mut desk, mut list) = (play.screen("desk").await, play.own_list("lin-yi").await);
        let fields = "ticket { id number status priority channel description unit { number } building { name } \
            community { name } reporter { name } contactPhone handler { name } escalationLevel repeated createdAt \
            responseDueAt resolutionDueAt respondedAt version revision viewerActions }";
        let mut filed = play.done_with("lin-yi", "ticketFile", with(leak(app), json!({ "channel": "PHONE" })), fields).await;
        let id = filed["ticket"]["id"].take();
        assert_eq!(
            filed["ticket"],
            json!({
                "id": null,
                "number": "XH-20261123-0001",
                "status": "NEW",
                "priority": "NORMAL",
                "channel": "APP",
                "description": "厨房水管漏水",
                "unit": { "number": "101" },
                "building": { "name": "A栋" },
                "community": { "name": "星河·国际" },
                "reporter": { "name": "林一" },
                "contactPhone": "13800000001",
                "handler": null,
                "escalationLevel": 0,
                "repeated": false,
                "createdAt": "2026-11-23T02:00:00.000000Z",
                "responseDueAt": "2026-11-23T06:00:00.000000Z",
                "resolutionDueAt": "2026-11-26T02:00:00.000000Z",
                "respondedAt": null,
                "version": 1,
                "revision": 1,
                "viewerActions": ["CANCEL", "HURRY", "COMMENT"],
            })
        );
        for screen in [&mut desk, &mut list] {
            assert_eq!(screen.shows("FILE", id.as_str().unwrap()).await, 1);
        }
        let seen = play
            .asks("desk", "{ ticket(number: \"xh-20261123-0001\") { description contactPhone viewerActions } }", json!({}))
            .await;
        assert_eq!(
            seen["ticket"],
            json!({
                "description": "厨房水管漏水",
                "contactPhone": "13800000001",
                "viewerActions": ["ACKNOWLEDGE", "ASSIGN", "MERGE", "CANCEL", "HURRY", "ESCALATE", "COMMENT"],
            })
        );
    }

    async fn the_desk_raises_for_anyone(app) {
        let play = Play::on(app);
        let fields = "ticket { priority channel contactName contactPhone place reporter { name } building { name } category { code } }";
        let caller = json!({
            "kind": "COMPLAINT", "channel": "PHONE", "communityId": app.world.xinghe, "place": "东门岗亭",
            "description": "门口堵车", "contactName": "路人", "contactPhone": "０７５５-8800 1234", "priority": "HIGH",
            "categoryId": app.world.noise,
        });
        assert_eq!(
            play.done_with("desk", "ticketFile", caller, fields).await["ticket"],
            json!({
                "priority": "HIGH", "channel": "PHONE", "contactName": "路人", "contactPhone": "075588001234",
                "place": "东门岗亭", "reporter": null, "building": null, "category": { "code": "NOISE" },
            })
        );
        let known = json!({
            "kind": "REPAIR", "channel": "COUNTER", "buildingId": app.world.b, "reporterId": app.world.chen_zu,
            "description": "电梯异响", "categoryId": app.world.lift,
        });
        assert_eq!(
            play.done_with("desk", "ticketFile", known, fields).await["ticket"],
            json!({
                "priority": "URGENT", "channel": "COUNTER", "contactName": "陈租", "contactPhone": "13800000005",
                "place": null, "reporter": { "name": "陈租" }, "building": { "name": "B栋" },
                "category": { "code": "LIFT" },
            })
        );
    }

    async fn a_worker_raises_repairs_and_sees_them(app) {
        let play = Play::on(app);
        let repair = json!({ "kind": "REPAIR", "buildingId": app.world.a, "place": "三楼走廊", "description": "灯坏了" });
        let id = play.file("worker", repair.clone()).await;
        assert_eq!(play.sees("worker", &id, "place").await, json!({ "place": "三楼走廊" }));
        assert_eq!(play.sees("worker2", &id, "place").await, json!(null));
        let payload = play.does("worker", "ticketFile", with(repair, json!({ "kind": "COMPLAINT" }))).await;
        assert_eq!(refusal(&payload), "FORBIDDEN");
        assert_eq!(payload["userErrors"][0]["message"], "workers raise REPAIR tickets; the front desk takes the others");
    }

    async fn who_may_not_raise_what(app) {
        let play = Play::on(app);
        let common = json!({ "kind": "SERVICE", "communityId": app.world.xinghe, "place": "大堂", "description": "清洁" });
        for login in ["quality", "executive", "admin"] {
            assert_eq!(refusal(&play.does(login, "ticketFile", common.clone()).await), "FORBIDDEN", "{login}");
        }
        for (login, field) in [
            ("personnel", "communityId"), ("yunshan-desk", "communityId"), ("yunshan-head", "communityId"), ("zhao-yuan", "communityId"),
        ] {
            let payload = play.does(login, "ticketFile", common.clone()).await;
            assert_eq!(refusal(&payload), "NOT_FOUND", "{login}");
            assert_eq!(payload["userErrors"][0]["field"], json!(["input", field]));
        }
        // A neighbour's unit, another building and another community do not exist for a resident.
        for (place, field) in [
            (json!({ "unitId": app.world.a2_101 }), "unitId"),
            (json!({ "unitId": app.world.c101 }), "unitId"),
            (json!({ "unitId": null, "buildingId": app.world.b }), "buildingId"),
            (json!({ "unitId": null, "communityId": app.world.yunshan, "place": "大堂" }), "communityId"),
        ] {
            let payload = play.does("lin-yi", "ticketFile", with(leak(app), place)).await;
            assert_eq!(refusal(&payload), "NOT_FOUND", "{field}");
            assert_eq!(payload["userErrors"][0]["field"], json!(["input", field]));
        }
        for (other, message) in [
            (json!({ "reporterId": app.world.lin_er }), "you can report only for yourself"),
            (json!({ "priority": "URGENT" }), "the priority is set by staff; leave it out"),
        ] {
            let payload = play.does("lin-yi", "ticketFile", with(leak(app), other)).await;
            assert_eq!(refusal(&payload), "FORBIDDEN");
            assert_eq!(payload["userErrors"][0]["message"], message);
        }
        let answer = play.does("nobody", "ticketFile", leak(app)).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        nothing_was_filed(&play).await;
    }

    async fn bad_input_files_nothing(app) {
        let play = Play::on(app);
        let (world, mut desk) = (&app.world, play.screen("desk").await);
        let wrong = [
            (json!({ "description": "" }), "description", "a text is needed here; this one is empty"),
            (json!({ "description": "漏\u{0}水" }), "description", "the text holds the control character U+0000; remove it"),
            (json!({ "description": "水".repeat(4001) }), "description", "the text has 4001 characters; at most 4000 are kept"),
            (json!({ "place": "一\u{7}" }), "place", "the text holds the control character U+0007; remove it"),
            (json!({ "place": "里".repeat(201) }), "place", "the text has 201 characters; at most 200 are kept"),
            (json!({ "contactName": "名".repeat(101) }), "contactName", "the text has 101 characters; at most 100 are kept"),
            (
                json!({ "contactPhone": "明天打" }),
                "contactPhone",
                "\"明天打\" is not a telephone number; write 3 to 20 digits, with a + in front at most",
            ),
            (json!({ "unitId": "42" }), "unitId", "\"42\" is not an id; an id of this kind looks like unit:0190a0b1-…"),
            (json!({ "unitId": world.a }), "unitId", "this id is of kind \"building\"; one of kind \"unit\" is needed here"),
            (json!({ "categoryId": world.a }), "categoryId", "this id is of kind \"building\"; one of kind \"category\" is needed here"),
            (json!({ "reporterId": world.a }), "reporterId", "this id is of kind \"building\"; one of kind \"occupant\" is needed here"),
            (json!({ "aboutStaffId": world.a }), "aboutStaffId", "this id is of kind \"building\"; one of kind \"staff\" is needed here"),
            (json!({ "buildingId": world.b }), "buildingId", "the unit is not in this building"),
            (json!({ "communityId": world.yunshan }), "communityId", "the building or unit is not in this community"),
            (json!({ "unitId": null }), "communityId", "name a unit, a building or a community"),
            (
                json!({ "unitId": null, "communityId": world.xinghe }),
                "place",
                "say where it is: a unit, a building, or the place in words",
            ),
            (json!({ "categoryId": world.noise }), "categoryId", "the category NOISE is for another kind of ticket"),
            (
                json!({ "aboutStaffId": world.staff("worker") }),
                "kind",
                "only a COMPLAINT is about a person, a team or a neighbour",
            ),
        ];
        for (other, field, message) in wrong {
            let payload = play.does("desk", "ticketFile", with(leak(app), other)).await;
            assert_eq!(
                payload["userErrors"],
                json!([{ "__typename": "InvalidInput", "code": "INVALID", "field": ["input", field], "message": message }])
            );
        }
        let complaint = with(leak(app), json!({ "kind": "COMPLAINT" }));
        for (other, field) in [
            (json!({ "unitId": unknown("unit") }), "unitId"),
            (json!({ "categoryId": unknown("category") }), "categoryId"),
            (json!({ "reporterId": unknown("occupant") }), "reporterId"),
            (json!({ "reporterId": world.zhao_yuan }), "reporterId"),
            (json!({ "previousId": unknown("ticket") }), "previousId"),
            (json!({ "aboutStaffId": unknown("staff") }), "aboutStaffId"),
            (json!({ "aboutTeamId": world.yunshan_engineering }), "aboutTeamId"),
            (json!({ "aboutUnitId": world.c101 }), "aboutUnitId"),
        ] {
            let payload = play.does("desk", "ticketFile", with(complaint.clone(), other)).await;
            assert_eq!(refusal(&payload), "NOT_FOUND", "{field}");
            assert_eq!(payload["userErrors"][0]["field"], json!(["input", field]));
        }
        nothing_was_filed(&play).await;
        let first = play.raise("REPAIR").await;
        desk.shows("FILE", &first).await;
    }

    async fn a_new_ticket_takes_up_only_one_that_has_ended(app) {
        let play = Play::on(app);
        let (open, closed) = (play.raise("REPAIR").await, play.at(At::Closed, "REPAIR").await);
        let payload = play.does("lin-yi", "ticketFile", with(leak(app), json!({ "previousId": open }))).await;
        assert_eq!(
            payload["userErrors"][0]["message"],
            "XH-20261123-0001 is NEW and has not ended; act on it instead"
        );
        let again = play.file("lin-yi", with(leak(app), json!({ "previousId": closed }))).await;
        assert_eq!(play.sees("desk", &again, "previous { id }").await, json!({ "previous": { "id": closed } }));
    }
}

async fn nothing_was_filed(play: &Play<'_>) {
    let total = play.asks("group", "{ tickets { totalCount } }", json!({})).await;
    assert_eq!(total, json!({ "tickets": { "totalCount": 0 } }));
}
