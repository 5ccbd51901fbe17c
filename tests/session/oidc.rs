//! Tokens of an outside issuer. Nothing of it depends on the database.

use axum::{Json, Router, routing::get};
use concierge::auth::install_tls;
use concierge::base::{Clock, Id, id::kind};
use concierge::config;
use concierge::storage::account;
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{create, invalid, who};
use crate::support::App;
use crate::support::world::{PASSWORD, START};
use crate::support::ws::Ws;

const ISSUER: &str = "https://id.example.com";

fn key() -> EncodingKey {
    EncodingKey::from_rsa_pem(include_bytes!("../../src/auth/oidc/test-rsa.pem")).unwrap()
}

/// An issuer on this machine that shows its public key, and its address.
async fn issuer() -> String {
    install_tls();
    let mut jwk = serde_json::to_value(Jwk::from_encoding_key(&key(), Algorithm::RS256).unwrap()).unwrap();
    jwk["kid"] = "one".into();
    let keys = json!({ "keys": [jwk] });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/keys", listener.local_addr().unwrap());
    let router = Router::new().route("/keys", get(async move || Json(keys)));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

/// A gateway that trusts the issuer, and knows 林一 by the subject "ann".
async fn app() -> App {
    let jwks_url = issuer().await;
    let app = App::with(|config| {
        config.auth.oidc = Some(config::Oidc {
            issuer: ISSUER.into(),
            audience: "concierge".into(),
            jwks_url,
            algorithms: vec![config::OidcAlgorithm::Rs256],
        });
    })
    .await;
    let connection = sea_orm::Database::connect(app.database_url()).await.unwrap();
    let of_lin_yi = account::Column::Login.eq("lin-yi");
    let row = account::Entity::find().filter(of_lin_yi).one(&connection).await.unwrap().unwrap();
    let mut change = row.into_active_model();
    change.issuer = Set(Some(ISSUER.into()));
    change.subject = Set(Some("ann".into()));
    change.update(&connection).await.unwrap();
    connection.close().await.unwrap();
    app
}

fn signed(changes: &Value) -> String {
    let mut claims = json!({
        "iss": ISSUER, "aud": "concierge", "sub": "ann", "exp": START.timestamp() + 300,
    });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    let header = Header { kid: Some("one".into()), ..Header::new(Algorithm::RS256) };
    jsonwebtoken::encode(&header, &claims, &key()).unwrap()
}

#[tokio::test]
async fn an_outside_token_stands_for_the_account_of_its_subject() {
    let app = app().await;
    let token = signed(&json!({}));
    assert_eq!(who(&app, &token).await, (200, "lin-yi".to_owned()));
    let mut socket = Ws::ready(&app.url, Some(&token)).await;
    socket.subscribe("1", "{ viewer { occupant { name } sessions { id } } }").await;
    assert_eq!(
        socket.data("1").await,
        json!({ "viewer": { "occupant": { "name": "林一" }, "sessions": [] } })
    );
    // Our own tokens are taken beside it.
    let ours = create(&app, "desk", PASSWORD).await.done().text("/tokens/accessToken");
    assert_eq!(who(&app, &ours).await, (200, "desk".to_owned()));
    app.stop().await;
}

#[tokio::test]
async fn what_the_issuer_did_not_say_to_us_is_refused() {
    let app = app().await;
    for changes in [
        json!({ "iss": "https://id.example.org" }),
        json!({ "aud": "another" }),
        json!({ "sub": "somebody we do not know" }),
        json!({ "sub": "" }),
        json!({ "nbf": START.timestamp() + 60 }),
    ] {
        assert_eq!(who(&app, &signed(&changes)).await, invalid(), "{changes}");
    }
    let expired = signed(&json!({ "exp": START.timestamp() }));
    assert_eq!(who(&app, &expired).await, invalid());
    // Their key, but our way of signing; and their way, but a key that they do not show.
    let claims = json!({ "iss": ISSUER, "aud": "concierge", "sub": "ann", "exp": START.timestamp() + 300 });
    let symmetric = Header { kid: Some("one".into()), ..Header::new(Algorithm::HS256) };
    let pem = EncodingKey::from_secret(include_bytes!("../../src/auth/oidc/test-rsa.pem"));
    let unknown = Header { kid: Some("two".into()), ..Header::new(Algorithm::RS256) };
    for forged in [
        jsonwebtoken::encode(&symmetric, &claims, &pem).unwrap(),
        jsonwebtoken::encode(&unknown, &claims, &key()).unwrap(),
    ] {
        assert_eq!(who(&app, &forged).await, invalid());
    }
    app.stop().await;
}

#[tokio::test]
async fn an_outside_sign_in_ends_outside() {
    let app = app().await;
    let mut actor = app.nobody();
    actor.token = Some(signed(&json!({})));
    let refused = actor.act("sessionEnd", json!({}), "done").await;
    assert_eq!(refused.refusal(), "INVALID");
    assert_eq!(refused.text("/userErrors/0/message"), "the sign-in is another service's, and ends there");
    let unknown = Id::<kind::Session>::new(Clock::manual(START).id::<kind::Session>().uuid());
    let other = actor.act("sessionEnd", json!({ "id": unknown.to_string() }), "done").await;
    assert_eq!(other.refusal(), "NOT_FOUND");
    app.stop().await;
}

#[tokio::test]
async fn an_issuer_out_of_reach_is_no_verdict() {
    let app = App::with(|config| {
        config.auth.oidc = Some(config::Oidc {
            issuer: ISSUER.into(),
            audience: "concierge".into(),
            // The discard port: nobody listens there.
            jwks_url: "http://127.0.0.1:9/keys".into(),
            algorithms: vec![config::OidcAlgorithm::Rs256],
        });
    })
    .await;
    let (status, message) = who(&app, &signed(&json!({}))).await;
    assert_eq!((status, message.as_str()), (503, "sign-in cannot be checked at the moment; try again"));
    app.stop().await;
}
