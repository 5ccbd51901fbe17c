use serde_json::{Value, json};

use super::{code, pass, round, start, why};
use crate::on_both;
use crate::support::{Actor, App};

async fn told(screen: &mut crate::support::ws::Ws) -> Value {
    loop {
        let update = screen.data("1").await["complaintFeed"].take();
        if update["__typename"] != "FeedHeartbeat" {
            return update;
        }
    }
}

const FOUND: &str = "finding { id what severity place mendedOnSpot building { name } unit { number } foundBy { name }
    ticket { kind channel status priority description place building { name } } patrol { state } checkResult version }";

async fn tickets(actor: &Actor) -> Value {
    actor.ask("{ tickets { totalCount } }").await.at("/data/tickets/totalCount").clone()
}

async fn under_way(app: &App) -> (Actor, String) {
    round(app).await;
    let assistant = app.actor("assistant").await;
    let patrol = start(&assistant, &app.world.a).await;
    pass(&assistant, &patrol, "A-DOOR").await;
    (assistant, patrol)
}

on_both! {
    async fn a_finding_raises_a_ticket_in_one_step_and_the_desk_hears_of_it(app) {
        let (assistant, patrol) = under_way(app).await;
        let desk = app.actor("desk").await;
        let mut screen = app.socket(&desk).await;
        let feed = "subscription { complaintFeed(filter: { kinds: [REPAIR] }) { __typename ... on TicketChanged { act ticket { channel description } } } }";
        screen.subscribe("1", feed).await;
        assert_eq!(told(&mut screen).await, json!({ "__typename": "FeedCaughtUp" }));
        let input = json!({ "patrolId": patrol, "what": "楼梯灯不亮", "severity": "MAJOR", "place": "3楼" });
        let made = assistant.act("findingReport", input, FOUND).await.done();
        let mut shown = made.at("/finding").clone();
        let id = shown.as_object_mut().unwrap().remove("id").unwrap();
        assert_eq!(shown, json!({
            "what": "楼梯灯不亮",
            "severity": "MAJOR",
            "place": "3楼",
            "mendedOnSpot": false,
            "building": { "name": "A栋" },
            "unit": null,
            "foundBy": { "name": "助理小陈" },
            "ticket": {
                "kind": "REPAIR",
                "channel": "PATROL",
                "status": "NEW",
                "priority": "NORMAL",
                "description": "楼梯灯不亮",
                "place": "3楼",
                "building": { "name": "A栋" },
            },
            "patrol": { "state": "UNDER_WAY" },
            "checkResult": null,
            "version": 1,
        }));
        let heard = json!({ "__typename": "TicketChanged", "act": "FILE", "ticket": { "channel": "PATROL", "description": "楼梯灯不亮" } });
        assert_eq!(told(&mut screen).await, heard);
        let ticket = assistant.ask("{ tickets { nodes { id } } }").await.text("/data/tickets/nodes/0/id");
        let query = format!("{{ findings(filter: {{ ticketIds: [\"{ticket}\"] }}) {{ nodes {{ id }} }} }}");
        assert_eq!(assistant.ask(&query).await.at("/data/findings/nodes"), &json!([{ "id": id }]), "the ticket leads back");
    }

    async fn danger_is_urgent_and_what_was_mended_on_the_spot_raises_none(app) {
        let (assistant, patrol) = under_way(app).await;
        let danger = json!({ "patrolId": patrol, "what": "漏电", "severity": "DANGER", "unitId": app.world.a101, "kind": "SERVICE" });
        let made = assistant.act("findingReport", danger, "finding { unit { number } ticket { kind priority } }").await.done();
        assert_eq!(made.at("/finding"), &json!({ "unit": { "number": "101" }, "ticket": { "kind": "SERVICE", "priority": "URGENT" } }));
        let mended = json!({ "patrolId": patrol, "what": "门没关", "severity": "MINOR", "mendedOnSpot": true });
        let made = assistant.act("findingReport", mended, "finding { mendedOnSpot ticket { id } }").await.done();
        assert_eq!(made.at("/finding"), &json!({ "mendedOnSpot": true, "ticket": null }));
        assert_eq!(tickets(&assistant).await, 1);
    }

    async fn what_is_refused_raises_nothing(app) {
        let (assistant, patrol) = under_way(app).await;
        let input = json!({ "patrolId": patrol, "what": "坏了", "severity": "MINOR" });
        let cases = [
            (json!({ "what": " " }), json!(["INVALID", "input.what"])),
            (json!({ "unitId": app.world.b201 }), json!(["INVALID", "input.unitId"])),
            (json!({ "unitId": app.world.c101 }), json!(["NOT_FOUND", "input.unitId"])),
            (json!({ "categoryId": app.world.noise }), json!(["INVALID", "input.categoryId"])),
            (json!({ "patrolId": null }), json!(["INVALID", "input.patrolId"])),
            (json!({ "patrolId": "patrol:00000000-0000-7000-8000-000000000000" }), json!(["NOT_FOUND", "input.patrolId"])),
        ];
        for (changes, expected) in cases {
            let mut input = input.clone();
            input.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
            assert_eq!(code(&assistant.act("findingReport", input, "").await.0), expected, "{changes}");
        }
        let supervisor = app.actor("supervisor").await;
        assert_eq!(code(&supervisor.act("findingReport", input.clone(), "").await.0), json!(["FORBIDDEN", null]));
        assistant.act("patrolFinish", json!({ "patrolId": patrol }), "").await.done();
        assert_eq!(code(&assistant.act("findingReport", input, "").await.0), json!(["INVALID", "input.patrolId"]));
        assert_eq!(tickets(&assistant).await, 0);
        assert_eq!(assistant.ask("{ findings { totalCount } }").await.at("/data/findings/totalCount"), 0);
    }

    async fn sent_twice_it_raises_one_ticket(app) {
        let (assistant, patrol) = under_way(app).await;
        let input = json!({ "patrolId": patrol, "what": "坏了", "severity": "MINOR", "idempotencyKey": "k" });
        let first = assistant.act("findingReport", input.clone(), "finding { id ticket { id } }").await.done();
        assert_eq!(assistant.act("findingReport", input, "finding { id ticket { id } }").await.done(), first);
        assert_eq!(tickets(&assistant).await, 1);
    }

    async fn who_resolved_its_ticket_does_not_look_again(app) {
        let (assistant, patrol) = under_way(app).await;
        let supervisor = app.actor("supervisor").await;
        let input = json!({ "patrolId": patrol, "what": "灯坏", "severity": "MAJOR" });
        let made = assistant.act("findingReport", input, "finding { id ticket { id } }").await.done();
        let (id, ticket) = (made.text("/finding/id"), made.text("/finding/ticket/id"));
        let owner = json!({ "id": ticket, "ownerId": app.world.staff("supervisor") });
        supervisor.act("ticketAssign", owner, "").await.done();
        supervisor.act_as("ticketStart", "TicketActInput", json!({ "id": ticket }), "").await.done();
        supervisor.act("ticketResolve", json!({ "id": ticket, "resolution": "换了" }), "").await.done();
        let check = json!({ "id": id, "result": "MENDED" });
        assert_eq!(code(&supervisor.act("findingCheck", check.clone(), "").await.0), json!(["FORBIDDEN", null]));
        assistant.act("findingCheck", check, "").await.done();
    }

    async fn it_is_looked_at_again_by_somebody_who_did_not_mend_it(app) {
        let (assistant, patrol) = under_way(app).await;
        let supervisor = app.actor("supervisor").await;
        let input = json!({ "patrolId": patrol, "what": "门没关", "severity": "MINOR", "mendedOnSpot": true });
        let id = assistant.act("findingReport", input, "finding { id }").await.done().text("/finding/id");
        let check = |result: &str| json!({ "id": id, "result": result, "remarks": "看过" });
        let own = assistant.act("findingCheck", check("MENDED"), "").await;
        assert_eq!(why(&own.0), json!(["FORBIDDEN", null, "you mended it yourself; let somebody else look again"]));
        let fields = "finding { checkResult checkRemarks checkedAt checkedBy { name } version }";
        let seen = supervisor.act("findingCheck", check("NOT_MENDED"), fields).await.done();
        assert_eq!(seen.at("/finding"), &json!({
            "checkResult": "NOT_MENDED",
            "checkRemarks": "看过",
            "checkedAt": "2026-11-23T02:00:00.000000Z",
            "checkedBy": { "name": "主管老李" },
            "version": 2,
        }));
        let stale = json!({ "id": id, "result": "MENDED", "expectedVersion": 1 });
        assert_eq!(supervisor.act("findingCheck", stale, "").await.refusal(), "CONFLICT");
        supervisor.act("findingCheck", check("MENDED"), "").await.done();
        let again = supervisor.act("findingCheck", check("NOT_MENDED"), "").await;
        assert_eq!(why(&again.0), json!(["INVALID", "input.id", "somebody has looked already, and it was mended"]));
    }
}
