//! The demo estate: three communities of 星河·国际 with their people and a year of their life, made through `domain` only.
//! Its length and its chance come in from outside; the same of both gives the same life, but for ids and the day that it
//! ends on.

mod calendar;
mod categories;
mod chance;
mod inspections;
mod life;
mod matters;
mod names;
mod people;
mod places;
mod rounds;
mod scenes;
mod story;
mod themes;
mod today;
mod weather;

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use self::chance::Chance;
use self::life::Script;
use crate::auth::{Auth, SetupError};
use crate::base::{Clock, Scope};
use crate::config;
use crate::domain::{self, Domain, Viewer, viewer};
use crate::storage::{Database, community};

/// The password of every account of the demo estate.
pub const PASSWORD: &str = "xinghe-demo";

/// What life the estate has had when it is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// How many days of it, ten at least: so long is what was written down of the last days.
    pub days: u32,
    /// What its chance begins with.
    pub seed: u64,
}

impl Life {
    /// The shortest life.
    pub const SHORTEST: u32 = 10;

    /// A year.
    pub const YEAR: Self = Self { days: 365, seed: 1 };

    fn begins(self, now: DateTime<Utc>) -> DateTime<Utc> {
        viewer::start_of_day(self.first_day(now), matters::ZONE)
    }

    fn first_day(self, now: DateTime<Utc>) -> NaiveDate {
        let days = TimeDelta::days(i64::from(self.days.max(Self::SHORTEST)));
        (now - days).with_timezone(&matters::ZONE).date_naive()
    }
}

/// A sign-in of the demo estate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// What is typed.
    pub login: String,
    /// Who they are.
    pub name: &'static str,
    /// As what they are there.
    pub role: &'static str,
    /// The community; none: all of them.
    pub at: Option<&'static str>,
}

/// Why there is no demo estate.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// There is something else already.
    #[error("the database holds other communities already; the demo estate goes into an empty database only")]
    NotEmpty,
    /// A use case.
    #[error(transparent)]
    Domain(#[from] domain::Error),
    /// Sign-in.
    #[error(transparent)]
    Auth(#[from] SetupError),
}

/// What the estate is made with: a clock that is moved through its life, and everybody who acts in it.
struct Estate {
    domain: Domain,
    auth: Auth,
    clock: Clock,
}

/// Fills an empty database, so that the estate's life reaches `now`; one that holds the estate already is left as it is.
/// `tell` hears of each month as it begins, by its first day.
///
/// # Errors
/// [`SeedError::NotEmpty`] when it holds anything else, and when the database fails.
pub async fn plant(
    db: &Database,
    settings: &config::Auth,
    secrets: &config::Secrets,
    zone: Tz,
    (life, now): (Life, DateTime<Utc>),
    tell: impl Fn(NaiveDate),
) -> Result<Vec<SignIn>, SeedError> {
    let clock = Clock::manual(life.begins(now));
    let domain = Domain::new(db.clone(), clock.clone(), zone);
    if is_there(&domain).await? {
        return Ok(people::sign_ins());
    }
    // Nobody is answered meanwhile, so that all cores may hash the passwords.
    let mut settings = settings.clone();
    settings.hashes.at_once = std::thread::available_parallelism().map_or(1, usize::from);
    let auth = Auth::new(domain.clone(), settings, &config::Rate::off(), secrets)?;
    let estate = Estate { domain, auth, clock };
    let mut chance = Chance::of(life.seed);
    let places = places::build(&estate).await?;
    let people = people::settle(&estate, &places, &mut chance).await?;
    let mut matters = matters::all(&places, &people, life, now, &mut chance);
    let rounds = rounds::walk(&places, &mut matters, life, now, &mut chance);
    let checks = rounds::look(&places, life, now, &mut chance);
    life::live(&estate, (&places, &people), Script { matters, rounds, checks }, life, now, tell).await?;
    Ok(people::sign_ins())
}

/// The month of a moment, as the estate counts it.
#[must_use]
pub fn month_of(at: DateTime<Utc>) -> NaiveDate {
    let day = at.with_timezone(&matters::ZONE).date_naive();
    day.with_day(1).unwrap_or(day)
}

/// Whether the estate is there already.
async fn is_there(domain: &Domain) -> Result<bool, SeedError> {
    let all = community::Entity::visible_to(&Scope::system("is the database empty?"), domain.db.backend());
    let there = all.all(domain.db.read()).await.map_err(domain::Error::from)?;
    let ours = |row: &community::Model| places::SITES.iter().any(|site| site.code == row.code);
    match there.iter().all(ours) {
        true => Ok(!there.is_empty()),
        false => Err(SeedError::NotEmpty),
    }
}

impl Estate {
    /// Signs somebody up and gives who they are now.
    async fn viewer(&self, account: crate::base::id::AccountId) -> domain::Result<Viewer> {
        viewer::load(&self.domain, account).await?.ok_or(domain::Error::Unauthenticated)
    }
}
