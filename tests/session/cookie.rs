//! The refresh token as a browser keeps it.

use reqwest::header::{COOKIE, SET_COOKIE};
use serde_json::{Value, json};

use crate::on_both;
use crate::support::{App, world::PASSWORD};

const SIGN_IN: &str = "mutation($input: SessionCreateInput!) { told: sessionCreate(input: $input) {
    tokens { accessToken refreshToken } userErrors { code field } } }";
const REFRESH: &str = "mutation { told: sessionRefresh(input: {}) {
    tokens { accessToken refreshToken } userErrors { code field } } }";
const SIGN_OUT: &str = "mutation { told: sessionEnd(input: {}) { done } }";

/// Sends it as a browser does, with its cookie; gives what was told and the cookie that was set.
async fn send(app: &App, query: &str, input: Value, cookie: &str, token: &str) -> (Value, Option<String>) {
    let mut request = app
        .client
        .post(format!("{}/graphql", app.url))
        .json(&json!({ "query": query, "variables": { "input": input } }));
    if !cookie.is_empty() {
        request = request.header(COOKIE, format!("theme=dark; {cookie}; lang=zh"));
    }
    if !token.is_empty() {
        request = request.bearer_auth(token);
    }
    let response = request.send().await.unwrap();
    let set = response.headers().get(SET_COOKIE).map(|value| value.to_str().unwrap().to_owned());
    let mut body: Value = response.json().await.unwrap();
    (body["data"]["told"].take(), set)
}

/// The name and value of a cookie that was set, whose attributes must be those that keep it safe.
fn kept(set: Option<String>) -> String {
    let set = set.expect("a cookie is set");
    let (pair, attributes) = set.split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/graphql; Max-Age=2592000; HttpOnly; SameSite=Strict; Secure");
    assert!(pair.starts_with("concierge_refresh="), "{pair}");
    pair.to_owned()
}

on_both! {
    async fn a_browser_keeps_the_refresh_token_where_no_script_reads_it(app) {
        let input = json!({ "login": "desk", "password": PASSWORD, "keepInCookie": true });
        let (signed_in, set) = send(app, SIGN_IN, input, "", "").await;
        assert_eq!((&signed_in["tokens"]["refreshToken"], &signed_in["userErrors"]), (&Value::Null, &json!([])));
        let first = kept(set);
        let (refreshed, set) = send(app, REFRESH, json!({}), &first, "").await;
        assert_eq!((&refreshed["tokens"]["refreshToken"], &refreshed["userErrors"]), (&Value::Null, &json!([])));
        let second = kept(set);
        assert_ne!(first, second);
        let token = refreshed["tokens"]["accessToken"].as_str().unwrap();
        let (ended, set) = send(app, SIGN_OUT, json!({}), &second, token).await;
        assert_eq!(ended, json!({ "done": true }));
        assert_eq!(
            set.unwrap(),
            "concierge_refresh=; Path=/graphql; Max-Age=0; HttpOnly; SameSite=Strict; Secure"
        );
        let (refused, set) = send(app, REFRESH, json!({}), &second, "").await;
        let why = json!([{ "code": "INVALID", "field": ["input", "refreshToken"] }]);
        assert_eq!((&refused["tokens"], &refused["userErrors"], set), (&Value::Null, &why, None));
    }

    async fn a_spent_cookie_ends_the_session(app) {
        let input = json!({ "login": "desk", "password": PASSWORD, "keepInCookie": true });
        let first = kept(send(app, SIGN_IN, input, "", "").await.1);
        let second = kept(send(app, REFRESH, json!({}), &first, "").await.1);
        for spent in [&first, &second] {
            let (refused, set) = send(app, REFRESH, json!({}), spent, "").await;
            assert_eq!((&refused["tokens"], set), (&Value::Null, None));
        }
    }

    async fn without_a_cookie_nothing_is_set(app) {
        let (signed_in, set) = send(app, SIGN_IN, json!({ "login": "desk", "password": PASSWORD }), "", "").await;
        assert!(signed_in["tokens"]["refreshToken"].is_string(), "{signed_in}");
        assert_eq!(set, None);
        let (refused, set) = send(app, REFRESH, json!({}), "", "").await;
        let why = json!([{ "code": "INVALID", "field": ["input", "refreshToken"] }]);
        assert_eq!((&refused["userErrors"], set), (&why, None));
    }
}
