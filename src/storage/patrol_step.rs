//! A checkpoint passed on a patrol.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{DbBackend, QuerySelect};

use super::patrol;
use crate::base::Scope;
use crate::base::id::*;

/// A checkpoint passed on a patrol.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "patrol_step")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PatrolStepId,
    /// The community of the patrol.
    pub community_id: CommunityId,
    /// The patrol.
    pub patrol_id: PatrolId,
    /// The checkpoint.
    pub checkpoint_id: CheckpointId,
    /// When it was passed.
    pub passed_at: DateTimeUtc,
    /// When we heard of it.
    pub created_at: DateTimeUtc,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The steps of the patrols that `scope` sees; the only way to load any. Asked of each row by itself.
    #[must_use]
    pub fn visible_to(scope: &Scope, backend: DbBackend) -> Select<Self> {
        let of_row = Expr::col((patrol::Entity, patrol::Column::Id)).equals((Entity, Column::PatrolId));
        let mut seen = patrol::Entity::visible_to(scope, backend).select_only().column(patrol::Column::Id);
        Self::find().filter(Expr::exists(QuerySelect::query(&mut seen).and_where(of_row).take()))
    }
}
