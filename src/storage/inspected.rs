//! What inspections have in common: they are seen by community, or by building.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, DbBackend};

use super::among;
use crate::base::InspectionSight;

/// Whether the sight covers the row's community or its building.
pub(super) fn seen(
    sight: &InspectionSight,
    backend: DbBackend,
    community: impl ColumnTrait,
    building: impl ColumnTrait,
) -> Condition {
    Condition::any()
        .add(Expr::value(sight.everywhere))
        .add(among(backend, community, sight.communities.iter().copied()))
        .add(among(backend, building, sight.buildings.iter().copied()))
}
