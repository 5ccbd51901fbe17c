//! Rows that other rows refer to, many at once and in one statement, within what the viewer sees.

mod handler;
mod inspection;
mod timeline;
mod units;

use std::collections::HashMap;
use std::hash::Hash;

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, Select};

use super::row::Seen;
use super::{Domain, Result, Viewer, post};
use crate::base::Id;
use crate::base::id::*;
use crate::storage::{
    among, building, category, charge, checkpoint, community, document, entrance, facility, finding,
    occupancy, occupant, patrol, patrol_plan, post as posts_table, privacy_request, spot_check, staff, team,
    ticket, unit, work_order,
};

pub use super::occupant::{callers_on_orders, places_of_occupants};
pub use super::transfer::find as data_transfers;
pub use handler::{Handler, assistants_of_buildings, handlers};
pub use inspection::{
    checkpoints_of_buildings, findings_of_patrols, findings_of_spot_checks, missing_of_patrols,
    steps_of_patrols,
};
pub use timeline::timeline;
pub use units::{UNITS_OF_BUILDING, unit_counts_of_buildings, units_of_buildings};

macro_rules! by_id {
    ($($name:ident: $table:ident by $id:ty;)*) => {$(
        #[doc = concat!("The rows of `", stringify!($table), "` with these ids that the viewer sees.")]
        ///
        /// # Errors
        /// When the database fails.
        pub async fn $name(
            domain: &Domain,
            viewer: &Viewer,
            ids: &[$id],
        ) -> Result<HashMap<$id, $table::Model>> {
            let rows = seen::<$table::Entity, _>(domain, viewer, $table::Column::Id, ids);
            Ok(rows.all(domain.db.read()).await?.into_iter().map(|row| (row.id, row)).collect())
        }
    )*};
}

by_id! {
    communities: community by CommunityId;
    buildings: building by BuildingId;
    entrances: entrance by EntranceId;
    facilities: facility by FacilityId;
    documents: document by DocumentId;
    units: unit by UnitId;
    occupants: occupant by OccupantId;
    occupancies: occupancy by OccupancyId;
    staff_members: staff by StaffId;
    teams: team by TeamId;
    posts: posts_table by PostId;
    charges: charge by ChargeId;
    categories: category by CategoryId;
    tickets: ticket by TicketId;
    work_orders: work_order by WorkOrderId;
    privacy_requests: privacy_request by PrivacyRequestId;
    patrol_plans: patrol_plan by PatrolPlanId;
    checkpoints: checkpoint by CheckpointId;
    patrols: patrol by PatrolId;
    findings: finding by FindingId;
    spot_checks: spot_check by SpotCheckId;
}

/// The rows that the viewer sees and whose `column` is one of `ids`.
fn seen<E: Seen, K>(domain: &Domain, viewer: &Viewer, column: E::Column, ids: &[Id<K>]) -> Select<E> {
    let backend = domain.db.backend();
    E::seen(&viewer.scope, backend).filter(among(backend, column, ids.iter().copied()))
}

/// The rows by what they belong to; what has none has an empty list.
pub(super) fn grouped<K: Copy + Eq + Hash, M>(
    parents: &[K],
    rows: Vec<M>,
    parent: impl Fn(&M) -> Option<K>,
) -> HashMap<K, Vec<M>> {
    let mut groups: HashMap<K, Vec<M>> = parents.iter().map(|id| (*id, Vec::new())).collect();
    for row in rows {
        if let Some(group) = parent(&row).and_then(|id| groups.get_mut(&id)) {
            group.push(row);
        }
    }
    groups
}

/// The open entrances of buildings, by name.
///
/// # Errors
/// When the database fails.
pub async fn entrances_of_buildings(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[BuildingId],
) -> Result<HashMap<BuildingId, Vec<entrance::Model>>> {
    let rows = seen::<entrance::Entity, _>(domain, viewer, entrance::Column::BuildingId, ids)
        .filter(entrance::Column::ClosedAt.is_null())
        .order_by_asc(entrance::Column::Name)
        .order_by_asc(entrance::Column::Id);
    Ok(grouped(ids, rows.all(domain.db.read()).await?, |row| Some(row.building_id)))
}

/// Who is and was in units, newest first.
///
/// # Errors
/// When the database fails.
pub async fn occupancies_of_units(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[UnitId],
) -> Result<HashMap<UnitId, Vec<occupancy::Model>>> {
    let rows = seen::<occupancy::Entity, _>(domain, viewer, occupancy::Column::UnitId, ids)
        .order_by_desc(occupancy::Column::FromOn)
        .order_by_desc(occupancy::Column::Id);
    Ok(grouped(ids, rows.all(domain.db.read()).await?, |row| Some(row.unit_id)))
}

/// Where occupants are and were, newest first.
///
/// # Errors
/// When the database fails.
pub async fn occupancies_of_occupants(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[OccupantId],
) -> Result<HashMap<OccupantId, Vec<occupancy::Model>>> {
    let rows = seen::<occupancy::Entity, _>(domain, viewer, occupancy::Column::OccupantId, ids)
        .order_by_desc(occupancy::Column::FromOn)
        .order_by_desc(occupancy::Column::Id);
    Ok(grouped(ids, rows.all(domain.db.read()).await?, |row| Some(row.occupant_id)))
}

/// The posts that staff hold and held, newest first.
///
/// # Errors
/// When the database fails.
pub async fn posts_of_staff(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[StaffId],
) -> Result<HashMap<StaffId, Vec<posts_table::Model>>> {
    let rows = seen::<posts_table::Entity, _>(domain, viewer, posts_table::Column::StaffId, ids)
        .order_by_desc(posts_table::Column::FromOn)
        .order_by_desc(posts_table::Column::Id);
    Ok(grouped(ids, rows.all(domain.db.read()).await?, |row| Some(row.staff_id)))
}

/// The posts that are held today in teams: who their members are.
///
/// # Errors
/// When the database fails.
pub async fn members_of_teams(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[TeamId],
) -> Result<HashMap<TeamId, Vec<posts_table::Model>>> {
    let rows = seen::<posts_table::Entity, _>(domain, viewer, posts_table::Column::TeamId, ids)
        .filter(post::held_on(domain.today()))
        .order_by_asc(posts_table::Column::FromOn)
        .order_by_asc(posts_table::Column::Id);
    Ok(grouped(ids, rows.all(domain.db.read()).await?, |row| row.team_id))
}

/// The buildings in the charge of staff.
///
/// # Errors
/// When the database fails.
pub async fn charges_of_staff(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[StaffId],
) -> Result<HashMap<StaffId, Vec<charge::Model>>> {
    let rows = seen::<charge::Entity, _>(domain, viewer, charge::Column::StaffId, ids)
        .filter(charge::Column::ClosedAt.is_null())
        .order_by_asc(charge::Column::CreatedAt)
        .order_by_asc(charge::Column::Id);
    Ok(grouped(ids, rows.all(domain.db.read()).await?, |row| Some(row.staff_id)))
}

/// In whose charge buildings are.
///
/// # Errors
/// When the database fails.
pub async fn charges_of_buildings(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[BuildingId],
) -> Result<HashMap<BuildingId, Vec<charge::Model>>> {
    let rows = seen::<charge::Entity, _>(domain, viewer, charge::Column::BuildingId, ids)
        .filter(charge::Column::ClosedAt.is_null())
        .order_by_asc(charge::Column::CreatedAt)
        .order_by_asc(charge::Column::Id);
    Ok(grouped(ids, rows.all(domain.db.read()).await?, |row| Some(row.building_id)))
}

/// The open teams of communities, by name.
///
/// # Errors
/// When the database fails.
pub async fn teams_of_communities(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[CommunityId],
) -> Result<HashMap<CommunityId, Vec<team::Model>>> {
    let rows = seen::<team::Entity, _>(domain, viewer, team::Column::CommunityId, ids)
        .filter(team::Column::ClosedAt.is_null())
        .order_by_asc(team::Column::Name)
        .order_by_asc(team::Column::Id);
    Ok(grouped(ids, rows.all(domain.db.read()).await?, |row| Some(row.community_id)))
}

/// The open categories below categories, siblings by their place.
///
/// # Errors
/// When the database fails.
pub async fn children_of_categories(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[CategoryId],
) -> Result<HashMap<CategoryId, Vec<category::Model>>> {
    let rows = seen::<category::Entity, _>(domain, viewer, category::Column::ParentId, ids)
        .filter(category::Column::ClosedAt.is_null())
        .order_by_asc(category::Column::Position)
        .order_by_asc(category::Column::Id);
    Ok(grouped(ids, rows.all(domain.db.read()).await?, |row| row.parent_id))
}

/// The work orders of tickets, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn orders_of_tickets(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[TicketId],
) -> Result<HashMap<TicketId, Vec<work_order::Model>>> {
    let rows = seen::<work_order::Entity, _>(domain, viewer, work_order::Column::TicketId, ids)
        .order_by_asc(work_order::Column::CreatedAt)
        .order_by_asc(work_order::Column::Id);
    Ok(grouped(ids, rows.all(domain.db.read()).await?, |row| Some(row.ticket_id)))
}
