//! Imports and exports as tasks.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Config, duration};

/// `[exchange]`: imports and exports that are asked for through the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// Whether this gateway works on them, one at a time. Default true. Of several gateways on one PostgreSQL one may be
    /// left to it, and the others to serve.
    pub works: bool,
    /// Largest file of an import, in bytes. Default 62,914,560 (60 MiB): 600,000 rows of a register as CSV. It comes in one
    /// request, so that `files.request_bytes` has to be larger.
    pub file_bytes: usize,
    /// How often it looks for what another gateway has taken in, or has let lie. Default 5s; what it took in itself it
    /// begins at once.
    #[serde(with = "duration")]
    pub poll_every: Duration,
    /// How long the gateway that works on one may be silent before another takes it over. Default 60s: a batch of rows
    /// takes less than one.
    #[serde(with = "duration")]
    pub lease: Duration,
    /// How long the files that were written and the rows that were refused are kept, once one has ended. Default 24h: they
    /// are full of people. The file of an import is removed as soon as that has ended.
    #[serde(with = "duration")]
    pub kept_for: Duration,
}

impl Default for Exchange {
    fn default() -> Self {
        Self {
            works: true,
            file_bytes: 60 * 1024 * 1024,
            poll_every: Duration::from_secs(5),
            lease: Duration::from_secs(60),
            kept_for: Duration::from_secs(24 * 60 * 60),
        }
    }
}

impl Config {
    /// The folder in which files lie while they are imported or written.
    #[must_use]
    pub fn exchange_folder(&self) -> PathBuf {
        self.data_dir.join("exchange")
    }
}
