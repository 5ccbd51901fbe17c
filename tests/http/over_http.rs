//! GraphQL over HTTP, status by status; health and metrics.

use std::time::Duration;

use reqwest::header::{ACCEPT, ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use super::server::{MUTATION, SUBSCRIPTION, Server, server, server_with, token};
use crate::support::ws::raw;

const JSON: &str = "application/json";
const GRAPHQL: &str = "application/graphql-response+json";

fn post(server: &Server, body: impl Into<reqwest::Body>) -> RequestBuilder {
    Client::new().post(format!("{}/graphql", server.url)).header(CONTENT_TYPE, JSON).body(body)
}

fn query(server: &Server, body: &Value) -> RequestBuilder {
    post(server, body.to_string())
}

fn get(server: &Server, query: &str) -> RequestBuilder {
    Client::new().get(format!("{}/graphql?{query}", server.url))
}

/// Status, the code of the first error, and the whole.
async fn answer(request: RequestBuilder) -> (u16, String, Value) {
    let response = request.send().await.unwrap();
    assert!(response.headers().contains_key("x-request-id"));
    let status = response.status().as_u16();
    let body: Value = response.json().await.expect("every answer is JSON");
    let code = body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned();
    (status, code, body)
}

async fn assert_refused(request: RequestBuilder, status: u16, code: &str) {
    let answer = answer(request).await;
    assert_eq!((answer.0, answer.1.as_str()), (status, code), "{}", answer.2);
    assert!(answer.2["errors"][0]["message"].is_string());
    assert!(answer.2.get("data").is_none(), "{}", answer.2);
}

#[tokio::test]
async fn the_media_type_is_negotiated() {
    let server = server().await;
    for (accept, content_type) in [
        (None, JSON),
        (Some("*/*"), JSON),
        (Some(JSON), JSON),
        (Some(GRAPHQL), GRAPHQL),
        (Some("application/graphql-response+json;q=0.4, application/json;q=0.9"), JSON),
    ] {
        for request in
            [query(&server, &json!({ "query": "{ __typename }" })), get(&server, "query={__typename}")]
        {
            let request = accept.into_iter().fold(request, |request, accept| request.header(ACCEPT, accept));
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), StatusCode::OK);
            assert_eq!(
                response.headers()[CONTENT_TYPE],
                format!("{content_type}; charset=utf-8"),
                "{accept:?}"
            );
            assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
            let body: Value = response.json().await.unwrap();
            assert!(body["data"]["__typename"].is_string() && body.get("errors").is_none(), "{body}");
        }
    }
    let html = query(&server, &json!({ "query": "{ __typename }" })).header(ACCEPT, "text/html");
    assert_refused(html, 406, "NOT_ACCEPTABLE").await;
}

#[tokio::test]
async fn a_request_that_is_not_executed_is_200_in_json_and_400_in_graphql() {
    let server = server().await;
    for (body, code) in [
        (json!({ "query": "{" }), "GRAPHQL_PARSE_FAILED"),
        (json!({ "query": "query A { __typename } query B { __typename }" }), "OPERATION_NOT_FOUND"),
        (json!({ "query": "query A { __typename }", "operationName": "B" }), "OPERATION_NOT_FOUND"),
        (json!({ "query": SUBSCRIPTION }), "SUBSCRIPTION_NEEDS_STREAM"),
        (json!({ "query": "{ noSuchField }" }), "GRAPHQL_VALIDATION_FAILED"),
    ] {
        for (accept, status) in [(JSON, 200), (GRAPHQL, 400)] {
            let answer = answer(query(&server, &body).header(ACCEPT, accept)).await;
            assert_eq!((answer.0, answer.1.as_str()), (status, code), "{}", answer.2);
            assert!(answer.2.get("data").is_none(), "{}", answer.2);
        }
    }
}

#[tokio::test]
async fn the_operation_is_chosen_by_name_in_post_and_get() {
    let server = server().await;
    let document = "query A { a: __typename } query B { b: __typename }";
    let body = json!({ "query": document, "operationName": "B", "variables": null, "extensions": {} });
    assert!(answer(query(&server, &body).header(ACCEPT, GRAPHQL)).await.2["data"]["b"].is_string());
    let form = format!("query={}&operationName=B&variables=%7B%7D", document.replace(' ', "+"));
    assert!(answer(get(&server, &form)).await.2["data"]["b"].is_string());
}

#[tokio::test]
async fn get_runs_queries_only() {
    let server = server().await;
    let response = get(&server, &format!("query={}", MUTATION.replace(' ', "+"))).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(response.headers()[ALLOW], "POST");
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "METHOD_NOT_ALLOWED");

    let chosen = format!("query=query+A+{{__typename}}+{}&operationName=A", MUTATION.replacen(' ', "+M+", 1));
    assert_eq!(
        answer(get(&server, &chosen.replace(' ', "+"))).await.0,
        200,
        "the mutation is not the one meant"
    );

    for wrong in ["", "query={__typename}&variables=[1]", "query={__typename}&extensions=x"] {
        assert_refused(get(&server, wrong), 400, "BAD_REQUEST").await;
    }
}

#[tokio::test]
async fn a_body_that_is_no_request_is_400_in_both_media_types() {
    let server = server().await;
    for (body, code) in [
        ("", "BAD_REQUEST"),
        ("nonsense", "BAD_REQUEST"),
        (r#"{"query":"#, "BAD_REQUEST"),
        (r#"{"qeury":"{__typename}"}"#, "BAD_REQUEST"),
        (r#"{"query":0}"#, "BAD_REQUEST"),
        (r#"{"query":"{__typename}","variables":[7]}"#, "BAD_REQUEST"),
        (r#"[{"query":"{__typename}"}]"#, "BATCH_NOT_SUPPORTED"),
    ] {
        for accept in [JSON, GRAPHQL] {
            assert_refused(post(&server, body).header(ACCEPT, accept), 400, code).await;
        }
    }
    assert_refused(post(&server, b"{\"query\":\"\xff\"}".to_vec()), 400, "BAD_REQUEST").await;
}

#[tokio::test]
async fn only_json_is_taken() {
    let server = server().await;
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/mixed; boundary=x"] {
        let request =
            Client::new().post(format!("{}/graphql", server.url)).header(CONTENT_TYPE, content_type);
        assert_refused(request.body(r#"{"query":"{__typename}"}"#), 415, "UNSUPPORTED_MEDIA_TYPE").await;
    }
    // A form with files is for those who are signed in: tests/attachment has more of it.
    let form = Client::new()
        .post(format!("{}/graphql", server.url))
        .header(CONTENT_TYPE, "multipart/form-data; boundary=x");
    assert_refused(form.body("--x--"), 401, "UNAUTHENTICATED").await;
    let without = Client::new().post(format!("{}/graphql", server.url)).body("{}");
    assert_refused(without, 415, "UNSUPPORTED_MEDIA_TYPE").await;
}

#[tokio::test]
async fn a_body_too_large_is_413_however_it_is_framed() {
    let server = server_with(|limits| {
        limits.body_bytes = 1_000;
        limits.header_timeout = Duration::from_millis(500);
    })
    .await;
    let body = json!({ "query": format!("{{ __typename }} #{}", "x".repeat(2_000)) }).to_string();
    assert_refused(post(&server, body.clone()), 413, "PAYLOAD_TOO_LARGE").await;

    let head = "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunked = format!("{head}{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    let answer = raw(&server.url, chunked.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("PAYLOAD_TOO_LARGE"), "{answer}");
}

#[tokio::test]
async fn who_sends_too_slowly_is_not_waited_for() {
    let server = server_with(|limits| {
        limits.body_timeout = Duration::from_millis(50);
        limits.header_timeout = Duration::from_millis(50);
    })
    .await;
    let head =
        "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n";
    let answer = raw(&server.url, format!("{head}\r\n{{").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("TIMEOUT"), "{answer}");
    raw(&server.url, head.as_bytes()).await;
}

#[tokio::test]
async fn a_token_that_is_not_valid_is_401_and_none_is_anonymous() {
    let server = server().await;
    let body = json!({ "query": "{ __typename }" });
    for wrong in ["Bearer wrong", "Bearer", "Basic eDp5", "x"] {
        let request = query(&server, &body).header(AUTHORIZATION, wrong);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{wrong}");
        assert!(response.headers()[WWW_AUTHENTICATE].to_str().unwrap().starts_with("Bearer "));
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    }
    assert_eq!(answer(query(&server, &body)).await.0, 200);
    let token = token(&server).await;
    assert_eq!(answer(query(&server, &body).header(AUTHORIZATION, format!("bearer {token}"))).await.0, 200);
}

#[tokio::test]
async fn a_request_keeps_its_id_or_gets_one() {
    let server = server().await;
    let id = async |given: Option<&str>| {
        let request = query(&server, &json!({ "query": "{ __typename }" }));
        let request = given.into_iter().fold(request, |request, id| request.header("x-request-id", id));
        request.send().await.unwrap().headers()["x-request-id"].to_str().unwrap().to_owned()
    };
    assert_eq!(id(Some("edge-42")).await, "edge-42");
    assert_ne!(id(Some("not fit")).await, "not fit");
    assert_ne!(id(None).await, id(None).await);
}

#[tokio::test]
async fn other_methods_and_paths_are_refused_in_json() {
    let server = server().await;
    for method in [Method::PUT, Method::DELETE, Method::PATCH] {
        let response = Client::new().request(method, format!("{}/graphql", server.url)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(response.headers()[ALLOW], "GET,HEAD,POST");
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["errors"][0]["extensions"]["code"], "METHOD_NOT_ALLOWED");
    }
    assert_refused(Client::new().get(format!("{}/nothing", server.url)), 404, "NOT_FOUND").await;
    let no_handshake = get(&server, "").header("upgrade", "websocket").header("connection", "upgrade");
    assert_refused(no_handshake, 400, "BAD_REQUEST").await;
}

#[tokio::test]
async fn other_origins_are_closed_unless_named() {
    let server = server().await;
    let allowed = async |origin: &'static str| {
        let preflight = Client::new()
            .request(Method::OPTIONS, format!("{}/graphql", server.url))
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type, authorization");
        let response = preflight.send().await.unwrap();
        response.headers().get("access-control-allow-origin").map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(allowed("https://desk.example").await.as_deref(), Some("https://desk.example"));
    assert_eq!(allowed("https://evil.example").await, None);
}

#[tokio::test]
async fn health_and_metrics() {
    let server = server().await;
    let at = |path: &str| Client::new().get(format!("{}{path}", server.url));
    assert_eq!(answer(at("/healthz")).await.2, json!({ "status": "alive" }));
    assert_eq!(answer(at("/readyz")).await.2, json!({ "status": "ready" }));
    let metrics = at("/metrics").send().await.unwrap();
    assert_eq!(metrics.status(), StatusCode::OK);
    assert_eq!(metrics.headers()[CONTENT_TYPE], "text/plain; version=0.0.4; charset=utf-8");
}

#[tokio::test]
async fn shutdown_ends_an_idle_connection() {
    let server = server().await;
    let client = Client::new();
    let url = format!("{}/healthz", server.url);
    client.get(&url).send().await.unwrap().text().await.unwrap();
    server.stop();
    tokio::time::timeout(Duration::from_secs(5), server.stopped())
        .await
        .expect("it need not wait for keep-alive");
    assert!(Client::new().get(&url).send().await.is_err());
}
