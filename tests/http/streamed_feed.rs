//! The live feed over streams: what is filed arrives, and who was cut off goes on where they were.

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::feed::{Screen, UPDATE, act, assign, file, in_short};
use crate::on_both;
use crate::support::Actor;
use crate::support::stream::{EVENT_STREAM, Events, MULTIPART, Parts, asked};
use crate::support::ws::Ws;

fn complaints() -> String {
    format!("subscription($after: String) {{ complaintFeed(after: $after) {{ {UPDATE} }} }}")
}

fn only(result: &Value) -> &Value {
    result["data"].as_object().unwrap_or_else(|| panic!("{result}")).values().next().unwrap()
}

async fn told(events: &mut Events) -> String {
    let result = events.result().await;
    let update = only(&result);
    assert_eq!(events.id, update["cursor"].as_str().unwrap(), "the id is the place");
    in_short(update)
}

/// The next updates on tickets: on PostgreSQL the end of the replay may come among them.
async fn tickets(events: &mut Events, count: usize) -> Vec<String> {
    let mut all = Vec::new();
    while all.len() < count {
        all.push(told(events).await);
        all.retain(|told| told != "caught up");
    }
    all
}

fn resumed(request: RequestBuilder, id: &str) -> RequestBuilder {
    request.header("last-event-id", id)
}

async fn open(actor: &Actor, after: Option<&str>) -> Events {
    Events::open(asked(actor, EVENT_STREAM, &complaints(), &json!({ "after": after }))).await
}

on_both! {
    async fn a_complaint_arrives_by_every_transport(app) {
        let (resident, desk) = (app.actor("lin-yi").await, app.actor("desk").await);
        let mut events = open(&desk, None).await;
        let mut parts = Parts::open(asked(&desk, MULTIPART, &complaints(), &json!({}))).await;
        let mut socket = Ws::ready(&app.url, desk.token.as_deref()).await;
        socket.subscribe_with("1", &complaints(), json!({})).await;
        assert_eq!(told(&mut events).await, "caught up");
        assert_eq!(in_short(only(&parts.payload().await)), "caught up");
        assert_eq!(in_short(&socket.data("1").await["complaintFeed"]), "caught up");
        let filed = file(&resident, "COMPLAINT", ("unitId", &app.world.a101)).await;
        let by_events = events.result().await;
        assert_eq!(in_short(only(&by_events)), format!("FILE {}", filed.number));
        assert_eq!(parts.payload().await, by_events);
        assert_eq!(socket.result("1").await, by_events);
    }

    async fn who_was_cut_off_loses_and_doubles_nothing(app) {
        let desk = app.actor("desk").await;
        let mut events = open(&desk, None).await;
        let began_at = { told(&mut events).await; events.id.clone() };
        let first = file(&desk, "COMPLAINT", ("unitId", &app.world.a101)).await;
        assert_eq!(told(&mut events).await, format!("FILE {}", first.number));
        let last = events.id.clone();
        drop(events);
        act(&desk, "ticketAcknowledge", &first).await;
        let second = file(&desk, "COMPLAINT", ("unitId", &app.world.b201)).await;
        let missed = [format!("ACKNOWLEDGE {}", first.number), format!("FILE {}", second.number)];

        // By the variable; by the header alone; and by the header where the document says again where it began.
        let mut by_variable = open(&desk, Some(&last)).await;
        assert_eq!(tickets(&mut by_variable, 2).await, missed);
        for began in [None, Some(began_at.as_str())] {
            let request = asked(&desk, EVENT_STREAM, &complaints(), &json!({ "after": began }));
            let mut by_header = Events::open(resumed(request, &last)).await;
            assert_eq!(tickets(&mut by_header, 2).await, missed);
        }
        let mut by_part = Parts::open(asked(&desk, MULTIPART, &complaints(), &json!({ "after": last }))).await;
        for missed in missed {
            assert_eq!(in_short(only(&by_part.payload().await)), missed);
        }
    }

    async fn every_feed_goes_on_by_the_header(app) {
        let desk = app.actor("desk").await;
        let owner = app.actor("assistant2").await;
        let mut screen = Screen::open(&desk, "complaintFeed").await;
        let ticket = file(&desk, "COMPLAINT", ("unitId", &app.world.b201)).await;
        assert_eq!(screen.told().await, format!("FILE {}", ticket.number));
        let cursor = screen.cursor;
        assign(&desk, &ticket, &app.world.staff("assistant2")).await;
        let assigned = [format!("ASSIGN {}", ticket.number)];
        for (who, feed) in [
            (&desk, "complaintFeed(filter: { acts: [ASSIGN] })".to_owned()),
            (&desk, format!("ticketChanged(id: {})", json!(ticket.id))),
            (&owner, "myTicketsChanged".to_owned()),
        ] {
            let query = format!("subscription {{ {feed} {{ {UPDATE} }} }}");
            let mut events = Events::open(resumed(asked(who, EVENT_STREAM, &query, &json!({})), &cursor)).await;
            assert_eq!(tickets(&mut events, 1).await, assigned, "{feed}");
        }
        // Figures are whole each time: there is nothing to go on from.
        let figures = "subscription { deskChanged { cursor unassigned } }";
        let mut events = Events::open(resumed(asked(&desk, EVENT_STREAM, figures, &json!({})), "garbage")).await;
        assert_eq!(events.result().await["data"]["deskChanged"]["unassigned"], 0);
    }

    async fn an_id_that_is_no_cursor_is_named_and_an_empty_one_is_none(app) {
        let desk = app.actor("desk").await;
        for id in ["garbage", "AAAA"] {
            let request = asked(&desk, EVENT_STREAM, &complaints(), &json!({}));
            let refused = Events::open(resumed(request, id)).await.result().await;
            assert_eq!(refused["errors"][0]["extensions"]["code"], "INVALID", "{refused}");
        }
        let request = asked(&desk, EVENT_STREAM, &complaints(), &json!({}));
        assert_eq!(told(&mut Events::open(resumed(request, "")).await).await, "caught up");
    }
}
