//! How often somebody may ask: by account who is signed in, by address all others, also those whose token is not good.

use std::net::IpAddr;

use async_graphql::ServerError;
use axum::http::{HeaderMap, StatusCode};

use super::State;
use super::authentication::{authorization, caller};
use super::response::{Refusal, code, error};
use crate::auth::{AuthError, Caller, LinkError};
use crate::base::id::AccountId;
use crate::base::rate::{Limit, TooOften};
use crate::base::{Clock, Origin};
use crate::config;

pub(super) const CODE: &str = "RATE_LIMITED";

/// What is counted on the wire; what is counted by what is asked, such as sign-ins, `auth` counts.
pub(super) struct Rates {
    viewer: Limit<AccountId>,
    address: Limit<IpAddr>,
    files: Limit<AccountId>,
}

impl Rates {
    pub(super) fn new(settings: &config::Rate, clock: &Clock) -> Self {
        Self {
            viewer: Limit::new("viewer", settings.viewer.0, clock.clone()),
            address: Limit::new("address", settings.address.0, clock.clone()),
            files: Limit::new("files", settings.files.0, clock.clone()),
        }
    }

    /// Counts an operation.
    pub(super) fn operation(&self, caller: &Caller) -> Result<(), TooOften> {
        match caller.viewer() {
            Some(viewer) => self.viewer.take(viewer.account.id),
            None => self.stranger(),
        }
    }

    /// Counts a file by whose link it is; an address that is no link of ours, by who tries it.
    pub(super) fn file(&self, whose: Result<AccountId, &LinkError>) -> Result<(), TooOften> {
        match whose {
            Ok(account) => self.files.take(account),
            Err(LinkError::Invalid) => self.stranger(),
            Err(LinkError::Expired | LinkError::Failed(_)) => Ok(()),
        }
    }

    /// Counts what nobody answers for by name.
    pub(super) fn stranger(&self) -> Result<(), TooOften> {
        Origin::current().network().map_or(Ok(()), |network| self.address.take(network))
    }
}

/// Who sends a request, which is counted before its body is read.
pub(super) async fn admit(state: &State, headers: &HeaderMap) -> Result<Caller, Refusal> {
    let caller = caller(&state.auth, authorization(headers)).await;
    match &caller {
        Ok(caller) => state.rates.operation(caller)?,
        Err(AuthError::Unavailable) => {}
        Err(AuthError::Invalid) => state.rates.stranger()?,
    }
    Ok(caller?)
}

/// Until when an operation that a resolver found to come too often should wait; such an answer is as a whole a refusal.
pub(super) fn wait(answer: &async_graphql::Response) -> Option<u64> {
    let told = answer.errors.iter().find(|error| code(error) == Some(CODE))?;
    match told.extensions.as_ref()?.get("retryAfter")? {
        async_graphql::Value::Number(seconds) if answer.data == async_graphql::Value::Null => {
            seconds.as_u64()
        }
        _ => None,
    }
}

fn message(seconds: u64) -> String {
    format!("Too many requests; try again in {seconds} s.")
}

impl From<TooOften> for Refusal {
    fn from(refused: TooOften) -> Self {
        let seconds = refused.seconds();
        Self::new(StatusCode::TOO_MANY_REQUESTS, CODE, message(seconds)).with_retry_after(seconds)
    }
}

impl From<TooOften> for ServerError {
    fn from(refused: TooOften) -> Self {
        let seconds = refused.seconds();
        let mut error = error(CODE, message(seconds));
        error.extensions.get_or_insert_default().set("retryAfter", seconds);
        error
    }
}
