//! Which documents run: those that are registered, those of the manifests, and nothing else where that is set.

mod manifest;
mod register;
mod switches;

use std::path::PathBuf;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::App;

pub const WHO: &str = "query Who { viewer { login } }";

/// The SHA-256 of a text in hexadecimal digits.
pub fn hash(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `extensions` as Apollo's clients send them.
pub fn persisted(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

pub fn post(app: &App, body: &Value) -> RequestBuilder {
    Client::new()
        .post(format!("{}/graphql", app.url))
        .header(CONTENT_TYPE, "application/json")
        .header(ACCEPT, "application/graphql-response+json")
        .body(body.to_string())
}

pub fn get(app: &App, parameters: &[(&str, &str)]) -> RequestBuilder {
    let url = reqwest::Url::parse_with_params(&format!("{}/graphql", app.url), parameters).unwrap();
    Client::new().get(url).header(ACCEPT, "application/graphql-response+json")
}

/// Status and body.
pub async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// The code of the only error of a request that is refused; its message besides.
pub async fn refused(request: RequestBuilder) -> (String, String) {
    let (status, body) = answer(request).await;
    assert_eq!(status, 400, "{body}");
    assert!(body.get("data").is_none(), "{body}");
    assert_eq!(body["errors"].as_array().map(Vec::len), Some(1), "{body}");
    let error = &body["errors"][0];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&error["extensions"]["code"]), text(&error["message"]))
}

pub async fn is_refused(request: RequestBuilder, code: &str) {
    let refused = refused(request).await;
    assert_eq!(refused.0, code, "{}", refused.1);
}

/// Nobody is signed in, so that the viewer is null: it ran.
pub async fn runs(request: RequestBuilder) {
    assert_eq!(answer(request).await, (200, json!({ "data": { "viewer": null } })));
}

/// A file in the test's own folder.
pub fn file(app: &App, name: &str, content: &Value) -> PathBuf {
    let path = app.folder().join(name);
    std::fs::write(&path, content.to_string()).unwrap();
    path
}
