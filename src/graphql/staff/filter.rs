//! Which staff, in which order.

use async_graphql::{Enum, ID, InputObject};

use super::enums::Role;
use crate::domain::staff::{Filter, Sort, SortBy};
use crate::domain::{Result, clean};
use crate::graphql::error::ids;

/// Which staff. Every part that is given narrows the list; an empty list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct StaffFilter {
    /// With a post at one of these communities today.
    community_ids: Option<Vec<ID>>,
    /// With one of these roles today; at one of the communities, where both are given.
    roles: Option<Vec<Role>>,
    /// With this in their name.
    search: Option<String>,
    /// Also those that have left.
    #[graphql(default)]
    include_closed: bool,
}

impl StaffFilter {
    pub(super) fn read(self) -> Result<Filter> {
        Ok(Filter {
            communities: ids("filter.communityIds", self.community_ids.as_deref())?,
            roles: self.roles.map(|roles| roles.into_iter().map(Into::into).collect()),
            search: clean("filter.search", self.search.as_deref(), 200)?,
            include_closed: self.include_closed,
        })
    }
}

/// The order of a list of staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum StaffOrder {
    /// By the name.
    NameAsc,
    /// By the name, backwards.
    NameDesc,
    /// Who joined first comes first.
    CreatedAsc,
    /// Who joined last comes first.
    CreatedDesc,
}

impl From<StaffOrder> for Sort {
    fn from(order: StaffOrder) -> Self {
        let (by, descending) = match order {
            StaffOrder::NameAsc => (SortBy::Name, false),
            StaffOrder::NameDesc => (SortBy::Name, true),
            StaffOrder::CreatedAsc => (SortBy::Created, false),
            StaffOrder::CreatedDesc => (SortBy::Created, true),
        };
        Self { by, descending }
    }
}
