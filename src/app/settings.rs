//! Which settings are in effect, as the audit trail compares them from start to start: a hash of each value, by name.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use toml::{Table, Value};

use crate::auth::key::Key;
use crate::config::{Config, ConfigError};

/// What every gateway has of its own: two that share a database would otherwise each undo the other's.
const OWN: [&str; 2] = ["listen", "data_dir"];

/// A hash of each setting. Secrets are `***` when they are written; the signing one is known by what it signs.
pub(super) fn fingerprints(config: &Config) -> Result<BTreeMap<String, String>, ConfigError> {
    let mut found = BTreeMap::new();
    if let Ok(table) = Table::try_from(config) {
        flatten("", &table, &mut found);
    }
    let signed = Key::derive(&config.secrets()?.current, "concierge settings 1").sign(b"secret");
    found.insert("auth.secret".to_owned(), shown(&signed));
    Ok(found)
}

fn flatten(path: &str, table: &Table, found: &mut BTreeMap<String, String>) {
    for (name, value) in table {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match value {
            Value::Table(inner) => flatten(&path, inner, found),
            _ if OWN.contains(&path.as_str()) => {}
            value => _ = found.insert(path, shown(&Sha256::digest(value.to_string()))),
        }
    }
}

fn shown(hash: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(&hash[..12])
}
