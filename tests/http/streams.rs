//! Streams over HTTP, frame by frame: GraphQL over Server-Sent Events, and Apollo's multipart subscriptions.

use std::time::Duration;

use chrono::TimeDelta;
use reqwest::Client;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use super::server::SUBSCRIPTION;
use crate::feed::file;
use crate::support::stream::{EVENT_STREAM, Event, Events, MULTIPART, Parts, asked};
use crate::support::{Actor, App};

fn comment(text: &str) -> Event {
    Event { comment: Some(text.to_owned()), ..Event::default() }
}

fn complete() -> Event {
    Event { event: Some("complete".to_owned()), data: Some(String::new()), ..Event::default() }
}

fn next(result: &Value) -> Event {
    Event { event: Some("next".to_owned()), data: Some(result.to_string()), ..Event::default() }
}

/// By GET, with nothing but a query.
fn got(actor: &Actor, accept: &str, query: &str) -> reqwest::RequestBuilder {
    let url = reqwest::Url::parse_with_params(&format!("{}/graphql", actor.url), [("query", query)]).unwrap();
    let request = Client::new().get(url).header("accept", accept);
    actor.token.iter().fold(request, reqwest::RequestBuilder::bearer_auth)
}

#[tokio::test]
async fn a_query_and_a_mutation_are_told_as_one_result() {
    let app = App::with(|_| {}).await;
    let desk = app.actor("desk").await;
    let answered = json!({ "data": { "__typename": "Query" } });
    for request in
        [asked(&desk, EVENT_STREAM, "{ __typename }", &json!({})), got(&desk, EVENT_STREAM, "{ __typename }")]
    {
        let all = Events::open(request).await.rest().await;
        assert_eq!(all, [next(&answered), complete()]);
    }
    let only = "multipart/mixed;subscriptionSpec=1.0";
    let all = Parts::open(asked(&desk, only, "{ __typename }", &json!({}))).await.rest().await;
    assert_eq!(all, [json!({ "payload": answered })]);
    // Who also takes one answer gets that.
    let response = asked(&desk, MULTIPART, "{ __typename }", &json!({})).send().await.unwrap();
    assert_eq!(response.json::<Value>().await.unwrap(), answered);

    // The session ends, and its last answer is told whole.
    let end = "mutation { sessionEnd(input: {}) { done } }";
    let all = Events::open(asked(&desk, EVENT_STREAM, end, &json!({}))).await.rest().await;
    assert_eq!(all, [next(&json!({ "data": { "sessionEnd": { "done": true } } })), complete()]);
    app.stop().await;
}

#[tokio::test]
async fn what_is_not_executed_is_told_where_results_would_be() {
    let app = App::with(|_| {}).await;
    let desk = app.actor("desk").await;
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ noSuchField }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { noSuchField }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { __typename } query B { __typename }", "OPERATION_NOT_FOUND"),
        ("subscription { complaintFeed(after: \"x\") { __typename } }", "INVALID"),
    ] {
        let told = Events::open(asked(&desk, EVENT_STREAM, query, &json!({}))).await.rest().await;
        assert_eq!((told.len(), &told[1]), (2, &complete()), "{told:?}");
        let result: Value = serde_json::from_str(told[0].data.as_deref().unwrap()).unwrap();
        assert_eq!(result["errors"][0]["extensions"]["code"], code, "{query}");
        assert!(result.get("data").is_none(), "{result}");

        let told = Parts::open(asked(&desk, MULTIPART, query, &json!({})));
        if query.starts_with("subscription") {
            let told = told.await.rest().await;
            assert_eq!(told[0]["payload"]["errors"][0]["extensions"]["code"], code, "{told:?}");
            assert_eq!(told.len(), 1);
        }
    }
    let nobody =
        Events::open(asked(&app.nobody(), EVENT_STREAM, SUBSCRIPTION, &json!({}))).await.rest().await;
    assert!(nobody[0].data.as_ref().unwrap().contains("UNAUTHENTICATED"), "{nobody:?}");
    app.stop().await;
}

#[tokio::test]
async fn what_is_no_request_is_refused_by_its_status() {
    let app = App::with(|_| {}).await;
    let mut desk = app.actor("desk").await;
    let refused = async |request: reqwest::RequestBuilder| {
        let response = request.send().await.unwrap();
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with("application/json"));
        let status = response.status().as_u16();
        let body: Value = response.json().await.unwrap();
        (status, body["errors"][0]["extensions"]["code"].as_str().unwrap().to_owned())
    };
    for accept in [EVENT_STREAM, MULTIPART] {
        let mutation = "mutation { sessionEnd(input: {}) { done } }";
        assert_eq!(refused(got(&desk, accept, mutation)).await, (405, "METHOD_NOT_ALLOWED".into()));
        let nothing = Client::new().post(format!("{}/graphql", app.url)).header("accept", accept).body("{}");
        assert_eq!(refused(nothing).await, (415, "UNSUPPORTED_MEDIA_TYPE".into()));
        desk.token = Some("wrong".to_owned());
        let wrong = asked(&desk, accept, SUBSCRIPTION, &json!({}));
        assert_eq!(refused(wrong).await, (401, "UNAUTHENTICATED".into()));
        desk = app.actor("desk").await;
    }
    for (accept, status) in
        [("application/json", 200), ("application/graphql-response+json", 400), ("*/*", 200)]
    {
        let response = asked(&desk, accept, SUBSCRIPTION, &json!({})).send().await.unwrap();
        assert_eq!(response.status(), status);
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["errors"][0]["extensions"]["code"], "SUBSCRIPTION_NEEDS_STREAM");
        let message = body["errors"][0]["message"].as_str().unwrap();
        for way in ["graphql-transport-ws", "text/event-stream", "multipart/mixed;subscriptionSpec=1.0"] {
            assert!(message.contains(way), "{message}");
        }
    }
    app.stop().await;
}

#[tokio::test]
async fn a_quiet_stream_has_heartbeats() {
    let app = App::with(|config| config.http.ws_ping_every = Duration::from_millis(30)).await;
    let desk = app.actor("desk").await;
    let feed = "subscription { complaintFeed { __typename } }";
    let mut events = Events::open(got(&desk, EVENT_STREAM, feed)).await;
    assert_eq!(events.next().await, Some(comment("")), "the head is passed on at once");
    events.result().await;
    for _ in 0..3 {
        assert_eq!(events.next().await, Some(comment("")));
    }
    let mut parts = Parts::open(got(&desk, MULTIPART, feed)).await;
    assert_eq!(parts.next().await, Some(json!({})));
    parts.payload().await;
    for _ in 0..3 {
        assert_eq!(parts.next().await, Some(json!({})));
    }
    app.stop().await;
}

#[tokio::test]
async fn a_stream_outlives_neither_its_session_nor_its_token() {
    let app = App::with(|_| {}).await;
    for expires in [false, true] {
        let desk = app.actor("desk").await;
        let feed = "subscription { complaintFeed { __typename } }";
        let mut events = Events::open(asked(&desk, EVENT_STREAM, feed, &json!({}))).await;
        let mut parts = Parts::open(asked(&desk, MULTIPART, feed, &json!({}))).await;
        events.result().await;
        parts.payload().await;
        if expires {
            app.advance(TimeDelta::minutes(15));
            // Whatever happens to anybody's session has all look at their own.
            let other = app.actor("lin-yi").await;
            other.act("sessionEnd", json!({}), "done").await.done();
        } else {
            desk.act("sessionEnd", json!({}), "done").await.done();
        }
        let said = "The session has ended, or the token has expired: go on with a fresh one.";
        assert_eq!(events.rest().await, [comment(said)], "without `complete` its client comes back");
        let told = parts.rest().await;
        let error = json!({ "message": said, "extensions": { "code": "UNAUTHENTICATED" } });
        assert_eq!(told, [json!({ "payload": null, "errors": [error] })]);
    }
    app.stop().await;
}

#[tokio::test]
async fn shutdown_ends_streams_in_order() {
    let app = App::with(|_| {}).await;
    let desk = app.actor("desk").await;
    let feed = "subscription { complaintFeed { __typename } }";
    let mut events = Events::open(asked(&desk, EVENT_STREAM, feed, &json!({}))).await;
    let mut parts = Parts::open(asked(&desk, MULTIPART, feed, &json!({}))).await;
    events.result().await;
    parts.payload().await;
    app.running.begin_stop();
    let said = "The server is shutting down: go on at once, another takes you.";
    assert_eq!(events.rest().await, [comment(said)]);
    let error = json!({ "message": said, "extensions": { "code": "UNAVAILABLE" } });
    assert_eq!(parts.rest().await, [json!({ "payload": null, "errors": [error] })]);
    tokio::time::timeout(Duration::from_secs(5), app.stop()).await.expect("it ends when its streams have");
}

#[tokio::test]
async fn who_leaves_gives_up_the_subscription() {
    let app = App::with(|config| config.http.sockets_per_viewer = 1).await;
    let desk = app.actor("desk").await;
    for _ in 0..3 {
        // The seat is free again as soon as the server has seen that the last one has gone.
        let response = loop {
            let response = asked(&desk, EVENT_STREAM, SUBSCRIPTION, &json!({})).send().await.unwrap();
            if response.status() == 200 {
                break response;
            }
            assert_eq!(response.status(), 429);
        };
        drop(response);
    }
    app.stop().await;
}

/// The peer takes nothing, and what it is sent is more than the network holds for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_read_is_hung_up_on_and_holds_up_nobody() {
    let app = App::with(|config| config.http.ws_idle_after = Duration::from_millis(1_500)).await;
    let desk = app.actor("desk").await;
    let copies = (0..20).map(|copy| format!("d{copy}: description ")).collect::<String>();
    let query = format!(
        "subscription {{ complaintFeed {{ ... on TicketChanged {{ ticket {{ number {copies} }} }} }} }}"
    );
    let mut stalled = connect(&app.url).await;
    let body = json!({ "query": query }).to_string();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\n\
         Authorization: Bearer {}\r\nContent-Length: {}\r\n\r\n{body}",
        desk.token.as_deref().unwrap(),
        body.len(),
    );
    stalled.write_all(request.as_bytes()).await.unwrap();
    let mut quick = Events::open(asked(&desk, EVENT_STREAM, &query, &json!({}))).await;
    quick.result().await;

    let long = "很吵".repeat(2_000);
    for _ in 0..60 {
        let input = json!({ "kind": "COMPLAINT", "unitId": app.world.a101, "description": long });
        let filed = desk.act("ticketFile", input, "ticket { number }").await.done().text("/ticket/number");
        let told = quick.result().await;
        assert_eq!(told["data"]["complaintFeed"]["ticket"]["number"], filed);
    }
    while !ended(&desk, "stalled").await {}
    // The network may have given the connection up by then without a word to the peer, who hears of it by saying something.
    let hung_up = async {
        while stalled.write_all(b"\r\n").await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), hung_up).await.expect("hung up on");
    // What the network still held may come, but no end of the response.
    let mut rest = Vec::new();
    let _ = stalled.read_to_end(&mut rest).await;
    assert!(!rest.ends_with(b"0\r\n\r\n"));
    app.stop().await;
}

async fn connect(url: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    socket.connect(url.trim_start_matches("http://").parse().unwrap()).await.unwrap()
}

/// Whether a stream of this process has ended so.
async fn ended(actor: &Actor, how: &str) -> bool {
    let metrics =
        Client::new().get(format!("{}/metrics", actor.url)).send().await.unwrap().text().await.unwrap();
    metrics.contains(&format!("concierge_streams_ended_total{{how=\"{how}\"}}"))
}

#[tokio::test]
async fn a_stream_is_counted_while_it_lasts() {
    let app = App::with(|_| {}).await;
    let desk = app.actor("desk").await;
    let mut events = Events::open(asked(&desk, EVENT_STREAM, SUBSCRIPTION, &json!({}))).await;
    file(&desk, "COMPLAINT", ("unitId", &app.world.a101)).await;
    events.result().await;
    let metrics =
        Client::new().get(format!("{}/metrics", app.url)).send().await.unwrap().text().await.unwrap();
    for line in ["concierge_streams ", "transport=\"event-stream\",operation=\"subscription\",outcome=\"ok\""]
    {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
    app.stop().await;
}
