//! A node of the category tree: place × category × problem.

use sea_orm::DbBackend;
use sea_orm::entity::prelude::*;

use crate::base::Scope;
use crate::base::id::*;

/// A node of the category tree: place × category × problem.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "category")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CategoryId,
    /// The node above.
    pub parent_id: Option<CategoryId>,
    /// Stable name for programs.
    pub code: String,
    /// A name per language.
    pub names: Json,
    /// The kind of ticket it is for; none: any.
    pub ticket_kind: Option<super::ticket::Kind>,
    /// The priority a ticket gets from it.
    pub priority: Option<super::ticket::Priority>,
    /// The kind of team that usually does the work.
    pub team_kind: Option<super::team::Kind>,
    /// Place among its siblings.
    pub position: i32,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// When it ended; it is kept.
    pub closed_at: Option<DateTimeUtc>,
    /// What compare-and-set compares.
    pub version: i32,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// All categories: whoever raises a matter chooses from them.
    #[must_use]
    pub fn visible_to(_: &Scope, _: DbBackend) -> Select<Self> {
        Self::find()
    }
}
