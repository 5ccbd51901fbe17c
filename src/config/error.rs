//! What can be wrong with the settings, in words for whoever sets them.

use std::{fmt, io, path::PathBuf};

use figment::error::{Error as Rejected, Kind};

/// The settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The settings file cannot be read.
    #[error("cannot read the settings file {}: {cause}", path.display())]
    File {
        /// The file asked for.
        path: PathBuf,
        /// Why not.
        cause: io::Error,
    },
    /// The settings file is no TOML. The line itself is not shown: it may hold a secret.
    #[error("{}, line {line}, column {column}: {what}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in characters.
        column: usize,
        /// What the parser expected.
        what: String,
    },
    /// Values that cannot be; all that were found.
    #[error("{}", Lines(.0))]
    Invalid(Vec<Problem>),
    /// There is no secret, and several gateways cannot each make their own.
    #[error(
        "auth.secret is not set. With PostgreSQL several gateways may share the accounts, so all need the same secret of \
         at least 32 bytes: make one with `openssl rand -base64 32` and set it as CONCIERGE_AUTH__SECRET"
    )]
    SecretMissing,
    /// The file that keeps the secret cannot be made or read.
    #[error("cannot keep the secret in {}: {cause}; or set CONCIERGE_AUTH__SECRET", path.display())]
    SecretFile {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: io::Error,
    },
}

/// One value that cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The knob, such as `auth.access_token_ttl`; empty when no knob is meant.
    pub key: String,
    /// Where the value is from, such as `CONCIERGE_LISTEN` or `./concierge.toml`.
    pub origin: String,
    /// What is wrong, and what would be right.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (from {}): {}", self.key, self.origin, self.what)
    }
}

struct Lines<'a>(&'a [Problem]);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}{problem}")?;
        }
        Ok(())
    }
}

impl From<Rejected> for ConfigError {
    fn from(errors: Rejected) -> Self {
        Self::Invalid(errors.into_iter().map(Problem::from).collect())
    }
}

impl From<Rejected> for Problem {
    fn from(error: Rejected) -> Self {
        let key = error.path.join(".");
        let origin = error.metadata.as_ref().map_or_else(|| "default".into(), |from| from.name.to_string());
        let what = match &error.kind {
            Kind::UnknownField(_, known) => format!("no such knob; there are: {}", known.join(", ")),
            Kind::UnknownVariant(found, known) => format!("{found:?} is none of: {}", known.join(", ")),
            Kind::MissingField(field) => format!("`{field}` is missing"),
            // The words of the other kinds quote the value.
            _ if key.ends_with("secret") => "must be text".into(),
            kind => kind.to_string(),
        };
        Self { key, origin, what }
    }
}
