//! Activation codes: what a letter or the desk hands an occupant, with which they claim their account.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::TryCryptoRng;

use super::{base32, key::Keys};
use crate::config::Secrets;

const LENGTH: usize = 10;
const GROUP: usize = 5;

/// A code of ten characters, 50 bits of chance, in one form however it was typed. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct ActivationCode(String);

/// Why a text is no activation code. Whether it is *the* code only the stored hash can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActivationError {
    /// It has another length.
    #[error("an activation code has {LENGTH} characters; this has {found}")]
    Length {
        /// How many it has, separators aside.
        found: usize,
    },
    /// It has a character that codes never have.
    #[error("{0:?} is in no activation code: they are made of digits and Latin letters without U")]
    Character(char),
}

impl ActivationCode {
    /// Draws a new code.
    ///
    /// # Errors
    /// Those of the source of chance.
    pub fn draw<R: TryCryptoRng + ?Sized>(rng: &mut R) -> Result<Self, R::Error> {
        base32::draw(rng, LENGTH).map(Self)
    }

    /// Reads what a person typed: either case, with or without hyphens and spaces, O for 0, I or L for 1, full-width
    /// digits and letters.
    ///
    /// # Errors
    /// [`ActivationError`], to tell a slip of the pen from a code that is not good.
    pub fn parse(typed: &str) -> Result<Self, ActivationError> {
        let code = base32::normalise(typed).map_err(ActivationError::Character)?;
        if code.len() != LENGTH {
            return Err(ActivationError::Length { found: code.len() });
        }
        Ok(Self(code))
    }
}

/// As it is printed: `7KX2M-9QA4T`.
impl fmt::Display for ActivationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base32::grouped(&self.0, GROUP))
    }
}

impl fmt::Debug for ActivationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Turns codes into what is stored of them.
#[derive(Clone, Debug)]
pub struct ActivationHasher(Keys);

impl ActivationHasher {
    /// A hasher of this deployment's secrets.
    #[must_use]
    pub fn new(secrets: &Secrets) -> Self {
        Self(Keys::derive(secrets, "concierge activation code 1"))
    }

    /// What is stored, and looked up, in place of the code: 43 characters. Keyed, since 50 bits alone could be tried
    /// out by whoever copied the database; not salted, since the account is found by it.
    #[must_use]
    pub fn hash(&self, code: &ActivationCode) -> String {
        URL_SAFE_NO_PAD.encode(self.0.sign(code.0.as_bytes()))
    }

    /// All that may be stored of the code: it may have been handed out under a former secret.
    #[must_use]
    pub fn hashes(&self, code: &ActivationCode) -> Vec<String> {
        self.0.iter().map(|key| URL_SAFE_NO_PAD.encode(key.sign(code.0.as_bytes()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng as _, rngs::StdRng};

    use super::*;
    use crate::config::Secret;

    #[test]
    fn a_printed_code_reads_as_itself() {
        let code = ActivationCode::draw(&mut StdRng::seed_from_u64(7)).unwrap();
        let printed = code.to_string();
        assert_eq!(printed.len(), 11);
        assert_eq!(&printed[5..6], "-");
        assert_eq!(ActivationCode::parse(&printed), Ok(code.clone()));
        assert_eq!(ActivationCode::parse(&printed.to_lowercase()), Ok(code.clone()));
        assert_eq!(format!("{code:?}"), "***");
    }

    #[test]
    fn a_slip_of_the_pen_is_told() {
        let message = |typed: &str| ActivationCode::parse(typed).unwrap_err().to_string();
        assert_eq!(message("7KX2M-9QA4"), "an activation code has 10 characters; this has 9");
        assert_eq!(message(""), "an activation code has 10 characters; this has 0");
        assert_eq!(
            message("7KX2M-9QA4U"),
            "'U' is in no activation code: they are made of digits and Latin letters without U"
        );
    }

    #[test]
    fn the_hash_depends_on_code_and_secret_alone() {
        let code = |typed: &str| ActivationCode::parse(typed).unwrap();
        let (ours, theirs) = (
            ActivationHasher::new(&Secret::new("a").into()),
            ActivationHasher::new(&Secret::new("b").into()),
        );
        assert_eq!(ours.hash(&code("7KX2M-9QA4T")), ours.hash(&code("7kx2m9qa4t")));
        assert_ne!(ours.hash(&code("7KX2M-9QA4T")), ours.hash(&code("7KX2M-9QA4S")));
        assert_ne!(ours.hash(&code("7KX2M-9QA4T")), theirs.hash(&code("7KX2M-9QA4T")));
        assert_eq!(ours.hash(&code("7KX2M-9QA4T")).len(), 43);
    }
}
