//! What can be done, by whom, and what follows. A use case is one function and one transaction: load what the viewer
//! sees, ask whether they may, ask whether it is legal, write the rows and the event, commit.
//!
//! Nouns use each other in one order only: community < building < entrance < facility < unit < occupancy < occupant <
//! post < staff < team < charge < category < attachment < document < ticket < inspection < transfer <
//! privacy; all may use audit.
//! `find` loads what any of them refers to.

pub mod attachment;
pub mod audit;
pub mod building;
pub mod category;
mod change;
pub mod charge;
pub mod close;
pub mod community;
pub mod document;
pub mod entrance;
mod error;
pub mod event;
pub mod facility;
pub mod find;
pub mod inspection;
mod list;
pub mod occupancy;
pub mod occupant;
pub mod post;
pub mod privacy;
pub mod redact;
pub mod register;
mod row;
pub mod sla;
mod sought;
pub mod staff;
pub mod team;
mod text;
pub mod ticket;
pub mod transfer;
mod tx;
pub mod unit;
pub mod viewer;

use std::fmt;
use std::sync::{Arc, OnceLock};

use chrono::NaiveDate;
use chrono_tz::Tz;
use tokio::sync::Notify;

pub use change::Change;
pub use error::{Current, Error, Field, Refusal, Result};
pub(crate) use row::refuse_erased;
pub use text::{NAME_MAX, clean, masked, phone, required, sought, span, spellings};
pub use tx::{Once, Tx};
pub use viewer::Viewer;

pub use crate::storage::Rows;
pub use crate::storage::account::Model as Account;
pub use crate::storage::building::{Kind as BuildingKind, Model as Building};
pub use crate::storage::category::Model as Category;
pub use crate::storage::charge::Model as Charge;
pub use crate::storage::community::Model as Community;
pub use crate::storage::entrance::Model as Entrance;
pub use crate::storage::facility::{Kind as FacilityKind, Model as Facility};
pub use crate::storage::occupancy::{Kind as OccupancyKind, Model as Occupancy};
pub use crate::storage::occupant::{Kind as OccupantKind, Model as Occupant};
pub use crate::storage::post::{Model as Post, Role};
pub use crate::storage::staff::Model as Staff;
pub use crate::storage::team::{Kind as TeamKind, Model as Team};
pub use crate::storage::ticket_event::{Model as TicketEvent, Visibility};
pub use crate::storage::unit::{Model as Unit, Usage as UnitUsage};
pub use crate::storage::work_order::{AppointmentOutcome, Model as WorkOrder, Status as WorkOrderStatus};

use self::attachment::Files;
use crate::base::Clock;
use crate::storage::{Database, Ledger};

/// What every use case needs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Domain {
    /// The database.
    pub(crate) db: Database,
    /// Time and ids.
    pub(crate) clock: Clock,
    /// The time zone of what belongs to no community: a group-wide post ends at its midnight.
    pub(crate) time_zone: Tz,
    /// Where files are kept.
    pub(crate) files: Files,
    committed: Arc<Notify>,
    transfers: Arc<Notify>,
    on_access: Arc<OnceLock<OnAccess>>,
    ledger: Arc<OnceLock<Ledger>>,
}

/// Called when somebody's rights have changed, so that what is remembered of them is forgotten.
pub struct OnAccess(Box<dyn Fn(event::Whose) + Send + Sync>);

impl fmt::Debug for OnAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnAccess")
    }
}

impl Domain {
    /// The domain on an open, migrated database.
    #[must_use]
    pub fn new(db: Database, clock: Clock, time_zone: Tz) -> Self {
        Self {
            db,
            clock,
            time_zone,
            files: Files::in_memory(),
            committed: Arc::default(),
            transfers: Arc::default(),
            on_access: Arc::default(),
            ledger: Arc::default(),
        }
    }

    /// The same domain, which reads through connections apart from those of everybody else.
    #[must_use]
    pub fn apart(&self) -> Self {
        Self { db: self.db.apart(), ..self.clone() }
    }

    /// The same domain, which keeps its files here; without it they are gone with the process.
    #[must_use]
    pub fn with_files(self, files: Files) -> Self {
        Self { files, ..self }
    }

    /// Time and ids.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The time zone of what belongs to no community.
    #[must_use]
    pub fn time_zone(&self) -> Tz {
        self.time_zone
    }

    /// The day it is in the group's time zone, by which is judged what may be in several communities.
    pub(crate) fn today(&self) -> NaiveDate {
        self.clock.now().with_timezone(&self.time_zone).date_naive()
    }

    /// Resolves after a transaction of this process has committed an event. Wake-ups are merged, never lost while
    /// somebody waits.
    pub async fn committed(&self) {
        self.committed.notified().await;
    }

    /// Resolves after an import or export was asked for in this process.
    pub async fn transfer_asked_for(&self) {
        self.transfers.notified().await;
    }

    /// An import or export waits for a gateway, of which this one is the first to know.
    pub(crate) fn transfer_waits(&self) {
        self.transfers.notify_one();
    }

    /// Has `forget` called whenever somebody's rights change, in this process or another. Set once, at the start.
    pub fn on_access(&self, forget: impl Fn(event::Whose) + Send + Sync + 'static) {
        let _ = self.on_access.set(OnAccess(Box::new(forget)));
    }

    /// Has erasures written into this file too, so that a database that was restored can be erased again. Set once, at
    /// the start.
    pub fn keep_erasures_in(&self, file: impl Into<std::path::PathBuf>) {
        let _ = self.ledger.set(Ledger::new(file));
    }

    /// The ledger of erasures outside the database, if one is kept.
    pub(crate) fn ledger(&self) -> Option<&Ledger> {
        self.ledger.get()
    }

    /// Somebody's rights have changed.
    pub(crate) fn forget(&self, whose: event::Whose) {
        if let Some(OnAccess(forget)) = self.on_access.get() {
            forget(whose);
        }
    }

    /// The pools of the database, by name: connections open, and those of them that nobody uses.
    #[must_use]
    pub fn pools(&self) -> Vec<(&'static str, u32, usize)> {
        self.db.pools()
    }

    /// How many statements were sent outside transactions.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.db.statements().count()
    }

    /// Answers when the database does.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.db.ping().await?)
    }
}
