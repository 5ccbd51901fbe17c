//! Text that must not be seen: it goes in, and only code that says so gets it out.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

/// What stands in place of a secret wherever one would be shown.
pub(crate) const HIDDEN: &str = "***";

/// A secret text. `Debug` and `Serialize` show `***`, and there is no `Display`, so that neither a log line nor
/// `concierge config` can give it away; [`Secret::expose`] is the one way to it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Takes the text as it is: no trimming, no decoding.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the code that computes with it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// What signs, and what has signed before and still verifies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secrets {
    /// Signs.
    pub current: Secret,
    /// Only verify, so that what was signed with them lives to its end.
    pub former: Vec<Secret>,
}

impl Secrets {
    /// All of them, the one that signs first.
    pub fn iter(&self) -> impl Iterator<Item = &Secret> {
        std::iter::once(&self.current).chain(&self.former)
    }
}

impl From<Secret> for Secrets {
    fn from(current: Secret) -> Self {
        Self { current, former: Vec::new() }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(HIDDEN)
    }
}
