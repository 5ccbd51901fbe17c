//! The units of many buildings, a page of each.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, QueryFilter, QuerySelect, Select};

use super::seen;
use crate::base::Page;
use crate::base::id::BuildingId;
use crate::domain::unit::{Sort, SortBy};
use crate::domain::{Domain, Result, Rows, Unit, Viewer};
use crate::storage::page_of_each;
use crate::storage::unit::{Column, Entity};

/// The order of a building's units.
pub const UNITS_OF_BUILDING: Sort = Sort { by: SortBy::Number, descending: false };

fn open(domain: &Domain, viewer: &Viewer, ids: &[BuildingId]) -> Select<Entity> {
    seen::<Entity, _>(domain, viewer, Column::BuildingId, ids).filter(Column::ClosedAt.is_null())
}

/// The same page of each building's open units.
///
/// # Errors
/// When the page is asked for wrongly or the database fails.
pub async fn units_of_buildings(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[BuildingId],
    page: &Page,
) -> Result<HashMap<BuildingId, Rows<Unit>>> {
    let (order, buildings) = (UNITS_OF_BUILDING.order(), (Column::BuildingId, ids));
    Ok(page_of_each(domain.db.read(), open(domain, viewer, ids), buildings, order, page).await?)
}

/// How many open units buildings have; one without any is left out.
///
/// # Errors
/// When the database fails.
pub async fn unit_counts_of_buildings(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[BuildingId],
) -> Result<HashMap<BuildingId, i64>> {
    let counted = open(domain, viewer, ids)
        .select_only()
        .column(Column::BuildingId)
        .column_as(Column::Id.count(), "units")
        .group_by(Column::BuildingId)
        .into_tuple::<(BuildingId, i64)>()
        .all(domain.db.read())
        .await?;
    Ok(counted.into_iter().collect())
}
