//! Ids that know what they are the id of: a building's is never taken for a unit's, in code or on the wire.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// What an [`Id`] identifies.
pub trait Kind: 'static {
    /// The word before the colon: `ticket` in `ticket:0190…`.
    const NAME: &'static str;
}

/// The id of a `K`, shown as `kind:uuid`.
pub struct Id<K> {
    uuid: Uuid,
    kind: PhantomData<fn() -> K>,
}

/// Why a text is no id of the kind that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The text does not have the form `kind:uuid`.
    #[error("\"{given}\" is not an id; an id of this kind looks like {expected}:0190a0b1-…")]
    Malformed {
        /// The text, cut short.
        given: String,
        /// The kind that was asked for.
        expected: &'static str,
    },
    /// It is an id, but of something else.
    #[error("this id is of kind \"{found}\"; one of kind \"{expected}\" is needed here")]
    WrongKind {
        /// The kind that was given.
        found: String,
        /// The kind that was asked for.
        expected: &'static str,
    },
}

impl<K> Id<K> {
    /// The id with this UUID.
    #[must_use]
    pub const fn new(uuid: Uuid) -> Self {
        Self { uuid, kind: PhantomData }
    }

    /// The bare UUID, as stored.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.uuid
    }
}

impl<K: Kind> Id<K> {
    /// Reads `kind:uuid`.
    ///
    /// # Errors
    /// [`IdError::Malformed`] when it has another form, [`IdError::WrongKind`] when it names something else.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let (kind, uuid) = split(text).ok_or_else(|| IdError::Malformed {
            given: text.chars().filter(|c| !c.is_control()).take(60).collect(),
            expected: K::NAME,
        })?;
        if kind != K::NAME {
            return Err(IdError::WrongKind { found: kind.to_owned(), expected: K::NAME });
        }
        Ok(Self::new(uuid))
    }
}

/// Splits an id of any kind into the name of its kind and its UUID; `None` when it is not one.
#[must_use]
pub fn split(text: &str) -> Option<(&str, Uuid)> {
    let (kind, uuid) = text.split_once(':')?;
    let known = kind::NAMES.contains(&kind);
    // Only the form that we write is read, so that one thing has one id.
    let uuid =
        Uuid::try_parse(uuid).ok().filter(|parsed| known && parsed.hyphenated().to_string() == uuid)?;
    Some((kind, uuid))
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.uuid.cmp(&other.uuid)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}
impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", K::NAME, self.uuid)
    }
}
impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl<K> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.uuid.serialize(serializer)
    }
}
impl<'de, K> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Uuid::deserialize(deserializer).map(Self::new)
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal as $alias:ident;)*) => {
        /// The kinds of things that have ids.
        pub mod kind {
            $($(#[$doc])* #[derive(Debug)] pub enum $kind {}
            impl super::Kind for $kind { const NAME: &'static str = $name; })*

            /// The names of all kinds.
            pub(super) const NAMES: &[&str] = &[$($name),*];
        }
        $($(#[$doc])* pub type $alias = Id<kind::$kind>;)*
    };
}

kinds! {
    /// One managed estate.
    Community = "community" as CommunityId;
    /// A node of the category tree.
    Category = "category" as CategoryId;
    /// A building of a community.
    Building = "building" as BuildingId;
    /// A stairwell of a building.
    Entrance = "entrance" as EntranceId;
    /// A shared or fire-safety installation.
    Facility = "facility" as FacilityId;
    /// A home, office, shop or stall.
    Unit = "unit" as UnitId;
    /// A person or company that lives or works in units.
    Occupant = "occupant" as OccupantId;
    /// One occupant's time in one unit.
    Occupancy = "occupancy" as OccupancyId;
    /// A member of staff.
    Staff = "staff" as StaffId;
    /// A team of a community.
    Team = "team" as TeamId;
    /// A role held at a community.
    Post = "post" as PostId;
    /// A building in a member of staff's charge.
    Charge = "charge" as ChargeId;
    /// One sign-in.
    Account = "account" as AccountId;
    /// One signed-in device.
    Session = "session" as SessionId;
    /// A request's idempotency key, as remembered.
    Idempotency = "idempotency" as IdempotencyId;
    /// One matter raised.
    Ticket = "ticket" as TicketId;
    /// A piece of a ticket's work given to a team.
    WorkOrder = "workorder" as WorkOrderId;
    /// A line of a ticket's timeline.
    TicketEvent = "ticketevent" as TicketEventId;
    /// A document in the archives of an occupant or a unit.
    Document = "document" as DocumentId;
    /// A photo or document that hangs on something.
    Attachment = "attachment" as AttachmentId;
    /// How often a building is to be patrolled, and by whom.
    PatrolPlan = "patrolplan" as PatrolPlanId;
    /// A place that a patrol passes.
    Checkpoint = "checkpoint" as CheckpointId;
    /// One walk through a building.
    Patrol = "patrol" as PatrolId;
    /// A checkpoint passed on a patrol.
    PatrolStep = "patrolstep" as PatrolStepId;
    /// What a patrol or a spot check came across.
    Finding = "finding" as FindingId;
    /// A look at a building or at a team's service.
    SpotCheck = "spotcheck" as SpotCheckId;
    /// A row of the feed.
    Event = "event" as EventId;
    /// The life of this database, from its making or restoring on.
    Epoch = "epoch" as EpochId;
    /// A line of the audit trail.
    Audit = "audit" as AuditId;
    /// What somebody asks to be done with their personal data.
    PrivacyRequest = "privacyrequest" as PrivacyRequestId;
    /// An import or export, as a task.
    DataTransfer = "datatransfer" as DataTransferId;
    /// A row that an import refused.
    DataTransferRefusal = "datatransferrefusal" as DataTransferRefusalId;
    /// A person whose data were erased, as the ledger has it.
    Erasure = "erasure" as ErasureId;
}
