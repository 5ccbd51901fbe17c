//! What an update does to a value that may be empty: left out it stays as it is, `null` empties it.

use async_graphql::MaybeUndefined;

use crate::domain::Change;

impl<T> From<MaybeUndefined<T>> for Change<Option<T>> {
    fn from(given: MaybeUndefined<T>) -> Self {
        match given {
            MaybeUndefined::Undefined => Self::Keep,
            MaybeUndefined::Null => Self::Set(None),
            MaybeUndefined::Value(value) => Self::Set(Some(value)),
        }
    }
}
