//! What an update's input says of a value that may be empty: left out it stays, `null` clears it.

use async_graphql::{ID, MaybeUndefined};

use super::error::id;
use crate::base::{Id, Kind};
use crate::domain::{Change, Result};

/// A value that may be cleared.
pub(super) fn change<T, U: From<T>>(given: MaybeUndefined<T>) -> Change<Option<U>> {
    match given {
        MaybeUndefined::Undefined => Change::Keep,
        MaybeUndefined::Null => Change::Set(None),
        MaybeUndefined::Value(value) => Change::Set(Some(value.into())),
    }
}

/// A reference that may be cleared.
pub(super) fn change_id<K: Kind>(field: &str, given: MaybeUndefined<ID>) -> Result<Change<Option<Id<K>>>> {
    change(given).check(|given: Option<ID>| given.map(|given| id(field, &given)).transpose())
}

impl<T> From<MaybeUndefined<T>> for Change<Option<T>> {
    fn from(given: MaybeUndefined<T>) -> Self {
        change(given)
    }
}
