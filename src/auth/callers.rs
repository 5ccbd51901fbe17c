//! Who is calling. What is known of an account is remembered until one of its rights or sessions changes, or a midnight
//! passes at which a post may end.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use moka::sync::Cache;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use tokio::sync::watch;

use super::Auth;
use super::oidc::OidcError;
use super::token::TokenError;
use crate::base::id::{AccountId, SessionId};
use crate::domain::event::Whose;
use crate::domain::{Domain, Error, Result, Viewer, viewer};
use crate::storage::{account, session};

/// The most accounts that are remembered at once.
const REMEMBERED: u64 = 20_000;

/// The longest that anything is remembered, should a change never be heard of.
const REMEMBERED_FOR: Duration = Duration::from_secs(60);

/// Why a token is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// It is not one that we take, has expired, or its session has ended; whoever shows it learns not which.
    #[error("the access token is not valid; refresh it, or sign in again")]
    Invalid,
    /// Nothing can be said of it now, as the database or the outside issuer is out of reach.
    #[error("sign-in cannot be checked at the moment; try again")]
    Unavailable,
}

/// Who is calling; nobody signed in is possible. Cheap to clone.
#[derive(Clone)]
pub struct Caller(Option<Arc<SignedIn>>);

struct SignedIn {
    auth: Auth,
    viewer: Arc<Viewer>,
    /// The session; an outside issuer's token has none.
    session: Option<SessionId>,
    expires_at: DateTime<Utc>,
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Caller").field(&self.viewer().map(|viewer| viewer.account.id)).finish()
    }
}

/// What is remembered of an account.
struct Known {
    viewer: Arc<Viewer>,
    sessions: HashSet<SessionId>,
}

/// What is remembered of the accounts.
pub(super) struct Callers {
    known: Cache<AccountId, Arc<Known>>,
    /// Raised whenever something is forgotten: what was being read meanwhile may be old and is not remembered.
    changes: AtomicU64,
    changed: watch::Sender<u64>,
}

impl Default for Callers {
    fn default() -> Self {
        let known = Cache::builder().max_capacity(REMEMBERED).time_to_live(REMEMBERED_FOR).build();
        Self { known, changes: AtomicU64::new(0), changed: watch::Sender::new(0) }
    }
}

impl Callers {
    pub(super) fn forget(&self, whose: Whose) {
        let change = self.changes.fetch_add(1, Ordering::SeqCst) + 1;
        match whose {
            Whose::Account(id) => self.known.invalidate(&id),
            Whose::Staff(_) | Whose::Occupant(_) => {
                let theirs = self.known.iter().filter(|(_, known)| whose.is(&known.viewer));
                theirs.for_each(|(id, _)| self.known.invalidate(id.as_ref()));
            }
        }
        self.changed.send_replace(change);
    }

    async fn find(
        &self,
        domain: &Domain,
        id: AccountId,
        session: Option<SessionId>,
    ) -> Result<Option<Arc<Known>>> {
        let holds = |known: &Arc<Known>| {
            known.viewer.valid_until > domain.clock().now()
                && session.is_none_or(|session| known.sessions.contains(&session))
        };
        if let Some(known) = self.known.get(&id).filter(holds) {
            return Ok(Some(known));
        }
        let change = self.changes.load(Ordering::SeqCst);
        let Some(viewer) = viewer::load(domain, id).await? else {
            return Ok(None);
        };
        let known = Arc::new(Known { viewer: Arc::new(viewer), sessions: live_sessions(domain, id).await? });
        if self.changes.load(Ordering::SeqCst) == change {
            self.known.insert(id, Arc::clone(&known));
        }
        Ok(Some(known).filter(holds))
    }
}

async fn live_sessions(domain: &Domain, id: AccountId) -> Result<HashSet<SessionId>> {
    let live = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(session::Column::AccountId.eq(id))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(domain.clock().now()));
    let ids = live.into_tuple::<SessionId>().all(domain.db.read()).await?;
    Ok(ids.into_iter().collect())
}

impl Auth {
    /// Who is calling with this token; without one nobody is signed in.
    ///
    /// # Errors
    /// [`AuthError`] when a token was given and is not taken.
    pub async fn caller(&self, bearer: Option<&str>) -> std::result::Result<Caller, AuthError> {
        let Some(token) = bearer else {
            return Ok(Caller(None));
        };
        let inner = &self.0;
        let now = inner.domain.clock().now();
        let (account, session, expires_at) = match &inner.oidc {
            Some(oidc) if !inner.access.names_our_key(token) => {
                let outside = oidc.verify(token, now).await?;
                (self.outside_account(&outside.issuer, &outside.subject).await?, None, outside.expires_at)
            }
            _ => {
                let claims = inner.access.verify(token, now)?;
                (claims.account, Some(claims.session), claims.expires_at)
            }
        };
        let known = inner.callers.find(&inner.domain, account, session).await?.ok_or(AuthError::Invalid)?;
        let viewer = Arc::clone(&known.viewer);
        Ok(Caller(Some(Arc::new(SignedIn { auth: self.clone(), viewer, session, expires_at }))))
    }

    /// An account with the rights it has now; `None` when there is none, or it is closed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn viewer(&self, account: AccountId) -> Result<Option<Arc<Viewer>>> {
        let known = self.0.callers.find(&self.0.domain, account, None).await?;
        Ok(known.map(|known| Arc::clone(&known.viewer)))
    }

    async fn outside_account(
        &self,
        issuer: &str,
        subject: &str,
    ) -> std::result::Result<AccountId, AuthError> {
        let found = account::Entity::find()
            .filter(account::Column::Issuer.eq(issuer))
            .filter(account::Column::Subject.eq(subject))
            .one(self.0.domain.db.read())
            .await
            .map_err(Error::from)?;
        found.map(|account| account.id).ok_or(AuthError::Invalid)
    }
}

impl Caller {
    /// Nobody who is signed in.
    #[must_use]
    pub fn anonymous() -> Self {
        Self(None)
    }

    /// Whether nobody is signed in.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        self.0.is_none()
    }

    /// The viewer, as of the moment when the token was shown.
    #[must_use]
    pub fn viewer(&self) -> Option<&Arc<Viewer>> {
        self.0.as_ref().map(|signed_in| &signed_in.viewer)
    }

    /// The session of the token.
    #[must_use]
    pub fn session(&self) -> Option<SessionId> {
        self.0.as_ref().and_then(|signed_in| signed_in.session)
    }

    /// The same caller with the rights they have now; `None` when they may no longer call.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn renewed(&self) -> Result<Option<Self>> {
        let Some(signed_in) = &self.0 else {
            return Ok(Some(Self(None)));
        };
        let inner = &signed_in.auth.0;
        if signed_in.expires_at <= inner.domain.clock().now() {
            return Ok(None);
        }
        let account = signed_in.viewer.account.id;
        let known = inner.callers.find(&inner.domain, account, signed_in.session).await?;
        Ok(known.map(|known| {
            let viewer = Arc::clone(&known.viewer);
            let (session, expires_at) = (signed_in.session, signed_in.expires_at);
            Self(Some(Arc::new(SignedIn { auth: signed_in.auth.clone(), viewer, session, expires_at })))
        }))
    }

    /// Resolves when the token has expired, or its session or account has ended; never for nobody.
    pub async fn ended(&self) {
        let Some(signed_in) = &self.0 else {
            return std::future::pending().await;
        };
        let inner = &signed_in.auth.0;
        let mut changed = inner.callers.changed.subscribe();
        loop {
            // Asked first: it may have ended between the look at the token and the first wait.
            match self.renewed().await {
                Ok(Some(_)) => {}
                Ok(None) => return,
                // Not to be said now; the token's own end is near enough.
                Err(error) => tracing::warn!(%error, "a session could not be checked"),
            }
            let left = (signed_in.expires_at - inner.domain.clock().now()).to_std().unwrap_or_default();
            tokio::select! {
                () = tokio::time::sleep(left) => {}
                _ = changed.changed() => {}
            }
        }
    }
}

impl From<TokenError> for AuthError {
    fn from(error: TokenError) -> Self {
        tracing::debug!(%error, "a token was refused");
        Self::Invalid
    }
}

impl From<OidcError> for AuthError {
    fn from(error: OidcError) -> Self {
        match error {
            OidcError::Token(error) => error.into(),
            OidcError::Unavailable(cause) => {
                tracing::warn!(%cause, "the outside issuer cannot be asked");
                Self::Unavailable
            }
        }
    }
}

impl From<Error> for AuthError {
    fn from(error: Error) -> Self {
        tracing::warn!(%error, "a caller could not be looked up");
        Self::Unavailable
    }
}
