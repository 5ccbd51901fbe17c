//! A page of a list: how many, from where, in which direction. Cursors are opaque to clients and belong to one list.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A window on a list that is sorted by one column and then by id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Page {
    /// How many rows at most.
    pub size: u64,
    /// Whether the window is counted from the list's beginning or from its end.
    pub direction: Direction,
    /// Only what stands behind this row.
    pub after: Option<Cursor>,
    /// Only what stands before this row.
    pub before: Option<Cursor>,
}

/// From which end of the list a page is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// `first`: from the beginning.
    Forward,
    /// `last`: from the end.
    Backward,
}

/// A row's place in a list: the list and its order, the value sorted by, the row's id.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cursor {
    /// Which list, in which order: `tickets/CREATED_AT/DESC`.
    #[serde(rename = "l")]
    pub list: String,
    /// The value of the column that is sorted by.
    #[serde(rename = "v")]
    pub value: serde_json::Value,
    /// The row.
    #[serde(rename = "i")]
    pub id: Uuid,
}

/// Why a page cannot be given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Both ends at once.
    #[error("ask for either first or last, not both")]
    BothEnds,
    /// A size that no page has.
    #[error("{argument} is {given}; it must be from 0 to {max}")]
    Size {
        /// `first` or `last`.
        argument: &'static str,
        /// What was asked for.
        given: i64,
        /// The largest page.
        max: u64,
    },
    /// No cursor of ours.
    #[error("{argument} is not a cursor that this server gave out")]
    Malformed {
        /// `after` or `before`.
        argument: &'static str,
    },
    /// A cursor of another list or another order.
    #[error("{argument} is a cursor of the list {found}; it does not fit {expected}")]
    Foreign {
        /// `after` or `before`.
        argument: &'static str,
        /// Whose cursor it is.
        found: String,
        /// Whose is needed.
        expected: String,
    },
}

impl Page {
    /// Reads the four arguments of a connection. Without a size the page has `default` rows.
    ///
    /// # Errors
    /// [`PageError`] names the argument, what was given, and what would be right.
    pub fn read(
        list: &str,
        (first, after): (Option<i64>, Option<&str>),
        (last, before): (Option<i64>, Option<&str>),
        (default, max): (u64, u64),
    ) -> Result<Self, PageError> {
        let (argument, given, direction) = match (first, last) {
            (Some(_), Some(_)) => return Err(PageError::BothEnds),
            (None, Some(last)) => ("last", last, Direction::Backward),
            (first, None) => (
                "first",
                first.unwrap_or_else(|| i64::try_from(default).unwrap_or(i64::MAX)),
                Direction::Forward,
            ),
        };
        let size = u64::try_from(given).ok().filter(|size| *size <= max);
        let size = size.ok_or(PageError::Size { argument, given, max })?;
        Ok(Self {
            size,
            direction,
            after: after.map(|text| Cursor::read(list, "after", text)).transpose()?,
            before: before.map(|text| Cursor::read(list, "before", text)).transpose()?,
        })
    }
}

impl Cursor {
    /// The opaque text that clients hand back.
    #[must_use]
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    fn read(list: &str, argument: &'static str, text: &str) -> Result<Self, PageError> {
        let cursor = URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok())
            .ok_or(PageError::Malformed { argument })?;
        if cursor.list != list {
            // It is the client's own word, and may be as long as it likes.
            let found = cursor.list.chars().filter(|c| !c.is_control()).take(60).collect();
            return Err(PageError::Foreign { argument, found, expected: list.to_owned() });
        }
        Ok(cursor)
    }
}
