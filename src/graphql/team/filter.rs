//! Which teams, in which order.

use async_graphql::{Enum, ID, InputObject};

use super::enums::TeamKind;
use crate::domain::team::{Filter, Sort, SortBy};
use crate::domain::{Result, clean};
use crate::graphql::error::ids;

/// Which teams. Every part that is given narrows the list; an empty list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct TeamFilter {
    /// Of one of these communities.
    community_ids: Option<Vec<ID>>,
    /// Of one of these kinds.
    kinds: Option<Vec<TeamKind>>,
    /// With this in their name.
    search: Option<String>,
    /// Also those that are closed.
    #[graphql(default)]
    include_closed: bool,
}

impl TeamFilter {
    pub(super) fn read(self) -> Result<Filter> {
        Ok(Filter {
            communities: ids("filter.communityIds", self.community_ids.as_deref())?,
            kinds: self.kinds.map(|kinds| kinds.into_iter().map(Into::into).collect()),
            search: clean("filter.search", self.search.as_deref(), 200)?,
            include_closed: self.include_closed,
        })
    }
}

/// The order of a list of teams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum TeamOrder {
    /// By the name.
    NameAsc,
    /// By the name, backwards.
    NameDesc,
    /// Oldest first.
    CreatedAsc,
    /// Newest first.
    CreatedDesc,
}

impl From<TeamOrder> for Sort {
    fn from(order: TeamOrder) -> Self {
        let (by, descending) = match order {
            TeamOrder::NameAsc => (SortBy::Name, false),
            TeamOrder::NameDesc => (SortBy::Name, true),
            TeamOrder::CreatedAsc => (SortBy::Created, false),
            TeamOrder::CreatedDesc => (SortBy::Created, true),
        };
        Self { by, descending }
    }
}
