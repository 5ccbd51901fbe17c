use serde_json::json;

use crate::on_both;

on_both! {
    async fn a_complaint_reaches_the_desk(app) {
        let (resident, desk) = (app.actor("lin-yi").await, app.actor("desk").await);
        let mut screen = app.socket(&desk).await;
        screen
            .subscribe("1", "subscription { complaintFeed { __typename ... on TicketChanged { act ticket { number description } } } }")
            .await;
        assert_eq!(screen.data("1").await, json!({ "complaintFeed": { "__typename": "FeedCaughtUp" } }));
        resident
            .act("ticketFile", json!({ "kind": "COMPLAINT", "unitId": app.world.a101, "description": "楼上太吵" }), "")
            .await
            .done();
        assert_eq!(
            screen.data("1").await,
            json!({ "complaintFeed": {
                "__typename": "TicketChanged",
                "act": "FILE",
                "ticket": { "number": "XH-20261123-0001", "description": "楼上太吵" },
            } })
        );
    }
}
