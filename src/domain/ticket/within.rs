//! Where the tickets of a list are, as far as that is told beforehand: what is looked for among few need not be looked for
//! among all.

use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, QueryFilter, QuerySelect, Select};

use super::read::Filter;
use crate::base::id::CommunityId;
use crate::domain::{Domain, Result, Viewer};
use crate::storage::ticket::{Column, Entity};
use crate::storage::{among, community};

/// Of so many communities the index is asked at most; with more there is little that it could leave out.
const COMMUNITIES: u64 = 8;

/// Of so many tickets of the viewer's own each is asked; with more a page of them is found soon.
const OWN: u64 = 3_000;

/// Where the tickets of a list are.
#[derive(Default)]
pub(super) struct Within {
    own: Option<Own>,
    communities: Vec<Community>,
}

/// The viewer's own tickets, when they see no others, as nothing is theirs to see at large.
struct Own {
    ids: SelectStatement,
    are_few: bool,
}

struct Community {
    id: CommunityId,
    code: String,
}

impl Within {
    pub(super) async fn of(domain: &Domain, viewer: &Viewer, filter: &Filter) -> Result<Self> {
        let sight = &viewer.scope.tickets;
        let is_told = sight.everywhere && filter.communities.is_none();
        // Who sees many at large has a page soon.
        if !sight.is_of_work() || is_told || sight.is_at_large() && filter.search.is_none() {
            return Ok(Self::default());
        }
        let own = if sight.is_at_large() { None } else { own(domain, viewer).await? };
        if own.as_ref().is_some_and(|own| own.are_few) {
            return Ok(Self { own, communities: Vec::new() });
        }
        Ok(Self { own, communities: communities(domain, viewer, filter).await? })
    }

    /// The viewer's own tickets, when these are all that they see, and few.
    pub(super) fn few_own(&self) -> Option<&SelectStatement> {
        self.own.as_ref().filter(|own| own.are_few).map(|own| &own.ids)
    }

    /// The codes of the communities that the tickets are in; none: they may be in any.
    pub(super) fn codes(&self) -> Vec<String> {
        self.communities.iter().map(|community| community.code.clone()).collect()
    }

    /// The list's tickets, to be gone through in its order until there are enough.
    pub(super) fn in_order(&self, tickets: Select<Entity>) -> Select<Entity> {
        match (self.few_own(), self.communities.as_slice()) {
            (Some(own), _) => tickets.filter(Column::Id.in_subquery(own.clone())),
            // Of several, a database would collect all before it sorts them.
            (None, [only]) => tickets.filter(Column::CommunityId.eq(only.id)),
            (None, _) => tickets,
        }
    }

    /// The list's tickets, all of which are gone through.
    pub(super) fn all(&self, tickets: Select<Entity>) -> Select<Entity> {
        match &self.own {
            Some(own) => tickets.filter(Column::Id.in_subquery(own.ids.clone())),
            None => tickets,
        }
    }
}

async fn own(domain: &Domain, viewer: &Viewer) -> Result<Option<Own>> {
    let Some(ids) = Entity::own(&viewer.scope, domain.db.backend()) else { return Ok(None) };
    let mut count = Query::select();
    count.expr(Expr::cust("COUNT(*)")).from_subquery(ids.clone().limit(OWN + 1).take(), "own");
    let row = domain.db.read().query_one(&count).await?;
    let count = row.map(|row| row.try_get_by_index::<i64>(0)).transpose()?;
    let are_few = count.is_some_and(|count| count.unsigned_abs() <= OWN);
    Ok(Some(Own { ids, are_few }))
}

async fn communities(domain: &Domain, viewer: &Viewer, filter: &Filter) -> Result<Vec<Community>> {
    let backend = domain.db.backend();
    let asked_for =
        filter.communities.as_ref().map(|ids| among(backend, community::Column::Id, ids.iter().copied()));
    let seen = community::Entity::of_tickets_seen_by(&viewer.scope, backend)
        .filter(Condition::all().add_option(asked_for))
        .select_only()
        .columns([community::Column::Id, community::Column::Code])
        .limit(COMMUNITIES + 1)
        .into_tuple::<(CommunityId, String)>()
        .all(domain.db.read())
        .await?;
    if seen.len() as u64 > COMMUNITIES {
        return Ok(Vec::new());
    }
    Ok(seen.into_iter().map(|(id, code)| Community { id, code }).collect())
}
