//! The issuer's public keys: fetched when needed, kept for a while, and never asked for more often than is polite.

use std::{
    error::Error,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse},
};
use reqwest::{Client, StatusCode, redirect};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;

use super::{FetchError, OidcError};

/// How long one fetch may take: a caller waits for it.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
/// The largest answer taken, in bytes: real sets have a few keys of less than 2 KiB each.
const LARGEST: usize = 256 * 1024;
/// Between two fetches, however many tokens name keys that do not exist.
const AFTER_SUCCESS: TimeDelta = TimeDelta::seconds(60);
/// Sooner after a failure, since then all outside callers are locked out.
const AFTER_FAILURE: TimeDelta = TimeDelta::seconds(15);
/// From when on the keys are asked for again, so that one the issuer withdrew is not taken for long.
const STALE: TimeDelta = TimeDelta::hours(1);
/// From when on keys that could not be asked for again are not taken any more.
const DEAD: TimeDelta = TimeDelta::hours(24);

#[derive(Debug)]
pub(super) struct Keys {
    url: String,
    http: Client,
    known: RwLock<Known>,
    /// Held while fetching, so that one fetch serves all who wait for it.
    last: Mutex<Option<Attempt>>,
}

/// What the issuer last said, and when.
#[derive(Debug, Default)]
struct Known {
    keys: Vec<PublicKey>,
    at: Option<DateTime<Utc>>,
}

#[derive(Debug)]
struct Attempt {
    at: DateTime<Utc>,
    failed: Option<FetchError>,
}

#[derive(Debug)]
struct PublicKey {
    kid: Option<String>,
    algorithms: Vec<Algorithm>,
    key: Arc<DecodingKey>,
}

impl Keys {
    pub(super) fn new(url: &str) -> Result<Self, FetchError> {
        let http = Client::builder()
            .timeout(FETCH_TIMEOUT)
            // The settings say which address is trusted; where that one points to, they do not.
            .redirect(redirect::Policy::none())
            .build()
            .map_err(|error| FetchError { url: url.to_owned(), cause: error.to_string() })?;
        Ok(Self { url: url.to_owned(), http, known: RwLock::default(), last: Mutex::default() })
    }

    /// The key of this name for this algorithm, `None` when the issuer has none. A token without a name means the only
    /// key there is.
    pub(super) async fn find(
        &self,
        kid: Option<&str>,
        algorithm: Algorithm,
        now: DateTime<Utc>,
    ) -> Result<Option<Arc<DecodingKey>>, OidcError> {
        match self.look_up(kid, algorithm, now) {
            None => self.refresh(now).await.map_err(OidcError::Unavailable)?,
            Some(_) if self.is_stale(now) => self.refresh_unless_busy(now).await,
            found => return Ok(found),
        }
        Ok(self.look_up(kid, algorithm, now))
    }

    fn look_up(
        &self,
        kid: Option<&str>,
        algorithm: Algorithm,
        now: DateTime<Utc>,
    ) -> Option<Arc<DecodingKey>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.at.filter(|at| now - *at < DEAD)?;
        let mut fitting = known.keys.iter().filter(|key| key.algorithms.contains(&algorithm));
        let found = match kid {
            Some(kid) => fitting.find(|key| key.kid.as_deref() == Some(kid)),
            None => fitting.next().filter(|_| fitting.next().is_none()),
        };
        found.map(|key| Arc::clone(&key.key))
    }

    fn is_stale(&self, now: DateTime<Utc>) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.at.is_none_or(|at| now - at >= STALE)
    }

    /// For a caller whose key is known: nobody waits behind another's fetch, and a failure is only worth a line.
    async fn refresh_unless_busy(&self, now: DateTime<Utc>) {
        let Ok(mut last) = self.last.try_lock() else { return };
        if let Err(error) = self.attempt(&mut last, now).await {
            tracing::warn!(%error, "the outside issuer's keys are getting old");
        }
    }

    async fn refresh(&self, now: DateTime<Utc>) -> Result<(), FetchError> {
        let mut last = self.last.lock().await;
        self.attempt(&mut last, now).await
    }

    async fn attempt(&self, last: &mut Option<Attempt>, now: DateTime<Utc>) -> Result<(), FetchError> {
        if let Some(Attempt { at, failed }) = last {
            let pause = if failed.is_some() { AFTER_FAILURE } else { AFTER_SUCCESS };
            if now - *at < pause {
                return failed.clone().map_or(Ok(()), Err);
            }
        }
        // Noted before, since a caller who hangs up drops this future: hanging up must not buy another fetch.
        *last = Some(Attempt { at: now, failed: Some(self.failed("the caller hung up")) });
        let fetched = self.fetch().await;
        *last = Some(Attempt { at: now, failed: fetched.as_ref().err().cloned() });
        let keys = fetched?;
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Known { keys, at: Some(now) };
        Ok(())
    }

    async fn fetch(&self) -> Result<Vec<PublicKey>, FetchError> {
        let failed = |error: reqwest::Error| self.failed(chain(&error.without_url()));
        let mut response = self.http.get(&self.url).send().await.map_err(failed)?;
        if response.status() != StatusCode::OK {
            return Err(self.failed(format!("the answer is {}", response.status())));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            body.extend_from_slice(&chunk);
            if body.len() > LARGEST {
                return Err(self.failed(format!("the answer is larger than {LARGEST} bytes")));
            }
        }
        let set: Set =
            serde_json::from_slice(&body).map_err(|_| self.failed("the answer is no JSON Web Key Set"))?;
        Ok(set.keys.into_iter().filter_map(PublicKey::of).collect())
    }

    fn failed(&self, cause: impl Into<String>) -> FetchError {
        FetchError { url: self.url.clone(), cause: cause.into() }
    }
}

/// Each key by itself: one of a kind that we do not know must not hide the others.
#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}

impl PublicKey {
    /// `None` for what is no public key to verify with: one for encryption, a symmetric one, an RSA key that is too
    /// short, one of an unknown kind.
    fn of(key: Value) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(key).ok()?;
        if jwk.common.public_key_use.as_ref().is_some_and(|used| *used != PublicKeyUse::Signature) {
            return None;
        }
        let only = jwk.common.key_algorithm;
        let algorithms: Vec<_> = algorithms_of(&jwk.algorithm)
            .iter()
            .copied()
            .filter(|algorithm| only.is_none_or(|only| only == KeyAlgorithm::from(*algorithm)))
            .collect();
        let key = Arc::new(DecodingKey::from_jwk(&jwk).ok()?);
        (!algorithms.is_empty()).then_some(Self { kid: jwk.common.key_id, algorithms, key })
    }
}

/// What a key of this kind can have signed.
fn algorithms_of(key: &AlgorithmParameters) -> &'static [Algorithm] {
    /// 2,048 bits, in base64url.
    const SHORTEST_MODULUS: usize = 2048_usize.div_ceil(6);
    match key {
        AlgorithmParameters::RSA(key) if key.n.len() >= SHORTEST_MODULUS => AlgorithmFamily::Rsa.algorithms(),
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => &[Algorithm::ES256],
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P384 => &[Algorithm::ES384],
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => &[Algorithm::EdDSA],
        _ => &[],
    }
}

/// An error and what caused it, in one line: `reqwest` tells the cause only when asked.
fn chain(error: &dyn Error) -> String {
    let mut line = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        line = format!("{line}: {cause}");
        next = cause.source();
    }
    line
}
