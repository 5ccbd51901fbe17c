//! A person or company that lives or works in units (业主、住户); the group's, not one community's.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, DbBackend, QuerySelect};

use super::search::{self, known};
use super::{among, occupancy};
use crate::base::Scope;
use crate::base::id::*;

/// What an occupant is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// A natural person.
    Person,
    /// A company.
    Company,
}

/// A person or company that lives or works in units (业主、住户); the group's, not one community's.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "occupant")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OccupantId,
    /// The community that registered them first.
    pub community_id: CommunityId,
    /// A person or a company.
    pub kind: Kind,
    /// The name.
    pub name: String,
    /// Telephone number, digits with an optional leading plus.
    pub phone: Option<String>,
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

#[async_trait::async_trait]
impl ActiveModelBehavior for ActiveModel {
    async fn before_save<C: ConnectionTrait>(self, db: &C, insert: bool) -> Result<Self, DbErr> {
        if insert || self.name.is_set() {
            let texts = grams::of_occupant(&known(&self.name)?);
            search::keep(db, &[(known(&self.id)?, texts)]).await?;
        }
        Ok(self)
    }
}

impl Entity {
    /// The occupants that `scope` sees; the only way to load any.
    #[must_use]
    pub fn visible_to(scope: &Scope, backend: DbBackend) -> Select<Self> {
        let sight = &scope.register;
        let communities = || sight.communities.iter().copied();
        let mut living_there = occupancy::Entity::find()
            .select_only()
            .column(occupancy::Column::OccupantId)
            .filter(among(backend, occupancy::Column::CommunityId, communities()));
        let mut any = Condition::any().add(Expr::value(sight.everywhere)).add(among(
            backend,
            Column::CommunityId,
            communities(),
        ));
        if !sight.communities.is_empty() {
            any = any.add(
                Expr::col((Entity, Column::Id)).in_subquery(QuerySelect::query(&mut living_there).take()),
            );
        }
        if let Some(own) = sight.occupant {
            any = any.add(Column::Id.eq(own));
        }
        Self::find().filter(any)
    }
}
