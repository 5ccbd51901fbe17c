//! How often somebody may try what can be guessed.
//!
//! Sign-ins are counted three times. By login and address, strictly: whoever guesses one person's password. By address:
//! whoever tries one password on many. By login from everywhere, for whoever guesses from many addresses; but not from
//! where that login has signed in before, or they would keep its owner out as well. Each counts only what the one before
//! let through, so that what is refused uses up nothing that others need.

use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::time::Duration;

use moka::sync::Cache;

use super::session::normal_login;
use crate::base::id::{AccountId, SessionId};
use crate::base::rate::{Limit, TooOften};
use crate::base::{Clock, Origin};
use crate::config;

/// From how many places, and for how long, a login is known to have signed in.
const PLACES: u64 = 50_000;
const PLACES_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A login as it is counted: whether there is such an account plays no part, and how long it is neither.
type Login = u64;

pub(super) struct Limits {
    sign_in: Limit<(Login, IpAddr)>,
    sign_in_address: Limit<IpAddr>,
    sign_in_login: Limit<Login>,
    activate: Limit<IpAddr>,
    refresh: Limit<SessionId>,
    password: Limit<AccountId>,
    places: Cache<(Login, IpAddr), ()>,
    logins: RandomState,
}

/// Where a sign-in is tried, to be remembered when it was right.
pub(super) struct Place(Option<(Login, IpAddr)>);

impl Limits {
    pub(super) fn new(settings: &config::Rate, clock: &Clock) -> Self {
        Self {
            sign_in: Limit::new("sign_in", settings.sign_in.0, clock.clone()),
            sign_in_address: Limit::new("sign_in_address", settings.sign_in_address.0, clock.clone()),
            sign_in_login: Limit::new("sign_in_login", settings.sign_in_login.0, clock.clone()),
            activate: Limit::new("activate", settings.activate.0, clock.clone()),
            refresh: Limit::new("refresh", settings.refresh.0, clock.clone()),
            password: Limit::new("password", settings.password.0, clock.clone()),
            places: Cache::builder().max_capacity(PLACES).time_to_idle(PLACES_FOR).build(),
            logins: RandomState::new(),
        }
    }

    /// Counts a sign-in. What comes over no wire is not counted.
    pub(super) fn sign_in(&self, login: &str) -> Result<Place, TooOften> {
        let Some(network) = Origin::current().network() else { return Ok(Place(None)) };
        let login = self.logins.hash_one(normal_login(login));
        let place = (login, network);
        self.sign_in.take(place)?;
        self.sign_in_address.take(network)?;
        if !self.places.contains_key(&place) {
            self.sign_in_login.take(login)?;
        }
        Ok(Place(Some(place)))
    }

    /// The login has signed in there.
    pub(super) fn signed_in(&self, Place(place): Place) {
        if let Some(place) = place {
            self.places.insert(place, ());
        }
    }

    /// Counts an activation code that is tried.
    pub(super) fn activate(&self) -> Result<(), TooOften> {
        Origin::current().network().map_or(Ok(()), |network| self.activate.take(network))
    }

    /// Counts a refresh token that we signed.
    pub(super) fn refresh(&self, session: SessionId) -> Result<(), TooOften> {
        self.refresh.take(session)
    }

    /// Counts a password that somebody who is signed in gives once more.
    pub(super) fn password(&self, account: AccountId) -> Result<(), TooOften> {
        self.password.take(account)
    }
}
