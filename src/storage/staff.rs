//! A member of staff (员工).

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, DbBackend, QuerySelect};

use super::{among, post};
use crate::base::Scope;
use crate::base::id::*;

/// A member of staff (员工).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "staff")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StaffId,
    /// The name.
    pub name: String,
    /// Telephone number, digits with an optional leading plus.
    pub phone: Option<String>,
    /// Job title, as residents see it.
    pub title: Option<String>,
    /// Line manager.
    pub manager_id: Option<StaffId>,
    /// Who stands in while they are away.
    pub deputy_id: Option<StaffId>,
    /// The beginning of an absence.
    pub away_from: Option<DateTimeUtc>,
    /// The end of an absence.
    pub away_until: Option<DateTimeUtc>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// When it ended; it is kept.
    pub closed_at: Option<DateTimeUtc>,
    /// When what is personal was erased; the line is kept.
    pub erased_at: Option<DateTimeUtc>,
    /// What compare-and-set compares.
    pub version: i32,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The staff that `scope` sees; the only way to load any.
    #[must_use]
    pub fn visible_to(scope: &Scope, backend: DbBackend) -> Select<Self> {
        let sight = &scope.staff;
        let mut any = Condition::any().add(Expr::value(sight.everywhere));
        if !sight.communities.is_empty() {
            let mut posted = post::Entity::find().select_only().column(post::Column::StaffId).filter(among(
                backend,
                post::Column::CommunityId,
                sight.communities.iter().copied(),
            ));
            any =
                any.add(Expr::col((Entity, Column::Id)).in_subquery(QuerySelect::query(&mut posted).take()));
        }
        if let Some(own) = sight.own {
            any = any.add(Column::Id.eq(own));
        }
        Self::find().filter(any)
    }
}
