//! What a viewer sees, worked out once a request and asked by every finder.
//!
//! A `Scope` holds ids only. `domain::viewer` makes it from posts, buildings in charge and occupancies; `storage`
//! turns it into conditions; nothing else reads rows.

use chrono::{DateTime, Utc};

use super::id::{AccountId, BuildingId, CommunityId, OccupantId, StaffId, TeamId, UnitId};

/// Everything a viewer sees. The default sees nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scope {
    /// Tickets, their timelines and work orders.
    pub tickets: TicketSight,
    /// Communities, buildings, units and occupants.
    pub register: RegisterSight,
    /// Staff, posts and charges.
    pub staff: StaffSight,
    /// Occupants' telephone numbers, whole rather than masked.
    pub phones: PhoneSight,
    /// The audit trail.
    pub audit: AuditSight,
    /// Patrols, their findings and spot checks.
    pub inspections: InspectionSight,
    /// The documents of occupants and units.
    pub archives: ArchiveSight,
}

/// Which tickets are seen; each part adds to what is seen, but for the blind ones, which take away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TicketSight {
    /// Those of every community.
    pub everywhere: bool,
    /// All of these communities.
    pub communities: Vec<CommunityId>,
    /// All of these buildings, which are in the viewer's charge.
    pub buildings: Vec<BuildingId>,
    /// Those that this member of staff owns, or has a work order of.
    pub staff: Option<StaffId>,
    /// Those with a work order to one of these teams.
    pub teams: Vec<TeamId>,
    /// Those that this occupant reported.
    pub occupant: Option<OccupantId>,
    /// The household's, but no complaints.
    pub homes: Vec<Home>,
    /// A tenant's repairs, to the owner of the unit.
    pub owned: Vec<Owned>,
    /// REPAIR tickets that this account filed: a worker raises what they come across.
    pub filed_repairs_by: Option<AccountId>,
    /// A complaint about one of these, the viewer and their superiors, does not exist for them.
    pub blind_to_staff: Vec<StaffId>,
    /// A complaint about one of the viewer's own teams does not exist for them.
    pub blind_to_teams: Vec<TeamId>,
    /// A complaint about one of the viewer's own homes does not exist for them, though they work here.
    pub blind_to_units: Vec<UnitId>,
}

impl TicketSight {
    /// Whether anything is seen by work.
    #[must_use]
    pub fn is_of_work(&self) -> bool {
        self.is_at_large()
            || self.staff.is_some()
            || self.filed_repairs_by.is_some()
            || !self.teams.is_empty()
    }

    /// Whether tickets are seen for where they are, rather than one by one.
    #[must_use]
    pub fn is_at_large(&self) -> bool {
        self.everywhere || !(self.communities.is_empty() && self.buildings.is_empty())
    }
}

/// A home in which the viewer lives, since when, and who lives there with them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Home {
    /// The unit.
    pub unit: UnitId,
    /// What was reported before the viewer moved in is not theirs to see.
    pub since: DateTime<Utc>,
    /// The household's members, the viewer among them.
    pub members: Vec<OccupantId>,
}

/// A unit of the viewer's, and from when on it is theirs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Owned {
    /// The unit.
    pub unit: UnitId,
    /// The first moment of the ownership.
    pub since: DateTime<Utc>,
}

/// Which part of the register is seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct RegisterSight {
    /// All of it.
    pub everywhere: bool,
    /// All of these communities.
    pub communities: Vec<CommunityId>,
    /// A resident's own communities: the community itself, not what is in it.
    pub own_communities: Vec<CommunityId>,
    /// A resident's own buildings: the building itself.
    pub own_buildings: Vec<BuildingId>,
    /// A resident's own units.
    pub own_units: Vec<UnitId>,
    /// The viewer as an occupant.
    pub occupant: Option<OccupantId>,
}

/// Which staff are seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct StaffSight {
    /// All of them.
    pub everywhere: bool,
    /// Those with a post at one of these communities.
    pub communities: Vec<CommunityId>,
    /// The viewer as a member of staff.
    pub own: Option<StaffId>,
    /// The viewer's own teams.
    pub teams: Vec<TeamId>,
}

/// Whose telephone number is seen whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PhoneSight {
    /// Everybody's; what runs by itself under a named reason.
    pub everywhere: bool,
    /// Of those who live in these communities.
    pub communities: Vec<CommunityId>,
    /// Of those who live in these buildings.
    pub buildings: Vec<BuildingId>,
    /// The viewer's own.
    pub occupant: Option<OccupantId>,
}

/// Which part of the audit trail is seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AuditSight {
    /// All of it, and what people ask to be done with their data.
    pub everywhere: bool,
    /// What concerns one of these communities alone.
    pub communities: Vec<CommunityId>,
}

/// Which inspections are seen; each part adds to what is seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct InspectionSight {
    /// Those of every community.
    pub everywhere: bool,
    /// All of these communities.
    pub communities: Vec<CommunityId>,
    /// Patrols of these buildings, which are in the viewer's charge.
    pub buildings: Vec<BuildingId>,
    /// What this member of staff owes, walked, found or judged.
    pub staff: Option<StaffId>,
    /// Published spot checks of every community.
    pub published_everywhere: bool,
    /// Published spot checks of these communities, where the viewer works.
    pub published_in: Vec<CommunityId>,
}

/// Which documents are seen, by how confidential they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ArchiveSight {
    /// Of those that all may read who read the register.
    pub normal: Reach,
    /// Of the confidential ones.
    pub confidential: Reach,
    /// Of the secret ones.
    pub secret: Reach,
    /// The viewer as an occupant, who reads what is kept of them unless it is secret.
    pub occupant: Option<OccupantId>,
}

/// How far somebody sees.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Reach {
    /// In every community.
    pub everywhere: bool,
    /// All of these communities.
    pub communities: Vec<CommunityId>,
    /// All of these buildings, which are in the viewer's charge.
    pub buildings: Vec<BuildingId>,
}

impl Reach {
    /// Everywhere.
    #[must_use]
    pub fn everywhere() -> Self {
        Self { everywhere: true, ..Self::default() }
    }

    /// Whether what is in this community, and perhaps in a building of it, is within it.
    #[must_use]
    pub fn covers(&self, community: CommunityId, building: Option<BuildingId>) -> bool {
        self.everywhere
            || self.communities.contains(&community)
            || building.is_some_and(|building| self.buildings.contains(&building))
    }
}

impl Scope {
    /// What runs by itself sees everything; `why` says in the log what for.
    #[must_use]
    pub fn system(why: &'static str) -> Self {
        tracing::debug!(why, "acting as the system");
        Self {
            tickets: TicketSight { everywhere: true, ..TicketSight::default() },
            register: RegisterSight { everywhere: true, ..RegisterSight::default() },
            staff: StaffSight { everywhere: true, ..StaffSight::default() },
            phones: PhoneSight { everywhere: true, ..PhoneSight::default() },
            audit: AuditSight { everywhere: true, ..AuditSight::default() },
            inspections: InspectionSight { everywhere: true, ..InspectionSight::default() },
            archives: ArchiveSight {
                normal: Reach::everywhere(),
                confidential: Reach::everywhere(),
                secret: Reach::everywhere(),
                occupant: None,
            },
        }
    }
}
