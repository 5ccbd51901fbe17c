//! One row of the feed, written in the transaction that made the change: ids, kinds and versions, no words.

use sea_orm::entity::prelude::*;

use serde::{Deserialize, Serialize};

use super::ticket::Kind;
use crate::base::TicketSight;
use crate::base::id::*;

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Topic {
    /// A ticket was filed or changed.
    Ticket,
    /// What somebody may see has changed.
    Access,
}

/// One row of the feed, written in the transaction that made the change: ids, kinds and versions, no words.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EventId,
    /// Drawn after the row it is about was locked.
    pub insert_no: i64,
    /// Its place in the feed, once it has been numbered.
    pub seq: Option<i64>,
    /// The form of this row.
    pub schema_version: i32,
    /// What it is about.
    pub topic: Topic,
    /// The community of the ticket.
    pub community_id: Option<CommunityId>,
    /// The ticket that changed.
    pub ticket_id: Option<TicketId>,
    /// The member of staff whose rights changed.
    pub staff_id: Option<StaffId>,
    /// The occupant whose rights changed.
    pub occupant_id: Option<OccupantId>,
    /// The account whose rights or sessions changed.
    pub account_id: Option<AccountId>,
    /// What happened to the ticket.
    pub act: Option<super::ticket::Act>,
    /// The ticket's version after it.
    pub version: Option<i32>,
    /// The ticket's revision after it.
    pub revision: Option<i32>,
    /// Who could see the ticket before, as [`Facts`].
    pub before: Option<Json>,
    /// Who can see it now, as [`Facts`].
    pub after: Option<Json>,
    /// When.
    pub created_at: DateTimeUtc,
}

/// Rows are joined by loaders and by scoped finders, not by SeaORM relations.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// All that decides who sees a ticket, as it was at one moment: ids and kinds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The community.
    pub community: CommunityId,
    /// COMPLAINT, REPAIR, …
    pub kind: Kind,
    /// The building.
    pub building: Option<BuildingId>,
    /// The unit.
    pub unit: Option<UnitId>,
    /// The owner.
    pub owner: Option<StaffId>,
    /// The reporter.
    pub reporter: Option<OccupantId>,
    /// Who typed it.
    pub filed_by: Option<AccountId>,
    /// The member of staff it is about.
    pub about_staff: Option<StaffId>,
    /// The team it is about.
    pub about_team: Option<TeamId>,
    /// The teams with a work order that gives sight.
    pub teams: Vec<TeamId>,
    /// The workers with a work order that gives sight.
    pub workers: Vec<StaffId>,
    /// When it was filed.
    pub filed_at: DateTimeUtc,
}

impl Facts {
    /// Whether a ticket with these facts is seen. The twin of `ticket::Entity::visible_to`, for events, which are
    /// judged without asking the database; a test holds the two together.
    #[must_use]
    pub fn seen_by(&self, sight: &TicketSight) -> bool {
        sight.everywhere || self.seen_as_staff(sight) || self.seen_as_resident(sight)
    }

    fn seen_as_staff(&self, sight: &TicketSight) -> bool {
        let blind = self.about_staff.is_some_and(|staff| sight.blind_to_staff.contains(&staff))
            || self.about_team.is_some_and(|team| sight.blind_to_teams.contains(&team));
        let is_self = |staff: &StaffId| sight.staff == Some(*staff);
        let seen = sight.communities.contains(&self.community)
            || self.building.is_some_and(|building| sight.buildings.contains(&building))
            || self.owner.as_ref().is_some_and(is_self)
            || self.workers.iter().any(is_self)
            || self.teams.iter().any(|team| sight.teams.contains(team))
            || (self.kind == Kind::Repair && self.filed_by.is_some() && self.filed_by == sight.filed_repairs_by);
        seen && !blind
    }

    fn seen_as_resident(&self, sight: &TicketSight) -> bool {
        let Some(occupant) = sight.occupant else {
            return false;
        };
        let at_home = |unit: UnitId, reporter: OccupantId| {
            sight.homes.iter().any(|home| {
                home.unit == unit && self.filed_at >= home.since && home.members.contains(&reporter)
            })
        };
        let owned = |unit: UnitId| {
            sight.owned.iter().any(|owned| owned.unit == unit && self.filed_at >= owned.since)
        };
        self.reporter == Some(occupant)
            || (self.kind != Kind::Complaint
                && self.unit.zip(self.reporter).is_some_and(|(unit, reporter)| at_home(unit, reporter)))
            || (self.kind == Kind::Repair && self.unit.is_some_and(owned))
    }
}
