//! Where the tickets of a list are, as far as that is told beforehand: what is looked for among few need not be looked for
//! among all.

use sea_orm::sea_query::SelectStatement;
use sea_orm::{ColumnTrait, Condition, DbBackend, EntityTrait, QueryFilter, QuerySelect, Select};

use super::read::{Filter, is_open};
use crate::base::id::CommunityId;
use crate::domain::row::at_most;
use crate::domain::{Domain, Result, Viewer};
use crate::storage::search::{found_among, once};
use crate::storage::ticket::{Column, Entity};
use crate::storage::{among, community};

/// Of so many communities the index is asked at most; with more there is little that it could leave out.
const COMMUNITIES: u64 = 8;

/// So many tickets are few: each is asked. With more a page of them is found soon.
const FEW: u64 = 4_000;

/// Where the tickets of a list are.
#[derive(Default)]
pub(super) struct Within {
    are_few: bool,
    /// The viewer's own tickets, when they see no others, as nothing is theirs to see at large.
    own: Option<SelectStatement>,
    communities: Vec<Community>,
}

struct Community {
    id: CommunityId,
    code: String,
}

impl Within {
    pub(super) async fn of(domain: &Domain, viewer: &Viewer, filter: &Filter) -> Result<Self> {
        let (sight, searches) = (&viewer.scope.tickets, filter.search.is_some());
        let own = Entity::own(&viewer.scope, domain.db.backend()).filter(|_| !sight.is_at_large());
        if let Some(ids) = &own
            && are_few(domain, ids).await?
        {
            return Ok(Self { are_few: true, own, communities: Vec::new() });
        }
        if searches && filter.only_open() && are_few(domain, &open()).await? {
            return Ok(Self { are_few: true, ..Self::default() });
        }
        // Who sees many at large has a page soon.
        if sight.is_at_large() && !searches || sight.everywhere && filter.communities.is_none() {
            return Ok(Self::default());
        }
        Ok(Self { are_few: false, own, communities: communities(domain, viewer, filter).await? })
    }

    /// Whether there are so few that each of [`in_order`](Self::in_order) can be asked.
    pub(super) fn are_few(&self) -> bool {
        self.are_few
    }

    /// The ids of the viewer's own tickets, some of them twice, when they see no others.
    pub(super) fn own(&self) -> Option<&SelectStatement> {
        self.own.as_ref()
    }

    /// The codes of the communities that the tickets are in; none: they may be in any.
    pub(super) fn codes(&self) -> Vec<String> {
        self.communities.iter().map(|community| community.code.clone()).collect()
    }

    /// The list's tickets, to be gone through in its order until there are enough.
    pub(super) fn in_order(&self, backend: DbBackend, tickets: Select<Entity>) -> Select<Entity> {
        match (&self.own, self.communities.as_slice()) {
            // These come first, whatever else narrows the list.
            (Some(own), _) if self.are_few => found_among(backend, tickets, once(own.clone())),
            // Of several, a database would collect all before it sorts them.
            (_, [only]) => tickets.filter(Column::CommunityId.eq(only.id)),
            _ => tickets,
        }
    }

    /// The list's tickets, all of which are gone through.
    pub(super) fn all(&self, backend: DbBackend, tickets: Select<Entity>) -> Select<Entity> {
        match &self.own {
            Some(own) if !self.are_few => tickets.filter(Column::Id.in_subquery(own.clone())),
            _ => self.in_order(backend, tickets),
        }
    }
}

fn open() -> SelectStatement {
    QuerySelect::query(&mut Entity::find().select_only().column(Column::Id).filter(is_open())).take()
}

async fn are_few(domain: &Domain, ids: &SelectStatement) -> Result<bool> {
    at_most(domain.db.read(), ids.clone(), FEW).await
}

async fn communities(domain: &Domain, viewer: &Viewer, filter: &Filter) -> Result<Vec<Community>> {
    let backend = domain.db.backend();
    let asked_for =
        filter.communities.as_ref().map(|ids| among(backend, community::Column::Id, ids.iter().copied()));
    let asked_for = Condition::all().add_option(asked_for);
    let there = some(domain, community::Entity::find().filter(asked_for.clone()), 1).await?;
    if there.len() == 1 {
        return Ok(there);
    }
    some(domain, community::Entity::of_tickets_seen_by(&viewer.scope, backend).filter(asked_for), COMMUNITIES)
        .await
}

/// These communities, if they are not more than so many.
async fn some(domain: &Domain, communities: Select<community::Entity>, most: u64) -> Result<Vec<Community>> {
    let found = communities
        .select_only()
        .columns([community::Column::Id, community::Column::Code])
        .limit(most + 1)
        .into_tuple::<(CommunityId, String)>()
        .all(domain.db.read())
        .await?;
    if found.len() as u64 > most {
        return Ok(Vec::new());
    }
    Ok(found.into_iter().map(|(id, code)| Community { id, code }).collect())
}
