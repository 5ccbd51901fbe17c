//! Rows by id, many at once, within what the viewer sees.

use std::collections::HashMap;

use sea_orm::{EntityTrait, QueryFilter, QueryOrder};

use super::{Domain, Result, Viewer};
use crate::base::id::*;
use crate::storage::{
    among, building, category, community, occupant, staff, team, ticket, ticket_event, unit, work_order,
};

macro_rules! by_id {
    ($($name:ident: $entity:ident by $id:ty;)*) => {$(
        #[doc = concat!("The rows of `", stringify!($entity), "` with these ids that the viewer sees.")]
        ///
        /// # Errors
        /// When the database fails.
        pub async fn $name(domain: &Domain, viewer: &Viewer, ids: &[$id]) -> Result<HashMap<$id, $entity::Model>> {
            let backend = domain.db.backend();
            let seen = $entity::Entity::visible_to(&viewer.scope, backend);
            let rows = seen.filter(among(backend, $entity::Column::Id, ids.iter().copied())).all(domain.db.read()).await?;
            Ok(rows.into_iter().map(|row| (row.id, row)).collect())
        }
    )*};
}

by_id! {
    communities: community by CommunityId;
    buildings: building by BuildingId;
    units: unit by UnitId;
    occupants: occupant by OccupantId;
    staff_members: staff by StaffId;
    teams: team by TeamId;
    tickets: ticket by TicketId;
    work_orders: work_order by WorkOrderId;
}

/// Categories; everybody sees them.
///
/// # Errors
/// When the database fails.
pub async fn categories(
    domain: &Domain,
    _: &Viewer,
    ids: &[CategoryId],
) -> Result<HashMap<CategoryId, category::Model>> {
    let wanted = among(domain.db.backend(), category::Column::Id, ids.iter().copied());
    let rows = category::Entity::find().filter(wanted).all(domain.db.read()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Name and title of somebody who handles a matter.
#[derive(Clone, Debug)]
pub struct Handler {
    /// The name.
    pub name: String,
    /// The job title.
    pub title: Option<String>,
}

/// Who handles it, for those who see what they handle: a name and a title, whatever else of them is not seen.
///
/// # Errors
/// When the database fails.
pub async fn handlers(domain: &Domain, ids: &[StaffId]) -> Result<HashMap<StaffId, Handler>> {
    let wanted = among(domain.db.backend(), staff::Column::Id, ids.iter().copied());
    let rows = staff::Entity::find().filter(wanted).all(domain.db.read()).await?;
    Ok(rows.into_iter().map(|row| (row.id, Handler { name: row.name, title: row.title })).collect())
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
    let backend = domain.db.backend();
    let seen = work_order::Entity::visible_to(&viewer.scope, backend);
    let wanted = among(backend, work_order::Column::TicketId, ids.iter().copied());
    let rows = seen.filter(wanted).order_by_asc(work_order::Column::CreatedAt).all(domain.db.read()).await?;
    let mut found: HashMap<_, Vec<_>> = ids.iter().map(|id| (*id, Vec::new())).collect();
    for row in rows {
        found.entry(row.ticket_id).or_default().push(row);
    }
    Ok(found)
}

/// The last lines of tickets.
///
/// # Errors
/// When the database fails.
pub async fn timeline(
    domain: &Domain,
    _viewer: &Viewer,
    ids: &[TicketId],
    _last: u64,
) -> Result<HashMap<TicketId, Vec<ticket_event::Model>>> {
    let wanted = among(domain.db.backend(), ticket_event::Column::TicketId, ids.iter().copied());
    let rows = ticket_event::Entity::find().filter(wanted).order_by_asc(ticket_event::Column::Revision);
    let mut found: HashMap<_, Vec<_>> = ids.iter().map(|id| (*id, Vec::new())).collect();
    for row in rows.all(domain.db.read()).await? {
        found.entry(row.ticket_id).or_default().push(row);
    }
    Ok(found)
}
