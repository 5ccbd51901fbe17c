use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use concierge::auth::token::AccessTokens;
use concierge::config::{Auth, Secret};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::{invalid, refresh, sign_in, who};
use crate::on_both;
use crate::support::ws::Ws;

fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

on_both! {
    async fn an_access_token_is_good_for_fifteen_minutes(app) {
        let phone = sign_in(app, "lin-yi").await;
        let token = phone.actor.token.as_deref().unwrap();
        let mut socket = app.socket(&phone.actor).await;
        app.advance(TimeDelta::minutes(15) - TimeDelta::microseconds(1));
        assert_eq!(who(app, token).await, (200, "lin-yi".to_owned()));
        app.advance(TimeDelta::microseconds(1));
        assert_eq!(who(app, token).await, invalid());
        let mut late = Ws::open(&app.url).await;
        late.init(Some(token)).await;
        assert_eq!(late.closed().await, (4403, "Forbidden".to_owned()));
        // An open socket looks at its clock again whenever anybody's sessions change.
        refresh(app, &phone.refresh).await.done();
        sign_in(app, "desk").await;
        assert_eq!(socket.closed().await.0, 4403);
    }
}

#[tokio::test]
async fn a_token_that_we_did_not_sign_is_refused() {
    let app = crate::support::App::with(|_| {}).await;
    let phone = sign_in(&app, "lin-yi").await;
    let token = phone.actor.token.clone().unwrap();
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let payload = signed.split_once('.').unwrap().1;
    let claims = part(&token, 1);

    let mut admin = claims.clone();
    let admins = sign_in(&app, "admin").await;
    admin["sub"] = part(admins.actor.token.as_deref().unwrap(), 1)["sub"].clone();
    let header = encoded(&part(&token, 0));
    let none = encoded(&json!({ "typ": "JWT", "alg": "none", "kid": part(&token, 0)["kid"] }));
    let theirs =
        AccessTokens::new(&Secret::new("a secret of somebody else, also long").into(), &Auth::default());
    let id = |claim: &str| serde_json::from_value(claims[claim].clone()).unwrap();
    let account = id("sub");
    let session = serde_json::from_value(claims["sid"].clone()).unwrap();
    let header_of_ours = Header { kid: Some("x".into()), ..Header::new(Algorithm::HS256) };
    let guessed =
        jsonwebtoken::encode(&header_of_ours, &claims, &EncodingKey::from_secret(b"secret")).unwrap();

    let forged = [
        format!("{none}.{payload}."),
        format!("{none}.{payload}.{signature}"),
        format!("{none}.{}.", encoded(&admin)),
        format!("{header}.{}.{signature}", encoded(&admin)),
        format!("{signed}."),
        format!("{token}x"),
        theirs.issue(account, session, app.clock.now()).token,
        guessed,
        phone.refresh.clone(),
        "x".to_owned(),
    ];
    for token in &forged {
        assert_eq!(who(&app, token).await, invalid(), "{token}");
        let mut socket = Ws::open(&app.url).await;
        socket.init(Some(token)).await;
        assert_eq!(socket.closed().await, (4403, "Forbidden".to_owned()), "{token}");
    }
    assert_eq!(who(&app, &token).await, (200, "lin-yi".to_owned()));
    app.stop().await;
}

#[tokio::test]
async fn the_token_of_connection_init_says_who_asks() {
    let app = crate::support::App::with(|_| {}).await;
    let phone = sign_in(&app, "lin-yi").await;
    let mut socket = app.socket(&phone.actor).await;
    socket.subscribe("1", "{ viewer { login } }").await;
    assert_eq!(socket.data("1").await, json!({ "viewer": { "login": "lin-yi" } }));
    let mut nobody = app.socket(&app.nobody()).await;
    nobody.subscribe("1", "{ viewer { login } }").await;
    assert_eq!(nobody.data("1").await, json!({ "viewer": null }));
    app.stop().await;
}
