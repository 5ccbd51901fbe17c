//! `#[serde(with = "duration")]`: a length of time in text, such as `30s`, `15m` or `30d`.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serializer, de::Error};

pub(super) fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text(*duration))
}

/// In the largest unit that it is a whole number of, as people write it: `30d`, `90m`, `1500ms`.
pub(super) fn text(duration: Duration) -> String {
    const UNITS: [(u128, &str); 4] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")];
    let millis = duration.as_millis();
    let (length, unit) = UNITS
        .into_iter()
        .find(|(length, _)| millis >= *length && millis.is_multiple_of(*length))
        .unwrap_or((1, "ms"));
    format!("{}{unit}", millis / length)
}

/// A number without a unit is refused rather than guessed at.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    humantime::parse_duration(text.trim()).map_err(|_| {
        D::Error::custom(format!(
            "{text:?} is no length of time; write a number and its unit (ms, s, m, h, d), such as \"30s\", \"15m\" or \"30d\""
        ))
    })
}
