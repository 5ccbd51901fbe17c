//! graphql-transport-ws, message by message and close code by close code.

use std::time::Duration;

use serde_json::json;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use super::server::{SUBSCRIPTION, server, server_with, token};
use crate::support::ws::{Got, Ws};

#[tokio::test]
async fn a_client_without_our_subprotocol_is_closed_4406() {
    let server = server().await;
    let mut ws = Ws::open_raw(&server.url, &[]).await;
    assert_eq!(ws.closed().await, (4406, "Subprotocol not acceptable".into()));
}

#[tokio::test]
async fn no_init_in_time_is_closed_4408() {
    let server = server_with(|limits| limits.ws_init_timeout = Duration::from_millis(50)).await;
    let mut ws = Ws::open(&server.url).await;
    ws.send(json!({ "type": "ping" })).await;
    ws.expect(json!({ "type": "pong" })).await;
    assert_eq!(ws.closed().await, (4408, "Connection initialisation timeout".into()));
}

#[tokio::test]
async fn init_is_acknowledged_once() {
    let server = server().await;
    let mut ws = Ws::ready(&server.url, None).await;
    ws.init(None).await;
    assert_eq!(ws.closed().await, (4429, "Too many initialisation requests".into()));
}

#[tokio::test]
async fn a_token_that_is_not_valid_is_closed_4403() {
    let server = server().await;
    for (key, value) in
        [("Authorization", "Bearer wrong"), ("authorization", "Bearer wrong"), ("Authorization", "x")]
    {
        let mut ws = Ws::open(&server.url).await;
        ws.send(json!({ "type": "connection_init", "payload": { key: value } })).await;
        assert_eq!(ws.closed().await, (4403, "Forbidden".into()), "{key}: {value}");
    }
    let mut ws = Ws::open_with(&server.url, &[("authorization", "Bearer wrong")]).await;
    ws.init(None).await;
    assert_eq!(ws.closed().await.0, 4403, "the upgrade's own header counts when the payload has none");
}

#[tokio::test]
async fn the_payloads_token_goes_before_the_headers() {
    let server = server().await;
    let mut ws = Ws::open_with(&server.url, &[("authorization", "Bearer wrong")]).await;
    ws.init(Some(&token(&server).await)).await;
    ws.expect(json!({ "type": "connection_ack" })).await;
}

#[tokio::test]
async fn subscribe_before_ack_is_closed_4401() {
    let server = server().await;
    let mut ws = Ws::open(&server.url).await;
    ws.subscribe("1", "{ __typename }").await;
    assert_eq!(ws.closed().await, (4401, "Unauthorized".into()));
}

#[tokio::test]
async fn what_is_no_message_is_closed_4400() {
    let server = server().await;
    for text in [
        "nonsense",
        "[]",
        "{}",
        r#"{"type":"start","id":"1"}"#,
        r#"{"type":"complete"}"#,
        r#"{"type":"next"}"#,
    ] {
        let mut ws = Ws::open(&server.url).await;
        ws.text(text).await;
        let (code, reason) = ws.closed().await;
        assert_eq!(code, 4400, "{text}");
        assert!(reason.starts_with("Invalid message: "), "{reason}");

        let mut ws = Ws::ready(&server.url, None).await;
        ws.text(text).await;
        assert_eq!(ws.closed().await.0, 4400, "after the acknowledgement: {text}");
    }
    let mut ws = Ws::ready(&server.url, None).await;
    ws.frame(Message::binary(r#"{"type":"ping"}"#)).await;
    assert_eq!(ws.closed().await.0, 4400);
}

#[tokio::test]
async fn a_message_too_big_is_closed_1009() {
    let server = server_with(|limits| limits.ws_frame_bytes = 1_000).await;
    let mut ws = Ws::ready(&server.url, None).await;
    ws.subscribe("1", &"x".repeat(2_000)).await;
    assert_eq!(ws.closed().await.0, 1009);
}

#[tokio::test]
async fn ping_is_answered_with_its_payload() {
    let server = server().await;
    let mut ws = Ws::ready(&server.url, None).await;
    ws.send(json!({ "type": "ping" })).await;
    ws.expect(json!({ "type": "pong" })).await;
    ws.send(json!({ "type": "ping", "payload": { "at": [1, "é"] } })).await;
    ws.expect(json!({ "type": "pong", "payload": { "at": [1, "é"] } })).await;
    ws.send(json!({ "type": "pong" })).await;
    ws.send(json!({ "type": "ping" })).await;
    ws.expect(json!({ "type": "pong" })).await;
}

#[tokio::test]
async fn a_query_is_answered_by_next_and_complete_and_frees_its_id() {
    let server = server().await;
    let mut ws = Ws::ready(&server.url, None).await;
    for _ in 0..3 {
        ws.subscribe("a\"1", "{ __typename }").await;
        let next = ws.message().await;
        assert_eq!((&next["id"], &next["type"]), (&json!("a\"1"), &json!("next")));
        assert_eq!(
            next["payload"],
            json!({ "data": { "__typename": next["payload"]["data"]["__typename"] } })
        );
        ws.expect(json!({ "id": "a\"1", "type": "complete" })).await;
    }
}

#[tokio::test]
async fn an_operation_that_is_not_valid_is_answered_by_error_alone() {
    let server = server().await;
    let mut ws = Ws::ready(&server.url, None).await;
    for query in
        ["{", "{ noSuchField }", "query A { __typename } query B { __typename }", "subscription { noSuch }"]
    {
        ws.subscribe("1", query).await;
        let error = ws.message().await;
        assert_eq!((&error["id"], &error["type"]), (&json!("1"), &json!("error")), "{query}");
        assert!(error["payload"][0]["message"].is_string(), "{error}");
        assert!(error["payload"][0]["extensions"]["code"].is_string(), "{error}");
    }
    ws.send(json!({ "type": "ping" })).await;
    ws.expect(json!({ "type": "pong" })).await;
}

#[tokio::test]
async fn an_id_in_use_is_closed_4409() {
    let server = server().await;
    let mut ws = Ws::ready(&server.url, Some(&token(&server).await)).await;
    ws.subscribe("same", SUBSCRIPTION).await;
    ws.subscribe("same", SUBSCRIPTION).await;
    assert_eq!(ws.closed().await, (4409, "Subscriber for same already exists".into()));
}

#[tokio::test]
async fn complete_ends_a_subscription_and_frees_its_id() {
    let server = server_with(|limits| limits.ws_subscriptions = 1).await;
    let mut ws = Ws::ready(&server.url, Some(&token(&server).await)).await;
    for _ in 0..3 {
        ws.subscribe("1", SUBSCRIPTION).await;
        ws.send(json!({ "id": "1", "type": "complete" })).await;
    }
    ws.send(json!({ "id": "never begun", "type": "complete" })).await;
    ws.send(json!({ "type": "ping" })).await;
    while ws.message().await != json!({ "type": "pong" }) {}
}

#[tokio::test]
async fn more_subscriptions_than_allowed_are_refused_each_by_itself() {
    let server = server_with(|limits| limits.ws_subscriptions = 2).await;
    let mut ws = Ws::ready(&server.url, Some(&token(&server).await)).await;
    for id in ["1", "2", "3"] {
        ws.subscribe(id, SUBSCRIPTION).await;
    }
    let refused = loop {
        let message = ws.message().await;
        if message["type"] == "error" {
            break message;
        }
    };
    assert_eq!(refused["id"], "3");
    assert_eq!(refused["payload"][0]["extensions"]["code"], "TOO_MANY_SUBSCRIPTIONS");
    ws.send(json!({ "id": "1", "type": "complete" })).await;
    ws.subscribe("4", "{ __typename }").await;
    while ws.message().await["id"] != "4" {}
}

#[tokio::test]
async fn the_server_pings_and_keeps_who_answers() {
    let server = server_with(|limits| {
        limits.ws_ping_every = Duration::from_millis(20);
        limits.ws_idle_after = Duration::from_millis(200);
    })
    .await;
    let mut ws = Ws::ready(&server.url, None).await;
    for _ in 0..20 {
        assert_eq!(ws.next().await, Got::Ping);
    }
}

#[tokio::test]
async fn who_is_silent_is_dropped() {
    let server = server_with(|limits| {
        limits.ws_ping_every = Duration::from_millis(20);
        limits.ws_idle_after = Duration::from_millis(100);
    })
    .await;
    let ws = Ws::ready(&server.url, None).await;
    // Beneath the WebSocket layer nobody answers pings.
    let tokio_tungstenite::MaybeTlsStream::Plain(mut tcp) = ws.0.into_inner() else { panic!() };
    let mut frames = Vec::new();
    let read = tokio::io::AsyncReadExt::read_to_end(&mut tcp, &mut frames);
    tokio::time::timeout(Duration::from_secs(5), read).await.expect("dropped").unwrap();
}

#[tokio::test]
async fn a_close_is_answered() {
    let server = server().await;
    let mut ws = Ws::ready(&server.url, None).await;
    ws.frame(Message::Close(Some(CloseFrame { code: 1000.into(), reason: "bye".into() }))).await;
    assert_eq!(ws.next().await, Got::Close(1000, "bye".into()));
}

#[tokio::test]
async fn shutdown_closes_1001() {
    let server = server().await;
    let mut fresh = Ws::open(&server.url).await;
    let mut busy = Ws::ready(&server.url, Some(&token(&server).await)).await;
    busy.subscribe("1", SUBSCRIPTION).await;
    server.stop();
    for ws in [&mut fresh, &mut busy] {
        assert_eq!(ws.closed().await, (1001, "Server is shutting down".into()));
    }
    tokio::time::timeout(Duration::from_secs(5), server.stopped())
        .await
        .expect("it ends when its sockets have");
}
