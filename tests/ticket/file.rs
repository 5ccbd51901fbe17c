use serde_json::json;

use crate::on_both;

on_both! {
    async fn a_resident_raises_a_matter_and_the_desk_sees_it(app) {
        let (resident, desk) = (app.actor("lin-yi").await, app.actor("desk").await);
        let filed = resident
            .act(
                "ticketFile",
                json!({ "kind": "REPAIR", "unitId": app.world.a101, "description": "厨房水管漏水" }),
                "ticket { number status priority channel description unit { number } building { name } reporter { name } }",
            )
            .await
            .done();
        assert_eq!(
            filed.at("/ticket"),
            &json!({
                "number": "XH-20261123-0001",
                "status": "NEW",
                "priority": "NORMAL",
                "channel": "APP",
                "description": "厨房水管漏水",
                "unit": { "number": "101" },
                "building": { "name": "A栋" },
                "reporter": { "name": "林一" },
            })
        );
        let seen = desk.ask("{ ticket(number: \"xh-20261123-0001\") { description contactPhone viewerActions } }").await;
        assert_eq!(
            seen.at("/data/ticket"),
            &json!({
                "description": "厨房水管漏水",
                "contactPhone": "13800000001",
                "viewerActions": ["ACKNOWLEDGE", "ASSIGN", "MERGE", "CANCEL", "HURRY", "ESCALATE", "COMMENT"],
            })
        );
    }
}
