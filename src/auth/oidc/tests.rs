use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, extract::State, http::StatusCode, routing::get};
use chrono::TimeDelta;
use jsonwebtoken::{EncodingKey, Header, jwk::Jwk};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::watch};

use super::*;
use crate::auth::tls::install_tls;

const ISSUER: &str = "https://id.example.com";

fn noon() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

type Answer = (StatusCode, String);

/// The issuer: an address that answers with keys, and counts how often it was asked.
struct Issuer {
    url: String,
    answer: watch::Sender<Answer>,
    asked: Arc<AtomicUsize>,
}

impl Issuer {
    async fn start(keys: &Value) -> Self {
        install_tls();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/keys", listener.local_addr().unwrap());
        let (answer, answers) = watch::channel((StatusCode::OK, json!({ "keys": keys }).to_string()));
        let asked = Arc::new(AtomicUsize::new(0));
        let state = (answers, Arc::clone(&asked));
        let router = Router::new().route("/keys", get(Self::answer)).with_state(state);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, answer, asked }
    }

    async fn answer(State((answer, asked)): State<(watch::Receiver<Answer>, Arc<AtomicUsize>)>) -> Answer {
        asked.fetch_add(1, Ordering::SeqCst);
        answer.borrow().clone()
    }

    fn says(&self, keys: &Value) {
        self.answers(StatusCode::OK, json!({ "keys": keys }).to_string());
    }

    fn answers(&self, status: StatusCode, body: impl Into<String>) {
        self.answer.send_replace((status, body.into()));
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn verifier(&self) -> Oidc {
        Oidc::new(&config::Oidc {
            issuer: ISSUER.into(),
            audience: "concierge".into(),
            jwks_url: self.url.clone(),
            algorithms: vec![OidcAlgorithm::Rs256, OidcAlgorithm::Es256, OidcAlgorithm::EdDsa],
        })
        .unwrap()
    }
}

/// A private key for tests, from nothing but a number.
fn ed25519(seed: u8) -> EncodingKey {
    let mut der = hex("302e020100300506032b657004220420");
    der.extend([seed; 32]);
    EncodingKey::from_ed_der(&der)
}

fn p256(seed: u8) -> EncodingKey {
    let mut der = hex("3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420");
    der.extend([seed; 32]);
    EncodingKey::from_ec_der(&der)
}

fn rsa() -> EncodingKey {
    EncodingKey::from_rsa_pem(include_bytes!("test-rsa.pem")).unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn public(kid: &str, algorithm: Algorithm, key: &EncodingKey) -> Value {
    let mut jwk = serde_json::to_value(Jwk::from_encoding_key(key, algorithm).unwrap()).unwrap();
    jwk["kid"] = kid.into();
    jwk
}

fn ed25519_set() -> Value {
    json!([public("one", Algorithm::EdDSA, &ed25519(1))])
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": ["other", "concierge"], "sub": "ann",
        "nbf": noon().timestamp(), "exp": noon().timestamp() + 300,
    })
}

fn sign(kid: Option<&str>, algorithm: Algorithm, key: &EncodingKey, claims: &Value) -> String {
    let header = Header { kid: kid.map(Into::into), ..Header::new(algorithm) };
    jsonwebtoken::encode(&header, claims, key).unwrap()
}

/// A good token but for these claims; `null` leaves one out.
fn token_with(changes: &Value) -> String {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => _ = claims.as_object_mut().unwrap().remove(name),
            value => claims[name] = value.clone(),
        }
    }
    sign(Some("one"), Algorithm::EdDSA, &ed25519(1), &claims)
}

fn good() -> String {
    token_with(&json!({}))
}

fn ann() -> OutsideIdentity {
    OutsideIdentity {
        issuer: ISSUER.into(),
        subject: "ann".into(),
        expires_at: noon() + TimeDelta::seconds(300),
    }
}

#[track_caller]
fn assert_invalid(result: &Result<OutsideIdentity, OidcError>, what: &str) {
    assert!(matches!(result, Err(OidcError::Token(TokenError::Invalid))), "{what}: {result:?}");
}

#[tokio::test]
async fn each_kind_of_key_verifies() {
    let issuer = Issuer::start(&json!([
        { "kty": "future", "kid": "unknown" },
        public("rsa", Algorithm::RS256, &rsa()),
        public("ec", Algorithm::ES256, &p256(1)),
        public("ed", Algorithm::EdDSA, &ed25519(1)),
    ]))
    .await;
    let oidc = issuer.verifier();
    for token in [
        sign(Some("rsa"), Algorithm::RS256, &rsa(), &claims()),
        sign(Some("ec"), Algorithm::ES256, &p256(1), &claims()),
        sign(Some("ed"), Algorithm::EdDSA, &ed25519(1), &claims()),
        sign(None, Algorithm::EdDSA, &ed25519(1), &claims()),
    ] {
        assert_eq!(oidc.verify(&token, noon()).await.unwrap(), ann());
    }
    assert_eq!(issuer.asked(), 1, "keys are kept");
}

#[tokio::test]
async fn time_is_that_of_the_given_clock() {
    let issuer = Issuer::start(&ed25519_set()).await;
    let oidc = issuer.verifier();
    let at = |seconds| noon() + TimeDelta::milliseconds(seconds);
    assert!(oidc.verify(&good(), at(299_999)).await.is_ok());
    assert!(matches!(oidc.verify(&good(), at(300_000)).await, Err(OidcError::Token(TokenError::Expired))));
    assert!(oidc.verify(&good(), at(-30_000)).await.is_ok());
    assert_invalid(&oidc.verify(&good(), at(-30_001)).await, "not yet");
}

#[tokio::test]
async fn what_is_not_for_us_is_not_taken() {
    let issuer = Issuer::start(&ed25519_set()).await;
    let oidc = issuer.verifier();
    for fine in
        [json!({}), json!({ "aud": "concierge" }), json!({ "nbf": null }), json!({ "exp": 1_795_435_500.5 })]
    {
        assert!(oidc.verify(&token_with(&fine), noon()).await.is_ok(), "{fine}");
    }
    for changes in [
        json!({ "iss": "https://other.example.com" }),
        json!({ "iss": [ISSUER] }),
        json!({ "iss": null }),
        json!({ "aud": "other" }),
        json!({ "aud": [] }),
        json!({ "aud": null }),
        json!({ "sub": "" }),
        json!({ "sub": null }),
        json!({ "sub": "a\u{0}b" }),
        json!({ "sub": "a".repeat(256) }),
        json!({ "exp": null }),
        json!({ "exp": "tomorrow" }),
        json!({ "exp": 1e300 }),
        json!({ "nbf": 1e300 }),
    ] {
        assert_invalid(&oidc.verify(&token_with(&changes), noon()).await, &changes.to_string());
    }
}

#[tokio::test]
async fn only_the_named_key_with_a_chosen_algorithm_is_taken() {
    let short = json!({ "kty": "RSA", "kid": "short", "n": "AQAB", "e": "AQAB" });
    let symmetric = json!({ "kty": "oct", "kid": "symmetric", "k": "c2VjcmV0" });
    let mut encrypting = public("encrypting", Algorithm::EdDSA, &ed25519(1));
    encrypting["use"] = "enc".into();
    let set = json!([
        public("one", Algorithm::EdDSA, &ed25519(1)),
        public("ec", Algorithm::ES256, &p256(1)),
        encrypting,
        short,
        symmetric,
    ]);
    let issuer = Issuer::start(&set).await;
    let oidc = issuer.verifier();
    let secret = EncodingKey::from_secret(b"secret");
    let mut critical = Header::new(Algorithm::EdDSA);
    critical.kid = Some("one".into());
    critical.crit = Some(vec!["b64".into()]);
    for (token, what) in [
        (sign(Some("one"), Algorithm::EdDSA, &ed25519(2), &claims()), "signed with another key"),
        (sign(Some("ec"), Algorithm::EdDSA, &ed25519(1), &claims()), "names a key of another kind"),
        (sign(Some("encrypting"), Algorithm::EdDSA, &ed25519(1), &claims()), "a key for encryption"),
        (sign(Some("symmetric"), Algorithm::HS256, &secret, &claims()), "symmetric"),
        (sign(Some("short"), Algorithm::RS256, &rsa(), &claims()), "a short key"),
        (sign(Some("one"), Algorithm::RS512, &rsa(), &claims()), "not chosen"),
        (jsonwebtoken::encode(&critical, &claims(), &ed25519(1)).unwrap(), "crit"),
        (good().rsplit_once('.').unwrap().0.to_owned() + ".", "unsigned"),
        ("票".into(), "no token"),
        (String::new(), "nothing"),
    ] {
        assert_invalid(&oidc.verify(&token, noon()).await, what);
    }
}

#[tokio::test]
async fn a_token_without_a_name_means_the_only_key() {
    let two =
        json!([public("one", Algorithm::EdDSA, &ed25519(1)), public("two", Algorithm::EdDSA, &ed25519(2))]);
    let issuer = Issuer::start(&two).await;
    let nameless = sign(None, Algorithm::EdDSA, &ed25519(1), &claims());
    assert_invalid(&issuer.verifier().verify(&nameless, noon()).await, "two keys");
}

#[tokio::test]
async fn a_new_key_is_learned_and_a_withdrawn_one_forgotten() {
    let issuer = Issuer::start(&ed25519_set()).await;
    let oidc = issuer.verifier();
    assert!(oidc.verify(&good(), noon()).await.is_ok());

    issuer.says(&json!([public("two", Algorithm::EdDSA, &ed25519(2))]));
    let second = sign(Some("two"), Algorithm::EdDSA, &ed25519(2), &claims());
    assert_invalid(&oidc.verify(&second, noon() + TimeDelta::seconds(59)).await, "asked too soon");
    assert_eq!(issuer.asked(), 1);
    assert!(oidc.verify(&second, noon() + TimeDelta::seconds(60)).await.is_ok());
    assert_eq!(issuer.asked(), 2);
    assert_invalid(&oidc.verify(&good(), noon() + TimeDelta::seconds(61)).await, "withdrawn");
}

#[tokio::test]
async fn unknown_keys_do_not_make_us_ask_again_and_again() {
    let issuer = Issuer::start(&ed25519_set()).await;
    let oidc = Arc::new(issuer.verifier());
    let all = (0..20).map(|number| {
        let oidc = Arc::clone(&oidc);
        let token = sign(Some(&format!("none-{number}")), Algorithm::EdDSA, &ed25519(1), &claims());
        async move { oidc.verify(&token, noon()).await }
    });
    for result in futures_util::future::join_all(all).await {
        assert_invalid(&result, "unknown key");
    }
    assert_eq!(issuer.asked(), 1);
}

#[tokio::test]
async fn an_issuer_that_cannot_be_asked_is_told_from_a_wrong_token() {
    let issuer = Issuer::start(&ed25519_set()).await;
    for (status, body, cause) in [
        (StatusCode::BAD_GATEWAY, String::new(), "the answer is 502 Bad Gateway"),
        (StatusCode::FOUND, String::new(), "the answer is 302 Found"),
        (StatusCode::OK, "<html>".into(), "the answer is no JSON Web Key Set"),
        (StatusCode::OK, " ".repeat(300_000), "the answer is larger than 262144 bytes"),
    ] {
        issuer.answers(status, body);
        let oidc = issuer.verifier();
        let error = oidc.verify(&good(), noon()).await.unwrap_err();
        let OidcError::Unavailable(found) = &error else { panic!("{error:?}") };
        assert_eq!(found.to_string(), format!("cannot fetch the keys at {}: {cause}", issuer.url));
        assert_eq!(
            error.to_string(),
            "the sign-in service that issued this token cannot be reached; try again"
        );

        issuer.says(&ed25519_set());
        let soon = oidc.verify(&good(), noon() + TimeDelta::seconds(14)).await;
        assert!(matches!(soon, Err(OidcError::Unavailable(_))), "{soon:?}");
        assert!(oidc.verify(&good(), noon() + TimeDelta::seconds(15)).await.is_ok());
    }
}

#[tokio::test]
async fn old_keys_outlive_an_issuer_that_is_down_by_a_day() {
    let issuer = Issuer::start(&ed25519_set()).await;
    let oidc = issuer.verifier();
    let at = |hours| noon() + TimeDelta::hours(hours);
    let token = token_with(&json!({ "exp": at(100).timestamp() }));
    assert!(oidc.verify(&token, noon()).await.is_ok());

    issuer.answers(StatusCode::BAD_GATEWAY, "");
    assert!(oidc.verify(&token, at(1)).await.is_ok());
    assert_eq!(issuer.asked(), 2, "asked again after an hour");
    assert!(oidc.verify(&token, at(23)).await.is_ok());
    assert!(matches!(oidc.verify(&token, at(24)).await, Err(OidcError::Unavailable(_))));
}
