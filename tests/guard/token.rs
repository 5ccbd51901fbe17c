//! Tokens that are not taken: ours and an outside issuer's, over HTTP and on a socket, all with the same answer.

use axum::{Json, Router, routing::get};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use concierge::auth::install_tls;
use concierge::auth::token::AccessTokens;
use concierge::config::{Auth, Oidc, OidcAlgorithm, Secret};
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::App;
use crate::support::world::START;
use crate::support::ws::Ws;

const ISSUER: &str = "https://id.example.com";

/// The private key of the issuer.
fn rsa() -> EncodingKey {
    EncodingKey::from_rsa_pem(include_bytes!("../../src/auth/oidc/test-rsa.pem")).unwrap()
}

/// The public key, as the issuer shows it to everybody.
fn public() -> Value {
    let mut jwk = serde_json::to_value(Jwk::from_encoding_key(&rsa(), Algorithm::RS256).unwrap()).unwrap();
    jwk["kid"] = "one".into();
    jwk
}

/// A gateway that takes tokens of the issuer, who calls 林一 "ann".
async fn app() -> App {
    install_tls();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let jwks_url = format!("http://{}/keys", listener.local_addr().unwrap());
    let router = Router::new().route("/keys", get(async || Json(json!({ "keys": [public()] }))));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let app = App::with(|config| {
        config.auth.oidc = Some(Oidc {
            issuer: ISSUER.into(),
            audience: "concierge".into(),
            jwks_url,
            algorithms: vec![OidcAlgorithm::Rs256],
        });
    })
    .await;
    let tie = format!("UPDATE account SET issuer = '{ISSUER}', subject = 'ann' WHERE login = 'lin-yi'");
    app.execute(&tie).await;
    app
}

fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn with(claims: &Value, changes: &Value) -> Value {
    let mut claims = claims.clone();
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

fn sign(algorithm: Algorithm, kid: &Value, claims: &Value, key: &EncodingKey) -> String {
    let header = Header { kid: kid.as_str().map(str::to_owned), ..Header::new(algorithm) };
    jsonwebtoken::encode(&header, claims, key).unwrap()
}

/// What anybody can make of a token that they have, by what is wrong with it.
fn mangled(token: &str, claims: &Value) -> Vec<(&'static str, String)> {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (header, payload) = signed.split_once('.').unwrap();
    let none = encoded(&with(&part(token, 0), &json!({ "alg": "none" })));
    let changed = encoded(&with(claims, &json!({ "exp": START.timestamp() + 9_999_999 })));
    vec![
        ("none, unsigned", format!("{none}.{payload}.")),
        ("none, with the signature", format!("{none}.{payload}.{signature}")),
        ("no signature", format!("{signed}.")),
        ("tampered", format!("{header}.{changed}.{signature}")),
        ("cut off", token[..token.len() - 8].to_owned()),
    ]
}

/// Every answer as it is on the wire, but for the request's id.
async fn told(app: &App, token: &str) -> (u16, String, String, (u16, String)) {
    let request = app.client.post(format!("{}/graphql", app.url)).bearer_auth(token);
    let response = request.json(&json!({ "query": "{ viewer { login } }" })).send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let challenge = headers.get("www-authenticate").map(|value| value.to_str().unwrap().to_owned());
    let body = response.text().await.unwrap();
    let mut socket = Ws::open(&app.url).await;
    socket.init(Some(token)).await;
    (status, challenge.unwrap_or_default(), body, socket.closed().await)
}

#[tokio::test]
async fn whatever_is_wrong_with_a_token_the_answer_is_the_same() {
    let app = app().await;
    let now = START.timestamp();
    let refused = (
        401,
        "Bearer realm=\"concierge\", error=\"invalid_token\"".to_owned(),
        json!({ "errors": [{
            "message": "the access token is not valid; refresh it, or sign in again",
            "extensions": { "code": "UNAUTHENTICATED" },
        }] })
        .to_string(),
        (4403, "Forbidden".to_owned()),
    );

    let ours = app.actor("lin-yi").await.token.unwrap();
    let (kid, claims) = (part(&ours, 0)["kid"].clone(), part(&ours, 1));
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!("concierge"), &json!("concierge")));
    let secret = app.config().auth.secret.clone().unwrap();
    let id = |claim: &str| serde_json::from_value(claims[claim].clone()).unwrap();
    let (account, session) = (id("sub"), serde_json::from_value(claims["sid"].clone()).unwrap());
    let issued = |secret: Secret, settings: &Auth, at| {
        AccessTokens::new(&secret.into(), settings).issue(account, session, at).token
    };
    let settings = app.config().auth.clone();
    let another = Auth { issuer: "another house".into(), ..settings.clone() };
    let minutes = chrono::TimeDelta::minutes;
    let mut wrong = mangled(&ours, &claims);
    wrong.extend([
        ("expired", issued(secret.clone(), &settings, START - minutes(15))),
        ("early", issued(secret.clone(), &settings, START + minutes(1))),
        ("another issuer", issued(secret, &another, START)),
        (
            "another deployment's",
            issued(Secret::new("the secret of another house, long enough"), &settings, START),
        ),
        ("RS256 in our name", sign(Algorithm::RS256, &kid, &claims, &rsa())),
        (
            "our name, a guessed secret",
            sign(Algorithm::HS256, &kid, &claims, &EncodingKey::from_secret(b"secret")),
        ),
        ("our name, HS512", sign(Algorithm::HS512, &kid, &claims, &EncodingKey::from_secret(b"secret"))),
        ("no token", "x".to_owned()),
    ]);

    let claims = json!({ "iss": ISSUER, "aud": "concierge", "sub": "ann", "nbf": now, "exp": now + 300 });
    let kid = json!("one");
    let theirs = |changes: Value| sign(Algorithm::RS256, &kid, &with(&claims, &changes), &rsa());
    let symmetric = |key: &[u8]| sign(Algorithm::HS256, &kid, &claims, &EncodingKey::from_secret(key));
    let modulus = URL_SAFE_NO_PAD.decode(public()["n"].as_str().unwrap()).unwrap();
    let good = theirs(json!({}));
    wrong.extend(mangled(&good, &claims));
    wrong.extend([
        ("theirs, expired", theirs(json!({ "exp": now }))),
        ("theirs, early", theirs(json!({ "nbf": now + 60 }))),
        ("theirs, another audience", theirs(json!({ "aud": "another" }))),
        ("theirs, another issuer", theirs(json!({ "iss": "https://id.example.org" }))),
        ("theirs, our issuer", theirs(json!({ "iss": "concierge" }))),
        ("theirs, nobody we know", theirs(json!({ "sub": "bob" }))),
        ("their public key as a secret", symmetric(public().to_string().as_bytes())),
        ("their modulus as a secret", symmetric(&modulus)),
        ("an algorithm not chosen", sign(Algorithm::RS512, &kid, &claims, &rsa())),
        ("a key they do not show", sign(Algorithm::RS256, &json!("two"), &claims, &rsa())),
    ]);
    for (what, token) in wrong {
        assert_eq!(told(&app, &token).await, refused, "{what}");
    }
    for token in [ours, good] {
        let mut socket = Ws::ready(&app.url, Some(&token)).await;
        socket.subscribe("1", "{ viewer { login } }").await;
        assert_eq!(socket.data("1").await, json!({ "viewer": { "login": "lin-yi" } }));
    }
    app.stop().await;
}
