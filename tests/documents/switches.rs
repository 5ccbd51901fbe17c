//! What is told of the schema, and what is not.

use serde_json::json;

use super::*;

const SCHEMA: &str = "{ __schema { queryType { name } } }";

#[tokio::test(flavor = "multi_thread")]
async fn both_are_on_unless_switched_off() {
    let app = App::on_sqlite().await;
    let (status, body) = answer(post(&app, &json!({ "query": SCHEMA }))).await;
    assert_eq!(
        (status, body),
        (200, json!({ "data": { "__schema": { "queryType": { "name": "Query" } } } }))
    );
    let (_, message) = refused(post(&app, &json!({ "query": "{ viewr { login } }" }))).await;
    assert!(message.contains("Did you mean \"viewer\""), "{message}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_introspection_the_schema_is_refused_and_typename_stays() {
    let app = App::with(|config| config.documents.introspection = false).await;
    for text in [
        SCHEMA,
        "{ __type(name: \"Ticket\") { name } }",
        "{ viewer { login } ...A } fragment A on Query { ... { s: __schema { queryType { name } } } }",
    ] {
        is_refused(post(&app, &json!({ "query": text })), "INTROSPECTION_DISABLED").await;
        is_refused(get(&app, &[("query", text)]), "INTROSPECTION_DISABLED").await;
    }
    let (status, body) =
        answer(post(&app, &json!({ "query": "{ __typename viewer { __typename } }" }))).await;
    assert_eq!((status, body), (200, json!({ "data": { "__typename": "Query", "viewer": null } })));

    let desk = app.actor("desk").await;
    let mut socket = app.socket(&desk).await;
    socket.subscribe("1", SCHEMA).await;
    let refused = socket.message().await;
    let code = &refused["payload"][0]["extensions"]["code"];
    assert_eq!((&refused["type"], code), (&json!("error"), &json!("INTROSPECTION_DISABLED")));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_suggestions_none_is_made() {
    let app = App::with(|config| config.documents.suggestions = false).await;
    for (text, told) in [
        ("{ viewr { login } }", "Unknown field \"viewr\" on type \"Query\"."),
        (
            "{ tickets(frist: 1) { nodes { id } } }",
            "Unknown argument \"frist\" on field \"tickets\" of type \"Query\".",
        ),
        (
            "{ viewer @skip(if: true, iff: true) { login } }",
            "Unknown argument \"iff\" on directive \"skip\".",
        ),
    ] {
        let (_, body) = answer(post(&app, &json!({ "query": text }))).await;
        assert_eq!(body["errors"][0]["message"], told);
        assert!(!body.to_string().contains("Did you mean"), "{body}");
    }
    let desk = app.actor("desk").await;
    let mut socket = app.socket(&desk).await;
    socket.subscribe("1", "subscription { deskChangd { serverTime } }").await;
    let refused = socket.message().await;
    assert_eq!(refused["payload"][0]["message"], "Unknown field \"deskChangd\" on type \"Subscription\".");
    app.stop().await;
}
