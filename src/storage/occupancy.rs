//! One occupant's time in one unit, from a day to a day.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, DbBackend, QuerySelect};

use super::{among, occupant};
use crate::base::Scope;
use crate::base::id::*;

/// As what an occupant is in a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// Owns it.
    Owner,
    /// Rents it.
    Tenant,
    /// Lives there with the owner or tenant.
    Family,
    /// Works there for the company that has it.
    Employee,
}

/// One occupant's time in one unit, from a day to a day.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "occupancy")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OccupancyId,
    /// The community of the unit.
    pub community_id: CommunityId,
    /// The unit.
    pub unit_id: UnitId,
    /// The occupant.
    pub occupant_id: OccupantId,
    /// As what they are there.
    pub kind: Kind,
    /// The first day.
    pub from_on: Date,
    /// The last day; none: they are still there.
    pub to_on: Option<Date>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The occupancies that `scope` sees; the only way to load any.
    #[must_use]
    pub fn visible_to(scope: &Scope, backend: DbBackend) -> Select<Self> {
        let sight = &scope.register;
        let mut any = Condition::any().add(Expr::value(sight.everywhere)).add(among(
            backend,
            Column::CommunityId,
            sight.communities.iter().copied(),
        ));
        if let Some(own) = sight.occupant {
            any = any.add(Column::OccupantId.eq(own));
        }
        Self::find().filter(any)
    }

    /// Of an occupant: lives somewhere, as far as `what` counts. Asked of each person by the index: PostgreSQL goes
    /// through a long IN from end to end for each, or makes a set of all of it for one.
    #[must_use]
    pub fn lives(what: Condition) -> Expr {
        let theirs = Expr::col((Self, Column::OccupantId)).equals((occupant::Entity, occupant::Column::Id));
        let mut homes = Self::find().select_only().column(Column::Id).filter(theirs).filter(what);
        Expr::exists(QuerySelect::query(&mut homes).take())
    }

    /// Of an occupant: lives nowhere, as far as `what` counts.
    #[must_use]
    pub fn lives_nowhere(what: Condition) -> Expr {
        Self::lives(what).not()
    }
}
