//! Who changes the register: the row "change the register" of the table of roles.

use super::{Refusal, Result, Viewer};
use crate::base::id::{BuildingId, CommunityId};
use crate::storage::post::Role;

/// Those who change all of a community's register.
const CHANGES_REGISTER: [Role; 5] =
    [Role::Supervisor, Role::CenterSupervisor, Role::ServiceManager, Role::ProjectHead, Role::Admin];

/// Whether a viewer changes all of a community's register.
#[must_use]
pub fn may_change_all(viewer: &Viewer, community: CommunityId) -> bool {
    viewer.holds(&CHANGES_REGISTER, community)
}

/// Whether a viewer changes what is in a building of a community; an assistant does in the buildings in their charge.
/// What is in no building, only those change who change all.
#[must_use]
pub fn may_change(viewer: &Viewer, community: CommunityId, building: Option<BuildingId>) -> bool {
    // The scope knows a charge only while its holder is an assistant there.
    let own = building.is_some_and(|building| viewer.scope.tickets.buildings.contains(&building));
    own || may_change_all(viewer, community)
}

pub(super) fn check_may_change(
    viewer: &Viewer,
    community: CommunityId,
    building: Option<BuildingId>,
) -> Result<()> {
    if may_change(viewer, community, building) {
        return Ok(());
    }
    let message = "you may not change the register here; assistants do in the buildings in their charge, \
                   supervisors, managers and ADMIN everywhere in the community";
    Err(Refusal::forbidden(message).into())
}
