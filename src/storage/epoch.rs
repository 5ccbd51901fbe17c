//! The life of this database, from its making or restoring on. A cursor of another life does not fit.

use sea_orm::entity::prelude::*;

use crate::base::id::EpochId;

/// The life of this database, from its making or restoring on.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "feed_epoch")]
pub struct Model {
    /// Its id, part of every cursor of the feed.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EpochId,
    /// Since when it counts; the youngest one is in force.
    pub created_at: DateTimeUtc,
}

/// Nothing is joined to it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
