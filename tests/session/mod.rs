//! Signing in and out, and the accounts behind it.

mod activation;
mod cookie;
mod ending;
mod invitation;
mod oidc;
mod password;
mod refresh;
mod sign_in;
mod token;
mod viewer;

use serde_json::{Value, json};

use crate::support::world::PASSWORD;
use crate::support::{Actor, Answer, App};

/// A session as a client keeps it.
struct Device {
    actor: Actor,
    refresh: String,
}

fn device(app: &App, answer: &Answer) -> Device {
    let mut actor = app.nobody();
    actor.token = Some(answer.text("/tokens/accessToken"));
    Device { actor, refresh: answer.text("/tokens/refreshToken") }
}

async fn create(app: &App, login: &str, password: &str) -> Answer {
    let input = json!({ "login": login, "password": password });
    app.nobody().act("sessionCreate", input, "tokens { accessToken expiresAt refreshToken }").await
}

/// Signs in on one more device.
async fn sign_in(app: &App, login: &str) -> Device {
    device(app, &create(app, login, PASSWORD).await.done())
}

async fn refresh(app: &App, token: &str) -> Answer {
    let input = json!({ "refreshToken": token });
    app.nobody().act("sessionRefresh", input, "tokens { accessToken expiresAt refreshToken }").await
}

async fn activate(app: &App, code: &str, login: &str, password: &str) -> Answer {
    let input = json!({ "code": code, "login": login, "password": password });
    app.nobody().act("accountActivate", input, "tokens { accessToken expiresAt refreshToken }").await
}

/// A code for an occupant or a member of staff.
async fn invite(by: &Actor, field: &str, id: &str) -> Answer {
    by.act("accountInvite", json!({ field: id }), "code expiresAt").await
}

/// Who the holder of a token is, by the status and the login or the error's message.
async fn who(app: &App, token: &str) -> (u16, String) {
    let request = app.client.post(format!("{}/graphql", app.url)).bearer_auth(token);
    let response = request.json(&json!({ "query": "{ viewer { login } }" })).send().await.unwrap();
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    let said = body.pointer("/data/viewer/login").or(body.pointer("/errors/0/message"));
    (status, said.and_then(Value::as_str).unwrap_or_default().to_owned())
}

/// What is said of a token that is not taken.
fn invalid() -> (u16, String) {
    (401, "the access token is not valid; refresh it, or sign in again".to_owned())
}

fn refusal(field: &str, message: &str) -> Value {
    json!([{ "__typename": "InvalidInput", "code": "INVALID", "field": ["input", field], "message": message }])
}
