//! A person whose data were erased. Kept in the database and, since a backup may be older, in a file beside it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::base::id::*;

/// What sort of person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// An occupant.
    Occupant,
    /// A member of staff.
    Staff,
}

/// Why they were erased: a code, since words could name somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
    /// The person asked for it.
    OwnRequest,
    /// Nothing requires the data any longer.
    NoLongerNeeded,
    /// The data should not have been taken.
    TakenByMistake,
    /// A court or an authority ordered it.
    Ordered,
}

/// A person whose data were erased.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "erasure")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ErasureId,
    /// What sort of person.
    pub kind: Kind,
    /// Which one: an id, and nothing else of them.
    pub subject_id: Uuid,
    /// Why.
    pub reason: Reason,
    /// When.
    pub at: DateTimeUtc,
}

/// Nothing is joined to it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
