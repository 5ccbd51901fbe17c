//! MAP.toml: what a foreign file's columns and values are called here.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde::Deserialize;

use super::column::Known;

/// What a foreign file's columns and values are called here. The empty map leaves everything as it is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Map {
    /// Where the file is from; set before each reference, so that two systems' numbers do not meet.
    pub source: Option<String>,
    /// The time zone of its dates, where it is not the community's.
    pub time_zone: Option<Tz>,
    /// How its dates are written, by chrono's letters: `%d/%m/%Y %H:%M`.
    pub date_formats: Vec<String>,
    /// Its columns that are not read.
    pub ignore: Vec<String>,
    /// Take no notice of columns that nobody knows.
    pub ignore_unknown: bool,
    /// What may be made when the file names it and it is not there.
    pub create: Vec<Create>,
    /// Theirs → ours.
    pub columns: BTreeMap<String, String>,
    /// Ours → the same value in every row that says nothing else.
    pub constants: BTreeMap<String, String>,
    /// Ours → their value → our value.
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// Ours → several of theirs, one behind the other.
    pub join: BTreeMap<String, Join>,
    /// Ours → the first of theirs that says anything.
    pub first: BTreeMap<String, Vec<String>>,
}

/// Several columns as one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// Theirs, in order.
    pub columns: Vec<String>,
    /// What stands between them.
    #[serde(default = "space")]
    pub with: String,
}

fn space() -> String {
    " ".to_owned()
}

/// What an import of tickets makes besides tickets, when it is allowed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Create {
    /// Communities; each needs its name in the column community_name.
    Communities,
    /// Buildings.
    Buildings,
    /// Categories; the code is made of the name.
    Categories,
    /// Members of staff without posts, and teams: those whom old tickets name.
    Staff,
}

/// Why a map is none.
#[derive(Debug, thiserror::Error)]
pub enum MapError {
    /// No TOML of this form.
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    /// A column that the table does not have.
    #[error("{of} names \"{name}\", which is no column here; there are {known}")]
    Unknown {
        /// The part of the map.
        of: &'static str,
        /// What it names.
        name: String,
        /// All that there are.
        known: String,
    },
}

impl Map {
    /// Reads a map for a table of these columns.
    ///
    /// # Errors
    /// When it is no TOML, or names columns that are not there.
    pub(crate) fn read(text: &str, known: &[Known]) -> Result<Self, MapError> {
        let map: Self = toml::from_str(text)?;
        let ours = [
            ("constants", map.constants.keys().collect::<Vec<_>>()),
            ("values", map.values.keys().collect()),
            ("join", map.join.keys().collect()),
            ("first", map.first.keys().collect()),
            ("columns", map.columns.values().collect()),
        ];
        for (of, names) in ours {
            for name in names {
                if !known.iter().any(|column| column.key == name) {
                    let known = known.iter().map(|column| column.key).collect::<Vec<_>>().join(", ");
                    return Err(MapError::Unknown { of, name: name.clone(), known });
                }
            }
        }
        Ok(map)
    }

    /// Whether a column that nobody knows is to be passed over.
    pub(crate) fn takes_no_notice_of(&self, header: &str) -> bool {
        self.ignore_unknown || self.ignore.iter().any(|name| name == header) || self.is_used_otherwise(header)
    }

    /// Whether a column is a part of another one, or to be ignored though its name is known.
    pub(crate) fn is_used_otherwise(&self, header: &str) -> bool {
        let joined = self.join.values().flat_map(|join| &join.columns);
        let mut used = joined.chain(self.first.values().flatten()).chain(&self.ignore);
        used.any(|name| name == header)
    }

    /// Whether something of this sort may be made.
    pub(crate) fn may_create(&self, what: Create) -> bool {
        self.create.contains(&what)
    }
}
