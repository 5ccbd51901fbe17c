//! Which occupants, in which order.

use async_graphql::{Enum, ID, InputObject};

use super::enums::OccupantKind;
use crate::domain::occupant::{Filter, Sort, SortBy};
use crate::domain::{Result, sought};
use crate::graphql::error::ids;

/// Which occupants. Every part that is given narrows the list; an empty list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct OccupantFilter {
    /// Living in one of these communities, or registered there.
    community_ids: Option<Vec<ID>>,
    /// Living in one of these units today.
    unit_ids: Option<Vec<ID>>,
    /// Of one of these kinds.
    kinds: Option<Vec<OccupantKind>>,
    /// With this in their name; or with this whole telephone number, where the viewer may see it whole.
    search: Option<String>,
    /// Also those that are closed.
    #[graphql(default)]
    include_closed: bool,
}

impl OccupantFilter {
    pub(super) fn read(self) -> Result<Filter> {
        Ok(Filter {
            communities: ids("filter.communityIds", self.community_ids.as_deref())?,
            units: ids("filter.unitIds", self.unit_ids.as_deref())?,
            kinds: self.kinds.map(|kinds| kinds.into_iter().map(Into::into).collect()),
            search: sought("filter.search", self.search.as_deref())?,
            include_closed: self.include_closed,
        })
    }
}

/// The order of a list of occupants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum OccupantOrder {
    /// By name.
    NameAsc,
    /// By name, backwards.
    NameDesc,
    /// First registered first.
    CreatedAsc,
    /// Last registered first.
    CreatedDesc,
}

impl From<OccupantOrder> for Sort {
    fn from(order: OccupantOrder) -> Self {
        let (by, descending) = match order {
            OccupantOrder::NameAsc => (SortBy::Name, false),
            OccupantOrder::NameDesc => (SortBy::Name, true),
            OccupantOrder::CreatedAsc => (SortBy::Created, false),
            OccupantOrder::CreatedDesc => (SortBy::Created, true),
        };
        Self { by, descending }
    }
}
