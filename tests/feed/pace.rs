//! Heartbeats for who has nothing to read, and patience with who does not.

use std::time::Duration;

use chrono::TimeDelta;
use concierge::live::Cursor;
use serde_json::json;

use super::{Screen, file};
use crate::support::App;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_heartbeat_moves_the_cursor_on_and_tells_the_time() {
    let app = App::with(|config| config.feed.heartbeat_every = Duration::from_millis(50)).await;
    let desk = app.actor("desk").await;
    let mut screen = Screen::begin(&desk, "complaintFeed").await;
    while screen.told().await != "caught up" {}
    let first = file(&desk, "COMPLAINT", ("unitId", &app.world.a101)).await;
    while screen.told().await != format!("FILE {}", first.number) {}
    let before = Cursor::parse(&screen.cursor).unwrap();

    // Nothing for this subscription, but the feed has moved on.
    app.advance(TimeDelta::seconds(90));
    file(&desk, "REPAIR", ("unitId", &app.world.a101)).await;
    let beat = loop {
        let beat = screen.update().await;
        assert_eq!(beat["__typename"], "FeedHeartbeat");
        if Cursor::parse(&screen.cursor).unwrap() != before {
            break beat;
        }
    };
    let after = Cursor::parse(&screen.cursor).unwrap();
    assert_eq!(after, Cursor { seq: before.seq + 1, ..before });
    assert_eq!(beat["serverTime"], "2026-11-23T02:01:30.000000Z");
    app.stop().await;
}

/// The buffer is small, the peer does not read, and what it is sent is more than the network holds for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_is_caught_up_from_the_table() {
    let app = App::with(|config| {
        config.feed.buffer = 4;
        config.feed.batch = 3;
        config.http.ws_queue = 1;
    })
    .await;
    let desk = app.actor("desk").await;
    let mut slow = app.socket(&desk).await;
    let text = (0..20).map(|copy| format!("d{copy}: description ")).collect::<String>();
    let query = format!(
        "subscription {{ complaintFeed {{ ... on TicketChanged {{ ticket {{ number {text} }} }} }} }}"
    );
    slow.subscribe("1", &query).await;
    slow.data("1").await;
    // This one shares every rendering with the slow one.
    let mut same = app.socket(&desk).await;
    same.subscribe("1", &query).await;
    same.data("1").await;
    let mut quick = Screen::open(&desk, "complaintFeed").await;

    let long = "很吵".repeat(2_000);
    let all = 60;
    let mut filed = Vec::new();
    for _ in 0..all {
        let input = json!({ "kind": "COMPLAINT", "unitId": app.world.a101, "description": long });
        filed.push(desk.act("ticketFile", input, "ticket { number }").await.done().text("/ticket/number"));
    }
    // Who reads is not held up by who does not.
    let told = quick.told_next(all).await;
    assert_eq!(told, filed.iter().map(|number| format!("FILE {number}")).collect::<Vec<_>>());
    for number in &filed {
        let data = same.data("1").await;
        assert_eq!(&data["complaintFeed"]["ticket"]["number"], number);
    }
    for number in &filed {
        let data = slow.data("1").await;
        assert_eq!(&data["complaintFeed"]["ticket"]["number"], number);
    }
    app.stop().await;
}
