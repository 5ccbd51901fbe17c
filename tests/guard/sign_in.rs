//! What can be guessed, and how often that may be tried.

use chrono::TimeDelta;
use concierge::config::{Hashes, Rate};
use serde_json::{Value, json};

use super::{SIGN_IN, ask_from, behind_a_proxy, right_from, sign_in_from, times, too_often, wrong_from};
use crate::support::App;
use crate::support::world::PASSWORD;

const OFFICE: &str = "198.51.100.1";
const ELSEWHERE: &str = "203.0.113.1";

async fn app(rate: Rate) -> App {
    App::with(|config| behind_a_proxy(config, rate)).await
}

#[tokio::test]
async fn one_login_from_one_address_is_refused_alike_whether_it_exists_or_not() {
    let app = app(Rate { sign_in: times("3/30s"), ..Rate::off() }).await;
    for login in ["lin-yi", "nobody-of-this-name"] {
        for _ in 0..3 {
            assert_eq!(wrong_from(&app, OFFICE, login).await, "INVALID");
        }
        let before = app.running.auth.passwords_computed();
        for (login, password) in
            [(login, PASSWORD), (&login.to_uppercase(), "x"), (&format!(" {login} "), "")]
        {
            assert_eq!(sign_in_from(&app, OFFICE, login, password).await, too_often("sessionCreate", 10));
        }
        assert_eq!(app.running.auth.passwords_computed(), before, "nothing is hashed for it");
    }
    // Neither a colleague in the same office nor the person themself elsewhere notices.
    assert_eq!(right_from(&app, OFFICE, "desk").await, "200");
    assert_eq!(right_from(&app, ELSEWHERE, "lin-yi").await, "200");
    app.advance(TimeDelta::seconds(10));
    assert_eq!(right_from(&app, OFFICE, "lin-yi").await, "200");
    app.stop().await;
}

#[tokio::test]
async fn each_sign_in_of_a_document_counts() {
    let app = app(Rate { sign_in: times("2/20s"), ..Rate::off() }).await;
    let each = |alias: &str| {
        format!(
            "{alias}: sessionCreate(input: {{ login: \"lin-yi\", password: \"{alias}\" }}) {{ tokens {{ accessToken }} }}"
        )
    };
    let document = format!("mutation {{ {} {} {} }}", each("a"), each("b"), each("c"));
    let (status, wait, body) = ask_from(&app, OFFICE, None, &document, json!({})).await;
    assert_eq!((status, wait.as_deref(), &body["data"]), (429, Some("10"), &Value::Null));
    assert_eq!(body.pointer("/errors/0/path"), Some(&json!(["c"])));
    app.stop().await;
}

#[tokio::test]
async fn one_password_on_many_logins_meets_the_limit_of_the_address_alone() {
    let rate = Rate { sign_in_address: times("4/40s"), sign_in_login: times("1/1h"), ..Rate::off() };
    let app = app(rate).await;
    for login in ["lin-yi", "lin-er", "desk", "admin"] {
        assert_eq!(wrong_from(&app, ELSEWHERE, login).await, "INVALID");
    }
    // What the address may not try is not held against the login.
    assert_eq!(wrong_from(&app, ELSEWHERE, "manager").await, "429");
    assert_eq!(right_from(&app, OFFICE, "manager").await, "200");
    app.stop().await;
}

#[tokio::test]
async fn who_is_where_they_always_are_is_not_kept_out_by_what_is_tried_elsewhere() {
    let app = app(Rate { sign_in_login: times("3/1h"), ..Rate::off() }).await;
    assert_eq!(right_from(&app, OFFICE, "lin-yi").await, "200");
    for last in 1..=2 {
        assert_eq!(wrong_from(&app, &format!("203.0.113.{last}"), "lin-yi").await, "INVALID");
    }
    for last in 3..=5 {
        assert_eq!(wrong_from(&app, &format!("203.0.113.{last}"), "lin-yi").await, "429");
    }
    assert_eq!(right_from(&app, "203.0.113.6", "lin-yi").await, "429");
    for _ in 0..5 {
        assert_eq!(right_from(&app, OFFICE, "Lin-Yi").await, "200");
    }
    // Being at home for one login does not open others.
    assert_eq!(right_from(&app, OFFICE, "lin-er").await, "200");
    app.advance(TimeDelta::minutes(20));
    assert_eq!(right_from(&app, "203.0.113.6", "lin-yi").await, "200");
    app.stop().await;
}

#[tokio::test]
async fn activation_codes_are_counted_by_address() {
    let app = app(Rate { activate: times("2/20s"), ..Rate::off() }).await;
    let query = "mutation($code: String!) {
    accountActivate(input: { code: $code, login: \"somebody\", password: \"a long password\" }) { userErrors { code } } }";
    for code in ["00000-00001", "not a code"] {
        let (status, _, body) = ask_from(&app, OFFICE, None, query, json!({ "code": code })).await;
        assert_eq!(
            (status, body.pointer("/data/accountActivate/userErrors/0/code")),
            (200, Some(&json!("INVALID")))
        );
    }
    let code = json!({ "code": "00000-00002" });
    assert_eq!(ask_from(&app, OFFICE, None, query, code.clone()).await, too_often("accountActivate", 10));
    assert_eq!(ask_from(&app, ELSEWHERE, None, query, code).await.0, 200);
    app.stop().await;
}

#[tokio::test]
async fn refreshes_are_counted_by_session() {
    let app = app(Rate { refresh: times("2/20s"), ..Rate::off() }).await;
    let opened = |body: Value| body.pointer("/data/sessionCreate/tokens/refreshToken").unwrap().clone();
    let mut token = opened(sign_in_from(&app, OFFICE, "lin-yi", PASSWORD).await.2);
    let other = opened(sign_in_from(&app, OFFICE, "lin-yi", PASSWORD).await.2);
    let query = "mutation($token: String!) {
    sessionRefresh(input: { refreshToken: $token }) { tokens { refreshToken } userErrors { code } } }";
    for _ in 0..2 {
        let (_, _, body) = ask_from(&app, OFFICE, None, query, json!({ "token": token })).await;
        token = body.pointer("/data/sessionRefresh/tokens/refreshToken").unwrap().clone();
    }
    let refused = ask_from(&app, OFFICE, None, query, json!({ "token": token })).await;
    assert_eq!(refused, too_often("sessionRefresh", 10));
    assert_eq!(ask_from(&app, OFFICE, None, query, json!({ "token": other })).await.0, 200);
    // What was refused was not spent.
    app.advance(TimeDelta::seconds(10));
    let (_, _, body) = ask_from(&app, OFFICE, None, query, json!({ "token": token })).await;
    assert!(body.pointer("/data/sessionRefresh/tokens/refreshToken").unwrap().is_string(), "{body}");
    app.stop().await;
}

#[tokio::test]
async fn the_present_password_is_not_to_be_guessed_with_a_token_that_was_found() {
    let app = app(Rate { password: times("2/20s"), ..Rate::off() }).await;
    let token = app.actor("lin-yi").await.token;
    let query = "mutation($present: String!) {
    accountChangePassword(input: { presentPassword: $present, newPassword: \"another password\" }) { done userErrors { code } } }";
    let tried = async |present: &str| {
        ask_from(&app, OFFICE, token.as_deref(), query, json!({ "present": present })).await
    };
    for present in ["a", "b"] {
        assert_eq!(tried(present).await.2.pointer("/data/accountChangePassword/done"), Some(&json!(false)));
    }
    let before = app.running.auth.passwords_computed();
    assert_eq!(tried(PASSWORD).await, too_often("accountChangePassword", 10));
    assert_eq!(app.running.auth.passwords_computed(), before);
    app.advance(TimeDelta::seconds(10));
    assert_eq!(tried(PASSWORD).await.2.pointer("/data/accountChangePassword/done"), Some(&json!(true)));
    app.stop().await;
}

#[tokio::test]
async fn the_audit_trail_tells_the_same_address() {
    let app = app(Rate::off()).await;
    wrong_from(&app, "192.0.2.66, 2001:db8:1:2::7", "lin-yi").await;
    let trail = "{ auditTrail(filter: { actions: [SIGN_IN_FAILED] }) { nodes { address } } }";
    let told = app.actor("admin").await.ask(trail).await;
    assert_eq!(told.at("/data/auditTrail/nodes"), &json!([{ "address": "2001:db8:1:2::7" }]));
    app.stop().await;
}

/// A flood from everywhere: each address is within its limits, and the house is not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_sign_ins_waits_in_a_short_line() {
    let app = App::with(|config| {
        behind_a_proxy(config, Rate::off());
        config.auth.hashes = Hashes { at_once: 1, waiting: 1 };
        // Slow enough for a line to form.
        config.auth.argon2.memory_kib = 64 * 1024;
    })
    .await;
    let flood = (0..30).map(|number| {
        let login = format!("nobody-{number}");
        let from = format!("203.0.113.{number}");
        let app = &app;
        async move { ask_from(app, &from, None, SIGN_IN, json!({ "login": login, "password": "x" })).await }
    });
    let before = app.running.auth.passwords_computed();
    let told = futures_util::future::join_all(flood).await;
    let (refused, tried): (Vec<_>, Vec<_>) = told.into_iter().partition(|(status, ..)| *status == 429);
    assert!(!refused.is_empty() && !tried.is_empty(), "{} refused", refused.len());
    assert!(refused.iter().all(|told| *told == too_often("sessionCreate", 1)), "{refused:?}");
    assert_eq!(app.running.auth.passwords_computed() - before, tried.len() as u64);
    app.stop().await;
}
