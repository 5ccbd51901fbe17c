//! Automatic persisted queries, as Apollo's clients speak them.

use serde_json::json;

use super::*;

const NOT_FOUND: &str = "PERSISTED_QUERY_NOT_FOUND";

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_sent_once_and_then_known_by_its_hash() {
    let app = App::on_sqlite().await;
    let hash = hash(WHO);
    let by_hash = json!({ "extensions": persisted(&hash) });
    let told = refused(post(&app, &by_hash)).await;
    assert_eq!(
        told,
        (NOT_FOUND.to_owned(), "PersistedQueryNotFound".to_owned()),
        "clients look for this word"
    );

    runs(post(&app, &json!({ "query": WHO, "extensions": persisted(&hash) }))).await;
    runs(post(&app, &by_hash)).await;
    runs(post(&app, &json!({ "query": "", "extensions": persisted(&hash) }))).await;
    runs(get(&app, &[("extensions", &persisted(&hash).to_string())])).await;
    runs(post(&app, &json!({ "documentId": format!("sha256:{hash}") }))).await;
    runs(post(&app, &json!({ "documentId": hash, "operationName": "Who", "query": null }))).await;
    runs(get(&app, &[("documentId", &format!("sha256:{hash}"))])).await;
    is_refused(post(&app, &json!({ "documentId": hash, "operationName": "Other" })), "OPERATION_NOT_FOUND")
        .await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_registered_over_get_too() {
    let app = App::on_sqlite().await;
    let extensions = persisted(&hash(WHO)).to_string();
    is_refused(get(&app, &[("extensions", &extensions)]), NOT_FOUND).await;
    runs(get(&app, &[("query", WHO), ("extensions", &extensions)])).await;
    runs(get(&app, &[("extensions", &extensions)])).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mutation_by_hash_is_still_405_by_get() {
    let app = App::on_sqlite().await;
    let end = "mutation End { sessionEnd(input: {}) { done } }";
    let extensions = persisted(&hash(end)).to_string();
    let sent = answer(post(&app, &json!({ "query": end, "extensions": persisted(&hash(end)) }))).await;
    assert_eq!(sent.0, 200, "{}", sent.1);
    let (status, body) = answer(get(&app, &[("query", end), ("extensions", &extensions)])).await;
    assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (405, &json!("METHOD_NOT_ALLOWED")));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_known_on_sockets_and_from_sockets() {
    let app = App::on_sqlite().await;
    let desk = app.actor("desk").await;
    let feed = "subscription Desk { deskChanged { __typename } }";
    let by_hash = json!({ "extensions": persisted(&hash(feed)) });
    let mut socket = app.socket(&desk).await;
    let subscribe = |id: &str, payload: &Value| json!({ "id": id, "type": "subscribe", "payload": payload });
    socket.send(subscribe("1", &by_hash)).await;
    let error = json!({ "message": "PersistedQueryNotFound", "extensions": { "code": NOT_FOUND } });
    socket.expect(json!({ "id": "1", "type": "error", "payload": [error] })).await;
    socket.send(subscribe("1", &json!({ "query": feed, "extensions": persisted(&hash(feed)) }))).await;
    socket.data("1").await;

    let mut other = app.socket(&desk).await;
    other.send(subscribe("1", &by_hash)).await;
    other.data("1").await;
    other.send(subscribe("2", &json!({ "documentId": hash(WHO) }))).await;
    let refused = other.message().await;
    assert_eq!(
        (&refused["type"], &refused["payload"][0]["extensions"]["code"]),
        (&json!("error"), &json!(NOT_FOUND))
    );
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_documents_hash_is_refused_and_registers_nothing() {
    let app = App::on_sqlite().await;
    let other = "{ __typename }";
    for body in [
        json!({ "query": other, "extensions": persisted(&hash(WHO)) }),
        json!({ "query": other, "documentId": hash(WHO) }),
    ] {
        is_refused(post(&app, &body), "PERSISTED_QUERY_MISMATCH").await;
    }
    for text in [WHO, other] {
        is_refused(post(&app, &json!({ "extensions": persisted(&hash(text)) })), NOT_FOUND).await;
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_run_is_not_registered() {
    let app = App::on_sqlite().await;
    for (text, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ noSuchField }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { __typename } query B { __typename }", "OPERATION_NOT_FOUND"),
    ] {
        let hash = hash(text);
        is_refused(post(&app, &json!({ "query": text, "extensions": persisted(&hash) })), code).await;
        is_refused(post(&app, &json!({ "extensions": persisted(&hash) })), NOT_FOUND).await;
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_none_is_refused_in_words() {
    let app = App::on_sqlite().await;
    for (body, code) in [
        (json!({ "documentId": "who" }), NOT_FOUND),
        (json!({ "documentId": format!("md5:{}", hash(WHO)) }), NOT_FOUND),
        (json!({ "extensions": { "persistedQuery": {} } }), "BAD_REQUEST"),
        (json!({ "extensions": { "persistedQuery": 7 } }), "BAD_REQUEST"),
        (json!({ "extensions": persisted("x") }), "BAD_REQUEST"),
        (
            json!({ "extensions": { "persistedQuery": { "version": 2, "sha256Hash": hash(WHO) } } }),
            "PERSISTED_QUERY_NOT_SUPPORTED",
        ),
    ] {
        is_refused(post(&app, &body), code).await;
    }
    let nothing = json!({ "documentId": null, "extensions": {} });
    assert_eq!(refused(post(&app, &nothing)).await.1, "The parameter `query` is missing.");
    let null = json!({ "extensions": { "persistedQuery": null } });
    assert_eq!(refused(post(&app, &null)).await.1, "The parameter `query` is missing.");
    app.stop().await;
}
