//! What is told to the feed, in the transaction that made the change.

use std::time::Duration;

use super::{Domain, Result, Tx, Viewer};
use crate::base::id::{AccountId, DataTransferId, OccupantId, StaffId};
use crate::storage::event::{self, SCHEMA_VERSION};
use crate::storage::ticket::{Act, Model as Ticket};

pub use crate::storage::event::{Facts, Model as Event, Topic};

/// Whose rights or sessions have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// A member of staff's.
    Staff(StaffId),
    /// An occupant's.
    Occupant(OccupantId),
    /// An account's.
    Account(AccountId),
}

impl Whose {
    /// Whose rights an event tells of.
    #[must_use]
    pub fn of(event: &Event) -> Option<Self> {
        let staff = event.staff_id.map(Self::Staff);
        let occupant = event.occupant_id.map(Self::Occupant);
        let account = event.account_id.map(Self::Account);
        (event.topic == Topic::Access).then_some(())?;
        staff.or(occupant).or(account)
    }

    /// Whether they are this viewer's.
    #[must_use]
    pub fn is(self, viewer: &Viewer) -> bool {
        match self {
            Self::Staff(id) => viewer.account.staff_id == Some(id),
            Self::Occupant(id) => viewer.account.occupant_id == Some(id),
            Self::Account(id) => viewer.account.id == id,
        }
    }
}

/// Tells that a ticket was filed (`before` is none) or changed.
///
/// # Errors
/// When the database fails.
pub(crate) async fn ticket_changed(
    domain: &Domain,
    tx: &Tx<'_>,
    act: Act,
    ticket: &Ticket,
    before: Option<&Facts>,
    after: &Facts,
) -> Result<()> {
    // The facts before are kept only where sight may have changed: what left someone's sight is told to them.
    let before = before.filter(|before| *before != after);
    let row = Event {
        community_id: Some(ticket.community_id),
        ticket_id: Some(ticket.id),
        act: Some(act),
        version: Some(ticket.version),
        revision: Some(ticket.revision),
        before: before.and_then(|facts| serde_json::to_value(facts).ok()),
        after: serde_json::to_value(after).ok(),
        ..blank(domain, Topic::Ticket)
    };
    Ok(event::append(&tx.db, row).await?)
}

/// Tells that what somebody may see or do has changed, so that every gateway works it out anew.
///
/// # Errors
/// When the database fails.
pub(crate) async fn access_changed(domain: &Domain, tx: &Tx<'_>, whose: Whose) -> Result<()> {
    tx.changes_access(whose);
    let mut row = blank(domain, Topic::Access);
    match whose {
        Whose::Staff(id) => row.staff_id = Some(id),
        Whose::Occupant(id) => row.occupant_id = Some(id),
        Whose::Account(id) => row.account_id = Some(id),
    }
    Ok(event::append(&tx.db, row).await?)
}

/// Tells whoever waits for an import or export how far it is.
///
/// # Errors
/// When the database fails.
pub(crate) async fn transfer_changed(
    domain: &Domain,
    tx: &Tx<'_>,
    id: DataTransferId,
    revision: i32,
) -> Result<()> {
    let row =
        Event { data_transfer_id: Some(id), revision: Some(revision), ..blank(domain, Topic::Transfer) };
    Ok(event::append(&tx.db, row).await?)
}

/// Lets go of events that are older than `kept_for`, and says how many there were. A subscriber whose cursor is older
/// is told of a gap.
///
/// # Errors
/// When the database fails.
pub async fn prune(domain: &Domain, kept_for: Duration) -> Result<u64> {
    Ok(event::prune(domain.db.write(), domain.clock.now() - kept_for).await?)
}

fn blank(domain: &Domain, topic: Topic) -> Event {
    Event {
        id: domain.clock.id(),
        insert_no: 0,
        seq: None,
        schema_version: SCHEMA_VERSION,
        topic,
        community_id: None,
        ticket_id: None,
        staff_id: None,
        occupant_id: None,
        account_id: None,
        act: None,
        version: None,
        revision: None,
        before: None,
        after: None,
        data_transfer_id: None,
        created_at: domain.clock.now(),
    }
}
