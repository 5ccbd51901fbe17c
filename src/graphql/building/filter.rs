//! Which buildings, in which order.

use async_graphql::{Enum, ID, InputObject};

use super::enums::BuildingKind;
use crate::domain::building::{Filter, Sort, SortBy};
use crate::domain::{Result, clean};
use crate::graphql::error::ids;

/// Which buildings. Every part that is given narrows the list; an empty list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct BuildingFilter {
    /// Of one of these communities.
    community_ids: Option<Vec<ID>>,
    /// Of one of these kinds.
    kinds: Option<Vec<BuildingKind>>,
    /// With this in their name.
    search: Option<String>,
    /// Also those that are closed.
    #[graphql(default)]
    include_closed: bool,
}

impl BuildingFilter {
    pub(super) fn read(self) -> Result<Filter> {
        Ok(Filter {
            communities: ids("filter.communityIds", self.community_ids.as_deref())?,
            kinds: self.kinds.map(|kinds| kinds.into_iter().map(Into::into).collect()),
            search: clean("filter.search", self.search.as_deref(), 200)?,
            include_closed: self.include_closed,
        })
    }
}

/// The order of a list of buildings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum BuildingOrder {
    /// By name.
    NameAsc,
    /// By name, backwards.
    NameDesc,
    /// Oldest first.
    CreatedAsc,
    /// Newest first.
    CreatedDesc,
}

impl From<BuildingOrder> for Sort {
    fn from(order: BuildingOrder) -> Self {
        let (by, descending) = match order {
            BuildingOrder::NameAsc => (SortBy::Name, false),
            BuildingOrder::NameDesc => (SortBy::Name, true),
            BuildingOrder::CreatedAsc => (SortBy::Created, false),
            BuildingOrder::CreatedDesc => (SortBy::Created, true),
        };
        Self { by, descending }
    }
}
