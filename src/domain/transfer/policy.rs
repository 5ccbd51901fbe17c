//! Who may bring rows in and take them out: the row "import, export" of the table of roles.

use super::{DataTransfer, Direction};
use crate::base::id::CommunityId;
use crate::domain::{Role, Viewer};

const IMPORTS: &[Role] = &[Role::CenterSupervisor, Role::ServiceManager, Role::ProjectHead, Role::Admin];

const EXPORTS: &[Role] = &[
    Role::Supervisor,
    Role::CenterSupervisor,
    Role::ServiceManager,
    Role::ProjectHead,
    Role::GroupService,
    Role::Admin,
];

/// Whether they may, for one community or, without one, for all that they see.
#[must_use]
pub fn may(viewer: &Viewer, direction: Direction, community: Option<CommunityId>) -> bool {
    let roles = match direction {
        Direction::Import => IMPORTS,
        Direction::Export => EXPORTS,
    };
    match community {
        Some(community) => viewer.holds(roles, community),
        None => viewer.holds_in_group(roles),
    }
}

/// Whether whoever asked for one may still.
#[must_use]
pub fn may_now(viewer: &Viewer, transfer: &DataTransfer) -> bool {
    may(viewer, transfer.direction, transfer.community_id)
}
