//! What a viewer sees: the row "see tickets", "read the register" and "see an occupant's phone" of the table of roles,
//! as code without a database.

use super::{Standing, start_of_day};
use crate::base::id::OccupantId;
use crate::base::{
    AuditSight, Home, InspectionSight, Owned, PhoneSight, RegisterSight, Scope, StaffSight, TicketSight,
};
use crate::storage::post::Role;
use crate::storage::{account, occupancy, occupant, post, staff};

/// Sees every ticket of the community.
const SEES_COMMUNITY: &[Role] = &[
    Role::FrontDesk,
    Role::Supervisor,
    Role::CenterSupervisor,
    Role::ServiceManager,
    Role::ProjectHead,
    Role::GroupService,
    Role::QualityOffice,
    Role::Executive,
];

/// Reads the register of the community.
const READS_REGISTER: &[Role] = &[
    Role::FrontDesk,
    Role::Worker,
    Role::Assistant,
    Role::Supervisor,
    Role::CenterSupervisor,
    Role::ServiceManager,
    Role::ProjectHead,
    Role::GroupService,
    Role::QualityOffice,
    Role::Executive,
    Role::Admin,
];

/// Reads staff and posts.
const READS_STAFF: &[Role] = &[
    Role::FrontDesk,
    Role::Assistant,
    Role::Supervisor,
    Role::CenterSupervisor,
    Role::ServiceManager,
    Role::ProjectHead,
    Role::GroupService,
    Role::QualityOffice,
    Role::Executive,
    Role::Personnel,
    Role::Admin,
];

/// Sees whole telephone numbers in the community.
const SEES_PHONES: &[Role] =
    &[Role::FrontDesk, Role::Supervisor, Role::CenterSupervisor, Role::ServiceManager, Role::ProjectHead];

/// Reads the audit trail of their community.
const READS_AUDIT: &[Role] = &[Role::ProjectHead, Role::Admin];

/// Reads all of the audit trail.
const READS_ALL_AUDIT: &[Role] = &[Role::Admin];

/// Sees every patrol, finding and spot check of the community.
const READS_INSPECTIONS: &[Role] = &[
    Role::Supervisor,
    Role::CenterSupervisor,
    Role::ServiceManager,
    Role::ProjectHead,
    Role::GroupService,
    Role::QualityOffice,
    Role::Executive,
];

/// Works at the community, and reads what is published to its staff.
const WORKS_THERE: &[Role] = &[
    Role::FrontDesk,
    Role::Worker,
    Role::Assistant,
    Role::Supervisor,
    Role::CenterSupervisor,
    Role::ServiceManager,
    Role::ProjectHead,
    Role::GroupService,
    Role::QualityOffice,
    Role::Executive,
];

/// The roles that somebody answers to.
pub(super) const SUPERIOR_ROLES: [Role; 5] =
    [Role::Supervisor, Role::CenterSupervisor, Role::ServiceManager, Role::ProjectHead, Role::GroupService];

/// Whether the holder of `own` answers to the holder of `theirs`.
pub(super) fn answers_to(own: &post::Model, theirs: &post::Model) -> bool {
    let same_place = theirs.community_id.is_none() || own.community_id == theirs.community_id;
    same_place && superiors(own.role).contains(&theirs.role)
}

fn superiors(role: Role) -> &'static [Role] {
    match role {
        Role::Assistant => &[Role::Supervisor, Role::ServiceManager, Role::ProjectHead, Role::GroupService],
        Role::Supervisor => &[Role::ServiceManager, Role::ProjectHead, Role::GroupService],
        Role::FrontDesk => &[Role::CenterSupervisor, Role::ProjectHead, Role::GroupService],
        Role::ServiceManager | Role::CenterSupervisor | Role::Worker => {
            &[Role::ProjectHead, Role::GroupService]
        }
        Role::ProjectHead => &[Role::GroupService],
        _ => &[],
    }
}

impl Standing {
    pub(super) fn scope(
        &self,
        account: &account::Model,
        staff: Option<&staff::Model>,
        occupant: Option<&occupant::Model>,
    ) -> Scope {
        let teams = || self.teams.iter().map(|team| team.id).collect::<Vec<_>>();
        let occupant = occupant.map(|occupant| occupant.id);
        let works = self.posts.iter().any(|post| post.role == Role::Worker);
        let reads_staff = self.everywhere(READS_STAFF);
        Scope {
            tickets: TicketSight {
                everywhere: self.everywhere(SEES_COMMUNITY),
                communities: self.communities(SEES_COMMUNITY),
                buildings: self.buildings(),
                staff: staff.map(|staff| staff.id),
                teams: if works { teams() } else { Vec::new() },
                occupant,
                homes: occupant.map(|id| self.homes(id)).unwrap_or_default(),
                owned: self.owned(),
                filed_repairs_by: works.then_some(account.id),
                blind_to_staff: staff
                    .map(|staff| staff.id)
                    .into_iter()
                    .chain(self.superiors.iter().copied())
                    .collect(),
                blind_to_teams: teams(),
                blind_to_units: sorted(self.occupancies.iter().map(|row| row.unit_id)),
            },
            register: RegisterSight {
                everywhere: self.everywhere(READS_REGISTER),
                communities: self.communities(READS_REGISTER),
                own_communities: sorted(self.occupancies.iter().map(|row| row.community_id)),
                own_buildings: sorted(self.units.iter().filter_map(|unit| unit.building_id)),
                own_units: sorted(self.occupancies.iter().map(|row| row.unit_id)),
                occupant,
            },
            staff: StaffSight {
                everywhere: reads_staff,
                communities: self.communities(READS_STAFF),
                own: staff.map(|staff| staff.id),
                teams: teams(),
            },
            phones: PhoneSight {
                everywhere: self.everywhere(SEES_PHONES),
                communities: self.communities(SEES_PHONES),
                buildings: self.buildings(),
                occupant,
            },
            audit: AuditSight {
                everywhere: self.everywhere(READS_ALL_AUDIT),
                communities: self.communities(READS_AUDIT),
            },
            inspections: InspectionSight {
                everywhere: self.everywhere(READS_INSPECTIONS),
                communities: self.communities(READS_INSPECTIONS),
                buildings: self.buildings(),
                staff: staff.map(|staff| staff.id),
                published_everywhere: self.everywhere(WORKS_THERE),
                published_in: self.communities(WORKS_THERE),
            },
        }
    }

    fn everywhere(&self, roles: &[Role]) -> bool {
        self.posts.iter().any(|post| post.community_id.is_none() && roles.contains(&post.role))
    }

    fn communities(&self, roles: &[Role]) -> Vec<crate::base::id::CommunityId> {
        sorted(
            self.posts.iter().filter(|post| roles.contains(&post.role)).filter_map(|post| post.community_id),
        )
    }

    /// Buildings in charge count for an assistant only, and only where they are one.
    fn buildings(&self) -> Vec<crate::base::id::BuildingId> {
        let assists = |charge: &&crate::storage::charge::Model| {
            self.posts.iter().any(|post| {
                post.role == Role::Assistant && post.community_id.is_none_or(|at| at == charge.community_id)
            })
        };
        sorted(self.charges.iter().filter(assists).map(|charge| charge.building_id))
    }

    fn homes(&self, viewer: OccupantId) -> Vec<Home> {
        let lived_in = self.occupancies.iter().filter(|row| self.lives_in(row));
        lived_in
            .map(|row| {
                let household = self
                    .neighbours
                    .iter()
                    .filter(|other| other.unit_id == row.unit_id && self.lives_in(other));
                Home {
                    unit: row.unit_id,
                    since: self.first_moment(row),
                    members: sorted(household.map(|other| other.occupant_id).chain([viewer])),
                }
            })
            .collect()
    }

    /// Whether an occupancy is one of the household: where a tenant lives, the owner does not.
    fn lives_in(&self, row: &occupancy::Model) -> bool {
        let rented = self
            .neighbours
            .iter()
            .any(|other| other.unit_id == row.unit_id && other.kind == occupancy::Kind::Tenant);
        match row.kind {
            occupancy::Kind::Owner => !rented,
            occupancy::Kind::Tenant | occupancy::Kind::Family => true,
            occupancy::Kind::Employee => false,
        }
    }

    fn owned(&self) -> Vec<Owned> {
        let owned = self.occupancies.iter().filter(|row| row.kind == occupancy::Kind::Owner);
        owned.map(|row| Owned { unit: row.unit_id, since: self.first_moment(row) }).collect()
    }

    fn first_moment(&self, row: &occupancy::Model) -> chrono::DateTime<chrono::Utc> {
        let zone = self.zones.get(&row.community_id).copied().unwrap_or(chrono_tz::UTC);
        start_of_day(row.from_on, zone)
    }
}

/// In one order and without doubles, so that two viewers who see the same have one fingerprint.
fn sorted<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items = items.collect::<Vec<_>>();
    items.sort();
    items.dedup();
    items
}
