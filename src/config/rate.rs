//! How often somebody may do what costs something.

use std::{num::NonZeroU32, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::duration;
pub use crate::base::rate::Quota;

const MINUTE: u64 = 60;
/// Longer than that nobody waits, and what is counted is remembered for as long.
const DAY: Duration = Duration::from_secs(24 * 60 * MINUTE);

/// `[rate]`: how often. Each is `"TIMES/TIME"`, such as `"10/10m"`: ten at once, and one more a minute; or `"off"`. They
/// are counted by each gateway for itself: of two, each lets through as much.
///
/// A client that is refused is told after how many seconds its next try is taken. Of IPv6 the first 64 bits are one
/// address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Operations of one account, over HTTP and sockets together. Default 1200/1m: the desk's busiest screen asks five
    /// a second.
    pub viewer: Times,
    /// Requests of one address without a token that is good, sockets that it opens, and links to files that are none.
    /// Default 1200/1m: all screens of
    /// an office share an address, and all come back at once when a gateway starts anew.
    pub address: Times,
    /// Files fetched by links of one account. Default 1200/1m: a list of fifty tickets shows some two hundred small
    /// pictures, and the browser keeps them.
    pub files: Times,
    /// Sign-ins with one login from one address, right or wrong. Default 10/10m: who mistypes a password ten times asks
    /// for a code.
    pub sign_in: Times,
    /// Sign-ins with one login from all addresses together, except those from which it has signed in before: who is at
    /// their usual place is never kept out by what is tried elsewhere. Default 60/1h.
    pub sign_in_login: Times,
    /// Sign-ins from one address, with whatever login. Default 300/10m: an office begins its day.
    pub sign_in_address: Times,
    /// Activation codes tried from one address. Default 100/10m: the families of a building move in beside one desk.
    pub activate: Times,
    /// Refreshes of one session. Default 60/10m: a page asks for one when it loads.
    pub refresh: Times,
    /// Times that one account gives its present password to change it, or to confirm something. Default 10/10m.
    pub password: Times,
}

impl Default for Rate {
    fn default() -> Self {
        Self {
            viewer: Times::of(1200, MINUTE),
            address: Times::of(1200, MINUTE),
            files: Times::of(1200, MINUTE),
            sign_in: Times::of(10, 10 * MINUTE),
            sign_in_login: Times::of(60, 60 * MINUTE),
            sign_in_address: Times::of(300, 10 * MINUTE),
            activate: Times::of(100, 10 * MINUTE),
            refresh: Times::of(60, 10 * MINUTE),
            password: Times::of(10, 10 * MINUTE),
        }
    }
}

impl Rate {
    /// No limit at all.
    #[must_use]
    pub fn off() -> Self {
        let off = Times(None);
        Self {
            viewer: off,
            address: off,
            files: off,
            sign_in: off,
            sign_in_login: off,
            sign_in_address: off,
            activate: off,
            refresh: off,
            password: off,
        }
    }
}

/// How often, if it is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times(pub Option<Quota>);

impl Times {
    const fn of(times: u32, seconds: u64) -> Self {
        match NonZeroU32::new(times) {
            Some(times) => Self(Some(Quota { times, within: Duration::from_secs(seconds) })),
            None => Self(None),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        if text == "off" {
            return Some(Self(None));
        }
        let (times, within) = text.split_once('/')?;
        let times = times.trim().parse().ok()?;
        let within = humantime::parse_duration(within.trim()).ok()?;
        // A try is given back every so many nanoseconds, at least one.
        let is_measurable = !(within / NonZeroU32::get(times)).is_zero() && within <= DAY;
        is_measurable.then_some(Self(Some(Quota { times, within })))
    }
}

impl Serialize for Times {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            None => serializer.serialize_str("off"),
            Some(Quota { times, within }) => {
                serializer.collect_str(&format_args!("{times}/{}", duration::text(within)))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Times {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(text.trim()).ok_or_else(|| {
            D::Error::custom(format!(
                "{text:?} is no limit; write how many times within which time, at most 1d, such as \"10/10m\", or \"off\""
            ))
        })
    }
}
