//! How many sockets and streams somebody may have, and how fast a socket's peer may speak.

use reqwest::header::RETRY_AFTER;
use serde_json::{Value, json};

use super::server::SUBSCRIPTION;
use crate::support::stream::{EVENT_STREAM, Events, MULTIPART, Parts, asked};
use crate::support::ws::{Got, Ws};
use crate::support::{Actor, App};

/// Asks for a stream that is one too many.
async fn refused(actor: &Actor, accept: &str) -> Value {
    let response = asked(actor, accept, SUBSCRIPTION, &json!({})).send().await.unwrap();
    assert_eq!(response.status(), 429);
    assert_eq!(response.headers()[RETRY_AFTER], "5");
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "TOO_MANY_SOCKETS");
    body["errors"][0]["message"].clone()
}

/// Asks for a handshake and gives the status that it is answered with.
async fn handshake(url: &str) -> u16 {
    let url = format!("{}/graphql", url.replacen("http", "ws", 1));
    let mut request = tungstenite::client::IntoClientRequest::into_client_request(url).unwrap();
    request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
    match tokio_tungstenite::connect_async(request).await {
        Ok((_, response)) => response.status().as_u16(),
        Err(tungstenite::Error::Http(response)) => response.status().as_u16(),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_viewer_has_so_many_sockets_and_streams() {
    let app = App::with(|config| config.http.sockets_per_viewer = 3).await;
    let (desk, mate) = (app.actor("desk").await, app.actor("desk2").await);
    let mut socket = app.socket(&desk).await;
    let _events = Events::open(asked(&desk, EVENT_STREAM, SUBSCRIPTION, &json!({}))).await;
    let _parts = Parts::open(asked(&desk, MULTIPART, SUBSCRIPTION, &json!({}))).await;

    let mut fourth = Ws::open(&app.url).await;
    fourth.init(desk.token.as_deref()).await;
    assert_eq!(fourth.closed().await, (1013, "Too many sockets".to_owned()));
    let message = "This viewer has 3 sockets and streams open, and no more are taken: close one first.";
    assert_eq!(refused(&desk, EVENT_STREAM).await, message);
    assert_eq!(refused(&desk, MULTIPART).await, message);
    // Each viewer has their own, nobody none, and what is no stream needs no seat.
    app.socket(&mate).await;
    Ws::ready(&app.url, None).await;
    assert_eq!(desk.ask("{ serverTime }").await.at("/errors"), &Value::Null);

    let leaving = tungstenite::protocol::CloseFrame { code: 1000.into(), reason: "".into() };
    socket.frame(tungstenite::Message::Close(Some(leaving))).await;
    assert_eq!(socket.next().await, Got::Close(1000, String::new()));
    let mut again = loop {
        let mut again = Ws::open(&app.url).await;
        again.init(desk.token.as_deref()).await;
        match again.next().await {
            Got::Close(1013, _) => {}
            Got::Message(ack) if ack["type"] == "connection_ack" => break again,
            other => panic!("{other:?}"),
        }
    };
    again.send(json!({ "type": "ping" })).await;
    again.expect(json!({ "type": "pong" })).await;
    app.stop().await;
}

#[tokio::test]
async fn an_address_has_so_many_sockets_and_streams() {
    let app = App::with(|config| config.http.sockets_per_address = 2).await;
    let (desk, mate) = (app.actor("desk").await, app.actor("desk2").await);
    let _socket = Ws::open(&app.url).await;
    let events = Events::open(asked(&desk, EVENT_STREAM, SUBSCRIPTION, &json!({}))).await;
    assert_eq!(handshake(&app.url).await, 429);
    let message = "This address has 2 sockets and streams open, and no more are taken: close one first.";
    assert_eq!(refused(&mate, EVENT_STREAM).await, message);
    assert_eq!(mate.ask("{ serverTime }").await.at("/errors"), &Value::Null, "who asks is not held up");
    drop(events);
    while handshake(&app.url).await != 101 {}
    app.stop().await;
}

#[tokio::test]
async fn who_says_too_much_is_closed_1008() {
    let app = App::with(|config| config.http.ws_messages_per_second = 2).await;
    let mut ws = Ws::ready(&app.url, None).await;
    // Ten seconds' worth, of which one was `connection_init`.
    for _ in 0..19 {
        ws.send(json!({ "type": "ping" })).await;
        ws.expect(json!({ "type": "pong" })).await;
    }
    for _ in 0..60 {
        let flood = tungstenite::Message::text(r#"{"type":"ping"}"#);
        if futures_util::SinkExt::send(&mut ws.0, flood).await.is_err() {
            break;
        }
    }
    assert_eq!(ws.closed().await, (1008, "Too many messages".to_owned()));
    app.stop().await;
}

#[tokio::test]
async fn a_client_that_comes_back_with_all_it_had_is_not_too_fast() {
    let app = App::with(|_| {}).await;
    let mut ws = app.socket(&app.actor("desk").await).await;
    for id in 0..64 {
        ws.subscribe(&id.to_string(), SUBSCRIPTION).await;
    }
    for _ in 0..64 {
        assert_eq!(ws.message().await["type"], "next");
    }
    app.stop().await;
}
