//! GraphQL over HTTP in its corners: what few clients send, and hostile ones do.

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, ALLOW, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ORIGIN, VARY,
};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use super::server::{Server, server};
use crate::support::App;

const JSON: &str = "application/json";
const GRAPHQL: &str = "application/graphql-response+json";

fn post(server: &Server, body: impl Into<reqwest::Body>) -> RequestBuilder {
    Client::new().post(format!("{}/graphql", server.url)).header(CONTENT_TYPE, JSON).body(body)
}

fn query(server: &Server, query: &str) -> RequestBuilder {
    post(server, json!({ "query": query }).to_string())
}

fn get(server: &Server, query: &str) -> RequestBuilder {
    Client::new().get(format!("{}/graphql?{query}", server.url))
}

/// The status, and the code of the only error.
async fn refusal(request: RequestBuilder) -> (u16, String) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let body: Value = response.json().await.expect("every answer is JSON");
    assert_eq!(body["errors"].as_array().map(Vec::len), Some(1), "{body}");
    let message = body["errors"][0]["message"].as_str().unwrap();
    assert!(message.chars().count() <= 600 && !message.contains('\n'), "{message}");
    (status, body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn each_kind_of_error_has_its_code_and_status_in_both_media_types() {
    let server = server().await;
    let coercion = "query($id: ID!) { node(id: $id) { __typename } }";
    for (body, code) in [
        (json!({ "query": "" }), "GRAPHQL_PARSE_FAILED"),
        (json!({ "query": "query {" }), "GRAPHQL_PARSE_FAILED"),
        (json!({ "query": "{ a } { b }" }), "GRAPHQL_PARSE_FAILED"),
        (json!({ "query": "fragment F on Query { __typename }" }), "GRAPHQL_PARSE_FAILED"),
        (json!({ "query": "{ __typename }", "operationName": "A" }), "OPERATION_NOT_FOUND"),
        (json!({ "query": "query A { __typename }", "operationName": "" }), "OPERATION_NOT_FOUND"),
        (json!({ "query": "{ noSuchField }" }), "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": "{ serverTime @noSuch }" }), "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": "{ ...F }" }), "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": "{ node(id: []) { id } }" }), "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": coercion }), "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": coercion, "variables": { "id": null } }), "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": coercion, "variables": { "id": {} } }), "GRAPHQL_VALIDATION_FAILED"),
    ] {
        for (accept, status) in [(JSON, 200), (GRAPHQL, 400)] {
            let refused = refusal(post(&server, body.to_string()).header(ACCEPT, accept)).await;
            assert_eq!(refused, (status, code.to_owned()), "{body}");
        }
    }
}

#[tokio::test]
async fn a_field_that_fails_leaves_a_200_with_what_did_not() {
    let server = server().await;
    for accept in [JSON, GRAPHQL] {
        let asked = query(&server, "{ serverTime tickets { totalCount } }").header(ACCEPT, accept);
        let response = asked.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let body: Value = response.json().await.unwrap();
        assert!(body.get("data").is_some(), "it was executed: {body}");
        assert_eq!(body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        assert_eq!(body["errors"][0]["path"][0], "tickets");
    }
}

#[tokio::test]
async fn oversized_names_are_not_given_back() {
    let server = server().await;
    let long = "x".repeat(20_000);
    let documents = [
        format!("{{ {long} }}"),
        format!("{{ serverTime @{long} }}"),
        format!("{{ ...{long} }}"),
        format!("{{ ... on {long} {{ id }} }}"),
        format!("{{ node({long}: 1, id: \"1\") {{ id }} }}"),
        format!("query($v: {long}) {{ node(id: $v) {{ id }} }}"),
        format!("{{ node(id: \"{long}\") {{ id }} }}"),
        format!("query {long} {{ noSuchField }} query A {{ __typename }}"),
        format!("{{ __typename {long}: "),
        format!("{{ __typename }} \"{long}\""),
    ];
    for document in documents {
        let body: Value = query(&server, &document).send().await.unwrap().json().await.unwrap();
        let message =
            body["errors"][0]["message"].as_str().unwrap_or_else(|| panic!("{}… {body}", &document[..40]));
        assert!(message.len() < 600, "{} bytes for {}…", message.len(), &document[..40]);
    }
    let named = json!({ "query": "query A { __typename } query B { __typename }", "operationName": long });
    let body = post(&server, named.to_string()).send().await.unwrap().text().await.unwrap();
    assert!(body.len() < 600, "{body}");
}

#[tokio::test]
async fn get_takes_all_four_parameters_and_each_once() {
    let server = server().await;
    let document = "query+A{a:__typename}query+B($n:String!){b:__type(name:$n){name}}";
    let asked = format!(
        "query={document}&operationName=B&variables=%7B%22n%22:%22Ticket%22%7D&extensions=%7B%22x%22:1%7D"
    );
    let body: Value = get(&server, &asked).send().await.unwrap().json().await.unwrap();
    assert_eq!(body, json!({ "data": { "b": { "name": "Ticket" } } }));

    let empty = "query={__typename}&operationName=&variables=&extensions=";
    assert_eq!(get(&server, empty).send().await.unwrap().status(), StatusCode::OK);

    for wrong in [
        "query=",
        "query={__typename}&query={__typename}",
        "query={__typename}&operationName=A&operationName=A",
        "query={__typename}&variables={}&variables={}",
        "query={__typename}&variables=%22x%22",
        "query={__typename}&extensions=1",
        "variables={}",
    ] {
        let (status, code) = refusal(get(&server, wrong).header(ACCEPT, GRAPHQL)).await;
        assert_eq!(status, 400, "{wrong}: {code}");
    }
}

#[tokio::test]
async fn a_body_is_json_in_utf_8_as_it_is() {
    let server = server().await;
    let plain = r#"{"query":"{ __typename }"}"#;
    let marked = [b"\xef\xbb\xbf", plain.as_bytes()].concat();
    for content_type in
        ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON;charset=\"UTF-8\""]
    {
        let asked = Client::new().post(format!("{}/graphql", server.url)).header(CONTENT_TYPE, content_type);
        assert_eq!(
            asked.body(marked.clone()).send().await.unwrap().status(),
            StatusCode::OK,
            "{content_type}"
        );
    }
    for charset in ["gbk", "utf-16", "iso-8859-1"] {
        let asked = Client::new()
            .post(format!("{}/graphql", server.url))
            .header(CONTENT_TYPE, format!("application/json; charset={charset}"));
        assert_eq!(refusal(asked.body(plain)).await, (415, "UNSUPPORTED_MEDIA_TYPE".into()), "{charset}");
    }
    let utf_16: Vec<u8> = plain.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for wrong in [utf_16, b"{\"query\":\"{ __typename } #\xff\"}".to_vec(), br#"{"query":"\ud800"}"#.to_vec()]
    {
        assert_eq!(refusal(post(&server, wrong)).await, (400, "BAD_REQUEST".into()));
    }
    for wrong in
        [r#"{"query":"{a}","query":"{b}"}"#, r#"{"query":"{a}"} {}"#, r#"{"query":"{a}",}"#, "{}", "null"]
    {
        assert_eq!(refusal(post(&server, wrong)).await, (400, "BAD_REQUEST".into()), "{wrong}");
    }
    for batch in ["[]", r#"[{"query":"{ __typename }"}]"#, " [1"] {
        assert_eq!(refusal(post(&server, batch)).await, (400, "BATCH_NOT_SUPPORTED".into()), "{batch}");
    }
    let packed = post(&server, plain).header(CONTENT_ENCODING, "gzip").send().await.unwrap();
    assert_eq!(packed.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(packed.headers()[ACCEPT_ENCODING], "identity");
}

#[tokio::test]
async fn what_is_answered_varies_by_what_is_accepted() {
    let server = server().await;
    let varies = |response: &Response| {
        let all: Vec<_> =
            response.headers().get_all(VARY).iter().map(|value| value.to_str().unwrap()).collect();
        all.join(", ").to_ascii_lowercase()
    };
    for request in [
        query(&server, "{ __typename }"),
        query(&server, "{").header(ACCEPT, GRAPHQL),
        get(&server, "query={__typename}"),
        post(&server, "nonsense"),
        query(&server, "{ __typename }").header(ACCEPT, "text/html"),
    ] {
        let answered = request.header(ORIGIN, "https://desk.example").send().await.unwrap();
        let varies = varies(&answered);
        assert!(varies.split(", ").any(|name| name == "accept") && varies.contains("origin"), "{varies}");
    }
}

#[tokio::test]
async fn head_is_get_without_its_body() {
    let server = server().await;
    for (asked, status) in [("query={__typename}", 200), ("query=mutation{__typename}", 405), ("", 400)] {
        let got = get(&server, asked).send().await.unwrap();
        let url = format!("{}/graphql?{asked}", server.url);
        let head = Client::new().head(url).send().await.unwrap();
        assert_eq!((head.status().as_u16(), got.status().as_u16()), (status, status), "{asked}");
        assert_eq!(head.headers()[CONTENT_TYPE], got.headers()[CONTENT_TYPE]);
        assert_eq!(head.headers()[CONTENT_LENGTH], got.headers()[CONTENT_LENGTH]);
        assert_eq!(head.text().await.unwrap(), "");
    }
}

#[tokio::test]
async fn options_says_what_is_served_where_no_other_origin_is() {
    let app = App::with(|config| config.origins = concierge::config::Origins::default()).await;
    let url = format!("{}/graphql", app.url);
    let response = Client::new().request(Method::OPTIONS, url).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(response.headers()[ALLOW], "GET,HEAD,POST");
    assert!(response.json::<Value>().await.unwrap()["errors"].is_array());
    app.stop().await;
}
