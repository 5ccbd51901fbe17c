//! What a connection may send, and how long we wait for it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{duration, list};

/// `[http]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// Origins of web pages, other than our own, that may call us from a browser: `https://desk.example.com`. Default
    /// none: our frontends are served from the same origin.
    #[serde(deserialize_with = "list::deserialize")]
    pub cors_origins: Vec<String>,
    /// The largest body of a request, in bytes. Default 1,048,576 (1 MiB).
    pub body_bytes: usize,
    /// How long a request may take, from its first byte to the answer. Default 30s: beyond that nobody waits.
    #[serde(with = "duration")]
    pub request_timeout: Duration,
    /// How long a WebSocket may wait with `connection_init`. Default 10s.
    #[serde(with = "duration")]
    pub ws_init_timeout: Duration,
    /// How often a WebSocket is pinged. Default 20s: proxies cut what is silent for 30 to 60 seconds.
    #[serde(with = "duration")]
    pub ws_ping_every: Duration,
    /// After how long without a word, not even a pong, a WebSocket is closed. Default 60s: three pings unanswered.
    #[serde(with = "duration")]
    pub ws_idle_after: Duration,
    /// The largest message a WebSocket may send us, in bytes. Default 262,144 (256 KiB): a document and its variables.
    pub ws_frame_bytes: usize,
    /// Subscriptions open at once on one WebSocket. Default 32.
    pub ws_subscriptions: usize,
}

impl Default for Http {
    fn default() -> Self {
        Self {
            cors_origins: Vec::new(),
            body_bytes: 1024 * 1024,
            request_timeout: Duration::from_secs(30),
            ws_init_timeout: Duration::from_secs(10),
            ws_ping_every: Duration::from_secs(20),
            ws_idle_after: Duration::from_secs(60),
            ws_frame_bytes: 256 * 1024,
            ws_subscriptions: 32,
        }
    }
}
