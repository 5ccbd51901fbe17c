//! Which communities, in which order.

use async_graphql::{Enum, InputObject};

use crate::domain::community::{Filter, Sort, SortBy};
use crate::domain::{Result, clean};

/// Which communities. Every part that is given narrows the list.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct CommunityFilter {
    /// With this in their name, or with this code.
    search: Option<String>,
    /// Also those that are closed.
    #[graphql(default)]
    include_closed: bool,
}

impl CommunityFilter {
    pub(super) fn read(self) -> Result<Filter> {
        let search = clean("filter.search", self.search.as_deref(), 200)?;
        Ok(Filter { search, include_closed: self.include_closed })
    }
}

/// The order of a list of communities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum CommunityOrder {
    /// By name.
    NameAsc,
    /// By name, backwards.
    NameDesc,
    /// Oldest first.
    CreatedAsc,
    /// Newest first.
    CreatedDesc,
}

impl From<CommunityOrder> for Sort {
    fn from(order: CommunityOrder) -> Self {
        let (by, descending) = match order {
            CommunityOrder::NameAsc => (SortBy::Name, false),
            CommunityOrder::NameDesc => (SortBy::Name, true),
            CommunityOrder::CreatedAsc => (SortBy::Created, false),
            CommunityOrder::CreatedDesc => (SortBy::Created, true),
        };
        Self { by, descending }
    }
}
