//! What staff read of people's data. A request gathers what it has shown and hands it on when it is answered; one task
//! writes it, several requests in one transaction, so that no field costs a write. What was handed on is written before
//! the program ends.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Action, Note, note};
use crate::base::id::{CommunityId, OccupantId, TicketId};
use crate::base::{Kind, Origin, id::kind};
use crate::domain::{Domain, Result, Tx, Viewer};

/// How many answered requests wait to be written down before the next one waits for them.
const QUEUE: usize = 1024;

/// How many are written in one transaction.
const BATCH: usize = 128;

/// The most subjects of one line; a request that has shown more makes several lines.
const SUBJECTS_MAX: usize = 200;

/// How long to wait before what failed is tried again, and how often when the program is about to end.
const RETRY_AFTER: Duration = Duration::from_millis(500);
const LAST_TRIES: usize = 4;

/// What was shown of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The telephone number in the register.
    OccupantPhone,
    /// The number to call about a ticket.
    ContactPhone,
}

impl What {
    fn code(self) -> &'static str {
        match self {
            Self::OccupantPhone => "OCCUPANT_PHONE",
            Self::ContactPhone => "CONTACT_PHONE",
        }
    }
}

/// Something of somebody that was shown whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shown {
    /// What.
    pub what: What,
    /// In which community.
    pub community: CommunityId,
    /// Whose, where it is an occupant's.
    pub occupant: Option<OccupantId>,
    /// On which ticket.
    pub ticket: Option<TicketId>,
}

/// What one request has shown to somebody.
#[derive(Clone, Debug)]
pub struct Read {
    /// To whom.
    pub viewer: Arc<Viewer>,
    /// Where the request came from.
    pub origin: Origin,
    /// What.
    pub shown: BTreeSet<Shown>,
}

/// Where requests hand on what they have shown. Clones share one queue.
#[derive(Clone, Debug)]
pub struct Readings(mpsc::Sender<Read>);

impl Readings {
    /// Begins to write down what is read, until `closing`; what was handed on before is still written.
    #[must_use]
    pub fn open(domain: Domain, closing: CancellationToken) -> (Self, JoinHandle<()>) {
        let (sender, queue) = mpsc::channel(QUEUE);
        (Self(sender), tokio::spawn(write_down(domain, queue, closing)))
    }

    /// Hands on what a request has shown. It waits only when the writing has fallen far behind.
    pub async fn add(&self, read: Read) {
        if !read.shown.is_empty() && self.0.send(read).await.is_err() {
            tracing::error!("what a request has read came too late to be written down");
        }
    }
}

async fn write_down(domain: Domain, mut queue: mpsc::Receiver<Read>, closing: CancellationToken) {
    let mut batch = Vec::new();
    loop {
        tokio::select! {
            count = queue.recv_many(&mut batch, BATCH) => if count == 0 { return },
            () = closing.cancelled(), if !queue.is_closed() => {
                queue.close();
                continue;
            }
        }
        let mut tries = 0;
        while let Err(error) = write(&domain, &batch).await {
            tries += 1;
            if queue.is_closed() && tries >= LAST_TRIES {
                tracing::error!(%error, requests = batch.len(), "what was read could not be written down");
                return;
            }
            tracing::warn!(%error, "what was read could not be written down; trying again");
            tokio::time::sleep(RETRY_AFTER).await;
        }
        batch.clear();
    }
}

async fn write(domain: &Domain, batch: &[Read]) -> Result<()> {
    let tx = domain.begin().await?;
    for read in batch {
        read.origin.clone().scope(write_one(domain, &tx, read)).await?;
    }
    // There is no event in it, and so nothing to wake the feed for.
    Ok(tx.db.commit().await?)
}

async fn write_one(domain: &Domain, tx: &Tx<'_>, read: &Read) -> Result<()> {
    let mut lines: BTreeMap<(What, CommunityId), Vec<(&'static str, Uuid)>> = BTreeMap::new();
    for shown in &read.shown {
        let subjects = lines.entry((shown.what, shown.community)).or_default();
        subjects.extend(shown.occupant.map(|id| (kind::Occupant::NAME, id.uuid())));
        subjects.extend(shown.ticket.map(|id| (kind::Ticket::NAME, id.uuid())));
    }
    for ((what, community), subjects) in lines {
        for subjects in subjects.chunks(SUBJECTS_MAX) {
            let line = Note::of(Action::PersonalDataRead).at(community).with("what", what.code());
            let line = subjects.iter().fold(line, |line, (kind, id)| line.about_any(kind, *id));
            note(domain, tx, &*read.viewer, line).await?;
        }
    }
    Ok(())
}
