//! One managed estate (小区).

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, DbBackend, QuerySelect};

use super::{among, building, ticket};
use crate::base::Scope;
use crate::base::id::*;

/// One managed estate (小区).
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "community")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommunityId,
    /// Short and unique; ticket numbers begin with it.
    pub code: String,
    /// Its name.
    pub name: String,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// The weekly calendar in which the slower clocks run.
    pub service_hours: Json,
    /// Targets that differ from the defaults, by priority.
    pub clock_targets: Json,
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
    /// The communities that `scope` sees; the only way to load any.
    #[must_use]
    pub fn visible_to(scope: &Scope, backend: DbBackend) -> Select<Self> {
        let sight = &scope.register;
        let all = sight.communities.iter().chain(&sight.own_communities).copied();
        Self::find().filter(Condition::any().add(Expr::value(sight.everywhere)).add(among(
            backend,
            Column::Id,
            all,
        )))
    }

    /// The communities of which `scope` does not see the tickets at large.
    #[must_use]
    pub fn out_of_sight_of(scope: &Scope, backend: DbBackend) -> Select<Self> {
        let sight = &scope.tickets;
        let seen = among(backend, Column::Id, sight.communities.iter().copied());
        Self::find().filter(Expr::value(sight.everywhere).or(seen).not())
    }

    /// The communities of the tickets that `scope` sees, which it need not see themselves.
    #[must_use]
    pub fn of_tickets_seen_by(scope: &Scope, backend: DbBackend) -> Select<Self> {
        let sight = &scope.tickets;
        let mut of_buildings = building::Entity::find()
            .select_only()
            .column(building::Column::CommunityId)
            .filter(among(backend, building::Column::Id, sight.buildings.iter().copied()));
        let of_own = ticket::Entity::communities_of_own(scope, backend);
        Self::find().filter(
            Condition::any()
                .add(Expr::value(sight.everywhere))
                .add(among(backend, Column::Id, sight.communities.iter().copied()))
                .add(Column::Id.in_subquery(QuerySelect::query(&mut of_buildings).take()))
                .add_option(of_own.map(|own| Column::Id.in_subquery(own))),
        )
    }
}
