//! Manifests, and a gateway that runs nothing else.

use serde_json::json;

use super::*;
use crate::cli::process::Home;

const NOT_TRUSTED: &str = "DOCUMENT_NOT_TRUSTED";
const DESK: &str = "subscription Desk { deskChanged { __typename } }";

fn codegen(texts: &[&str]) -> Value {
    texts.iter().map(|text| (hash(text), json!(text))).collect::<serde_json::Map<_, _>>().into()
}

fn apollo(texts: &[&str]) -> Value {
    let operations: Vec<_> = texts
        .iter()
        .map(|text| json!({ "id": hash(text), "name": "Of", "type": "query", "body": text }))
        .collect();
    json!({ "format": "apollo-persisted-query-manifest", "version": 1, "operations": operations })
}

async fn trusting(trusted_only: bool, manifests: &[Value]) -> App {
    let app = App::on_sqlite().await;
    let files: Vec<_> =
        manifests.iter().enumerate().map(|(n, content)| file(&app, &format!("{n}.json"), content)).collect();
    app.restart_with(|config| {
        config.documents.trusted_only = trusted_only;
        config.documents.manifests = files;
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_of_every_manifest_run_by_their_name() {
    let old = "query WhoOfOld { viewer { login } }";
    let app = trusting(false, &[codegen(&[WHO]), apollo(&[old])]).await;
    for text in [WHO, old] {
        runs(post(&app, &json!({ "documentId": format!("sha256:{}", hash(text)) }))).await;
        runs(get(&app, &[("documentId", &hash(text))])).await;
        runs(post(&app, &json!({ "extensions": persisted(&hash(text)) }))).await;
    }
    runs(post(&app, &json!({ "query": "{ viewer { login } }" }))).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_trusted_only_nothing_else_runs() {
    let app = trusting(true, &[apollo(&[WHO, DESK])]).await;
    let own = "query Own { viewer { login } }";
    for body in [
        json!({ "query": own }),
        json!({ "query": own, "extensions": persisted(&hash(own)) }),
        json!({ "extensions": persisted(&hash(own)) }),
        json!({ "documentId": hash(own) }),
        // Not the trusted text, if only by a blank.
        json!({ "query": format!("{WHO} ") }),
        // Nor is it looked at.
        json!({ "query": "{" }),
    ] {
        let (code, message) = refused(post(&app, &body)).await;
        assert_eq!(code, NOT_TRUSTED, "{body}");
        assert!(message.starts_with("Only the documents of the frontends' manifests run here"), "{message}");
    }
    is_refused(get(&app, &[("query", own)]), NOT_TRUSTED).await;

    runs(post(&app, &json!({ "documentId": hash(WHO) }))).await;
    runs(post(&app, &json!({ "query": WHO }))).await;
    runs(post(&app, &json!({ "query": WHO, "extensions": persisted(&hash(WHO)) }))).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_on_a_socket() {
    let app = trusting(false, &[apollo(&[WHO, DESK])]).await;
    let desk = app.actor("desk").await;
    let app = app.restart_with(|config| config.documents.trusted_only = true).await;
    let mut socket = app.socket(&desk).await;
    socket.subscribe("1", "subscription { deskChanged { __typename } }").await;
    let refused = socket.message().await;
    assert_eq!(
        (&refused["type"], &refused["payload"][0]["extensions"]["code"]),
        (&json!("error"), &json!(NOT_TRUSTED))
    );
    socket.send(json!({ "id": "1", "type": "subscribe", "payload": { "documentId": hash(DESK) } })).await;
    socket.data("1").await;
    socket.send(json!({ "id": "2", "type": "subscribe", "payload": { "documentId": hash(WHO) } })).await;
    assert_eq!(socket.data("2").await, json!({ "viewer": { "login": "desk" } }));
    app.stop().await;
}

/// The program in a folder with one manifest.
fn with_manifest(content: &str) -> Home {
    let home = Home::new().with("CONCIERGE_DOCUMENTS__MANIFESTS", "desk.json");
    std::fs::write(home.folder.join("desk.json"), content).unwrap();
    home
}

#[test]
fn a_manifest_that_cannot_be_trusted_keeps_the_gateway_from_starting() {
    let mut wrong_hash = codegen(&[]);
    wrong_hash[hash(WHO)] = json!("query Who { serverTime }");
    for (content, said) in [
        (wrong_hash.to_string(), format!("the manifest desk.json: the document {} is listed as", hash(WHO))),
        (codegen(&["query Broken {\n viewer {"]).to_string(), "does not parse at line 2, column ".to_owned()),
        (
            json!({ "format": "other", "version": 1, "operations": [] }).to_string(),
            "its format is \"other\", version 1".to_owned(),
        ),
        ("{".to_owned(), "the manifest desk.json is none".to_owned()),
        ("[]".to_owned(), "the manifest desk.json is none".to_owned()),
    ] {
        let ran = with_manifest(&content).run(&["serve", "--listen", "127.0.0.1:0", "--trusted-only"]);
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.contains(&said), "{said}: {}", ran.err);
    }
    let home = Home::new().with("CONCIERGE_DOCUMENTS__MANIFESTS", "gone.json");
    let ran = home.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("cannot read the manifest gone.json"), "{}", ran.err);
    let ran = Home::new().run(&["serve", "--trusted-only"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("documents.trusted_only (from --trusted-only): leaves nothing to run"),
        "{}",
        ran.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_no_longer_fits_the_schema_is_told_by_name_and_the_others_run() {
    let gone = "query OfLastYear { viewer { login faxNumber } }";
    let home = with_manifest(&codegen(&[WHO, gone]).to_string());
    let gateway = home.serve_with(&["--trusted-only"]);
    let ask = async |text: &str| {
        let request = Client::new().post(format!("{}/graphql", gateway.url));
        let request = request.header(CONTENT_TYPE, "application/json");
        answer(request.body(json!({ "documentId": hash(text) }).to_string())).await.1
    };
    assert_eq!(ask(WHO).await, json!({ "data": { "viewer": null } }));
    assert_eq!(ask(gone).await["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    let (code, log) = gateway.terminate();
    assert_eq!(code, Some(0), "{log}");
    let warned: Vec<_> = log.lines().filter(|line| line.contains("no longer fits the schema")).collect();
    assert_eq!(warned.len(), 1, "{log}");
    for told in ["desk.json", "OfLastYear", "faxNumber", &hash(gone)] {
        assert!(warned[0].contains(told), "{told}: {}", warned[0]);
    }
}
