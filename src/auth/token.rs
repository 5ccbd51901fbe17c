//! Access tokens: short-lived JWTs that say which account calls, and in which session.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::key::{Key, Keys};
use crate::{
    base::id::{AccountId, SessionId},
    config::{Auth, Secrets},
};

const AUDIENCE: &str = "concierge";

/// How many seconds ahead of ours another gateway's clock may be when it signs. There is no such grace at the end: a
/// client whose token ends a little early refreshes it.
const CLOCK_SKEW: i64 = 5;

/// Why a token is not taken. It never holds the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is not one that we take: malformed, signed otherwise, for someone else, or not good yet.
    #[error("the access token is not valid; sign in again")]
    Invalid,
    /// It was good once.
    #[error("the access token has expired; refresh it")]
    Expired,
}

/// A token, fresh from the press. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// The text for `Authorization: Bearer`.
    pub token: String,
    /// From when on it is refused, in whole seconds.
    pub expires_at: DateTime<Utc>,
}

/// What a token of ours says, once it was found good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Who calls.
    pub account: AccountId,
    /// In which session. Whether it was ended since, its row tells.
    pub session: SessionId,
    /// When it was issued, in whole seconds.
    pub issued_at: DateTime<Utc>,
    /// From when on it is refused, in whole seconds.
    pub expires_at: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    iss: String,
    aud: String,
    sub: AccountId,
    sid: SessionId,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// Issues and verifies access tokens. It is cheap to share and never waits.
pub struct AccessTokens {
    issuer: String,
    ttl: Duration,
    kid: String,
    signing: EncodingKey,
    /// By name; the first is that of the key that signs.
    verifying: Vec<(String, DecodingKey)>,
    validation: Validation,
}

impl AccessTokens {
    /// Those of this deployment's secrets and settings.
    #[must_use]
    pub fn new(secrets: &Secrets, settings: &Auth) -> Self {
        const PURPOSE: &str = "concierge access token 1";
        let key = Key::derive(&secrets.current, PURPOSE);
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[&settings.issuer]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "nbf", "exp"]);
        // Its own look at the time would go past our clock; `verify` compares instead.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self {
            issuer: settings.issuer.clone(),
            ttl: settings.access_token_ttl,
            kid: name(&key),
            signing: EncodingKey::from_secret(key.bytes()),
            verifying: Keys::derive(secrets, PURPOSE)
                .iter()
                .map(|key| (name(key), DecodingKey::from_secret(key.bytes())))
                .collect(),
            validation,
        }
    }

    /// A token for this account in this session, good from `now` for `auth.access_token_ttl`.
    #[must_use]
    pub fn issue(&self, account: AccountId, session: SessionId, now: DateTime<Utc>) -> AccessToken {
        let expires_at = DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now) + self.ttl;
        let header = Header { kid: Some(self.kid.clone()), ..Header::new(Algorithm::HS256) };
        let payload = Payload {
            iss: self.issuer.clone(),
            aud: AUDIENCE.into(),
            sub: account,
            sid: session,
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: expires_at.timestamp(),
        };
        #[expect(
            clippy::expect_used,
            reason = "plain fields always encode, and the key is of the header's family"
        )]
        let token = jsonwebtoken::encode(&header, &payload, &self.signing).expect("plain fields encode");
        AccessToken { token, expires_at }
    }

    /// Whether we issued it, by the key it names: else an outside issuer may have. It is no verification.
    #[must_use]
    pub fn names_our_key(&self, token: &str) -> bool {
        self.key_of(token).is_some()
    }

    fn key_of(&self, token: &str) -> Option<&DecodingKey> {
        let named = jsonwebtoken::decode_header(token).ok()?.kid?;
        self.verifying.iter().find(|(name, _)| *name == named).map(|(_, key)| key)
    }

    /// What the token says, if we issued it and it is good at `now`.
    ///
    /// # Errors
    /// [`TokenError::Expired`] from its last second on, [`TokenError::Invalid`] for all else.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, TokenError> {
        let key = self.key_of(token).ok_or(TokenError::Invalid)?;
        let payload = jsonwebtoken::decode::<Payload>(token, key, &self.validation)
            .map_err(|_| TokenError::Invalid)?
            .claims;
        let time = |seconds| DateTime::from_timestamp(seconds, 0).ok_or(TokenError::Invalid);
        let expires_at = time(payload.exp)?;
        if now >= expires_at {
            return Err(TokenError::Expired);
        }
        if payload.nbf > now.timestamp() + CLOCK_SKEW {
            return Err(TokenError::Invalid);
        }
        Ok(Claims { account: payload.sub, session: payload.sid, issued_at: time(payload.iat)?, expires_at })
    }
}

/// A key's own name, which tells nothing of it.
fn name(key: &Key) -> String {
    URL_SAFE_NO_PAD.encode(&key.sign(b"kid")[..9])
}

impl std::fmt::Debug for AccessTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccessTokens")
            .field("issuer", &self.issuer)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccessToken").field("token", &"***").field("expires_at", &self.expires_at).finish()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;
    use crate::config::Secret;

    const SECRET: &str = "0123456789-0123456789-0123456789";

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn noon() -> DateTime<Utc> {
        at("2026-11-23T12:00:00.75Z")
    }

    fn ids() -> (AccountId, SessionId) {
        (AccountId::new(Uuid::from_u128(1)), SessionId::new(Uuid::from_u128(2)))
    }

    fn ours() -> AccessTokens {
        AccessTokens::new(&Secret::new(SECRET).into(), &Auth::default())
    }

    fn issued() -> AccessToken {
        let (account, session) = ids();
        ours().issue(account, session, noon())
    }

    /// What a token of ours would be with these claims changed; `null` leaves one out.
    fn signed_with(changes: &Value) -> String {
        let payload = issued().token.split('.').nth(1).unwrap().to_owned();
        let mut claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
        for (name, value) in changes.as_object().unwrap() {
            match value {
                Value::Null => _ = claims.as_object_mut().unwrap().remove(name),
                value => claims[name] = value.clone(),
            }
        }
        signed(ours().kid.into(), &claims)
    }

    fn signed(kid: Option<String>, claims: &Value) -> String {
        let header = Header { kid, ..Header::new(Algorithm::HS256) };
        jsonwebtoken::encode(&header, claims, &ours().signing).unwrap()
    }

    #[test]
    fn what_is_issued_is_good_until_its_last_second() {
        let (account, session) = ids();
        let AccessToken { token, expires_at } = issued();
        assert_eq!(expires_at, at("2026-11-23T12:15:00Z"));
        let claims = Claims { account, session, issued_at: at("2026-11-23T12:00:00Z"), expires_at };
        for now in [noon(), at("2026-11-23T11:59:55Z"), at("2026-11-23T12:14:59.999999Z")] {
            assert_eq!(ours().verify(&token, now), Ok(claims), "{now}");
        }
        assert_eq!(ours().verify(&token, expires_at), Err(TokenError::Expired));
        assert_eq!(ours().verify(&token, at("2026-11-23T11:59:54.9Z")), Err(TokenError::Invalid));
    }

    #[test]
    fn it_says_who_for_whom_and_how_long() {
        let token = issued().token;
        let part = |index| -> Value {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap())
                .unwrap()
        };
        assert_eq!(part(0), json!({ "typ": "JWT", "alg": "HS256", "kid": ours().kid }));
        assert_eq!(
            part(1),
            json!({
                "iss": "concierge", "aud": "concierge",
                "sub": "00000000-0000-0000-0000-000000000001", "sid": "00000000-0000-0000-0000-000000000002",
                "iat": 1_795_435_200, "nbf": 1_795_435_200, "exp": 1_795_436_100,
            })
        );
        assert!(!format!("{:?}{:?}", issued(), ours()).contains(&token));
    }

    #[test]
    fn claims_of_others_are_not_ours() {
        assert!(ours().verify(&signed_with(&json!({})), noon()).is_ok());
        for changes in [
            json!({ "iss": "another" }),
            json!({ "iss": null }),
            json!({ "aud": "another" }),
            json!({ "aud": null }),
            json!({ "sub": "ann" }),
            json!({ "sub": null }),
            json!({ "sid": null }),
            json!({ "exp": null }),
            json!({ "exp": "2026-11-23" }),
            json!({ "exp": i64::MAX }),
            json!({ "nbf": null }),
            json!({ "nbf": i64::MAX }),
        ] {
            assert_eq!(ours().verify(&signed_with(&changes), noon()), Err(TokenError::Invalid), "{changes}");
        }
    }

    #[test]
    fn another_signature_is_not_ours() {
        let token = issued().token;
        let (rest, signature) = token.rsplit_once('.').unwrap();
        let payload = rest.split_once('.').unwrap().1;
        let head = |json: &str| URL_SAFE_NO_PAD.encode(json);
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
        let longer = jsonwebtoken::encode(&Header::new(Algorithm::HS512), &claims, &ours().signing).unwrap();
        for forged in [
            format!("{rest}."),
            rest.to_owned(),
            format!("{}.{payload}.", head(r#"{"typ":"JWT","alg":"none"}"#)),
            format!("{}.{payload}.{signature}", head(r#"{"typ":"JWT","alg":"none"}"#)),
            format!("{}.{payload}.{signature}", head(r#"{"typ":"JWT","alg":"HS512"}"#)),
            format!("{rest}.{}", signature.to_lowercase()),
            format!("{token}.{signature}"),
            longer,
            String::new(),
            "\0".into(),
            "票.据.号".into(),
        ] {
            assert_eq!(ours().verify(&forged, noon()), Err(TokenError::Invalid), "{forged}");
        }
        let theirs =
            AccessTokens::new(&Secret::new("another secret of thirty-two bytes").into(), &Auth::default());
        assert_eq!(theirs.verify(&token, noon()), Err(TokenError::Invalid));
    }

    #[test]
    fn our_tokens_are_known_by_their_key() {
        let token = issued().token;
        assert!(ours().names_our_key(&token));
        assert!(!AccessTokens::new(&Secret::new("another").into(), &Auth::default()).names_our_key(&token));
        assert!(!ours().names_our_key(&signed(None, &json!({}))));
        assert!(!ours().names_our_key("票"));
    }

    #[test]
    fn a_former_secret_verifies_and_signs_no_more() {
        let secrets = Secrets { current: Secret::new("another"), former: vec![Secret::new(SECRET)] };
        let rotated = AccessTokens::new(&secrets, &Auth::default());
        let (account, session) = ids();
        assert!(rotated.names_our_key(&issued().token));
        assert_eq!(rotated.verify(&issued().token, noon()), ours().verify(&issued().token, noon()));
        let new = rotated.issue(account, session, noon()).token;
        assert_eq!(ours().verify(&new, noon()), Err(TokenError::Invalid));
        assert!(rotated.verify(&new, noon()).is_ok());
    }

    #[test]
    fn an_old_token_is_told_from_a_forged_one_only_when_it_is_ours() {
        let (rest, _) = issued().token.rsplit_once('.').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        assert_eq!(
            ours().verify(&format!("{rest}.AAAA"), at("2027-01-01T00:00:00Z")),
            Err(TokenError::Invalid)
        );
    }
}
