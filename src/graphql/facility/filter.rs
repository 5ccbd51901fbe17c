//! Which facilities, in which order.

use async_graphql::{Enum, ID, InputObject};

use super::enums::FacilityKind;
use crate::domain::facility::{Filter, Sort, SortBy};
use crate::domain::{Result, clean};
use crate::graphql::error::ids;
use crate::graphql::scalar::Date;

/// Which facilities. Every part that is given narrows the list; an empty list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct FacilityFilter {
    /// Of one of these communities.
    community_ids: Option<Vec<ID>>,
    /// In one of these buildings.
    building_ids: Option<Vec<ID>>,
    /// Of one of these kinds.
    kinds: Option<Vec<FacilityKind>>,
    /// With a next check before this day.
    due_before: Option<Date>,
    /// With this in their name.
    search: Option<String>,
    /// Also those that are closed.
    #[graphql(default)]
    include_closed: bool,
}

impl FacilityFilter {
    pub(super) fn read(self) -> Result<Filter> {
        Ok(Filter {
            communities: ids("filter.communityIds", self.community_ids.as_deref())?,
            buildings: ids("filter.buildingIds", self.building_ids.as_deref())?,
            kinds: self.kinds.map(|kinds| kinds.into_iter().map(Into::into).collect()),
            due_before: self.due_before.map(|day| day.0),
            search: clean("filter.search", self.search.as_deref(), 200)?,
            include_closed: self.include_closed,
        })
    }
}

/// The order of a list of facilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum FacilityOrder {
    /// By name.
    NameAsc,
    /// By name, backwards.
    NameDesc,
    /// Oldest first.
    CreatedAsc,
    /// Newest first.
    CreatedDesc,
}

impl From<FacilityOrder> for Sort {
    fn from(order: FacilityOrder) -> Self {
        let (by, descending) = match order {
            FacilityOrder::NameAsc => (SortBy::Name, false),
            FacilityOrder::NameDesc => (SortBy::Name, true),
            FacilityOrder::CreatedAsc => (SortBy::Created, false),
            FacilityOrder::CreatedDesc => (SortBy::Created, true),
        };
        Self { by, descending }
    }
}
