//! Tokens of an outside OpenID Connect issuer.

mod keys;

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, Validation};
use serde::Deserialize;

use self::keys::Keys;
use super::token::TokenError;
use crate::config::{self, OidcAlgorithm};

/// How many seconds ahead of ours the issuer's clock may be when it signs. There is no such grace at the end.
const CLOCK_SKEW: i64 = 30;

/// The longest subject: OpenID Connect Core allows 255 ASCII characters.
const LONGEST_SUBJECT: usize = 255;

/// Who calls, as the outside issuer knows them. Which account that is, if any, the database tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideIdentity {
    /// The issuer that vouches, as set by `auth.oidc.issuer`.
    pub issuer: String,
    /// The issuer's own name for the person, never reused by it.
    pub subject: String,
    /// From when on the token is refused, in whole seconds.
    pub expires_at: DateTime<Utc>,
}

/// Why an outside token is not taken.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The token itself.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The issuer's keys could not be fetched, so that nothing can be said of the token. The cause is for the log.
    #[error("the sign-in service that issued this token cannot be reached; try again")]
    Unavailable(#[source] FetchError),
}

/// Why the keys could not be fetched.
#[derive(Clone, Debug, thiserror::Error)]
#[error("cannot fetch the keys at {url}: {cause}")]
pub struct FetchError {
    url: String,
    cause: String,
}

#[derive(Deserialize)]
struct Payload {
    iss: String,
    sub: String,
    /// Seconds; a NumericDate may have a fraction.
    exp: f64,
    nbf: Option<f64>,
}

/// Verifies tokens of one outside issuer.
#[derive(Debug)]
pub struct Oidc {
    issuer: String,
    audience: String,
    algorithms: Vec<Algorithm>,
    keys: Keys,
}

impl Oidc {
    /// The issuer that is set. Its keys are fetched with the first token.
    ///
    /// # Errors
    /// When no HTTP client can be made, which is when the machine has no root certificates.
    pub fn new(settings: &config::Oidc) -> Result<Self, FetchError> {
        Ok(Self {
            issuer: settings.issuer.clone(),
            audience: settings.audience.clone(),
            algorithms: settings.algorithms.iter().map(|algorithm| (*algorithm).into()).collect(),
            keys: Keys::new(&settings.jwks_url)?,
        })
    }

    /// Who calls, if the issuer signed the token for us and it is good at `now`. Fetches keys when it names one that is
    /// not known.
    ///
    /// # Errors
    /// [`OidcError::Token`] for a token that is not taken, [`OidcError::Unavailable`] when that cannot be said.
    pub async fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<OutsideIdentity, OidcError> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Invalid)?;
        // `crit` names what must be understood to take the token, and we understand none of it.
        if !self.algorithms.contains(&header.alg) || header.crit.is_some() {
            return Err(TokenError::Invalid.into());
        }
        let key = self.keys.find(header.kid.as_deref(), header.alg, now).await?.ok_or(TokenError::Invalid)?;
        let payload = jsonwebtoken::decode::<Payload>(token, &key, &self.validation(header.alg))
            .map_err(|_| TokenError::Invalid)?
            .claims;
        Ok(self.identity(payload, now)?)
    }

    fn validation(&self, algorithm: Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.set_audience(&[&self.audience]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        // Its own look at the time would go past our clock; `identity` compares instead.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation
    }

    fn identity(&self, payload: Payload, now: DateTime<Utc>) -> Result<OutsideIdentity, TokenError> {
        let subject_fits = !payload.sub.is_empty()
            && payload.sub.len() <= LONGEST_SUBJECT
            && !payload.sub.contains(char::is_control);
        if payload.iss != self.issuer || !subject_fits {
            return Err(TokenError::Invalid);
        }
        let expires_at = DateTime::from_timestamp(payload.exp as i64, 0).ok_or(TokenError::Invalid)?;
        if now >= expires_at {
            return Err(TokenError::Expired);
        }
        if payload.nbf.is_some_and(|nbf| nbf > (now.timestamp() + CLOCK_SKEW) as f64) {
            return Err(TokenError::Invalid);
        }
        Ok(OutsideIdentity { issuer: payload.iss, subject: payload.sub, expires_at })
    }
}

impl From<OidcAlgorithm> for Algorithm {
    fn from(algorithm: OidcAlgorithm) -> Self {
        match algorithm {
            OidcAlgorithm::Rs256 => Self::RS256,
            OidcAlgorithm::Rs384 => Self::RS384,
            OidcAlgorithm::Rs512 => Self::RS512,
            OidcAlgorithm::Ps256 => Self::PS256,
            OidcAlgorithm::Ps384 => Self::PS384,
            OidcAlgorithm::Ps512 => Self::PS512,
            OidcAlgorithm::Es256 => Self::ES256,
            OidcAlgorithm::Es384 => Self::ES384,
            OidcAlgorithm::EdDsa => Self::EdDSA,
        }
    }
}

#[cfg(test)]
mod tests;
