//! Which documents, in which order.

use async_graphql::{Enum, ID, InputObject};

use super::enums::{DocumentCategory, DocumentConfidentiality};
use crate::domain::document::{Filter, Sort, SortBy};
use crate::domain::{Result, clean};
use crate::graphql::error::ids;

/// Which documents. Every part that is given narrows the list; an empty list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct DocumentFilter {
    /// Of one of these communities.
    community_ids: Option<Vec<ID>>,
    /// About a unit in one of these buildings.
    building_ids: Option<Vec<ID>>,
    /// About one of these units.
    unit_ids: Option<Vec<ID>>,
    /// About one of these occupants.
    occupant_ids: Option<Vec<ID>>,
    /// Of one of these categories.
    categories: Option<Vec<DocumentCategory>>,
    /// As confidential as one of these.
    confidentialities: Option<Vec<DocumentConfidentiality>>,
    /// With this in their title.
    search: Option<String>,
    /// Also those that were withdrawn.
    #[graphql(default)]
    include_withdrawn: bool,
}

impl DocumentFilter {
    pub(super) fn read(self) -> Result<Filter> {
        Ok(Filter {
            communities: ids("filter.communityIds", self.community_ids.as_deref())?,
            buildings: ids("filter.buildingIds", self.building_ids.as_deref())?,
            units: ids("filter.unitIds", self.unit_ids.as_deref())?,
            occupants: ids("filter.occupantIds", self.occupant_ids.as_deref())?,
            categories: self.categories.map(|all| all.into_iter().map(Into::into).collect()),
            confidentialities: self.confidentialities.map(|all| all.into_iter().map(Into::into).collect()),
            search: clean("filter.search", self.search.as_deref(), 200)?,
            include_withdrawn: self.include_withdrawn,
        })
    }
}

/// The order of a list of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum DocumentOrder {
    /// The last to be filed first.
    FiledDesc,
    /// The first to be filed first.
    FiledAsc,
    /// By title.
    TitleAsc,
    /// By title, backwards.
    TitleDesc,
}

impl From<DocumentOrder> for Sort {
    fn from(order: DocumentOrder) -> Self {
        let (by, descending) = match order {
            DocumentOrder::FiledDesc => (SortBy::Filed, true),
            DocumentOrder::FiledAsc => (SortBy::Filed, false),
            DocumentOrder::TitleAsc => (SortBy::Title, false),
            DocumentOrder::TitleDesc => (SortBy::Title, true),
        };
        Self { by, descending }
    }
}
