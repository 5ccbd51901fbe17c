//! What hangs on patrols and spot checks, many at once.

use std::collections::{HashMap, HashSet};

use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::{grouped, patrols, seen};
use crate::base::id::*;
use crate::domain::inspection::patrol::hung;
use crate::domain::{Domain, Result, Viewer};
use crate::storage::{checkpoint, finding, patrol, patrol_step};

/// The open checkpoints of buildings, in the order of the round.
///
/// # Errors
/// When the database fails.
pub async fn checkpoints_of_buildings(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[BuildingId],
) -> Result<HashMap<BuildingId, Vec<checkpoint::Model>>> {
    let rows = seen::<checkpoint::Entity, _>(domain, viewer, checkpoint::Column::BuildingId, ids)
        .filter(checkpoint::Column::ClosedAt.is_null())
        .order_by_asc(checkpoint::Column::Position)
        .order_by_asc(checkpoint::Column::Id);
    Ok(grouped(ids, rows.all(domain.db.read()).await?, |row| Some(row.building_id)))
}

/// What was passed on patrols, in the order of passing.
///
/// # Errors
/// When the database fails.
pub async fn steps_of_patrols(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[PatrolId],
) -> Result<HashMap<PatrolId, Vec<patrol_step::Model>>> {
    let rows = seen::<patrol_step::Entity, _>(domain, viewer, patrol_step::Column::PatrolId, ids)
        .order_by_asc(patrol_step::Column::PassedAt)
        .order_by_asc(patrol_step::Column::Id);
    Ok(grouped(ids, rows.all(domain.db.read()).await?, |row| Some(row.patrol_id)))
}

/// What patrols came across, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn findings_of_patrols(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[PatrolId],
) -> Result<HashMap<PatrolId, Vec<finding::Model>>> {
    let rows = seen::<finding::Entity, _>(domain, viewer, finding::Column::PatrolId, ids)
        .order_by_asc(finding::Column::FoundAt)
        .order_by_asc(finding::Column::Id);
    Ok(grouped(ids, rows.all(domain.db.read()).await?, |row| row.patrol_id))
}

/// What spot checks came across, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn findings_of_spot_checks(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[SpotCheckId],
) -> Result<HashMap<SpotCheckId, Vec<finding::Model>>> {
    let rows = seen::<finding::Entity, _>(domain, viewer, finding::Column::SpotCheckId, ids)
        .order_by_asc(finding::Column::FoundAt)
        .order_by_asc(finding::Column::Id);
    Ok(grouped(ids, rows.all(domain.db.read()).await?, |row| row.spot_check_id))
}

/// The checkpoints that patrols have not passed, in the order of the round: of those that hung there at the patrol's
/// end, or hang there now.
///
/// # Errors
/// When the database fails.
pub async fn missing_of_patrols(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[PatrolId],
) -> Result<HashMap<PatrolId, Vec<checkpoint::Model>>> {
    let walked = patrols(domain, viewer, ids).await?;
    let mut buildings = walked.values().map(|patrol| patrol.building_id).collect::<Vec<_>>();
    buildings.sort();
    buildings.dedup();
    let all = seen::<checkpoint::Entity, _>(domain, viewer, checkpoint::Column::BuildingId, &buildings)
        .order_by_asc(checkpoint::Column::Position)
        .order_by_asc(checkpoint::Column::Id)
        .all(domain.db.read())
        .await?;
    let steps = steps_of_patrols(domain, viewer, ids).await?;
    let missing = |patrol: &patrol::Model| {
        let passed = steps.get(&patrol.id).into_iter().flatten().map(|step| step.checkpoint_id);
        let passed = passed.collect::<HashSet<_>>();
        let left = all.iter().filter(|point| owed(point, patrol) && !passed.contains(&point.id));
        left.cloned().collect()
    };
    Ok(walked.values().map(|patrol| (patrol.id, missing(patrol))).collect())
}

/// Whether a patrol owes a checkpoint.
fn owed(point: &checkpoint::Model, patrol: &patrol::Model) -> bool {
    let there = match patrol.finished_at {
        Some(end) => hung(point, end),
        None => point.closed_at.is_none(),
    };
    there && point.building_id == patrol.building_id
}
