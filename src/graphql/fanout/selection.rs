//! Which events a subscription is about, and from where on.

use crate::base::id::{BuildingId, CommunityId, DataTransferId, TicketId};
use crate::domain::Viewer;
use crate::domain::event::Facts;
use crate::domain::ticket::{Act, Kind};
use crate::live::{Cursor, Entry};

/// What a subscription has asked for.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Selection {
    /// Which feed.
    pub(in crate::graphql) feed: Feed,
    /// What was missed since this place comes first.
    pub(in crate::graphql) after: Option<Cursor>,
}

/// Which feed.
#[derive(Clone, Debug)]
pub(in crate::graphql) enum Feed {
    /// Tickets of communities, as the front desk's screen shows them.
    Complaints {
        /// None: all that the viewer sees.
        communities: Option<Vec<CommunityId>>,
        /// Only of these kinds.
        kinds: Vec<Kind>,
        /// Only of these buildings.
        buildings: Option<Vec<BuildingId>>,
        /// Only when one of these happened.
        acts: Option<Vec<Act>>,
    },
    /// One ticket.
    Ticket(TicketId),
    /// The viewer's own: reported, owned, or with a work order to them or their team.
    Mine,
    /// The desk's figures.
    Desk {
        /// None: all that the viewer sees.
        communities: Option<Vec<CommunityId>>,
    },
    /// An import or export of the viewer's.
    Transfer(DataTransferId),
}

/// What an event is to a subscriber.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing.
    Nothing,
    /// A ticket they see has changed.
    Changed,
    /// They see the ticket no longer.
    Withdrawn,
}

impl Selection {
    /// What an event is to a subscriber, from the event alone.
    pub(super) fn judge(&self, entry: &Entry, viewer: &Viewer) -> Verdict {
        if let Feed::Transfer(id) = self.feed {
            let is_about = entry.event.data_transfer_id == Some(id);
            return if is_about { Verdict::Changed } else { Verdict::Nothing };
        }
        let Some(after) = &entry.after else {
            return Verdict::Nothing;
        };
        let is_about =
            |facts: &Facts| facts.seen_by(&viewer.scope.tickets) && self.feed.is_about(entry, facts, viewer);
        if is_about(after) {
            return if self.feed.wants(entry) { Verdict::Changed } else { Verdict::Nothing };
        }
        // Whatever took it away: what stands on a screen must leave it.
        if entry.before.as_ref().is_some_and(is_about) { Verdict::Withdrawn } else { Verdict::Nothing }
    }
}

impl Feed {
    fn is_about(&self, entry: &Entry, facts: &Facts, viewer: &Viewer) -> bool {
        match self {
            Self::Complaints { communities, kinds, buildings, .. } => {
                among(communities.as_deref(), Some(facts.community))
                    && kinds.contains(&facts.kind)
                    && among(buildings.as_deref(), facts.building)
            }
            Self::Ticket(id) => entry.event.ticket_id == Some(*id),
            Self::Mine => is_own(facts, viewer),
            Self::Desk { communities } => among(communities.as_deref(), Some(facts.community)),
            Self::Transfer(_) => false,
        }
    }

    /// Whether what happened is one of the acts that were asked for.
    fn wants(&self, entry: &Entry) -> bool {
        match self {
            Self::Complaints { acts, .. } => among(acts.as_deref(), entry.event.act),
            Self::Ticket(_) | Self::Mine | Self::Desk { .. } | Self::Transfer(_) => true,
        }
    }
}

fn among<T: PartialEq>(wanted: Option<&[T]>, found: Option<T>) -> bool {
    wanted.is_none_or(|wanted| found.is_some_and(|found| wanted.contains(&found)))
}

fn is_own(facts: &Facts, viewer: &Viewer) -> bool {
    let staff = viewer.staff_id();
    let reported = viewer.occupant.as_ref().is_some_and(|own| facts.reporter == Some(own.id));
    reported
        || staff.is_some_and(|staff| facts.owner == Some(staff) || facts.workers.contains(&staff))
        || facts.teams.iter().any(|team| viewer.scope.tickets.teams.contains(team))
}
