//! What asks for too much: refused before anything expands it, over HTTP and on the socket alike, while others go on.

use serde_json::{Value, json};

use super::server::{Server, server, server_of, token};
use crate::support::ws::Ws;

/// The first error, which must be the same over HTTP and on the socket. A second client is answered meanwhile.
async fn refused(server: &Server, query: &str, variables: &Value) -> Value {
    let payload = json!({ "query": query, "variables": variables });
    let request = reqwest::Client::new().post(format!("{}/graphql", server.url)).json(&payload);
    let (over_http, other) = tokio::join!(request.send(), is_served(server));
    other.unwrap();
    let over_http: Value = over_http.unwrap().json().await.unwrap();
    assert!(over_http.get("data").is_none(), "{over_http}");
    assert_eq!(over_http["errors"].as_array().map(Vec::len), Some(1), "{over_http}");

    let mut ws = Ws::ready(&server.url, None).await;
    ws.send(json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
    let on_socket = ws.message().await;
    assert_eq!((&on_socket["id"], &on_socket["type"]), (&json!("1"), &json!("error")), "{on_socket}");
    assert_eq!(on_socket["payload"], over_http["errors"]);
    ws.subscribe("2", "{ serverTime }").await;
    assert_eq!(ws.message().await["type"], "next", "the socket serves on");

    let error = over_http["errors"][0].clone();
    assert!(error["message"].as_str().unwrap().len() < 200, "{error}");
    error
}

/// Whether somebody else is served.
async fn is_served(server: &Server) -> Result<(), String> {
    let request = reqwest::Client::new().post(format!("{}/graphql", server.url));
    let answer = request.json(&json!({ "query": "{ serverTime }" })).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    answer["data"]["serverTime"].as_str().map(|_| ()).ok_or_else(|| answer.to_string())
}

async fn assert_over(server: &Server, query: &str, variables: Value, limit: &str, value: u64, most: u64) {
    let error = refused(server, query, &variables).await;
    let told = json!({ "code": "LIMIT_EXCEEDED", "limit": limit, "value": value, "most": most });
    assert_eq!(error["extensions"], told, "{error}");
}

fn nested(open: &str, deep: usize, inner: &str, close: &str) -> String {
    [open.repeat(deep).as_str(), inner, close.repeat(deep).as_str()].concat()
}

/// So many of a thing, each with its number.
fn many(count: usize, each: impl Fn(usize) -> String) -> String {
    (0..count).map(each).collect::<Vec<_>>().join(" ")
}

/// Fragments that spread each other twice: under 1 kB, and a thousand million fields.
fn bomb(deep: usize) -> String {
    let each = many(deep, |n| format!("fragment F{n} on Query {{ ...F{next} ...F{next} }}", next = n + 1));
    format!("{{ ...F0 }} {each} fragment F{deep} on Query {{ __typename }}")
}

#[tokio::test]
async fn what_the_text_of_a_document_may_be() {
    let server = server().await;
    let long = format!("{{ serverTime }} # {}", "x".repeat(33_000));
    assert_over(&server, &long, json!({}), "document_bytes", long.len() as u64, 32_768).await;
    assert_over(
        &server,
        &format!("{{ {} }}", many(2_999, |_| "a".into())),
        json!({}),
        "tokens",
        3_001,
        3_000,
    )
    .await;
    for deep in [
        nested("{a", 500, "", "}"),
        format!("{{ a(x: {}) }}", nested("[", 498, "", "]")),
        format!("{{ a(x: {}) }}", nested("{b:", 498, "1", "}")),
        format!("query($x: {}) {{ a(x: $x) }}", nested("[", 499, "Int", "]")),
        "{".repeat(500),
    ] {
        assert_over(&server, &deep, json!({}), "nesting", 500, 40).await;
    }
    assert_over(&server, &format!("{{ {} }}", "x".repeat(101)), json!({}), "name_bytes", 101, 100).await;
    let unclosed = refused(&server, r#"{ a(x: ["""b" [[[[[]) }"#, &json!({})).await;
    assert_eq!(unclosed["extensions"]["code"], "GRAPHQL_PARSE_FAILED");
}

#[tokio::test]
async fn a_fragment_bomb_is_refused_before_it_is_expanded() {
    let server = server().await;
    assert_over(&server, &bomb(30), json!({}), "recursion", 25, 24).await;
    let wide = bomb(20);
    let error = refused(&server, &wide, &json!({})).await;
    assert_eq!(error["extensions"]["limit"], "fields", "{error}");
    assert!(error["extensions"]["value"].as_u64().unwrap() > 4_000_000 && wide.len() < 1_000, "{error}");
    let cycle = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }";
    let error = refused(&server, cycle, &json!({})).await;
    assert_eq!(error["extensions"], json!({ "code": "GRAPHQL_VALIDATION_FAILED" }), "{error}");
    assert!(error["message"].as_str().unwrap().ends_with("contains itself."), "{error}");
}

#[tokio::test]
async fn what_a_document_may_hold() {
    let server = server().await;
    let none = json!({});
    let fragments = many(61, |n| format!("fragment F{n} on Query {{ serverTime }}"));
    let operations = many(31, |n| format!("query Q{n} {{ serverTime }}"));
    let aliases = format!("{{ {} }}", many(61, |n| format!("a{n}: serverTime")));
    let inline = nested("... on Query {", 25, "serverTime", "}");
    let directives = many(16, |n| format!("f{n}: serverTime {}", "@skip(if: false)".repeat(4)));
    let arguments = many(21, |n| format!("a{n}: 1"));
    for (query, limit, value, most) in [
        (format!("{{ serverTime }} {fragments}"), "fragments", 61, 60),
        (aliases, "aliases", 61, 60),
        (nested("{ a", 17, "", "}"), "depth", 17, 16),
        (format!("{{ {inline} }}"), "recursion", 25, 24),
        (format!("{{ {directives} }}"), "directives", 64, 60),
        ("{ serverTime @a @b @c @d @e }".to_owned(), "directives_at_once", 5, 4),
        (format!("{{ serverTime({arguments}) }}"), "arguments", 21, 20),
        (format!("{{ {} }}", many(2_001, |_| "serverTime".into())), "fields", 2_001, 2_000),
        (format!("{{ {} }}", many(21, |_| "serverTime".into())), "root_fields", 21, 20),
        (
            format!("mutation {{ {} }}", many(21, |n| format!("m{n}: sessionEnd(input: {{}}) {{ done }}"))),
            "root_fields",
            21,
            20,
        ),
        (format!("{{ {} }}", many(11, |n| format!("none{n}"))), "unknown_fields", 11, 10),
        (
            "subscription { a: deskChanged { serverTime } b: deskChanged { serverTime } }".to_owned(),
            "root_fields",
            2,
            1,
        ),
    ] {
        assert_over(&server, &query, none.clone(), limit, value, most).await;
    }
    let chosen = format!("{operations} query Q {{ serverTime }}");
    let error = refused(&server, &chosen, &none).await;
    assert_eq!(error["extensions"]["code"], "OPERATION_NOT_FOUND", "it is asked first which one runs");
    let request = reqwest::Client::new().post(format!("{}/graphql", server.url));
    let answer = request.json(&json!({ "query": chosen, "operationName": "Q" })).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer["errors"][0]["extensions"]["limit"], "operations", "{answer}");
}

#[tokio::test]
async fn what_may_be_given_to_it() {
    let server = server().await;
    let given: serde_json::Map<_, _> = (0..61).map(|n| (format!("v{n}"), json!(n))).collect();
    assert_over(&server, "{ serverTime }", Value::Object(given), "variables", 61, 60).await;
    let deep = (0..41).fold(json!(1), |inner, _| json!([inner]));
    assert_over(&server, "{ serverTime }", json!({ "v": deep }), "nesting", 41, 40).await;
    let list: Vec<u32> = (0..999).collect();
    let used = many(11, |n| format!("n{n}: nodes(ids: $ids) {{ id }}"));
    let query = format!("query($ids: [ID!]!) {{ {used} }}");
    assert_over(&server, &query, json!({ "ids": list }), "inputs", 11_000, 10_000).await;
    let text = "x".repeat(60_000);
    let query = "query($t: String) { a: ticket(number: $t) { id } b: ticket(number: $t) { id } ".to_owned()
        + &many(15, |n| format!("c{n}: ticket(number: $t) {{ id }}"))
        + "}";
    assert_over(&server, &query, json!({ "t": text }), "inputs", 601 * 17, 10_000).await;
}

#[tokio::test]
async fn lists_within_lists_are_multiplied() {
    let server = server().await;
    let query = "query($n: Int) { buildings(first: $n) { nodes { units(first: $n) { nodes { \
        building { units(first: $n) { nodes { id } } } } } } } }";
    assert_over(&server, query, json!({ "n": 100 }), "cost", 1_030_202, 20_000).await;
    assert_over(&server, &query.replace("Int", "Int = 50"), json!({}), "cost", 132_602, 20_000).await;
    let within = asked(&server, query, json!({ "n": 10 })).await;
    assert_eq!(within["extensions"]["cost"], json!({ "requested": 1_322, "most": 20_000 }), "{within}");
}

/// The answer to who wants to know the cost.
async fn asked(server: &Server, query: &str, variables: Value) -> Value {
    let body = json!({ "query": query, "variables": variables, "extensions": { "cost": true } });
    let request =
        reqwest::Client::new().post(format!("{}/graphql", server.url)).bearer_auth(token(server).await);
    request.json(&body).send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn the_cost_is_told_to_who_asks() {
    let server = server().await;
    let answer = asked(&server, "{ serverTime a: serverTime }", json!({})).await;
    assert_eq!(answer["extensions"], json!({ "cost": { "requested": 2, "most": 20_000 } }), "{answer}");
    let mut ws = Ws::ready(&server.url, None).await;
    let payload = json!({ "query": "{ __typename }", "extensions": { "cost": true } });
    ws.send(json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
    assert_eq!(ws.message().await["payload"]["extensions"]["cost"]["requested"], 1);
}

#[tokio::test]
async fn an_event_of_a_subscription_may_cost_less() {
    let server = server_of(|config| config.limits.subscription_cost = 1).await;
    assert_over(&server, "subscription { deskChanged { serverTime } }", json!({}), "cost", 2, 1).await;
}

#[tokio::test]
async fn only_the_first_faults_are_told() {
    let server = server().await;
    let query = format!("{{ {} }}", many(20, |n| format!("serverTime(a{n}: 1, b: 2, c: 3)")));
    let request =
        reqwest::Client::new().post(format!("{}/graphql", server.url)).json(&json!({ "query": query }));
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["errors"].as_array().map(Vec::len), Some(20), "{answer}");
}

#[tokio::test]
async fn a_default_decides_what_is_skipped() {
    let server = server().await;
    let query =
        "query($yes: Boolean = true) { serverTime @include(if: $yes) feed: __typename @skip(if: $yes) }";
    let answer = asked(&server, query, json!({})).await;
    assert!(answer["data"]["serverTime"].is_string() && answer["data"].get("feed").is_none(), "{answer}");
}

#[tokio::test]
async fn dear_operations_take_turns_and_all_are_answered() {
    let server = server_of(|config| {
        config.limits.light_cost = 1;
        config.limits.dear_at_once = 1;
    })
    .await;
    let token = token(&server).await;
    let ask = async || {
        let request = reqwest::Client::new().post(format!("{}/graphql", server.url)).bearer_auth(&token);
        let body = json!({ "query": "{ tickets(first: 100) { nodes { id } } }" });
        let answer: Value = request.json(&body).send().await.unwrap().json().await.unwrap();
        assert!(answer["data"]["tickets"]["nodes"].is_array(), "{answer}");
    };
    let asked = futures_util::future::join_all((0..20).map(|_| ask()));
    tokio::join!(asked, async { is_served(&server).await.unwrap() });
}
