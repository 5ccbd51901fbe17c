//! What a viewer sees: the row "see tickets", "read the register" and "see an occupant's phone" of the table of roles,
//! as code without a database.

use super::{Standing, start_of_day};
use crate::base::id::OccupantId;
use crate::base::{
    ArchiveSight, AuditSight, Home, InspectionSight, Owned, PhoneSight, Reach, RegisterSight, Scope,
    StaffSight, TicketSight,
};
use crate::storage::post::Role;
use crate::storage::{account, occupancy, occupant, post, staff};

/// A role of the table, asked whether it may see something.
type Sees = fn(Role) -> bool;

/// Answers for a community, or reads how it is kept.
fn oversees(role: Role) -> bool {
    let answers = matches!(role, Role::Supervisor | Role::CenterSupervisor | Role::ServiceManager);
    answers || matches!(role, Role::ProjectHead | Role::GroupService | Role::QualityOffice | Role::Executive)
}

/// Sees every ticket of the community.
fn sees_community(role: Role) -> bool {
    oversees(role) || role == Role::FrontDesk
}

/// Works at the community, and reads what is published to its staff.
fn works_there(role: Role) -> bool {
    sees_community(role) || matches!(role, Role::Worker | Role::Assistant)
}

/// Reads the register of the community, with the documents that are not confidential.
fn reads_register(role: Role) -> bool {
    works_there(role) || role == Role::Admin
}

/// Reads staff and posts.
fn reads_staff(role: Role) -> bool {
    sees_community(role) || matches!(role, Role::Assistant | Role::Personnel | Role::Admin)
}

/// Sees whole telephone numbers in the community.
fn sees_phones(role: Role) -> bool {
    sees_community(role) && !matches!(role, Role::GroupService | Role::QualityOffice | Role::Executive)
}

/// Reads the confidential documents of the community: those who keep its register, and the group's service.
fn reads_confidential(role: Role) -> bool {
    oversees(role) && !matches!(role, Role::QualityOffice | Role::Executive)
}

/// Reads its secret documents.
fn reads_secret(role: Role) -> bool {
    matches!(role, Role::ServiceManager | Role::ProjectHead | Role::GroupService)
}

/// Reads the audit trail of their community.
fn reads_audit(role: Role) -> bool {
    matches!(role, Role::ProjectHead | Role::Admin)
}

/// Reads all of the audit trail.
fn reads_all_audit(role: Role) -> bool {
    role == Role::Admin
}

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
        Scope {
            tickets: TicketSight {
                everywhere: self.everywhere(sees_community),
                communities: self.communities(sees_community),
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
                everywhere: self.everywhere(reads_register),
                communities: self.communities(reads_register),
                own_communities: sorted(self.occupancies.iter().map(|row| row.community_id)),
                own_buildings: sorted(self.units.iter().filter_map(|unit| unit.building_id)),
                own_units: sorted(self.occupancies.iter().map(|row| row.unit_id)),
                occupant,
            },
            staff: StaffSight {
                everywhere: self.everywhere(reads_staff),
                communities: self.communities(reads_staff),
                own: staff.map(|staff| staff.id),
                teams: teams(),
            },
            phones: PhoneSight {
                everywhere: self.everywhere(sees_phones),
                communities: self.communities(sees_phones),
                buildings: self.buildings(),
                occupant,
            },
            audit: AuditSight {
                everywhere: self.everywhere(reads_all_audit),
                communities: self.communities(reads_audit),
            },
            inspections: InspectionSight {
                everywhere: self.everywhere(oversees),
                communities: self.communities(oversees),
                buildings: self.buildings(),
                staff: staff.map(|staff| staff.id),
                published_everywhere: self.everywhere(works_there),
                published_in: self.communities(works_there),
            },
            archives: ArchiveSight {
                normal: self.reach(reads_register),
                confidential: Reach { buildings: self.buildings(), ..self.reach(reads_confidential) },
                secret: self.reach(reads_secret),
                occupant,
            },
        }
    }

    fn reach(&self, sees: Sees) -> Reach {
        Reach {
            everywhere: self.everywhere(sees),
            communities: self.communities(sees),
            buildings: Vec::new(),
        }
    }

    fn everywhere(&self, sees: Sees) -> bool {
        self.posts.iter().any(|post| post.community_id.is_none() && sees(post.role))
    }

    fn communities(&self, sees: Sees) -> Vec<crate::base::id::CommunityId> {
        let seen = self.posts.iter().filter(|post| sees(post.role));
        sorted(seen.filter_map(|post| post.community_id))
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
