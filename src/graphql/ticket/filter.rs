//! Which tickets, in which order.

use async_graphql::{Enum, ID, InputObject};

use super::enums::{TicketKind, TicketPriority, TicketStatus};
use crate::domain::Result;
use crate::domain::ticket::{Filter, Sort, SortBy};
use crate::graphql::error::ids;
use crate::graphql::scalar::DateTime;

/// Which tickets. Every part that is given narrows the list; an empty list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub(in crate::graphql) struct TicketFilter {
    /// Of one of these communities.
    community_ids: Option<Vec<ID>>,
    /// Of one of these buildings.
    building_ids: Option<Vec<ID>>,
    /// Of one of these units.
    unit_ids: Option<Vec<ID>>,
    /// Of one of these kinds.
    kinds: Option<Vec<TicketKind>>,
    /// In one of these statuses.
    statuses: Option<Vec<TicketStatus>>,
    /// With one of these priorities.
    priorities: Option<Vec<TicketPriority>>,
    /// Of one of these categories.
    category_ids: Option<Vec<ID>>,
    /// Owned by one of these members of staff.
    owner_ids: Option<Vec<ID>>,
    /// Reported by one of these occupants.
    reporter_ids: Option<Vec<ID>>,
    /// `true`: with an owner; `false`: without.
    owned: Option<bool>,
    /// `true`: a first response has been given; `false`: not yet.
    responded: Option<bool>,
    /// `true`: with work still to come (NEW, ASSIGNED, IN_PROGRESS, ON_HOLD, REOPENED); `false`: without.
    open: Option<bool>,
    /// `true`: open and past its first response or its resolution; `false`: not so.
    overdue: Option<bool>,
    /// `true`: open, not overdue, and 80 % of the time for its first response or its resolution have gone; `false`: not so.
    due_soon: Option<bool>,
    /// Filed at or after this moment.
    created_from: Option<DateTime>,
    /// Filed before this moment.
    created_until: Option<DateTime>,
    /// Every word of it must be found: in the description, the place, the caller's or reporter's name or the unit's number.
    ///
    /// A word is found anywhere in these, in Chinese a single character too; case and width of letters and digits make
    /// no difference. Also by the ticket's number (whole, a part with a dash, or its last four digits and more), and by a
    /// telephone number where the viewer may see it whole. At most 8 words.
    search: Option<String>,
}

impl TicketFilter {
    pub(in crate::graphql) fn read(self) -> Result<Filter> {
        Ok(Filter {
            communities: ids("filter.communityIds", self.community_ids.as_deref())?,
            buildings: ids("filter.buildingIds", self.building_ids.as_deref())?,
            units: ids("filter.unitIds", self.unit_ids.as_deref())?,
            categories: ids("filter.categoryIds", self.category_ids.as_deref())?,
            owners: ids("filter.ownerIds", self.owner_ids.as_deref())?,
            reporters: ids("filter.reporterIds", self.reporter_ids.as_deref())?,
            kinds: self.kinds.map(|kinds| kinds.into_iter().map(Into::into).collect()),
            statuses: self.statuses.map(|statuses| statuses.into_iter().map(Into::into).collect()),
            priorities: self.priorities.map(|priorities| priorities.into_iter().map(Into::into).collect()),
            owned: self.owned,
            responded: self.responded,
            open: self.open,
            overdue: self.overdue,
            due_soon: self.due_soon,
            created_from: self.created_from.map(|time| time.0),
            created_until: self.created_until.map(|time| time.0),
            search: crate::domain::sought("filter.search", self.search.as_deref())?,
        })
    }
}

/// The order of a list of tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum TicketOrder {
    /// Newest first.
    CreatedDesc,
    /// Oldest first.
    CreatedAsc,
    /// Last changed first.
    UpdatedDesc,
    /// Longest unchanged first.
    UpdatedAsc,
    /// The soonest due resolution first.
    DueAsc,
    /// The latest due resolution first.
    DueDesc,
}

impl From<TicketOrder> for Sort {
    fn from(order: TicketOrder) -> Self {
        let (by, descending) = match order {
            TicketOrder::CreatedDesc => (SortBy::Created, true),
            TicketOrder::CreatedAsc => (SortBy::Created, false),
            TicketOrder::UpdatedDesc => (SortBy::Updated, true),
            TicketOrder::UpdatedAsc => (SortBy::Updated, false),
            TicketOrder::DueDesc => (SortBy::Due, true),
            TicketOrder::DueAsc => (SortBy::Due, false),
        };
        Self { by, descending }
    }
}
