//! The demo estate: 星河·国际 with its people and ten days of its life, made through `domain` only, the same every time
//! but for ids and the day it ends on.

mod life;
mod matters;
mod people;
mod places;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::auth::{Auth, SetupError};
use crate::base::{Clock, Scope};
use crate::config;
use crate::domain::{self, Domain, Viewer, viewer};
use crate::storage::{Database, community};

/// The password of every account of the demo estate.
pub const PASSWORD: &str = "xinghe-demo";

/// How long the estate has been living when it is opened.
const LIFE: TimeDelta = TimeDelta::days(10);

/// A sign-in of the demo estate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// What is typed.
    pub login: &'static str,
    /// Who they are.
    pub name: &'static str,
    /// As what they are there.
    pub role: &'static str,
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
///
/// # Errors
/// [`SeedError::NotEmpty`] when it holds anything else, and when the database fails.
pub async fn plant(
    db: &Database,
    settings: &config::Auth,
    secrets: &config::Secrets,
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<Vec<SignIn>, SeedError> {
    let clock = Clock::manual(now - LIFE);
    let domain = Domain::new(db.clone(), clock.clone(), zone);
    match found(&domain).await?.as_deref() {
        None => {}
        Some([only]) if only == places::CODE => return Ok(people::sign_ins()),
        Some(_) => return Err(SeedError::NotEmpty),
    }
    let auth = Auth::new(domain.clone(), settings.clone(), &config::Rate::off(), secrets)?;
    let estate = Estate { domain, auth, clock };
    let places = places::build(&estate).await?;
    let people = people::settle(&estate, &places).await?;
    life::live(&estate, &places, &people, now).await?;
    Ok(people::sign_ins())
}

/// The codes of the communities that are there; none when there is none.
async fn found(domain: &Domain) -> domain::Result<Option<Vec<String>>> {
    let all = community::Entity::visible_to(&Scope::system("is the database empty?"), domain.db.backend());
    let codes = all.all(domain.db.read()).await?.into_iter().map(|row| row.code).collect::<Vec<_>>();
    Ok(Some(codes).filter(|codes| !codes.is_empty()))
}

impl Estate {
    /// Signs somebody up and gives who they are now.
    async fn viewer(&self, account: crate::base::id::AccountId) -> domain::Result<Viewer> {
        viewer::load(&self.domain, account).await?.ok_or(domain::Error::Unauthenticated)
    }
}
