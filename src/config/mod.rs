//! Every knob, with its unit, its default and why.
//!
//! Settings come, the later over the earlier, from: the defaults below; a TOML file (`--config FILE`, else
//! `./concierge.toml` if there is one); the environment (`DATABASE_URL`, then `CONCIERGE_*`, where `__` steps into a
//! table: `CONCIERGE_HTTP__BODY_BYTES=65536`); flags. What is not known is refused by name. `concierge config` prints
//! what came of it, and where each value is from.

mod auth;
mod check;
mod database;
mod documents;
mod duration;
mod error;
mod exchange;
mod files;
mod http;
mod key_file;
mod limits;
mod list;
mod origins;
mod rate;
mod retention;
mod secret;
mod show;
mod sources;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

pub use self::{
    auth::{Argon2Cost, Auth, Hashes, Oidc, OidcAlgorithm},
    database::{Database, DatabaseKind, DatabaseUrl},
    documents::Documents,
    error::{ConfigError, Problem},
    exchange::Exchange,
    files::Files,
    http::{ForwardedBy, HttpLimits},
    limits::Limits,
    origins::Origins,
    rate::{Quota, Rate, Times},
    retention::Retention,
    secret::{Secret, Secrets},
    show::Loaded,
    sources::{Flag, Sources},
};

/// The whole of the settings. `Config::default()` is what runs when nothing is set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The address and port to serve on. Default `127.0.0.1:8080`: only this machine, until someone decides otherwise.
    pub listen: SocketAddr,
    /// The directory for what this gateway keeps on disk. Default `./data`; made when missing.
    pub data_dir: PathBuf,
    /// The time zone of what belongs to no community, such as the midnight at which a group-wide post ends. IANA name,
    /// default `Asia/Shanghai`; each community has its own.
    pub time_zone: Tz,
    /// `[database]`
    pub database: Database,
    /// `[log]`
    pub log: Log,
    /// `[auth]`
    pub auth: Auth,
    /// `[origins]`
    pub origins: Origins,
    /// `[http]`
    pub http: HttpLimits,
    /// `[limits]`
    pub limits: Limits,
    /// `[documents]`
    pub documents: Documents,
    /// `[rate]`
    pub rate: Rate,
    /// `[feed]`
    pub feed: Feed,
    /// `[jobs]`
    pub jobs: Jobs,
    /// `[files]`
    pub files: Files,
    /// `[exchange]`
    pub exchange: Exchange,
    /// `[retention]`
    pub retention: Retention,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data_dir: PathBuf::from("./data"),
            time_zone: Tz::Asia__Shanghai,
            database: Database::default(),
            log: Log::default(),
            auth: Auth::default(),
            origins: Origins::default(),
            http: HttpLimits::default(),
            limits: Limits::default(),
            documents: Documents::default(),
            rate: Rate::default(),
            feed: Feed::default(),
            jobs: Jobs::default(),
            files: Files::default(),
            exchange: Exchange::default(),
            retention: Retention::default(),
        }
    }
}

/// `[log]`: what is written to standard error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// `text` for people or `json` for collectors. Default `text`.
    pub format: LogFormat,
    /// Which lines: a level (`error`, `warn`, `info`, `debug`, `trace`), and others for single modules, such as
    /// `info,concierge::live=debug`. Default `info`, without the steps of every migration.
    pub filter: String,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            filter: "info,sea_orm_migration=warn,sqlx::postgres::notice=warn".into(),
        }
    }
}

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One readable line an event.
    Text,
    /// One JSON object a line.
    Json,
}

/// `[feed]`: how committed events reach subscribers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// How often the table is read though nobody rang: the longest that an event waits when a wake-up got lost or
    /// another process wrote it. Default 1s.
    #[serde(with = "duration")]
    pub poll_every: Duration,
    /// How often a quiet subscription gets a heartbeat, which moves its cursor on. Default 10s.
    #[serde(with = "duration")]
    pub heartbeat_every: Duration,
    /// Events held for a subscriber who reads slowly, before it is caught up from the table. Default 1,024.
    pub buffer: usize,
    /// Events read, or numbered, in one statement. Default 500.
    pub batch: u64,
    /// How long events are kept. A cursor older than that gets an explicit gap. Default 30d: longer than any frontend
    /// stays away and wants news rather than lists.
    #[serde(with = "duration")]
    pub retention: Duration,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            poll_every: Duration::from_secs(1),
            heartbeat_every: Duration::from_secs(10),
            buffer: 1024,
            batch: 500,
            retention: Duration::from_secs(30 * 24 * 60 * 60),
        }
    }
}

/// `[jobs]`: what happens by the clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jobs {
    /// How often what is due is looked for: the longest that a hold, an escalation or a closing comes late. Default 5s.
    #[serde(with = "duration")]
    pub every: Duration,
}

impl Default for Jobs {
    fn default() -> Self {
        Self { every: Duration::from_secs(5) }
    }
}

#[cfg(test)]
mod tests;
