//! What a thing is called in the system it came from.

use sea_orm::entity::prelude::*;

use crate::base::id::CommunityId;

/// What is called so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// An occupant.
    Occupant,
    /// A ticket.
    Ticket,
}

/// What a thing is called in the system it came from: unique among things of its kind, and never changed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "external_ref")]
pub struct Model {
    /// What it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: Kind,
    /// The system's name and its number there: `nyc311:54049402`.
    #[sea_orm(primary_key, auto_increment = false, column_name = "ref")]
    pub reference: String,
    /// The community that the thing belongs to, or was first registered by.
    pub community_id: CommunityId,
    /// The thing.
    pub thing_id: Uuid,
    /// When it was imported.
    pub created_at: DateTimeUtc,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
