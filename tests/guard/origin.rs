//! Pages of other origins, and what every answer tells a browser.

use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, ORIGIN, SET_COOKIE};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Error as WsError;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::support::App;
use crate::support::world::PASSWORD;
use crate::support::ws::Ws;

const DESK: &str = "https://desk.example";
const RESIDENT: &str = "https://my.example";
const EVIL: &str = "https://evil.example";
const REFRESH: &str = "mutation { sessionRefresh(input: {}) { tokens { accessToken } userErrors { code } } }";

async fn app() -> App {
    App::with(|config| config.origins.resident = vec![RESIDENT.to_owned()]).await
}

/// What a browser is told when it asks for a page whether it may send this.
async fn asked(app: &App, origin: &str, headers: &str) -> HeaderMap {
    let request = Client::new()
        .request(Method::OPTIONS, format!("{}/graphql", app.url))
        .header(ORIGIN, origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", headers);
    request.send().await.unwrap().headers().clone()
}

#[tokio::test]
async fn a_browser_sends_json_and_tokens_for_the_pages_of_frontends_alone() {
    let app = app().await;
    for origin in [DESK, RESIDENT] {
        let told = asked(&app, origin, "authorization,content-type").await;
        assert_eq!(told["access-control-allow-origin"], origin);
        assert_eq!(told["access-control-allow-credentials"], "true");
        let allowed = told["access-control-allow-headers"].to_str().unwrap();
        assert!(allowed.contains("authorization") && allowed.contains("content-type"), "{allowed}");
    }
    for origin in [EVIL, "null", "https://desk.example.evil.example", "http://desk.example"] {
        let told = asked(&app, origin, "content-type").await;
        assert_eq!(told.get("access-control-allow-origin"), None, "{origin}");
    }
    let app = app.restart_with(|config| config.origins = concierge::config::Origins::default()).await;
    let told = asked(&app, DESK, "content-type").await;
    assert_eq!(told.get("access-control-allow-origin"), None, "closed by default");
    app.stop().await;
}

/// The status of a socket's handshake that a page asks for.
async fn handshake(app: &App, origin: &str) -> u16 {
    let address = format!("{}/graphql", app.url.replacen("http", "ws", 1));
    let mut request = address.into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
    request.headers_mut().insert(ORIGIN.as_str(), origin.parse().unwrap());
    match connect_async(request).await {
        Ok((_, response)) => response.status().as_u16(),
        Err(WsError::Http(refused)) => {
            let body: Value =
                serde_json::from_slice(refused.body().as_deref().unwrap_or_default()).unwrap_or_default();
            assert_eq!(body.pointer("/errors/0/extensions/code"), Some(&json!("FORBIDDEN_ORIGIN")), "{body}");
            refused.status().as_u16()
        }
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_socket_is_opened_for_our_own_pages_and_those_of_frontends_alone() {
    let app = app().await;
    let own = app.url.clone();
    for origin in [&own, DESK, RESIDENT] {
        assert_eq!(handshake(&app, origin).await, 101, "{origin}");
    }
    for origin in [EVIL, "null", "http://127.0.0.1:1", "https://desk.example.evil.example"] {
        assert_eq!(handshake(&app, origin).await, 403, "{origin}");
    }
    // An app, which sends no origin; and a cookie makes nobody of it.
    let cookie = cookie(&app).await;
    let mut socket = Ws::open_with(&app.url, &[("cookie", &cookie)]).await;
    socket.init(None).await;
    socket.expect(json!({ "type": "connection_ack" })).await;
    socket.subscribe("1", "{ viewer { login } }").await;
    assert_eq!(socket.data("1").await, json!({ "viewer": null }));
    socket.expect(json!({ "type": "complete", "id": "1" })).await;
    socket.subscribe("2", REFRESH).await;
    assert_eq!(socket.data("2").await["sessionRefresh"]["tokens"], Value::Null);
    app.stop().await;
}

/// The cookie with which a browser keeps a session.
async fn cookie(app: &App) -> String {
    let query =
        "mutation($input: SessionCreateInput!) { sessionCreate(input: $input) { userErrors { code } } }";
    let input = json!({ "login": "lin-yi", "password": PASSWORD, "keepInCookie": true });
    let request = app.client.post(format!("{}/graphql", app.url));
    let response =
        request.json(&json!({ "query": query, "variables": { "input": input } })).send().await.unwrap();
    let set = response.headers()[SET_COOKIE].to_str().unwrap();
    set.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_cookie_counts_only_with_what_no_other_page_can_send() {
    let app = app().await;
    let cookie = cookie(&app).await;
    let json = json!({ "query": REFRESH }).to_string();
    // Forms and plain text are sent for any page without asking.
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""] {
        let request = app.client.post(format!("{}/graphql", app.url)).header(COOKIE, &cookie);
        let answer = request.header(CONTENT_TYPE, kind).body(json.clone()).send().await.unwrap();
        let status = answer.status().as_u16();
        assert!(status == 415 || (kind.starts_with("multipart") && status == 401), "{kind}: {status}");
    }
    // A GET brings no cookie, and is no place for a mutation.
    let query = "mutation{sessionRefresh(input:{}){userErrors{code}}}";
    let get = app.client.get(format!("{}/graphql?query={query}", app.url)).header(COOKIE, &cookie);
    assert_eq!(get.send().await.unwrap().status().as_u16(), 405);

    let post = async |origin: Option<&str>| {
        let mut request = app.client.post(format!("{}/graphql", app.url)).header(COOKIE, &cookie);
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        let answer =
            request.header(CONTENT_TYPE, "application/json").body(json.clone()).send().await.unwrap();
        let set = answer.headers().contains_key(SET_COOKIE);
        (
            answer.json::<Value>().await.unwrap()["data"]["sessionRefresh"]["tokens"]["accessToken"]
                .is_string(),
            set,
        )
    };
    assert_eq!(post(Some(EVIL)).await, (false, false), "not spent by it either");
    assert_eq!(post(Some(DESK)).await, (true, true));
    app.stop().await;
}

#[tokio::test]
async fn every_answer_tells_a_browser_not_to_run_frame_or_guess_it() {
    let app = app().await;
    let data = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    for (method, path) in [
        (Method::POST, "/graphql"),
        (Method::GET, "/graphql?query={__typename}"),
        (Method::OPTIONS, "/graphql"),
        (Method::DELETE, "/graphql"),
        (Method::GET, "/files/nothing"),
        (Method::GET, "/healthz"),
        (Method::GET, "/readyz"),
        (Method::GET, "/metrics"),
        (Method::GET, "/nothing"),
    ] {
        let request = app.client.request(method.clone(), format!("{}{path}", app.url));
        let headers = request.send().await.unwrap().headers().clone();
        for (name, value) in [
            ("content-security-policy", data),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(
                headers.get(name).and_then(|value| value.to_str().ok()),
                Some(value),
                "{method} {path} {name}"
            );
        }
        let kind = headers.get(CONTENT_TYPE).map(|kind| kind.to_str().unwrap());
        assert!(
            !kind.unwrap_or_default().starts_with("text/html"),
            "a page, on {path}: its policy is another"
        );
    }
    app.stop().await;
}
