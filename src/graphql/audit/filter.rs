//! Which lines of the audit trail, in which order.

use async_graphql::{Enum, ID, InputObject};

use super::enums::AuditAction;
use crate::base::id;
use crate::domain::audit::{Filter, Sort, SortBy};
use crate::domain::{Refusal, Result};
use crate::graphql::error::ids;
use crate::graphql::scalar::DateTime;

/// Which lines of the audit trail. Every part that is given narrows the list; an empty list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct AuditFilter {
    /// Of one of these actions.
    actions: Option<Vec<AuditAction>>,
    /// Done by one of these accounts.
    account_ids: Option<Vec<ID>>,
    /// About this thing or person; an id of any kind.
    subject_id: Option<ID>,
    /// Concerning one of these communities alone.
    community_ids: Option<Vec<ID>>,
    /// At this moment or later.
    from: Option<DateTime>,
    /// Before this moment.
    until: Option<DateTime>,
}

impl AuditFilter {
    pub(super) fn read(self) -> Result<Filter> {
        let subject = self.subject_id.map(|given| {
            let found = id::split(&given).map(|(_, uuid)| uuid);
            found.ok_or_else(|| {
                let shown = given.chars().filter(|c| !c.is_control()).take(60).collect::<String>();
                let message = format!("\"{shown}\" is not an id; ids look like occupant:0190a0b1-…");
                Refusal::invalid("filter.subjectId", message)
            })
        });
        Ok(Filter {
            actions: self.actions.map(|actions| actions.into_iter().map(Into::into).collect()),
            accounts: ids("filter.accountIds", self.account_ids.as_deref())?,
            subject: subject.transpose()?,
            communities: ids("filter.communityIds", self.community_ids.as_deref())?,
            from: self.from.map(|time| time.0),
            until: self.until.map(|time| time.0),
        })
    }
}

/// The order of the audit trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum AuditOrder {
    /// Newest first.
    AtDesc,
    /// Oldest first.
    AtAsc,
}

impl From<AuditOrder> for Sort {
    fn from(order: AuditOrder) -> Self {
        Self { by: SortBy::At, descending: order == AuditOrder::AtDesc }
    }
}
