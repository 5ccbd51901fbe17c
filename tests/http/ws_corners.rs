//! graphql-transport-ws in its corners, each with the sentence of the protocol that it holds us to.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;
use tokio::net::TcpSocket;
use tungstenite::client::IntoClientRequest;

use super::server::{SUBSCRIPTION, server, token};
use crate::feed::file;
use crate::on_both;
use crate::support::App;
use crate::support::ws::{Got, Ws};

/// "If the server receives more than one `ConnectionInit` message at any given time": also before it has answered.
#[tokio::test]
async fn two_inits_in_one_breath_are_closed_4429() {
    let server = server().await;
    let mut ws = Ws::open(&server.url).await;
    ws.init(None).await;
    ws.init(None).await;
    assert_eq!(ws.closed().await, (4429, "Too many initialisation requests".into()));
}

/// "payload: { operationName?, query, variables?, extensions? }", of which `null` is the same as absent.
#[tokio::test]
async fn a_payload_has_all_four_parameters() {
    let server = server().await;
    let mut ws = Ws::ready(&server.url, None).await;
    let query = "query A { a: __typename } query B($name: String!) { b: __type(name: $name) { name } }";
    let payload =
        json!({ "query": query, "operationName": "B", "variables": { "name": "Ticket" }, "extensions": {} });
    ws.send(json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
    assert_eq!(ws.result("1").await, json!({ "data": { "b": { "name": "Ticket" } } }));
    ws.expect(json!({ "id": "1", "type": "complete" })).await;
    let payload =
        json!({ "query": "{ __typename }", "operationName": null, "variables": null, "extensions": null });
    ws.send(json!({ "id": "2", "type": "subscribe", "payload": payload })).await;
    assert_eq!(ws.result("2").await, json!({ "data": { "__typename": "Query" } }));
}

/// "Error: … happening before the actual execution"; what fails while it is executed is a result, and then complete.
#[tokio::test]
async fn a_field_that_fails_is_a_result() {
    let server = server().await;
    let mut ws = Ws::ready(&server.url, None).await;
    ws.subscribe("1", "{ tickets { totalCount } }").await;
    let result = ws.result("1").await;
    assert!(result.get("data").is_some(), "{result}");
    assert_eq!(result["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    ws.expect(json!({ "id": "1", "type": "complete" })).await;
}

/// "The server may not assert this rule for operations returning a single result"; other ids go on beside.
#[tokio::test]
async fn operations_go_on_beside_each_other() {
    let server = server().await;
    let mut ws = Ws::ready(&server.url, Some(&token(&server).await)).await;
    ws.subscribe("feed", SUBSCRIPTION).await;
    ws.result("feed").await;
    for id in ["a", "b", "c"] {
        ws.subscribe(id, "{ __typename }").await;
    }
    let mut ended = Vec::new();
    while ended.len() < 3 {
        let message = ws.message().await;
        if message["type"] == "complete" {
            ended.push(message["id"].as_str().unwrap().to_owned());
        }
    }
    ended.sort();
    assert_eq!(ended, ["a", "b", "c"]);
}

/// A client of the older protocol may offer both.
#[tokio::test]
async fn ours_is_chosen_among_the_sub_protocols() {
    let server = server().await;
    let mut ws =
        Ws::open_raw(&server.url, &[("sec-websocket-protocol", "graphql-ws, graphql-transport-ws")]).await;
    ws.init(None).await;
    ws.expect(json!({ "type": "connection_ack" })).await;
}

on_both! {
    /// "The client has stopped listening … No further events, relevant to the original subscription, should be sent."
    async fn nothing_comes_after_complete(app) {
        let desk = app.actor("desk").await;
        let mut ws = app.socket(&desk).await;
        let feed = "subscription { complaintFeed { __typename } }";
        for id in ["stopped", "kept"] {
            ws.subscribe(id, feed).await;
            ws.result(id).await;
        }
        ws.send(json!({ "id": "stopped", "type": "complete" })).await;
        ws.send(json!({ "type": "ping" })).await;
        ws.expect(json!({ "type": "pong" })).await;
        for _ in 0..3 {
            file(&desk, "COMPLAINT", ("unitId", &app.world.a101)).await;
            let told = ws.message().await;
            assert_eq!((&told["id"], &told["type"]), (&json!("kept"), &json!("next")), "{told}");
        }
    }

    async fn a_mutation_on_the_socket_reaches_its_own_feed(app) {
        let desk = app.actor("desk").await;
        let mut ws = app.socket(&desk).await;
        ws.subscribe("feed", "subscription { complaintFeed { ... on TicketChanged { act ticket { number } } } }").await;
        ws.result("feed").await;
        let filing = "mutation($input: TicketFileInput!) { ticketFile(input: $input) { ticket { number } } }";
        let input = json!({ "kind": "COMPLAINT", "unitId": app.world.a101, "description": "楼上太吵" });
        ws.subscribe_with("act", filing, json!({ "input": input })).await;
        let (mut filed, mut told) = (None, None);
        while filed.is_none() || told.is_none() {
            let message = ws.message().await;
            let data = &message["payload"]["data"];
            match (message["id"].as_str(), message["type"].as_str()) {
                (Some("act"), Some("next")) => filed = Some(data["ticketFile"]["ticket"].clone()),
                (Some("feed"), Some("next")) => told = Some(data["complaintFeed"]["ticket"].clone()),
                (Some("act"), Some("complete")) => {}
                _ => panic!("{message}"),
            }
        }
        assert_eq!(filed, told);
    }
}

/// The socket does not wait for anything to happen: the moment is enough.
#[tokio::test]
async fn a_socket_ends_at_the_moment_that_its_token_does() {
    let app = App::with(|config| config.auth.access_token_ttl = Duration::from_secs(1)).await;
    let desk = app.actor("desk").await;
    let mut ws = app.socket(&desk).await;
    ws.subscribe("1", SUBSCRIPTION).await;
    ws.result("1").await;
    app.advance(TimeDelta::seconds(1));
    // Not a `complete`, by which a client would not come back.
    loop {
        match ws.next().await {
            Got::Ping => {}
            Got::Message(message) => assert_eq!(message["type"], "next", "{message}"),
            end => break assert_eq!(end, Got::Close(4403, "Session ended".to_owned())),
        }
    }
    app.stop().await;
}

/// The peer takes nothing, and what it is sent is more than the network holds for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_read_is_dropped_and_holds_up_nobody() {
    let app = App::with(|config| config.http.ws_idle_after = Duration::from_millis(1_500)).await;
    // Nobody is to be called silent here.
    assert!(app.config().http.ws_ping_every > Duration::from_secs(10));
    let desk = app.actor("desk").await;
    let copies = (0..20).map(|copy| format!("d{copy}: description ")).collect::<String>();
    let query = format!(
        "subscription {{ complaintFeed {{ ... on TicketChanged {{ ticket {{ number {copies} }} }} }} }}"
    );

    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let stream = socket.connect(app.url.trim_start_matches("http://").parse().unwrap()).await.unwrap();
    let mut request = format!("{}/graphql", app.url.replacen("http", "ws", 1)).into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
    let stream = tokio_tungstenite::MaybeTlsStream::Plain(stream);
    let mut stalled = Ws(tokio_tungstenite::client_async(request, stream).await.unwrap().0);
    stalled.init(desk.token.as_deref()).await;
    stalled.subscribe("1", &query).await;
    let mut quick = app.socket(&desk).await;
    quick.subscribe("1", &query).await;
    quick.data("1").await;

    let long = "很吵".repeat(2_000);
    for _ in 0..60 {
        let input = json!({ "kind": "COMPLAINT", "unitId": app.world.a101, "description": long });
        let filed = desk.act("ticketFile", input, "ticket { number }").await.done().text("/ticket/number");
        assert_eq!(quick.data("1").await["complaintFeed"]["ticket"]["number"], filed);
    }
    let metrics = format!("{}/metrics", app.url);
    while !reqwest::get(&metrics)
        .await
        .unwrap()
        .text()
        .await
        .unwrap()
        .contains("closed_total{how=\"stalled\"}")
    {}
    app.stop().await;
}
