use serde_json::json;

use super::{Screen, act, assign, file};
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

    async fn only_what_was_asked_for_is_told(app) {
        let (desk, group) = (app.actor("desk").await, app.actor("group").await);
        let world = &app.world;
        let mut complaints = Screen::open(&group, "complaintFeed").await;
        let mut repairs = Screen::open(&group, "complaintFeed(filter: { kinds: [REPAIR] })").await;
        let mut nothing = Screen::open(&group, "complaintFeed(communityIds: [])").await;
        let mut yunshan =
            Screen::open(&group, &format!("complaintFeed(communityIds: [{}])", json!(world.yunshan))).await;
        let in_b = format!("complaintFeed(filter: {{ buildingIds: [{}] }})", json!(world.b));
        let mut in_b = Screen::open(&group, &in_b).await;
        let mut acknowledged = Screen::open(&group, "complaintFeed(filter: { acts: [ACKNOWLEDGE] })").await;

        let repair = file(&desk, "REPAIR", ("unitId", &world.a101)).await;
        let in_a = file(&desk, "COMPLAINT", ("unitId", &world.a101)).await;
        act(&desk, "ticketAcknowledge", &in_a).await;
        let other = file(&desk, "COMPLAINT", ("buildingId", &world.b)).await;
        let yunshan_desk = app.actor("yunshan-desk").await;
        let far = file(&yunshan_desk, "COMPLAINT", ("unitId", &world.c101)).await;
        act(&yunshan_desk, "ticketAcknowledge", &far).await;

        let told = |act: &str, ticket: &crate::feed::Filed| format!("{act} {}", ticket.number);
        assert_eq!(
            complaints.told_next(5).await,
            [told("FILE", &in_a), told("ACKNOWLEDGE", &in_a), told("FILE", &other), told("FILE", &far), told("ACKNOWLEDGE", &far)]
        );
        assert_eq!(repairs.told().await, told("FILE", &repair));
        assert_eq!(yunshan.told_next(2).await, [told("FILE", &far), told("ACKNOWLEDGE", &far)]);
        assert_eq!(in_b.told().await, told("FILE", &other));
        assert_eq!(acknowledged.told_next(2).await, [told("ACKNOWLEDGE", &in_a), told("ACKNOWLEDGE", &far)]);
        // Whoever asked for nothing was told nothing: the first thing that comes is an answer to another question.
        nothing.ws.send(json!({ "id": "2", "type": "subscribe", "payload": { "query": "{ serverTime }" } })).await;
        assert_eq!(nothing.ws.message().await["id"], json!("2"));
    }

    async fn another_community_is_told_nothing(app) {
        let (desk, far) = (app.actor("desk").await, app.actor("yunshan-desk").await);
        let world = &app.world;
        let mut screen = Screen::open(&far, "complaintFeed").await;
        let asked = format!("complaintFeed(communityIds: [{}, {}])", json!(world.xinghe), json!(world.yunshan));
        let mut asking = Screen::open(&far, &asked).await;
        file(&desk, "COMPLAINT", ("unitId", &world.a101)).await;
        let own = file(&far, "COMPLAINT", ("unitId", &world.c101)).await;
        assert_eq!(screen.told().await, format!("FILE {}", own.number));
        assert_eq!(asking.told().await, format!("FILE {}", own.number));
    }

    async fn what_goes_to_another_owner_is_withdrawn(app) {
        let desk = app.actor("desk").await;
        // In charge of no building, they see what they own and nothing else.
        let assistant = app.actor("assistant2").await;
        let mut screen = Screen::open(&assistant, "complaintFeed").await;
        let mut filed_only = Screen::open(&assistant, "complaintFeed(filter: { acts: [ASSIGN] })").await;
        let ticket = file(&desk, "COMPLAINT", ("unitId", &app.world.b201)).await;
        assign(&desk, &ticket, &app.world.staff("assistant2")).await;
        act(&assistant, "ticketStart", &ticket).await;
        let number = &ticket.number;
        // Told before it goes: a ticket is shown as it is at delivery, and one that is out of sight by then is not.
        assert_eq!(screen.told_next(2).await, [format!("ASSIGN {number}"), format!("START {number}")]);
        assert_eq!(filed_only.told().await, format!("ASSIGN {number}"));
        assign(&desk, &ticket, &app.world.staff("supervisor")).await;
        assign(&desk, &ticket, &app.world.staff("assistant2")).await;
        for screen in [&mut screen, &mut filed_only] {
            assert_eq!(screen.told_next(2).await, [format!("- {}", ticket.id), format!("ASSIGN {number}")]);
        }
    }

    async fn nobody_is_told_who_is_not_signed_in(app) {
        let one = format!("ticketChanged(id: \"ticket:{}\")", uuid::Uuid::from_u128(1));
        for feed in ["complaintFeed", "myTicketsChanged", &one] {
            let mut screen = Screen::begin(&app.nobody(), feed).await;
            assert_eq!(screen.refused().await["extensions"]["code"], "UNAUTHENTICATED", "{feed}");
        }
        let mut ws = crate::support::ws::Ws::ready(&app.url, None).await;
        ws.subscribe("1", "subscription { deskChanged { waiting } }").await;
        assert_eq!(ws.message().await["payload"][0]["extensions"]["code"], "UNAUTHENTICATED");
    }

    async fn a_subscription_has_one_root_field(app) {
        let mut screen = Screen::begin(&app.actor("desk").await, "a: complaintFeed { __typename } b: complaintFeed").await;
        let refused = screen.refused().await;
        let told = json!({ "code": "LIMIT_EXCEEDED", "limit": "root_fields", "value": 2, "most": 1 });
        assert_eq!(refused["extensions"], told, "{refused}");
    }

    async fn what_is_no_id_is_named(app) {
        let desk = app.actor("desk").await;
        let mut screen = Screen::begin(&desk, "complaintFeed(communityIds: [\"xinghe\"])").await;
        let refused = screen.refused().await;
        assert_eq!(refused["extensions"]["code"], "INVALID", "{refused}");
        assert_eq!(refused["extensions"]["field"], json!(["communityIds"]), "{refused}");
    }
}
