//! Who may inspect: the table of roles, as code without a database. It answers for what the viewer sees.

use crate::base::id::{BuildingId, CommunityId, TeamId};
use crate::domain::{Refusal, Result, Viewer};
use crate::storage::post::Role;

/// What is done in inspecting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Set up plans and checkpoints.
    Plan,
    /// Walk through a building, and look again at what was found there.
    Patrol,
    /// Look at a building or a team, publish it, ask for rectification and confirm it.
    SpotCheck,
    /// Report that things have been put right.
    Rectify,
}

/// How a viewer stands to what is inspected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relation {
    /// The roles that they hold at its community.
    pub roles: Vec<Role>,
    /// The building is in their charge.
    pub in_charge: bool,
    /// The team is theirs.
    pub own_team: bool,
}

impl Relation {
    /// How `viewer` stands to a building or team of a community.
    #[must_use]
    pub fn of(
        viewer: &Viewer,
        community: CommunityId,
        building: Option<BuildingId>,
        team: Option<TeamId>,
    ) -> Self {
        Self {
            roles: viewer.roles_at(community).collect(),
            in_charge: building.is_some_and(|id| viewer.scope.inspections.buildings.contains(&id)),
            own_team: team.is_some_and(|id| viewer.scope.staff.teams.contains(&id)),
        }
    }
}

/// Whether a viewer who stands so may do this. That nobody judges their own work is asked where the work is known.
#[must_use]
pub fn may(relation: &Relation, act: Act) -> bool {
    relation.roles.iter().any(|role| role_may(*role, relation, act))
        || (act == Act::Rectify && relation.own_team)
}

fn role_may(role: Role, relation: &Relation, act: Act) -> bool {
    match act {
        Act::Plan => {
            matches!(
                role,
                Role::Supervisor | Role::CenterSupervisor | Role::ServiceManager | Role::ProjectHead
            )
        }
        Act::Patrol => role == Role::Supervisor || (role == Role::Assistant && relation.in_charge),
        Act::SpotCheck => judges(role),
        Act::Rectify => judges(role) || (role == Role::Assistant && relation.in_charge),
    }
}

fn judges(role: Role) -> bool {
    matches!(
        role,
        Role::Supervisor
            | Role::CenterSupervisor
            | Role::ServiceManager
            | Role::ProjectHead
            | Role::GroupService
    )
}

/// Refuses what a viewer who stands so may not do.
pub(super) fn check(relation: &Relation, act: Act) -> Result<()> {
    if may(relation, act) {
        return Ok(());
    }
    let message = match act {
        Act::Plan => "you may not set up patrols here; the community's supervisors, managers and head do",
        Act::Patrol => "you may not patrol here; the building's ASSISTANT and the community's SUPERVISOR do",
        Act::SpotCheck => {
            "you may not make spot checks here; the community's supervisors, managers and head and GROUP_SERVICE do"
        }
        Act::Rectify => {
            "you may not report this as put right; those who were looked at and those who look do"
        }
    };
    Err(Refusal::forbidden(message).into())
}
