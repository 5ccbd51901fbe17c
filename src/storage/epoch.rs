//! The life of this database, from its making or restoring on. A cursor of another life does not fit.

use sea_orm::ActiveValue::Set;
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder};

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

/// The life in force, if any has begun.
///
/// # Errors
/// When the database fails.
pub async fn youngest(db: &impl ConnectionTrait) -> Result<Option<Model>, DbErr> {
    Entity::find().order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).one(db).await
}

/// Begins a life: cursors of all earlier ones fit no more.
///
/// # Errors
/// When the database fails.
pub async fn begin(db: &impl ConnectionTrait, id: EpochId, now: DateTimeUtc) -> Result<(), DbErr> {
    let row = ActiveModel { id: Set(id), created_at: Set(now) };
    Entity::insert(row).exec_without_returning(db).await.map(|_| ())
}
