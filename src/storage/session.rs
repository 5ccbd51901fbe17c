//! One signed-in device: a family of refresh tokens, of which the newest generation counts.

use sea_orm::entity::prelude::*;

use crate::base::id::*;

/// One signed-in device: a family of refresh tokens, of which the newest generation counts.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    /// Whose.
    pub account_id: AccountId,
    /// The generation of the only refresh token that is good.
    pub generation: i32,
    /// What the client calls itself.
    pub client: Option<String>,
    /// When it was opened.
    pub created_at: DateTimeUtc,
    /// When it was last refreshed.
    pub used_at: DateTimeUtc,
    /// When it ends if it is not refreshed.
    pub expires_at: DateTimeUtc,
    /// When it ended.
    pub ended_at: Option<DateTimeUtc>,
    /// Why it ended.
    pub end_reason: Option<String>,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
