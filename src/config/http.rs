//! What a connection may send, and how long we wait for it.

use std::time::Duration;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::{duration, list};

/// `[http]`: what the wire takes before it refuses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpLimits {
    /// Longest body of a POST, in bytes. Default 262,144 (256 KiB): a complaint with the longest text allowed, in
    /// Chinese, is under 64 KiB.
    pub body_bytes: usize,
    /// Time from a connection's opening, or its last answer, to the end of the next request's head. Default 15s: a
    /// phone on a poor line needs two; who sends a byte at a time holds a connection no longer than this.
    #[serde(with = "duration")]
    pub header_timeout: Duration,
    /// Time for a body to come whole. Default 15s: 256 KiB at the speed of an old mobile line.
    #[serde(with = "duration")]
    pub body_timeout: Duration,
    /// Time for a query or mutation to run, and for a subscription to begin. Default 30s: nothing the frontends ask
    /// takes one; balancers give up at 60.
    #[serde(with = "duration")]
    pub request_timeout: Duration,
    /// Time for what runs to end when the process shuts down. Default 8s: with closing the database it makes the 10s
    /// that service managers grant before they kill.
    #[serde(with = "duration")]
    pub shutdown_timeout: Duration,
    /// Time from a socket's opening to its `connection_init`. Default 5s: clients send it at once.
    #[serde(with = "duration")]
    pub ws_init_timeout: Duration,
    /// Time between the pings that the server sends on a socket, and the heartbeats on a stream. Default 20s: proxies
    /// drop what is silent for 60.
    #[serde(with = "duration")]
    pub ws_ping_every: Duration,
    /// Time without a frame from a socket's peer, or without a socket's or stream's peer taking what we send, after which
    /// it is dropped. Default 60s: three pings unanswered.
    #[serde(with = "duration")]
    pub ws_idle_after: Duration,
    /// Longest message from a client, in bytes. Default 65,536 (64 KiB): the longest document of the frontends is
    /// under 8.
    pub ws_frame_bytes: usize,
    /// Operations that run at once on one socket. Default 64: the desk's busiest screen has ten.
    pub ws_subscriptions: usize,
    /// Messages that wait for a peer to read before its operations are held back. Default 32: a burst of events, not a
    /// backlog.
    pub ws_queue: usize,
    /// Messages a second from one socket's peer; ten seconds' worth may come at once. Default 50: a client that comes
    /// back says one for each of its subscriptions.
    pub ws_messages_per_second: u32,
    /// Sockets and streams that one viewer has open at once. Default 64: a desk with every window on a wall of screens
    /// has ten.
    pub sockets_per_viewer: usize,
    /// Sockets and streams from one address at once; of IPv6 from one network of 64 bits. Default 8,192: an office or a
    /// whole estate behind one address.
    pub sockets_per_address: usize,
    /// The networks of the proxies before us, such as `10.0.0.0/8`; only what they say of a client's address is believed.
    /// Default none: the peer is the client. Behind a proxy that stands not here, all clients share its address, and the
    /// limits of one.
    #[serde(deserialize_with = "list::deserialize")]
    pub trusted_proxies: Vec<IpNet>,
    /// The header in which those proxies name the client; another one is the client's own invention. Default
    /// `x-forwarded-for`.
    pub forwarded_by: ForwardedBy,
}

/// How proxies say for whom they ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForwardedBy {
    /// `X-Forwarded-For: 198.51.100.1, 10.0.0.7`
    XForwardedFor,
    /// `Forwarded: for=198.51.100.1, for=10.0.0.7` (RFC 7239)
    Forwarded,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            body_bytes: 256 * 1024,
            header_timeout: Duration::from_secs(15),
            body_timeout: Duration::from_secs(15),
            request_timeout: Duration::from_secs(30),
            shutdown_timeout: Duration::from_secs(8),
            ws_init_timeout: Duration::from_secs(5),
            ws_ping_every: Duration::from_secs(20),
            ws_idle_after: Duration::from_secs(60),
            ws_frame_bytes: 64 * 1024,
            ws_subscriptions: 64,
            ws_queue: 32,
            ws_messages_per_second: 50,
            sockets_per_viewer: 64,
            sockets_per_address: 8192,
            trusted_proxies: Vec::new(),
            forwarded_by: ForwardedBy::XForwardedFor,
        }
    }
}
