//! Who sees an occupant's telephone number whole: the row "see an occupant's phone" of the table of roles.

use std::collections::HashSet;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};

use super::{Occupant, Place};
use crate::base::PhoneSight;
use crate::base::id::OccupantId;
use crate::domain::occupancy::held_on;
use crate::domain::{Domain, Result, Viewer, masked};
use crate::storage::occupant::Column;
use crate::storage::{all_of, among, occupancy, ticket, unit, work_order};

/// Whether somebody with this sight sees the number of an occupant who is in `places` whole. `on_order` says that they have a work
/// order for a ticket of the occupant's: see [`callers_on_orders`].
#[must_use]
pub fn sees_phone(sight: &PhoneSight, occupant: OccupantId, places: &[Place], on_order: bool) -> bool {
    let near = |(community, building): &Place| {
        sight.communities.contains(community) || building.is_some_and(|id| sight.buildings.contains(&id))
    };
    sight.everywhere || sight.occupant == Some(occupant) || on_order || places.iter().any(near)
}

/// The occupant's number as a viewer sees it: whole or masked.
#[must_use]
pub fn phone_for(viewer: &Viewer, occupant: &Occupant, places: &[Place], on_order: bool) -> Option<String> {
    let phone = occupant.phone.as_deref()?;
    let whole = sees_phone(&viewer.scope.phones, occupant.id, places, on_order);
    Some(if whole { phone.to_owned() } else { masked(phone) })
}

/// Those of the occupants for whose tickets the viewer, or a team of theirs, has a work order to do: whoever is to
/// come can call.
///
/// # Errors
/// When the database fails.
pub async fn callers_on_orders(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[OccupantId],
) -> Result<HashSet<OccupantId>> {
    let (backend, sight) = (domain.db.backend(), &viewer.scope.tickets);
    let (open, ticket_id) = (&work_order::Status::OPEN, work_order::Column::TicketId);
    let Some(orders) = all_of(work_order::Entity::given_to(sight, backend, open, ticket_id)) else {
        return Ok(HashSet::new());
    };
    let callers = ticket::Entity::visible_to(&viewer.scope, backend)
        .select_only()
        .column(ticket::Column::ReporterId)
        .filter(among(backend, ticket::Column::ReporterId, ids.iter().copied()))
        .filter(ticket::Column::Id.in_subquery(orders));
    let callers = callers.into_tuple::<OccupantId>().all(domain.db.read()).await?;
    Ok(callers.into_iter().collect())
}

/// [`sees_phone`] as a condition on occupants, so that a number finds only those whose number the viewer sees whole.
pub(super) fn seen_whole(domain: &Domain, viewer: &Viewer) -> Condition {
    let (backend, sight) = (domain.db.backend(), &viewer.scope.phones);
    let mut units = unit::Entity::find().select_only().column(unit::Column::Id).filter(among(
        backend,
        unit::Column::BuildingId,
        sight.buildings.iter().copied(),
    ));
    let today = || held_on(domain.today());
    let near = Condition::any()
        .add(among(backend, occupancy::Column::CommunityId, sight.communities.iter().copied()))
        .add(occupancy::Column::UnitId.in_subquery(QuerySelect::query(&mut units).take()));
    let registered = Condition::all()
        .add(among(backend, Column::CommunityId, sight.communities.iter().copied()))
        .add(occupancy::Entity::lives_nowhere(today()));
    let mut any = Condition::any()
        .add(Expr::value(sight.everywhere))
        .add(occupancy::Entity::lives(today().add(near)))
        .add(registered);
    if let Some(own) = sight.occupant {
        any = any.add(Column::Id.eq(own));
    }
    any
}
