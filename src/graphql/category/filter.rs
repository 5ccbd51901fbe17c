//! Which categories.

use async_graphql::InputObject;

use crate::domain::category::Filter;
use crate::graphql::ticket::TicketKind;

/// Which categories. Every part that is given narrows the list.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct CategoryFilter {
    /// Those for tickets of this kind, and those for any.
    ticket_kind: Option<TicketKind>,
    /// Also those that are closed.
    #[graphql(default)]
    include_closed: bool,
}

impl From<CategoryFilter> for Filter {
    fn from(filter: CategoryFilter) -> Self {
        Self { ticket_kind: filter.ticket_kind.map(Into::into), include_closed: filter.include_closed }
    }
}
