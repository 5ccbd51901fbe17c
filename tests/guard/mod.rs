//! What stands between the open internet and the house: how often, from where, with which token, from which page.

mod memory;
mod origin;
mod rate;
mod revocation;
mod rotation;
mod sign_in;
mod token;

use concierge::config::{Config, Rate, Times};
use reqwest::header::RETRY_AFTER;
use serde_json::{Value, json};

use crate::support::{App, world::PASSWORD};

/// A limit as the settings write it.
fn times(text: &str) -> Times {
    serde_json::from_value(json!(text)).unwrap()
}

/// Settings under which a test says from where it comes.
fn behind_a_proxy(config: &mut Config, rate: Rate) {
    config.http.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    config.rate = rate;
}

/// An answer as it is on the wire: status, `Retry-After`, body.
type Told = (u16, Option<String>, Value);

/// Asks from an address, with a token or without.
async fn ask_from(app: &App, from: &str, token: Option<&str>, query: &str, variables: Value) -> Told {
    let mut request = app.client.post(format!("{}/graphql", app.url)).header("x-forwarded-for", from);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let response = request.json(&json!({ "query": query, "variables": variables })).send().await.unwrap();
    let wait = response.headers().get(RETRY_AFTER).map(|value| value.to_str().unwrap().to_owned());
    (response.status().as_u16(), wait, response.json().await.unwrap())
}

const SIGN_IN: &str = "mutation($login: String!, $password: String!) {
    sessionCreate(input: { login: $login, password: $password }) { tokens { accessToken refreshToken } userErrors { code } } }";

async fn sign_in_from(app: &App, from: &str, login: &str, password: &str) -> Told {
    ask_from(app, from, None, SIGN_IN, json!({ "login": login, "password": password })).await
}

/// What came of a sign-in: the refusal's code, else the status.
async fn tried_from(app: &App, from: &str, login: &str, password: &str) -> String {
    let (status, _, body) = sign_in_from(app, from, login, password).await;
    let code = body.pointer("/data/sessionCreate/userErrors/0/code").and_then(Value::as_str);
    code.map_or_else(|| status.to_string(), str::to_owned)
}

async fn right_from(app: &App, from: &str, login: &str) -> String {
    tried_from(app, from, login, PASSWORD).await
}

async fn wrong_from(app: &App, from: &str, login: &str) -> String {
    tried_from(app, from, login, "not the password").await
}

/// A refusal on the wire, as it is told before anything runs.
fn too_many(seconds: u64) -> Told {
    let error = json!({
        "message": format!("Too many requests; try again in {seconds} s."),
        "extensions": { "code": "RATE_LIMITED", "retryAfter": seconds },
    });
    (429, Some(seconds.to_string()), json!({ "errors": [error] }))
}

/// A refusal by the one resolver that was asked.
fn too_often(field: &str, seconds: u64) -> Told {
    let error = json!({
        "message": format!("too often; try again in {seconds} s"),
        "locations": [{ "line": 2, "column": 5 }],
        "path": [field],
        "extensions": { "code": "RATE_LIMITED", "retryAfter": seconds },
    });
    (429, Some(seconds.to_string()), json!({ "data": null, "errors": [error] }))
}
