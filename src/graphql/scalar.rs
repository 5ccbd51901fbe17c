//! Scalars of our own.

use async_graphql::{Description, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{DateTime as ChronoDateTime, NaiveDate, NaiveTime, SecondsFormat, Utc};

/// A moment: RFC 3339 in UTC with microseconds, "2026-11-23T08:30:00.000000Z". Any offset is read. Show it in the
/// community's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Description)]
pub(super) struct DateTime(pub(super) ChronoDateTime<Utc>);

#[Scalar(
    name = "DateTime",
    use_type_description,
    specified_by_url = "https://scalars.graphql.org/andimarek/date-time"
)]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        let time = ChronoDateTime::parse_from_rfc3339(text).map_err(|_| {
            InputValueError::custom("it is no moment in RFC 3339; write it like 2026-11-23T08:30:00Z")
        })?;
        Ok(Self(time.with_timezone(&Utc)))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl From<ChronoDateTime<Utc>> for DateTime {
    fn from(time: ChronoDateTime<Utc>) -> Self {
        Self(time)
    }
}

impl From<DateTime> for ChronoDateTime<Utc> {
    fn from(time: DateTime) -> Self {
        time.0
    }
}

/// A calendar day, "2026-11-23"; in the community's time zone where it belongs to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Description)]
pub(super) struct Date(pub(super) NaiveDate);

#[Scalar(
    name = "Date",
    use_type_description,
    specified_by_url = "https://scalars.graphql.org/andimarek/local-date"
)]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        // The length keeps out what is read kindly otherwise: "2026-1-2", "+12026-01-02".
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| text.len() == 10);
        let day = day.ok_or_else(|| {
            InputValueError::custom(format!("\"{}\" is no day; write it like 2026-11-23", short(text)))
        })?;
        Ok(Self(day))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

impl From<NaiveDate> for Date {
    fn from(day: NaiveDate) -> Self {
        Self(day)
    }
}

/// A time of the day, "09:30", in the community's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Description)]
pub(super) struct TimeOfDay(pub(super) NaiveTime);

#[Scalar(name = "TimeOfDay", use_type_description)]
impl ScalarType for TimeOfDay {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        let time = NaiveTime::parse_from_str(text, "%H:%M").ok().filter(|_| text.len() == 5);
        let time = time.ok_or_else(|| {
            let message = format!("\"{}\" is no time; write it like 09:30, up to 23:59", short(text));
            InputValueError::custom(message)
        })?;
        Ok(Self(time))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.format("%H:%M").to_string())
    }
}

/// As much of a wrong value as a message shows.
fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// A telephone number: digits with an optional leading plus. Where the viewer may not see it whole, the middle is
/// stars: "138******78".
#[derive(Clone, Debug, PartialEq, Eq, Description)]
pub(super) struct PhoneNumber(pub(super) String);

#[Scalar(name = "PhoneNumber", use_type_description)]
impl ScalarType for PhoneNumber {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => Ok(Self(text)),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}
