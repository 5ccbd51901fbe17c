//! What staff read of people's data and of the archives. A request gathers what it has shown and hands it on when it is answered; one task
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
use crate::base::id::{CommunityId, DocumentId, OccupantId, TicketId, UnitId};
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
    /// What stands in the register of a document that not everybody may read.
    ArchiveRecord,
    /// What a document of the archives holds.
    ArchiveContent,
}

impl What {
    fn code(self) -> &'static str {
        match self {
            Self::OccupantPhone => "OCCUPANT_PHONE",
            Self::ContactPhone => "CONTACT_PHONE",
            Self::ArchiveRecord => "RECORD",
            Self::ArchiveContent => "CONTENT",
        }
    }

    fn action(self) -> Action {
        match self {
            Self::OccupantPhone | Self::ContactPhone => Action::PersonalDataRead,
            Self::ArchiveRecord | Self::ArchiveContent => Action::ArchiveRead,
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
    /// About which unit, where it is a document's.
    pub unit: Option<UnitId>,
    /// On which ticket.
    pub ticket: Option<TicketId>,
    /// Of which document.
    pub document: Option<DocumentId>,
}

impl Shown {
    /// Something in a community; of whom and on what is to be added.
    #[must_use]
    pub fn of(what: What, community: CommunityId) -> Self {
        Self { what, community, occupant: None, unit: None, ticket: None, document: None }
    }

    fn subjects(&self) -> impl Iterator<Item = (&'static str, Uuid)> {
        let of = [
            self.occupant.map(|id| (kind::Occupant::NAME, id.uuid())),
            self.unit.map(|id| (kind::Unit::NAME, id.uuid())),
            self.ticket.map(|id| (kind::Ticket::NAME, id.uuid())),
            self.document.map(|id| (kind::Document::NAME, id.uuid())),
        ];
        of.into_iter().flatten()
    }
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
        while let Err(error) = domain.db.answered(Box::pin(write(&domain, &batch))).await {
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
        read.origin.clone().scope(write_one(domain, &tx, &read.viewer, &read.shown)).await?;
    }
    // There is no event in it, and so nothing to wake the feed for.
    Ok(tx.db.commit().await?)
}

/// Writes down at once what is about to be shown: if that fails, it is not shown.
pub(in crate::domain) async fn note_shown(domain: &Domain, viewer: &Viewer, shown: Shown) -> Result<()> {
    let tx = domain.begin().await?;
    write_one(domain, &tx, viewer, &BTreeSet::from([shown])).await?;
    Ok(tx.db.commit().await?)
}

async fn write_one(domain: &Domain, tx: &Tx<'_>, viewer: &Viewer, all: &BTreeSet<Shown>) -> Result<()> {
    let mut lines: BTreeMap<(What, CommunityId), Vec<(&'static str, Uuid)>> = BTreeMap::new();
    for shown in all {
        let told = lines.entry((shown.what, shown.community)).or_default();
        for subject in shown.subjects() {
            if !told.contains(&subject) {
                told.push(subject);
            }
        }
    }
    for ((what, community), subjects) in lines {
        for subjects in subjects.chunks(SUBJECTS_MAX) {
            let line = Note::of(what.action()).at(community).with("what", what.code());
            let line = subjects.iter().fold(line, |line, (kind, id)| line.about_any(kind, *id));
            note(domain, tx, viewer, line).await?;
        }
    }
    Ok(())
}
