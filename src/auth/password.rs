//! Passwords: the rules for choosing one, and argon2id.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::Error as HashError,
};
use metrics::counter;
use rand::TryCryptoRng;
use tokio::{sync::Semaphore, task};

use super::base32;
use crate::base::{metric, rate::TooOften};
use crate::config::{Argon2Cost, Hashes};

/// The shortest password, in characters.
pub const SHORTEST: usize = 8;
/// The longest password, in characters: enough for any sentence, and no one's way to keep us busy.
pub const LONGEST: usize = 128;

/// Why a password cannot be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRule {
    /// Fewer than [`SHORTEST`] characters.
    #[error("a password has at least {SHORTEST} characters; this has {found}")]
    TooShort {
        /// How many it has.
        found: usize,
    },
    /// More than [`LONGEST`] characters.
    #[error("a password has at most {LONGEST} characters; this has {found}")]
    TooLong {
        /// How many it has.
        found: usize,
    },
    /// It holds a NUL, which other programs take for its end.
    #[error("a password holds no NUL character")]
    Nul,
    /// It is the sign-in name, in whatever case.
    #[error("the password must differ from the sign-in name")]
    IsLogin,
}

/// Holds a password against the rules, before it is hashed for the first time.
///
/// # Errors
/// The first rule that it breaks.
pub fn check(password: &str, login: &str) -> Result<(), PasswordRule> {
    let found = password.chars().count();
    if found < SHORTEST {
        return Err(PasswordRule::TooShort { found });
    }
    if found > LONGEST {
        return Err(PasswordRule::TooLong { found });
    }
    if password.contains('\0') {
        return Err(PasswordRule::Nul);
    }
    if password.to_lowercase() == login.to_lowercase() {
        return Err(PasswordRule::IsLogin);
    }
    Ok(())
}

/// Draws a password for someone who is told it once: four groups of four characters, 80 bits of chance.
///
/// # Errors
/// Those of the source of chance.
pub fn draw<R: TryCryptoRng + ?Sized>(rng: &mut R) -> Result<String, R::Error> {
    Ok(base32::grouped(&base32::draw(rng, 16)?.to_lowercase(), 4))
}

/// Hashing or verifying could not be carried out. It says nothing of the password.
#[derive(Debug, thiserror::Error)]
pub enum PasswordFault {
    /// argon2 refused its parameters, or what is stored is no hash.
    #[error("argon2: {0}")]
    Argon2(HashError),
    /// The thread that computed it was lost.
    #[error("the thread that hashed a password was lost: {0}")]
    Lost(#[from] task::JoinError),
    /// Too many wait already.
    #[error(transparent)]
    Crowded(#[from] TooOften),
    /// The process is ending.
    #[error("no more passwords are hashed")]
    Closed,
}

impl From<HashError> for PasswordFault {
    fn from(error: HashError) -> Self {
        Self::Argon2(error)
    }
}

/// Hashes and verifies passwords away from the threads that serve requests, so many at once: a rush of sign-ins waits in
/// line, as long as that may be, starves nobody else, and takes `at_once × memory` at most. Cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    cores: Arc<Semaphore>,
    /// Those that are computed and those that wait for it.
    line: Arc<Semaphore>,
    nobody: Arc<str>,
    computed: Arc<AtomicU64>,
}

impl Passwords {
    /// Hashes at this cost. It hashes once itself, for [`Passwords::verify_nobody`].
    ///
    /// # Errors
    /// [`PasswordFault::Argon2`] for a cost that cannot be; the settings are checked for that.
    pub fn new(cost: Argon2Cost, hashes: Hashes) -> Result<Self, PasswordFault> {
        let params =
            Params::new(cost.memory_kib, cost.iterations, cost.parallelism, None).map_err(HashError::from)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = argon2.hash_password(b"nobody")?.to_string().into();
        let cores = Arc::new(Semaphore::new(hashes.at_once));
        let line = Arc::new(Semaphore::new(hashes.at_once + hashes.waiting));
        Ok(Self { argon2, cores, line, nobody, computed: Arc::default() })
    }

    /// The password as it is stored: a PHC string, `$argon2id$v=19$m=…`, with a salt of its own.
    ///
    /// # Errors
    /// A fault; every password can be hashed.
    pub async fn hash(&self, password: &str) -> Result<String, PasswordFault> {
        let password = password.to_owned();
        self.run(move |argon2| Ok(argon2.hash_password(password.as_bytes())?.to_string())).await
    }

    /// Whether this is the password that was hashed, at whatever cost it was.
    ///
    /// # Errors
    /// A fault, also when `phc` is no hash; never that the password is wrong.
    pub async fn verify(&self, password: &str, phc: &str) -> Result<bool, PasswordFault> {
        let (password, phc) = (password.to_owned(), phc.to_owned());
        self.run(move |argon2| {
            match argon2
                .verify_password(password.as_bytes(), &PasswordHash::new(&phc).map_err(HashError::from)?)
            {
                Ok(()) => Ok(true),
                Err(HashError::PasswordInvalid) => Ok(false),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    /// Does what [`Passwords::verify`] does, for an account that is not there or has no password: so an unknown account
    /// takes as long as a wrong password. No password is right.
    ///
    /// # Errors
    /// A fault.
    pub async fn verify_nobody(&self, password: &str) -> Result<(), PasswordFault> {
        self.verify(password, &self.nobody).await.map(drop)
    }

    /// How many hashes have been computed, by which a test sees that two ways cost the same.
    #[must_use]
    pub fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    /// Whether a stored hash was made at another cost than today's, so that it is to be made anew while its password is
    /// at hand.
    #[must_use]
    pub fn needs_rehash(&self, phc: &str) -> bool {
        let Ok(hash) = PasswordHash::new(phc) else { return true };
        let current = self.argon2.params();
        let same_cost = Params::try_from(&hash).is_ok_and(|stored| {
            (stored.m_cost(), stored.t_cost(), stored.p_cost())
                == (current.m_cost(), current.t_cost(), current.p_cost())
        });
        let same_kind = hash.algorithm.as_str() == Algorithm::Argon2id.as_str()
            && hash.version == Some(Version::V0x13.into());
        !(same_cost && same_kind)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'_>) -> Result<T, PasswordFault> + Send + 'static,
    ) -> Result<T, PasswordFault> {
        let place = Arc::clone(&self.line).try_acquire_owned().map_err(|_| crowded())?;
        let permit = Arc::clone(&self.cores).acquire_owned().await.map_err(|_| PasswordFault::Closed)?;
        let argon2 = self.argon2.clone();
        self.computed.fetch_add(1, Ordering::Relaxed);
        task::spawn_blocking(move || {
            // Held by the thread, not by the caller: a caller who gives up does not make the core free.
            let _permits = (place, permit);
            work(&argon2)
        })
        .await?
    }
}

/// The line is short: a second later it has moved on.
fn crowded() -> PasswordFault {
    counter!(metric::RATE_LIMITED, "limit" => "hashes").increment(1);
    TooOften { retry_after: Duration::from_secs(1) }.into()
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passwords").field("params", self.argon2.params()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng as _, rngs::StdRng};

    use super::*;

    fn cheap() -> Passwords {
        Passwords::new(Argon2Cost { memory_kib: 8, iterations: 1, parallelism: 1 }, Hashes::default())
            .unwrap()
    }

    #[test]
    fn rules() {
        for (password, broken) in [
            ("12345678", None),
            ("一二三四五六七八", None),
            ("1234567", Some(PasswordRule::TooShort { found: 7 })),
            ("一二三", Some(PasswordRule::TooShort { found: 3 })),
            (&"宅".repeat(128), None),
            (&"宅".repeat(129), Some(PasswordRule::TooLong { found: 129 })),
            ("1234\x005678", Some(PasswordRule::Nul)),
            ("Ann.Example", Some(PasswordRule::IsLogin)),
            ("        ", None),
        ] {
            assert_eq!(check(password, "ann.example").err(), broken, "{password}");
        }
        assert_eq!(
            PasswordRule::TooShort { found: 7 }.to_string(),
            "a password has at least 8 characters; this has 7"
        );
    }

    #[test]
    fn a_drawn_password_keeps_the_rules() {
        let drawn = draw(&mut StdRng::seed_from_u64(7)).unwrap();
        assert_eq!(drawn.len(), 19);
        assert_eq!(check(&drawn, "ann"), Ok(()));
        assert_ne!(drawn, draw(&mut StdRng::seed_from_u64(8)).unwrap());
    }

    #[tokio::test]
    async fn only_the_password_itself_is_verified() {
        let passwords = cheap();
        let phc = passwords.hash("correct horse").await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{phc}");
        assert_ne!(passwords.hash("correct horse").await.unwrap(), phc, "a salt of its own");
        assert!(passwords.verify("correct horse", &phc).await.unwrap());
        for wrong in ["correct horsf", "", "correct horse ", "Correct horse"] {
            assert!(!passwords.verify(wrong, &phc).await.unwrap(), "{wrong}");
        }
        assert!(!passwords.verify(&"x".repeat(1_000_000), &phc).await.unwrap());
        passwords.verify_nobody("nobody").await.unwrap();
    }

    #[tokio::test]
    async fn what_is_stored_and_no_hash_is_a_fault() {
        for broken in ["", "plain", "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ", "$2b$12$abcdefghijklmnopqrstuv"]
        {
            let verified = cheap().verify("correct horse", broken).await;
            assert!(!matches!(verified, Ok(true)), "{broken}: {verified:?}");
        }
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_verifies_and_is_to_be_made_anew() {
        let old = cheap().hash("correct horse").await.unwrap();
        let now =
            Passwords::new(Argon2Cost { memory_kib: 16, iterations: 1, parallelism: 1 }, Hashes::default())
                .unwrap();
        assert!(now.verify("correct horse", &old).await.unwrap());
        assert!(now.needs_rehash(&old));
        assert!(!cheap().needs_rehash(&old));
        assert!(now.needs_rehash("plain"));
        assert!(cheap().needs_rehash(&old.replace("argon2id", "argon2i")));
    }

    #[tokio::test]
    async fn an_unknown_account_costs_what_a_known_one_does() {
        let passwords = cheap();
        let known = passwords.hash("correct horse").await.unwrap();
        let cost = |phc: &str| Params::try_from(&PasswordHash::new(phc).unwrap()).unwrap();
        assert_eq!(cost(&passwords.nobody), cost(&known));
    }

    #[tokio::test]
    async fn no_more_are_hashed_at_once_than_there_are_cores() {
        let passwords = cheap();
        let cores = passwords.cores.available_permits();
        let all = Arc::clone(&passwords.cores).acquire_many_owned(cores.try_into().unwrap()).await.unwrap();
        let mut waiting = std::pin::pin!(passwords.hash("correct horse"));
        assert!(futures_util::poll!(&mut waiting).is_pending());
        drop(all);
        waiting.await.unwrap();
        assert_eq!(passwords.cores.available_permits(), cores);
    }
}
