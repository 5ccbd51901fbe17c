//! A key under which an account made something, so that the same request again makes nothing new.

use sea_orm::entity::prelude::*;

use crate::base::id::*;

/// A key under which an account made something, so that the same request again makes nothing new.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IdempotencyId,
    /// Whose key; keys of different accounts never meet.
    pub account_id: AccountId,
    /// The mutation.
    pub operation: String,
    /// The key.
    pub key: String,
    /// Hash of the input; the same key with another input is an error.
    pub input_hash: String,
    /// What was made.
    pub result_id: Uuid,
    /// When.
    pub created_at: DateTimeUtc,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
