//! Loads what a list's rows refer to, one statement a level. A key's type says what is loaded by it, and every load
//! is within what the viewer sees.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader as Load;

use super::error::fault;
use crate::base::Page;
use crate::base::id::*;
use crate::domain::{
    self, Domain, Error, Rows, Viewer, attachment, audit, document, find, inspection, transfer,
};

/// Loads for one viewer.
pub(super) struct Loaders {
    pub(super) domain: Domain,
    pub(super) viewer: Arc<Viewer>,
}

/// Why a load failed; many resolvers share one.
pub(super) type Failed = Arc<Error>;

/// A failed load as a top-level error.
#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
pub(super) fn failed(error: Failed) -> async_graphql::Error {
    fault(&error)
}

/// The name and title of a member of staff, as everybody sees them who sees what they handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct HandlerOf(pub(super) StaffId);

/// The assistants in whose charge a building is, for everybody who sees the building.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct AssistantsOf(pub(super) BuildingId);

/// A page of the units of a building.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct UnitsOf {
    pub(super) building: BuildingId,
    pub(super) page: Page,
}

/// A page of what an import refused.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct RefusalsOf {
    pub(super) transfer: DataTransferId,
    pub(super) page: Page,
}

/// How many units a building has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct UnitCountOf(pub(super) BuildingId);

/// Where an occupant is, which decides who sees their telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct PlacesOf(pub(super) OccupantId);

/// Whether the viewer has a work order for a ticket of an occupant's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct CallerOnOrder(pub(super) OccupantId);

/// The last lines of a ticket's timeline that the viewer may read, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct TimelineOf {
    pub(super) ticket: TicketId,
    pub(super) last: u64,
}

/// The last readings of a document that the viewer sees in the audit trail, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ReadingsOf {
    pub(super) document: DocumentId,
    pub(super) last: u64,
}

/// Loads rows by their ids.
macro_rules! rows {
    ($($id:ty => $row:ty, $find:path;)*) => {$(
        impl Load<$id> for Loaders {
            type Value = $row;
            type Error = Failed;

            async fn load(&self, ids: &[$id]) -> Result<HashMap<$id, $row>, Failed> {
                $find(&self.domain, &self.viewer, ids).await.map_err(Arc::new)
            }
        }
    )*};
}

rows! {
    AttachmentId => attachment::Attachment, attachment::find;
    CommunityId => domain::Community, find::communities;
    BuildingId => domain::Building, find::buildings;
    EntranceId => domain::Entrance, find::entrances;
    FacilityId => domain::Facility, find::facilities;
    DocumentId => document::Document, find::documents;
    UnitId => domain::Unit, find::units;
    OccupantId => domain::Occupant, find::occupants;
    OccupancyId => domain::Occupancy, find::occupancies;
    StaffId => domain::Staff, find::staff_members;
    TeamId => domain::Team, find::teams;
    PostId => domain::Post, find::posts;
    ChargeId => domain::Charge, find::charges;
    CategoryId => domain::Category, find::categories;
    TicketId => domain::ticket::Ticket, find::tickets;
    WorkOrderId => domain::WorkOrder, find::work_orders;
    PrivacyRequestId => domain::privacy::PrivacyRequest, find::privacy_requests;
    PatrolPlanId => inspection::PatrolPlan, find::patrol_plans;
    CheckpointId => inspection::Checkpoint, find::checkpoints;
    PatrolId => inspection::Patrol, find::patrols;
    FindingId => inspection::Finding, find::findings;
    SpotCheckId => inspection::SpotCheck, find::spot_checks;
    DataTransferId => transfer::DataTransfer, find::data_transfers;
}

/// Loads lists by what they belong to; each has a key of its own, as the same thing may have several lists.
macro_rules! lists {
    ($($(#[$doc:meta])* $key:ident($id:ty) => $row:ty, $find:path;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(super) struct $key(pub(super) $id);

        impl Load<$key> for Loaders {
            type Value = Arc<Vec<$row>>;
            type Error = Failed;

            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, Self::Value>, Failed> {
                let ids = keys.iter().map(|key| key.0).collect::<Vec<_>>();
                let found = $find(&self.domain, &self.viewer, &ids).await.map_err(Arc::new)?;
                Ok(found.into_iter().map(|(id, rows)| ($key(id), Arc::new(rows))).collect())
            }
        }
    )*};
}

lists! {
    /// Where a line of the audit trail came from: one address at most.
    AddressesOf(AuditId) => String, audit::addresses_of_lines;
    /// The files of a document of the archives, in their order.
    AttachmentsOfDocument(DocumentId) => attachment::Attachment, attachment::of_documents;
    /// The photos of a finding.
    AttachmentsOfFinding(FindingId) => attachment::Attachment, attachment::of_findings;
    /// The photos of a spot check.
    AttachmentsOfSpotCheck(SpotCheckId) => attachment::Attachment, attachment::of_spot_checks;
    /// The photos of what was put right after a spot check.
    AttachmentsOfRectification(SpotCheckId) => attachment::Attachment, attachment::of_rectifications;
    /// The attachments that came with a line of a timeline, in their order.
    AttachmentsOfLine(TicketEventId) => attachment::Attachment, attachment::of_lines;
    /// The attachments of a ticket, in the order in which they came.
    AttachmentsOfTicket(TicketId) => attachment::Attachment, attachment::of_tickets;
    /// Whom and what a line of the audit trail is about.
    AuditSubjectsOf(AuditId) => String, audit::subjects_of_lines;
    /// The buildings in the charge of a member of staff.
    ChargesOfStaff(StaffId) => domain::Charge, find::charges_of_staff;
    /// The open checkpoints of a building, in the order of the round.
    CheckpointsOf(BuildingId) => inspection::Checkpoint, find::checkpoints_of_buildings;
    /// The open categories below a category, by their place.
    ChildrenOf(CategoryId) => domain::Category, find::children_of_categories;
    /// What is kept of an occupant, the last to be filed first.
    DocumentsOfOccupant(OccupantId) => document::Document, document::of_occupants;
    /// What is kept of a unit, the last to be filed first.
    DocumentsOfUnit(UnitId) => document::Document, document::of_units;
    /// The open entrances of a building, by name.
    EntrancesOf(BuildingId) => domain::Entrance, find::entrances_of_buildings;
    /// What a patrol came across.
    FindingsOfPatrol(PatrolId) => inspection::Finding, find::findings_of_patrols;
    /// What a spot check came across.
    FindingsOfSpotCheck(SpotCheckId) => inspection::Finding, find::findings_of_spot_checks;
    /// The checkpoints that a patrol has not passed.
    MissingOf(PatrolId) => inspection::Checkpoint, find::missing_of_patrols;
    /// What a patrol passed, in the order of passing.
    StepsOf(PatrolId) => inspection::PatrolStep, find::steps_of_patrols;
    /// The posts that are held today in a team.
    MembersOf(TeamId) => domain::Post, find::members_of_teams;
    /// Where an occupant is and was, the last place first.
    OccupanciesOfOccupant(OccupantId) => domain::Occupancy, find::occupancies_of_occupants;
    /// Who is and was in a unit, the last to come first.
    OccupanciesOfUnit(UnitId) => domain::Occupancy, find::occupancies_of_units;
    /// The work orders of a ticket, oldest first.
    OrdersOf(TicketId) => domain::WorkOrder, find::orders_of_tickets;
    /// The posts that a member of staff holds and held, newest first.
    PostsOf(StaffId) => domain::Post, find::posts_of_staff;
}

impl Load<HandlerOf> for Loaders {
    type Value = find::Handler;
    type Error = Failed;

    async fn load(&self, keys: &[HandlerOf]) -> Result<HashMap<HandlerOf, Self::Value>, Failed> {
        let ids = keys.iter().map(|key| key.0).collect::<Vec<_>>();
        let found = find::handlers(&self.domain, &ids).await.map_err(Arc::new)?;
        Ok(found.into_iter().map(|(id, handler)| (HandlerOf(id), handler)).collect())
    }
}

impl Load<AssistantsOf> for Loaders {
    type Value = Arc<Vec<find::Handler>>;
    type Error = Failed;

    async fn load(&self, keys: &[AssistantsOf]) -> Result<HashMap<AssistantsOf, Self::Value>, Failed> {
        let ids = keys.iter().map(|key| key.0).collect::<Vec<_>>();
        let found = find::assistants_of_buildings(&self.domain, &ids).await.map_err(Arc::new)?;
        Ok(found.into_iter().map(|(id, assistants)| (AssistantsOf(id), Arc::new(assistants))).collect())
    }
}

impl Load<UnitsOf> for Loaders {
    type Value = Arc<Rows<domain::Unit>>;
    type Error = Failed;

    /// One statement for each page that is asked for: in one list that is one.
    async fn load(&self, keys: &[UnitsOf]) -> Result<HashMap<UnitsOf, Self::Value>, Failed> {
        let mut by_page: HashMap<&Page, Vec<BuildingId>> = HashMap::new();
        for key in keys {
            by_page.entry(&key.page).or_default().push(key.building);
        }
        let mut units = HashMap::new();
        for (page, ids) in by_page {
            let found = find::units_of_buildings(&self.domain, &self.viewer, &ids, page);
            let found = found.await.map_err(Arc::new)?;
            let key = |building| UnitsOf { building, page: page.clone() };
            units.extend(found.into_iter().map(|(building, rows)| (key(building), Arc::new(rows))));
        }
        Ok(units)
    }
}

impl Load<RefusalsOf> for Loaders {
    type Value = Arc<transfer::Refusals>;
    type Error = Failed;

    /// One statement for each page that is asked for: in one list that is one.
    async fn load(&self, keys: &[RefusalsOf]) -> Result<HashMap<RefusalsOf, Self::Value>, Failed> {
        let mut by_page: HashMap<&Page, Vec<DataTransferId>> = HashMap::new();
        for key in keys {
            by_page.entry(&key.page).or_default().push(key.transfer);
        }
        let mut refusals = HashMap::new();
        for (page, ids) in by_page {
            let found = transfer::refusals_of(&self.domain, &self.viewer, &ids, page);
            let found = found.await.map_err(Arc::new)?;
            let key = |transfer| RefusalsOf { transfer, page: page.clone() };
            refusals.extend(found.into_iter().map(|(transfer, rows)| (key(transfer), Arc::new(rows))));
        }
        Ok(refusals)
    }
}

impl Load<UnitCountOf> for Loaders {
    type Value = u64;
    type Error = Failed;

    async fn load(&self, keys: &[UnitCountOf]) -> Result<HashMap<UnitCountOf, u64>, Failed> {
        let ids = keys.iter().map(|key| key.0).collect::<Vec<_>>();
        let found = find::unit_counts_of_buildings(&self.domain, &self.viewer, &ids).await;
        let counts = found.map_err(Arc::new)?.into_iter();
        Ok(counts.map(|(id, count)| (UnitCountOf(id), count.unsigned_abs())).collect())
    }
}

impl Load<PlacesOf> for Loaders {
    type Value = Arc<Vec<domain::occupant::Place>>;
    type Error = Failed;

    async fn load(&self, keys: &[PlacesOf]) -> Result<HashMap<PlacesOf, Self::Value>, Failed> {
        let ids = keys.iter().map(|key| key.0).collect::<Vec<_>>();
        let found = find::places_of_occupants(&self.domain, &ids).await.map_err(Arc::new)?;
        Ok(found.into_iter().map(|(id, places)| (PlacesOf(id), Arc::new(places))).collect())
    }
}

impl Load<CallerOnOrder> for Loaders {
    type Value = ();
    type Error = Failed;

    async fn load(&self, keys: &[CallerOnOrder]) -> Result<HashMap<CallerOnOrder, ()>, Failed> {
        let ids = keys.iter().map(|key| key.0).collect::<Vec<_>>();
        let found = find::callers_on_orders(&self.domain, &self.viewer, &ids).await.map_err(Arc::new)?;
        Ok(found.into_iter().map(|id| (CallerOnOrder(id), ())).collect())
    }
}

impl Load<TimelineOf> for Loaders {
    type Value = Arc<Vec<domain::TicketEvent>>;
    type Error = Failed;

    /// One statement for each length that is asked for: in one list that is one.
    async fn load(&self, keys: &[TimelineOf]) -> Result<HashMap<TimelineOf, Self::Value>, Failed> {
        let mut by_length: HashMap<u64, Vec<TicketId>> = HashMap::new();
        for key in keys {
            by_length.entry(key.last).or_default().push(key.ticket);
        }
        let mut lines = HashMap::new();
        for (last, ids) in by_length {
            let found = find::timeline(&self.domain, &self.viewer, &ids, last).await.map_err(Arc::new)?;
            lines.extend(
                found.into_iter().map(|(ticket, lines)| (TimelineOf { ticket, last }, Arc::new(lines))),
            );
        }
        Ok(lines)
    }
}

impl Load<ReadingsOf> for Loaders {
    type Value = Arc<Vec<audit::Line>>;
    type Error = Failed;

    /// One statement for each length that is asked for: in one list that is one.
    async fn load(&self, keys: &[ReadingsOf]) -> Result<HashMap<ReadingsOf, Self::Value>, Failed> {
        let mut by_length: HashMap<u64, Vec<DocumentId>> = HashMap::new();
        for key in keys {
            by_length.entry(key.last).or_default().push(key.document);
        }
        let mut lines = HashMap::new();
        for (last, ids) in by_length {
            let found = audit::readings_of_documents(&self.domain, &self.viewer, &ids, last);
            let found = found.await.map_err(Arc::new)?;
            let key = |document| ReadingsOf { document, last };
            lines.extend(found.into_iter().map(|(document, lines)| (key(document), Arc::new(lines))));
        }
        Ok(lines)
    }
}
