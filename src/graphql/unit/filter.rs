//! Which units, in which order.

use async_graphql::{Enum, ID, InputObject};

use super::enums::UnitUsage;
use crate::domain::unit::{Filter, Sort, SortBy};
use crate::domain::{Result, sought};
use crate::graphql::error::ids;

/// Which units. Every part that is given narrows the list; an empty list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct UnitFilter {
    /// Of one of these communities.
    community_ids: Option<Vec<ID>>,
    /// Of one of these buildings.
    building_ids: Option<Vec<ID>>,
    /// Of one of these entrances.
    entrance_ids: Option<Vec<ID>>,
    /// Used for one of these.
    usages: Option<Vec<UnitUsage>>,
    /// With this in their number.
    search: Option<String>,
    /// Also those that are closed.
    #[graphql(default)]
    include_closed: bool,
}

impl UnitFilter {
    pub(super) fn read(self) -> Result<Filter> {
        Ok(Filter {
            communities: ids("filter.communityIds", self.community_ids.as_deref())?,
            buildings: ids("filter.buildingIds", self.building_ids.as_deref())?,
            entrances: ids("filter.entranceIds", self.entrance_ids.as_deref())?,
            usages: self.usages.map(|usages| usages.into_iter().map(Into::into).collect()),
            search: sought("filter.search", self.search.as_deref())?,
            include_closed: self.include_closed,
        })
    }
}

/// The order of a list of units. Numbers are texts: "1001" comes before "101".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum UnitOrder {
    /// By number.
    NumberAsc,
    /// By number, backwards.
    NumberDesc,
    /// Oldest first.
    CreatedAsc,
    /// Newest first.
    CreatedDesc,
}

impl From<UnitOrder> for Sort {
    fn from(order: UnitOrder) -> Self {
        let (by, descending) = match order {
            UnitOrder::NumberAsc => (SortBy::Number, false),
            UnitOrder::NumberDesc => (SortBy::Number, true),
            UnitOrder::CreatedAsc => (SortBy::Created, false),
            UnitOrder::CreatedDesc => (SortBy::Created, true),
        };
        Self { by, descending }
    }
}
