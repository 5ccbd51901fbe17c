//! The releases whose schema this database has been brought to.

use sea_orm::entity::prelude::*;

/// A release whose schema this database has been brought to.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "schema_release")]
pub struct Model {
    /// Its number; the greatest one is in force.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// When it was.
    pub applied_at: DateTimeUtc,
}

/// Nothing is joined to it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
