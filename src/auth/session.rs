//! Sessions: signed-in devices. Each is a family of refresh tokens of which only the newest counts; one that is used
//! twice has been stolen, and ends the family.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::password::PasswordFault;
use super::refresh::RefreshToken;
use super::{Auth, Caller};
use crate::base::Origin;
use crate::base::id::{AccountId, SessionId};
use crate::domain::audit::{self, Action, By, Note};
use crate::domain::event::{self, Whose};
use crate::domain::{Error, Refusal, Result, Tx, Viewer, clean};
use crate::storage::{account, session};

/// The longest name that a client gives itself, in characters.
pub(super) const CLIENT_MAX: usize = 100;

/// What a client is given at sign-in. `Debug` does not show the tokens.
pub struct Tokens {
    /// For `Authorization: Bearer`.
    pub access: String,
    /// From when on the access token is refused.
    pub expires_at: DateTime<Utc>,
    /// Good once, for the next pair.
    pub refresh: String,
    /// Whose.
    pub account: AccountId,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").field("account", &self.account).finish_non_exhaustive()
    }
}

impl Auth {
    /// Signs in. A wrong password and an unknown login look the same and cost the same; tried too often, neither is
    /// looked at.
    ///
    /// # Errors
    /// When the pair is not right, it was tried too often, or the database fails.
    pub async fn sign_in(&self, login: &str, password: &str, client: Option<&str>) -> Result<Tokens> {
        let place = self.0.limits.sign_in(login)?;
        let tokens = self.compare_and_sign_in(login, password, client).await?;
        self.0.limits.signed_in(place);
        Ok(tokens)
    }

    pub(super) async fn compare_and_sign_in(
        &self,
        login: &str,
        password: &str,
        client: Option<&str>,
    ) -> Result<Tokens> {
        let inner = &self.0;
        let client = clean("input.client", client, CLIENT_MAX)?;
        let found = self.account_named(login).await?;
        let hash = found.as_ref().and_then(|account| account.password_hash.as_deref());
        let right = match hash {
            Some(hash) => inner.passwords.verify(password, hash).await.map_err(fault)?,
            None => {
                inner.passwords.verify_nobody(password).await.map_err(fault)?;
                false
            }
        };
        let known = found.as_ref().map(|account| account.id);
        let Some(account) = found.filter(|_| right) else {
            self.note_failure(known).await?;
            return Err(Refusal::invalid("input.password", "the login or the password is wrong").into());
        };
        self.open_session(account, client, Some(password), Action::SignedIn).await
    }

    /// The login is not kept: now and then somebody types their password there.
    async fn note_failure(&self, known: Option<AccountId>) -> Result<()> {
        let domain = &self.0.domain;
        let address = Origin::current().address;
        let Some(attempts) = self.0.failures.count(known, address, domain.clock.now()) else { return Ok(()) };
        let note = Note::of(Action::SignInFailed).with_address();
        let note = if attempts == 1 { note } else { note.with("attempts", attempts) };
        let tx = domain.begin().await?;
        let by = known.map_or(By::System("NOBODY_KNOWN"), By::Account);
        audit::note(domain, &tx, by, note).await?;
        tx.commit().await
    }

    /// The open account that signs in with this login, whatever its case.
    pub(super) async fn account_named(&self, login: &str) -> Result<Option<account::Model>> {
        let login = normal_login(login);
        // Nobody is called so, and PostgreSQL does not take the question.
        if login.contains('\0') {
            return Ok(None);
        }
        let found = account::Entity::find()
            .filter(account::Column::Login.eq(login))
            .filter(account::Column::ClosedAt.is_null());
        Ok(found.one(self.0.domain.db.read()).await?)
    }

    async fn open_session(
        &self,
        account: account::Model,
        client: Option<String>,
        password: Option<&str>,
        action: Action,
    ) -> Result<Tokens> {
        let inner = &self.0;
        let rehashed = match (password, account.password_hash.as_deref()) {
            (Some(password), Some(hash)) if inner.passwords.needs_rehash(hash) => {
                Some(inner.passwords.hash(password).await.map_err(fault)?)
            }
            _ => None,
        };
        let now = inner.domain.clock().now();
        let tx = inner.domain.begin().await?;
        let row = session::ActiveModel {
            id: Set(inner.domain.clock().id()),
            account_id: Set(account.id),
            generation: Set(0),
            client: Set(client),
            created_at: Set(now),
            used_at: Set(now),
            expires_at: Set(now + inner.settings.refresh_token_ttl),
            ended_at: Set(None),
            end_reason: Set(None),
        };
        let row = row.insert(&tx.db).await?;
        if let Some(hash) = rehashed {
            let mut change = account.into_active_model();
            change.password_hash = Set(Some(hash));
            change.update(&tx.db).await?;
        }
        event::access_changed(&inner.domain, &tx, Whose::Account(row.account_id)).await?;
        let line = Note::of(action).about(row.id).with_address();
        audit::note(&inner.domain, &tx, By::Account(row.account_id), line).await?;
        tx.commit().await?;
        Ok(self.tokens(&row))
    }

    /// Opens a session for an account without asking for its password, for scripts run by who can read the secret.
    ///
    /// # Errors
    /// When there is no such login or the database fails.
    pub async fn open_for(&self, login: &str) -> Result<Tokens> {
        let message = format!("there is no account with the login \"{login}\"");
        let account = self.account_named(login).await?.ok_or_else(|| Refusal::invalid("login", message))?;
        self.open_session(account, Some("command line".to_owned()), None, Action::TokenIssued).await
    }

    /// Gives a new pair for a refresh token, which is spent by it. One that was spent before ends its session.
    ///
    /// # Errors
    /// When the token is not good or the database fails.
    pub async fn refresh(&self, token: &str) -> Result<Tokens> {
        let inner = &self.0;
        let invalid = || {
            Error::from(Refusal::invalid(
                "input.refreshToken",
                "the refresh token is not valid; sign in again",
            ))
        };
        let RefreshToken { session: id, generation } = inner.refresh.read(token).map_err(|_| invalid())?;
        inner.limits.refresh(id)?;
        let tx = inner.domain.begin().await?;
        let found = session::Entity::find_by_id(id).lock_exclusive().one(&tx.db).await?;
        let now = inner.domain.clock().now();
        let row = found.filter(|row| row.ended_at.is_none() && row.expires_at > now).ok_or_else(invalid)?;
        let account = account::Entity::find_by_id(row.account_id).one(&tx.db).await?;
        if account.is_none_or(|account| account.closed_at.is_some()) {
            return Err(invalid());
        }
        if row.generation != generation {
            tracing::warn!(session = %row.id, "a spent refresh token was used again; the session is ended");
            let line = Note::of(Action::TokenReused).about(row.id).with_address();
            audit::note(&inner.domain, &tx, By::Account(row.account_id), line).await?;
            self.end(&tx, row, "a spent refresh token was used again").await?;
            tx.commit().await?;
            return Err(invalid());
        }
        let mut change = row.into_active_model();
        change.generation = Set(generation.saturating_add(1));
        change.used_at = Set(now);
        change.expires_at = Set(now + inner.settings.refresh_token_ttl);
        let row = change.update(&tx.db).await?;
        tx.commit().await?;
        Ok(self.tokens(&row))
    }

    /// Ends the caller's own session.
    ///
    /// # Errors
    /// When the caller has no session, as with an outside issuer's token, or the database fails.
    pub async fn sign_out(&self, caller: &Caller) -> Result<()> {
        let viewer = caller.viewer().ok_or(Error::Unauthenticated)?;
        let elsewhere = "the sign-in is another service's, and ends there";
        let id = caller.session().ok_or_else(|| Refusal::invalid("input.id", elsewhere))?;
        let tx = self.0.domain.begin().await?;
        if let Some(row) = session::Entity::find_by_id(id).lock_exclusive().one(&tx.db).await? {
            self.end(&tx, row, "signed out").await?;
            audit::note(&self.0.domain, &tx, &**viewer, Note::of(Action::SignedOut).about(id)).await?;
        }
        tx.commit().await
    }

    /// Ends one of the viewer's own sessions.
    ///
    /// # Errors
    /// When it is not one of theirs or the database fails.
    pub async fn end_session(&self, viewer: &Viewer, id: SessionId) -> Result<()> {
        let tx = self.0.domain.begin().await?;
        let own = session::Entity::find_by_id(id).filter(session::Column::AccountId.eq(viewer.account.id));
        let row = own.lock_exclusive().one(&tx.db).await?;
        let row =
            row.filter(|row| row.ended_at.is_none()).ok_or_else(|| Refusal::not_found("input.id", id))?;
        self.end(&tx, row, "ended from another device").await?;
        audit::note(&self.0.domain, &tx, viewer, Note::of(Action::SignedOut).about(id)).await?;
        tx.commit().await
    }

    /// The viewer's sessions that have not ended, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sessions(&self, viewer: &Viewer) -> Result<Vec<session::Model>> {
        let live = session::Entity::find()
            .filter(session::Column::AccountId.eq(viewer.account.id))
            .filter(session::Column::EndedAt.is_null())
            .filter(session::Column::ExpiresAt.gt(self.0.domain.clock().now()))
            .order_by_desc(session::Column::CreatedAt);
        Ok(live.all(self.0.domain.db.read()).await?)
    }

    /// Ends all sessions of an account but one.
    pub(super) async fn end_all(
        &self,
        tx: &Tx<'_>,
        account: AccountId,
        but: Option<SessionId>,
        why: &str,
    ) -> Result<()> {
        let live = session::Entity::find()
            .filter(session::Column::AccountId.eq(account))
            .filter(session::Column::EndedAt.is_null());
        for row in live.lock_exclusive().all(&tx.db).await? {
            if Some(row.id) != but {
                self.end(tx, row, why).await?;
            }
        }
        Ok(())
    }

    async fn end(&self, tx: &Tx<'_>, row: session::Model, why: &str) -> Result<()> {
        let account = row.account_id;
        let mut change = row.into_active_model();
        change.ended_at = Set(Some(self.0.domain.clock().now()));
        change.end_reason = Set(Some(why.to_owned()));
        change.update(&tx.db).await?;
        event::access_changed(&self.0.domain, tx, Whose::Account(account)).await
    }

    fn tokens(&self, row: &session::Model) -> Tokens {
        let access = self.0.access.issue(row.account_id, row.id, self.0.domain.clock().now());
        let refresh = self.0.refresh.write(RefreshToken { session: row.id, generation: row.generation });
        Tokens { access: access.token, expires_at: access.expires_at, refresh, account: row.account_id }
    }
}

/// Logins are compared without regard to case or spaces around them.
pub(super) fn normal_login(login: &str) -> String {
    login.trim().to_lowercase()
}

pub(super) fn fault(error: PasswordFault) -> Error {
    match error {
        PasswordFault::Crowded(refused) => refused.into(),
        fault => Error::Fault(sea_orm::DbErr::Custom(fault.to_string())),
    }
}
