//! How often somebody may ask.

use chrono::TimeDelta;
use concierge::config::Rate;
use reqwest::header::RETRY_AFTER;
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Error as WsError;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use super::{Told, ask_from, behind_a_proxy, times, too_many};
use crate::attachment::link;
use crate::support::App;
use crate::support::picture::jpeg;
use crate::support::stream::{EVENT_STREAM, MULTIPART, asked};
use crate::support::ws::{Got, Ws};

const HOME: &str = "198.51.100.1";
const ELSEWHERE: &str = "198.51.100.2";

async fn app(rate: Rate) -> App {
    App::with(|config| behind_a_proxy(config, rate)).await
}

async fn hello(app: &App, from: &str, token: Option<&str>) -> Told {
    ask_from(app, from, token, "{ __typename }", json!({})).await
}

fn well() -> Told {
    (200, None, json!({ "data": { "__typename": "Query" } }))
}

#[tokio::test]
async fn a_viewer_is_counted_wherever_they_are_and_nobody_else_with_them() {
    let app = app(Rate { viewer: times("3/30s"), ..Rate::off() }).await;
    let (desk, other) = (app.actor("desk").await.token, app.actor("lin-yi").await.token);
    for from in [HOME, ELSEWHERE, HOME] {
        assert_eq!(hello(&app, from, desk.as_deref()).await, well());
    }
    assert_eq!(hello(&app, HOME, desk.as_deref()).await, too_many(10));
    assert_eq!(hello(&app, ELSEWHERE, desk.as_deref()).await, too_many(10));
    assert_eq!(hello(&app, HOME, other.as_deref()).await, well());
    assert_eq!(hello(&app, HOME, None).await, well());
    app.advance(TimeDelta::milliseconds(9_001));
    assert_eq!(hello(&app, HOME, desk.as_deref()).await, too_many(1));
    app.advance(TimeDelta::milliseconds(999));
    assert_eq!(hello(&app, HOME, desk.as_deref()).await, well());
    app.stop().await;
}

#[tokio::test]
async fn what_a_viewer_asks_on_sockets_counts_with_what_they_ask_over_http() {
    let app = app(Rate { viewer: times("3/30s"), ..Rate::off() }).await;
    let desk = app.actor("desk").await;
    let (mut first, mut second) = (app.socket(&desk).await, app.socket(&desk).await);
    first.subscribe("1", "{ viewer { login } }").await;
    assert_eq!(first.data("1").await, json!({ "viewer": { "login": "desk" } }));
    first.expect(json!({ "id": "1", "type": "complete" })).await;
    second.subscribe("1", "subscription { complaintFeed { __typename } }").await;
    second.data("1").await;
    assert_eq!(hello(&app, HOME, desk.token.as_deref()).await, well());

    let refused = json!([{
        "message": "Too many requests; try again in 10 s.",
        "extensions": { "code": "RATE_LIMITED", "retryAfter": 10 },
    }]);
    for query in ["{ viewer { login } }", "subscription { complaintFeed { __typename } }"] {
        first.subscribe("2", query).await;
        first.expect(json!({ "id": "2", "type": "error", "payload": refused })).await;
    }
    assert_eq!(hello(&app, HOME, desk.token.as_deref()).await, too_many(10));
    for accept in [EVENT_STREAM, MULTIPART] {
        let feed = "subscription { complaintFeed { __typename } }";
        let response = asked(&desk, accept, feed, &json!({})).send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()[RETRY_AFTER]),
            (429, &"10".parse().unwrap())
        );
        assert_eq!(response.json::<Value>().await.unwrap(), json!({ "errors": refused }));
    }
    // The socket stands, and so does what runs.
    first.send(json!({ "type": "ping" })).await;
    first.expect(json!({ "type": "pong" })).await;
    app.advance(TimeDelta::seconds(10));
    first.subscribe("2", "{ viewer { login } }").await;
    assert_eq!(first.data("2").await, json!({ "viewer": { "login": "desk" } }));
    app.stop().await;
}

#[tokio::test]
async fn who_is_not_signed_in_is_counted_by_address() {
    let app = app(Rate { address: times("3/30s"), ..Rate::off() }).await;
    assert_eq!(hello(&app, HOME, None).await, well());
    // A token that is not good is nobody's.
    for _ in 0..2 {
        assert_eq!(hello(&app, HOME, Some("wrong")).await.0, 401);
    }
    assert_eq!(hello(&app, HOME, None).await, too_many(10));
    assert_eq!(hello(&app, HOME, Some("wrong")).await, too_many(10));
    assert_eq!(hello(&app, ELSEWHERE, None).await, well());
    // What a client wrote into the header stands before what the proxy saw.
    assert_eq!(hello(&app, &format!("{ELSEWHERE}, {HOME}"), None).await, too_many(10));
    app.stop().await;
}

#[tokio::test]
async fn of_ipv6_a_network_is_one_address() {
    let app = app(Rate { address: times("2/20s"), ..Rate::off() }).await;
    for host in ["2001:db8:1:2::1", "2001:db8:1:2:ffff::1"] {
        assert_eq!(hello(&app, host, None).await, well());
    }
    assert_eq!(hello(&app, "[2001:db8:1:2:abcd::7]:4711", None).await, too_many(10));
    assert_eq!(hello(&app, "2001:db8:1:3::1", None).await, well());
    app.stop().await;
}

#[tokio::test]
async fn headers_of_those_whom_nobody_trusts_say_nothing() {
    let app = App::with(|config| config.rate = Rate { address: times("2/20s"), ..Rate::off() }).await;
    for from in [HOME, ELSEWHERE] {
        assert_eq!(hello(&app, from, None).await, well());
    }
    assert_eq!(hello(&app, "198.51.100.3", None).await, too_many(10));
    app.stop().await;
}

#[tokio::test]
async fn sockets_that_open_are_counted_by_address() {
    let app = app(Rate { address: times("2/20s"), ..Rate::off() }).await;
    let from = [("x-forwarded-for", HOME)];
    let mut stands = Ws::open_with(&app.url, &from).await;
    stands.init(None).await;
    assert_eq!(stands.next().await, Got::Message(json!({ "type": "connection_ack" })));
    stands.subscribe("1", "{ __typename }").await;
    stands.data("1").await;

    let address = format!("{}/graphql", app.url.replacen("http", "ws", 1));
    let mut request = address.into_client_request().unwrap();
    request.headers_mut().insert("x-forwarded-for", HOME.parse().unwrap());
    let Err(WsError::Http(refused)) = connect_async(request).await else { panic!("it was let in") };
    assert_eq!((refused.status().as_u16(), refused.headers()["retry-after"].to_str().unwrap()), (429, "10"));
    Ws::open_with(&app.url, &[("x-forwarded-for", ELSEWHERE)]).await;
    app.stop().await;
}

/// What `/files` answers from an address: status and `Retry-After`.
async fn fetched(app: &App, from: &str, link: &str) -> (u16, Option<String>) {
    let response = app.client.get(format!("{}{link}", app.url)).header("x-forwarded-for", from).send().await;
    let response = response.unwrap();
    let wait = response.headers().get(RETRY_AFTER).map(|value| value.to_str().unwrap().to_owned());
    (response.status().as_u16(), wait)
}

#[tokio::test]
async fn files_are_counted_by_whose_link_it_is_and_what_is_none_by_address() {
    let app = app(Rate { files: times("2/20s"), address: times("3/30s"), ..Rate::off() }).await;
    let mut links = Vec::new();
    for login in ["lin-yi", "desk"] {
        let actor = app.actor(login).await;
        let id = actor.upload("a.jpg", &jpeg(10, 10)).await;
        links.push(link(&actor, &id, "url").await);
    }
    let (own, others) = (&links[0], &links[1]);
    for from in [HOME, ELSEWHERE] {
        assert_eq!(fetched(&app, from, own).await, (200, None));
    }
    assert_eq!(fetched(&app, HOME, own).await, (429, Some("10".to_owned())));
    assert_eq!(fetched(&app, HOME, others).await, (200, None));

    let guessed =
        [own.replace("account=", "account=0"), own.replace("signature=", "signature=A"), "/files/1".into()];
    for guess in &guessed {
        assert_eq!(fetched(&app, HOME, guess).await, (404, None));
    }
    for none in [&guessed[0], "/files/transfers/1?variant=result"] {
        assert_eq!(fetched(&app, HOME, none).await, (429, Some("10".to_owned())));
        assert_eq!(fetched(&app, ELSEWHERE, none).await, (404, None));
    }
    assert_eq!(fetched(&app, HOME, others).await, (200, None));
    app.stop().await;
}

#[tokio::test]
async fn what_is_refused_is_counted_by_limit() {
    let app = app(Rate { viewer: times("1/10s"), ..Rate::off() }).await;
    let token = app.actor("desk").await.token;
    hello(&app, HOME, token.as_deref()).await;
    assert_eq!(hello(&app, HOME, token.as_deref()).await, too_many(10));
    let metrics = app.client.get(format!("{}/metrics", app.url)).send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("concierge_rate_limited_total{limit=\"viewer\"} "), "{metrics}");
    app.stop().await;
}
