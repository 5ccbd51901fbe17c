//! Signing in and out, and the accounts behind it.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::context::{auth, session, viewer};
use super::error::{UserError, fault, id, maybe_id, outcome};
use super::scalar::DateTime;
use crate::auth::{Invited, RefreshCookie, Tokens, Whom};
use crate::domain::{self, Error, Refusal};

/// Signing in and out, and the accounts behind it.
#[derive(Default)]
pub(super) struct SessionMutation;

/// Who signs in.
#[derive(InputObject)]
struct SessionCreateInput {
    /// The login; small and capital letters are alike.
    login: String,
    /// The password.
    #[graphql(secret)]
    password: String,
    /// What the device is called in the list of sessions: "Front desk, window 2".
    client: Option<String>,
    /// For browsers: the refresh token goes into a cookie that no script can read, and is not answered.
    keep_in_cookie: Option<bool>,
}

/// Who goes on.
#[derive(InputObject)]
struct SessionRefreshInput {
    /// The last refresh token; it is spent by this. Left out: the one in the cookie, which is set anew.
    #[graphql(secret)]
    refresh_token: Option<String>,
}

/// Which session is ended.
#[derive(InputObject)]
struct SessionEndInput {
    /// One of the viewer's sessions; left out: the present one.
    id: Option<ID>,
}

/// Who claims their account.
#[derive(InputObject)]
struct AccountActivateInput {
    /// The code from the front desk; case and dashes do not matter.
    #[graphql(secret)]
    code: String,
    /// The login they want: 2 to 64 letters, digits or any of . - _ @ +
    login: String,
    /// The password they want, 8 to 128 characters.
    #[graphql(secret)]
    password: String,
    /// What the device is called in the list of sessions.
    client: Option<String>,
    /// For browsers: the refresh token goes into a cookie that no script can read, and is not answered.
    keep_in_cookie: Option<bool>,
}

/// The new password.
#[derive(InputObject)]
struct AccountChangePasswordInput {
    /// The password they have.
    #[graphql(secret)]
    present_password: String,
    /// The password they want, 8 to 128 characters.
    #[graphql(secret)]
    new_password: String,
}

/// For whom a code is made: exactly one of the two.
#[derive(InputObject)]
struct AccountInviteInput {
    /// An occupant; the front desk may.
    occupant_id: Option<ID>,
    /// A member of staff; only ADMIN may.
    staff_id: Option<ID>,
}

/// What a signed-in client keeps.
#[derive(SimpleObject)]
struct SessionTokens {
    /// For the header `Authorization: Bearer …`, and the same in `connection_init`.
    access_token: String,
    /// When the access token is refused; refresh before.
    expires_at: DateTime,
    /// Good once: `sessionRefresh` gives the next pair. One that is used twice ends the session. Absent when a cookie keeps
    /// it.
    refresh_token: Option<String>,
}

/// What signing in answers.
#[derive(SimpleObject)]
struct SessionPayload {
    /// The tokens; absent when it was refused.
    tokens: Option<SessionTokens>,
    /// Why not; empty when it was done.
    user_errors: Vec<UserError>,
}

/// Whether it was done.
#[derive(SimpleObject)]
struct DonePayload {
    /// Whether it was done.
    done: bool,
    /// Why not; empty when it was done.
    user_errors: Vec<UserError>,
}

/// A code with which somebody claims their account.
#[derive(SimpleObject)]
struct AccountInvitePayload {
    /// The code; it is shown this once.
    code: Option<String>,
    /// Until when it is good.
    expires_at: Option<DateTime>,
    /// Why not; empty when it was done.
    user_errors: Vec<UserError>,
}

fn session_payload(
    ctx: &Context<'_>,
    result: domain::Result<Tokens>,
    keep_in_cookie: bool,
) -> Result<SessionPayload> {
    let (tokens, user_errors) = outcome(result)?;
    if let Some(tokens) = tokens.as_ref().filter(|_| keep_in_cookie) {
        ctx.append_http_header("set-cookie", auth(ctx).cookie(&tokens.refresh));
    }
    let tokens = tokens.map(|tokens| SessionTokens {
        access_token: tokens.access,
        expires_at: tokens.expires_at.into(),
        refresh_token: (!keep_in_cookie).then_some(tokens.refresh),
    });
    Ok(SessionPayload { tokens, user_errors })
}

fn done(result: domain::Result<()>) -> Result<DonePayload> {
    let (done, user_errors) = outcome(result)?;
    Ok(DonePayload { done: done.is_some(), user_errors })
}

#[Object]
impl SessionMutation {
    /// Signs in with login and password. Needs no token.
    async fn session_create(&self, ctx: &Context<'_>, input: SessionCreateInput) -> Result<SessionPayload> {
        let tokens = auth(ctx).sign_in(&input.login, &input.password, input.client.as_deref()).await;
        session_payload(ctx, tokens, input.keep_in_cookie.unwrap_or(false))
    }

    /// Gives the next pair of tokens. Needs no access token.
    async fn session_refresh(&self, ctx: &Context<'_>, input: SessionRefreshInput) -> Result<SessionPayload> {
        let cookie = ctx.data_opt::<RefreshCookie>();
        let from_cookie = input.refresh_token.is_none();
        let token = input.refresh_token.as_deref().or(cookie.map(RefreshCookie::token));
        let tokens = match token {
            Some(token) => auth(ctx).refresh(token).await,
            None => {
                let message = "no refresh token was given, and no cookie brought one; sign in again";
                Err(Refusal::invalid("input.refreshToken", message).into())
            }
        };
        session_payload(ctx, tokens, from_cookie)
    }

    /// Signs out: ends the present session, or another of the viewer's; its sockets are closed.
    async fn session_end(&self, ctx: &Context<'_>, input: SessionEndInput) -> Result<DonePayload> {
        let viewer = viewer(ctx)?;
        let ended = async {
            match maybe_id("input.id", input.id.as_ref())? {
                Some(id) => auth(ctx).end_session(viewer, id).await,
                None => auth(ctx).sign_out(&session(ctx).caller).await,
            }
        };
        let ended = done(ended.await)?;
        if ended.done && input.id.is_none() && ctx.data_opt::<RefreshCookie>().is_some() {
            ctx.append_http_header("set-cookie", auth(ctx).forgotten_cookie());
        }
        Ok(ended)
    }

    /// Claims an account with the code from the front desk, and signs in. Needs no token.
    async fn account_activate(
        &self,
        ctx: &Context<'_>,
        input: AccountActivateInput,
    ) -> Result<SessionPayload> {
        let AccountActivateInput { code, login, password, client, keep_in_cookie } = input;
        let tokens = auth(ctx).activate(&code, &login, &password, client.as_deref()).await;
        session_payload(ctx, tokens, keep_in_cookie.unwrap_or(false))
    }

    /// Changes the viewer's password and ends their other sessions.
    async fn account_change_password(
        &self,
        ctx: &Context<'_>,
        input: AccountChangePasswordInput,
    ) -> Result<DonePayload> {
        viewer(ctx)?;
        let caller = &session(ctx).caller;
        done(auth(ctx).change_password(caller, &input.present_password, &input.new_password).await)
    }

    /// Makes a code with which an occupant or a member of staff claims their account, or resets its password; earlier
    /// codes are void.
    async fn account_invite(
        &self,
        ctx: &Context<'_>,
        input: AccountInviteInput,
    ) -> Result<AccountInvitePayload> {
        let viewer = viewer(ctx)?;
        let invited = async {
            let whom = match (&input.occupant_id, &input.staff_id) {
                (Some(occupant), None) => Whom::Occupant(id("input.occupantId", occupant)?),
                (None, Some(staff)) => Whom::Staff(id("input.staffId", staff)?),
                _ => {
                    let message = "give either occupantId or staffId";
                    return Err(Error::from(Refusal::invalid("input.occupantId", message)));
                }
            };
            auth(ctx).invite(viewer, whom).await
        };
        let (invited, user_errors) = outcome(invited.await)?;
        let (code, expires_at) =
            invited.map(|Invited { code, expires_at, .. }| (code, expires_at.into())).unzip();
        Ok(AccountInvitePayload { code, expires_at, user_errors })
    }
}

/// One of the viewer's signed-in devices.
#[derive(SimpleObject)]
pub(super) struct Session {
    /// Its id, for `sessionEnd`.
    id: ID,
    /// What the client called itself.
    client: Option<String>,
    /// When it signed in.
    created_at: DateTime,
    /// When it was last refreshed.
    used_at: DateTime,
    /// Whether it is the one that asks.
    current: bool,
}

/// The viewer's sessions that have not ended, newest first.
pub(super) async fn sessions(ctx: &Context<'_>) -> Result<Vec<Session>> {
    let rows = auth(ctx).sessions(viewer(ctx)?).await.map_err(|error| fault(&error))?;
    let current = session(ctx).caller.session();
    let shown = rows.into_iter().map(|row| Session {
        current: Some(row.id) == current,
        id: row.id.to_string().into(),
        client: row.client,
        created_at: row.created_at.into(),
        used_at: row.used_at.into(),
    });
    Ok(shown.collect())
}
