//! Everything with an identity.

use async_graphql::{Context, ID, Interface, Object, Result};

use super::attachment::Attachment;
use super::building::Building;
use super::category::Category;
use super::charge::Charge;
use super::community::Community;
use super::context::loader;
use super::document::Document;
use super::entrance::Entrance;
use super::error::fault;
use super::facility::Facility;
use super::inspection::{Checkpoint, Finding, Patrol, PatrolPlan, SpotCheck};
use super::loader::failed;
use super::occupancy::Occupancy;
use super::occupant::Occupant;
use super::post::Post;
use super::privacy::PrivacyRequest;
use super::staff::Staff;
use super::team::Team;
use super::ticket::{Ticket, WorkOrder};
use super::transfer::DataTransfer;
use super::unit::Unit;
use crate::base::id::{self, Id};
use crate::domain::{Current, Error, Refusal};

/// The most that `nodes` gives at once.
const NODES_MAX: usize = 100;

/// Something with an identity: `node(id:)` finds it again.
#[derive(Interface)]
#[expect(clippy::large_enum_variant, reason = "a ticket is what nearly every node is")]
#[graphql(name = "Node", field(name = "id", ty = "ID", desc = "Its id, of the form kind:uuid."))]
pub(super) enum Node {
    /// A ticket.
    Ticket(Ticket),
    /// A work order.
    WorkOrder(WorkOrder),
    /// A community.
    Community(Community),
    /// A building.
    Building(Building),
    /// An entrance.
    Entrance(Entrance),
    /// A facility.
    Facility(Facility),
    /// A unit.
    Unit(Unit),
    /// An occupant.
    Occupant(Occupant),
    /// An occupancy.
    Occupancy(Occupancy),
    /// A member of staff.
    Staff(Staff),
    /// A team.
    Team(Team),
    /// A post.
    Post(Post),
    /// A building in somebody's charge.
    Charge(Charge),
    /// A category.
    Category(Category),
    /// A photo or document.
    Attachment(Attachment),
    /// What somebody asks to be done with their personal data.
    PrivacyRequest(PrivacyRequest),
    /// A patrol plan.
    PatrolPlan(PatrolPlan),
    /// A checkpoint.
    Checkpoint(Checkpoint),
    /// A patrol.
    Patrol(Patrol),
    /// A finding.
    Finding(Finding),
    /// A spot check.
    SpotCheck(SpotCheck),
    /// An import or export.
    DataTransfer(DataTransfer),
    /// A document of the archives.
    Document(Document),
}

impl From<Current> for Node {
    fn from(current: Current) -> Self {
        match current {
            Current::Ticket(row) => Self::Ticket(Ticket(*row)),
            Current::Community(row) => Self::Community(Community(*row)),
            Current::Building(row) => Self::Building(Building(*row)),
            Current::Entrance(row) => Self::Entrance(Entrance(*row)),
            Current::Facility(row) => Self::Facility(Facility(*row)),
            Current::Category(row) => Self::Category(Category(*row)),
            Current::Unit(row) => Self::Unit(Unit(*row)),
            Current::Occupant(row) => Self::Occupant(Occupant(*row)),
            Current::Staff(row) => Self::Staff(Staff(*row)),
            Current::Team(row) => Self::Team(Team(*row)),
            Current::PrivacyRequest(row) => Self::PrivacyRequest(PrivacyRequest(*row)),
            Current::WorkOrder(row) => Self::WorkOrder(WorkOrder(*row)),
            Current::PatrolPlan(row) => Self::PatrolPlan(PatrolPlan(*row)),
            Current::Checkpoint(row) => Self::Checkpoint(Checkpoint(*row)),
            Current::Patrol(row) => Self::Patrol(Patrol(*row)),
            Current::Finding(row) => Self::Finding(Finding(*row)),
            Current::SpotCheck(row) => Self::SpotCheck(SpotCheck(*row)),
            Current::Document(row) => Self::Document(Document(*row)),
        }
    }
}

/// Finds again what has an identity.
#[derive(Default)]
pub(super) struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Finds anything again by its id; `null` when there is no such thing, or not for this viewer.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "An id of any kind.")] id: ID,
    ) -> Result<Option<Node>> {
        find(ctx, "id", &id).await
    }

    /// Finds many things again, in the order of the ids, with `null` for what is not there. At most 100 at once.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Ids of any kinds, at most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        if ids.len() > NODES_MAX {
            let message = format!("{} ids are too many; ask for at most {NODES_MAX} at once", ids.len());
            return Err(fault(&Error::from(Refusal::invalid("ids", message))));
        }
        futures_util::future::try_join_all(ids.iter().map(|id| find(ctx, "ids", id))).await
    }
}

async fn find(ctx: &Context<'_>, field: &str, given: &ID) -> Result<Option<Node>> {
    let loader = loader(ctx)?;
    let (kind, uuid) = id::split(given).ok_or_else(|| {
        let shown = given.chars().filter(|c| !c.is_control()).take(60).collect::<String>();
        let message = format!("\"{shown}\" is not an id; ids look like ticket:0190a0b1-…");
        fault(&Error::from(Refusal::invalid(field, message)))
    })?;
    macro_rules! one {
        ($variant:ident) => {
            loader
                .load_one(Id::<id::kind::$variant>::new(uuid))
                .await
                .map_err(failed)?
                .map(|row| Node::$variant(row.into()))
        };
    }
    Ok(match kind {
        "ticket" => one!(Ticket),
        "workorder" => one!(WorkOrder),
        "community" => one!(Community),
        "building" => one!(Building),
        "entrance" => one!(Entrance),
        "facility" => one!(Facility),
        "unit" => one!(Unit),
        "occupant" => one!(Occupant),
        "occupancy" => one!(Occupancy),
        "staff" => one!(Staff),
        "team" => one!(Team),
        "post" => one!(Post),
        "charge" => one!(Charge),
        "category" => one!(Category),
        "attachment" => one!(Attachment),
        "privacyrequest" => one!(PrivacyRequest),
        "patrolplan" => one!(PatrolPlan),
        "checkpoint" => one!(Checkpoint),
        "patrol" => one!(Patrol),
        "finding" => one!(Finding),
        "spotcheck" => one!(SpotCheck),
        "datatransfer" => one!(DataTransfer),
        "document" => one!(Document),
        _ => None,
    })
}
