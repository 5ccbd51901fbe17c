//! What a patch does to one value.

use super::Result;

/// What a patch does to one value: a column that may be empty is a `Change<Option<T>>`, and `Set(None)` empties it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// It becomes this.
    Set(T),
}

impl<T> Change<T> {
    /// Whether the value is touched at all.
    #[must_use]
    pub fn is_set(&self) -> bool {
        matches!(self, Self::Set(_))
    }

    /// Makes the new value fit to be stored.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub fn check<U>(self, check: impl FnOnce(T) -> Result<U>) -> Result<Change<U>> {
        match self {
            Self::Keep => Ok(Change::Keep),
            Self::Set(value) => check(value).map(Change::Set),
        }
    }

    /// Puts the new value where the old one stands.
    pub fn put(self, place: &mut T) {
        if let Self::Set(value) = self {
            *place = value;
        }
    }
}

/// What was not given stays: for columns that cannot be empty.
impl<T> From<Option<T>> for Change<T> {
    fn from(given: Option<T>) -> Self {
        given.map_or(Self::Keep, Self::Set)
    }
}
