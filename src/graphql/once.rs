//! Requests that are sent twice: a phone on a poor line never knows whether the first one arrived.

use async_graphql::{InputType, Value as ConstValue};
use sha2::{Digest, Sha256};

use crate::domain::{Once, Result, clean};

/// The key of a creating mutation with a hash of its input. The hash leaves out what was not given, so that a later
/// release, with more fields, still knows the input again.
pub(super) fn once(
    operation: &'static str,
    key: Option<&str>,
    input: &impl InputType,
) -> Result<Option<Once>> {
    once_by(operation, "input.idempotencyKey", key, input)
}

/// The same, of a mutation whose key has a name of its own.
pub(super) fn once_by(
    operation: &'static str,
    field: &'static str,
    key: Option<&str>,
    input: &impl InputType,
) -> Result<Option<Once>> {
    let Some(key) = clean(field, key, 200)? else {
        return Ok(None);
    };
    let given = given(input.to_value());
    let input_hash = Sha256::digest(given.to_string());
    let input_hash = input_hash.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Some(Once { operation, field, key, input_hash }))
}

fn given(value: ConstValue) -> ConstValue {
    match value {
        ConstValue::Object(fields) => {
            let fields = fields.into_iter().filter(|(_, value)| *value != ConstValue::Null);
            ConstValue::Object(fields.map(|(name, value)| (name, given(value))).collect())
        }
        ConstValue::List(items) => ConstValue::List(items.into_iter().map(given).collect()),
        other => other,
    }
}
