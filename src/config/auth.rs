//! How accounts sign in, and how long it lasts.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{duration, list, secret::Secret};

const MINUTE: u64 = 60;
const DAY: u64 = 24 * 60 * MINUTE;

/// `[auth]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// What tokens are signed with and codes hashed with; at least 32 bytes of text. No default: on SQLite it is made
    /// once and kept in `data_dir/secret`, readable by its owner alone; with PostgreSQL it must be set, since several
    /// gateways share it. Another secret ends every session, unless this one then stands in `former_secrets`.
    pub secret: Option<Secret>,
    /// Secrets that signed before: they sign nothing more, and what they signed stays good. Default none. One can go when
    /// `refresh_token_ttl` is over since its last signature, or at once when it was stolen, which ends every session.
    #[serde(deserialize_with = "list::deserialize")]
    pub former_secrets: Vec<Secret>,
    /// The `iss` of our access tokens. Default `concierge`; a name of its own keeps two deployments' tokens apart.
    pub issuer: String,
    /// How long an access token is good. Default 15m: short, since a copied one works until then.
    #[serde(with = "duration")]
    pub access_token_ttl: Duration,
    /// How long a session lasts without being used: each refresh begins it anew. Default 30d.
    #[serde(with = "duration")]
    pub refresh_token_ttl: Duration,
    /// How long an occupant's activation code is good. Default 7d: a letter in the box must still work.
    #[serde(with = "duration")]
    pub activation_code_ttl: Duration,
    /// How long a link to a file is good. Default 5m: it is made when a page is shown, and a page that is shown again
    /// asks for new ones.
    #[serde(with = "duration")]
    pub file_link_ttl: Duration,
    /// Whether browsers send the cookie with the refresh token over HTTPS only. Default true; browsers take the machine
    /// itself (`localhost`) for safe. False for a trial in a house without HTTPS, and never on the open internet.
    pub cookie_secure: bool,
    /// `[auth.argon2]`
    pub argon2: Argon2Cost,
    /// `[auth.hashes]`
    pub hashes: Hashes,
    /// `[auth.oidc]`: an outside issuer whose tokens are accepted beside ours. Default none.
    pub oidc: Option<Oidc>,
}

impl Default for Auth {
    fn default() -> Self {
        Self {
            secret: None,
            former_secrets: Vec::new(),
            issuer: "concierge".into(),
            access_token_ttl: Duration::from_secs(15 * MINUTE),
            refresh_token_ttl: Duration::from_secs(30 * DAY),
            activation_code_ttl: Duration::from_secs(7 * DAY),
            file_link_ttl: Duration::from_secs(5 * MINUTE),
            cookie_secure: true,
            argon2: Argon2Cost::default(),
            hashes: Hashes::default(),
            oidc: None,
        }
    }
}

/// What one password hash costs. The defaults are OWASP's recommendation for argon2id; passwords hashed at another
/// cost are hashed anew at their next sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Argon2Cost {
    /// Memory of one hash, in KiB. Default 19,456 (19 MiB).
    pub memory_kib: u32,
    /// Passes over the memory. Default 2.
    pub iterations: u32,
    /// Lanes. Default 1.
    pub parallelism: u32,
}

impl Default for Argon2Cost {
    fn default() -> Self {
        Self { memory_kib: 19_456, iterations: 2, parallelism: 1 }
    }
}

/// How many password hashes may keep this gateway busy, whoever asks for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hashes {
    /// Computed at once, each with the memory that it costs. Default half of the machine's cores, at least 1: the other
    /// half goes on answering.
    pub at_once: usize,
    /// Waiting beside them; who comes then is told to try again. Default 128: an office begins its day, and each takes
    /// some hundredths of a second.
    pub waiting: usize,
}

impl Default for Hashes {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { at_once: (cores / 2).max(1), waiting: 128 }
    }
}

/// An outside OpenID Connect issuer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    /// The `iss` that its tokens bear, to the letter.
    pub issuer: String,
    /// The `aud` that names us in its tokens.
    pub audience: String,
    /// Where its public keys are: an https address (http for this machine alone).
    pub jwks_url: String,
    /// The signatures accepted. Default RS256, ES256 and EdDSA; there is no symmetric one to choose.
    #[serde(default = "OidcAlgorithm::usual", deserialize_with = "list::deserialize")]
    pub algorithms: Vec<OidcAlgorithm>,
}

/// A signature made with a private key and checked with a public one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "each is named as RFC 7518 and RFC 8037 name it")]
pub enum OidcAlgorithm {
    Rs256,
    Rs384,
    Rs512,
    Ps256,
    Ps384,
    Ps512,
    Es256,
    Es384,
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl OidcAlgorithm {
    fn usual() -> Vec<Self> {
        vec![Self::Rs256, Self::Es256, Self::EdDsa]
    }
}
