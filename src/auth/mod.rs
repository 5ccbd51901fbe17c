//! Who is calling: accounts and sessions in the database, tokens on the wire, and the viewer that follows from them.

mod account;
pub mod activation;
mod base32;
mod callers;
mod cookie;
mod failures;
mod identity;
pub mod key;
mod limits;
mod link;
pub mod oidc;
pub mod password;
pub mod refresh;
mod session;
pub mod tls;
pub mod token;

use std::fmt;
use std::sync::Arc;

pub use account::{Invited, Whom};
pub use callers::{AuthError, Caller};
pub use cookie::RefreshCookie;
pub use link::{FILES_PATH, LinkError, LinkQuery, Linked, LinkedSheet, SHEETS_PATH, SheetFile};
pub use session::Tokens;
pub use tls::install_tls;

use self::activation::ActivationHasher;
use self::callers::Callers;
use self::failures::Failures;
use self::limits::Limits;
use self::link::Links;
use self::oidc::Oidc;
use self::password::Passwords;
use self::refresh::RefreshTokens;
use self::token::AccessTokens;
use crate::config;
use crate::domain::Domain;

/// Sign-in, sessions and accounts. Cheap to clone.
#[derive(Clone)]
pub struct Auth(Arc<Inner>);

struct Inner {
    domain: Domain,
    settings: config::Auth,
    passwords: Passwords,
    access: AccessTokens,
    refresh: RefreshTokens,
    activation: ActivationHasher,
    oidc: Option<Oidc>,
    callers: Callers,
    limits: Limits,
    links: Links,
    failures: Failures,
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Auth")
    }
}

/// Why sign-in cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The cost of password hashing cannot be.
    #[error(transparent)]
    Passwords(#[from] password::PasswordFault),
    /// The outside issuer cannot be asked.
    #[error(transparent)]
    Oidc(#[from] oidc::FetchError),
}

impl Auth {
    /// Sign-in as it is set, no oftener than `rate` says, signing with `secrets`.
    ///
    /// # Errors
    /// [`SetupError`] when a setting cannot be.
    pub fn new(
        domain: Domain,
        settings: config::Auth,
        rate: &config::Rate,
        secrets: &config::Secrets,
    ) -> Result<Self, SetupError> {
        let inner = Inner {
            passwords: Passwords::new(settings.argon2, settings.hashes)?,
            access: AccessTokens::new(secrets, &settings),
            refresh: RefreshTokens::new(secrets),
            activation: ActivationHasher::new(secrets),
            oidc: settings.oidc.as_ref().map(Oidc::new).transpose()?,
            callers: Callers::default(),
            limits: Limits::new(rate, domain.clock()),
            links: Links::new(secrets, settings.file_link_ttl),
            failures: Failures::default(),
            domain,
            settings,
        };
        let auth = Self(Arc::new(inner));
        let remembered = Arc::downgrade(&auth.0);
        auth.0.domain.on_access(move |whose| {
            if let Some(inner) = remembered.upgrade() {
                inner.callers.forget(whose);
            }
        });
        Ok(auth)
    }

    /// How many passwords have been hashed or compared.
    #[must_use]
    pub fn passwords_computed(&self) -> u64 {
        self.0.passwords.computed()
    }
}
