//! A checkpoint passed on a patrol.

use sea_orm::DbBackend;
use sea_orm::entity::prelude::*;

use super::patrol;
use super::sql::names_one_of;
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
    /// The steps of the patrols that `scope` sees; the only way to load any.
    #[must_use]
    pub fn visible_to(scope: &Scope, backend: DbBackend) -> Select<Self> {
        let seen = patrol::Entity::visible_to(scope, backend);
        Self::find().filter(names_one_of(Column::PatrolId, seen, patrol::Column::Id))
    }
}
