//! Checkpoints: the places that a patrol passes, each known by the code that hangs there.

use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel, QueryFilter, Select};

use super::policy::{self, Act, Relation};
use crate::base::id::{BuildingId, CheckpointId, CommunityId, UnitId};
use crate::domain::list::listed;
use crate::domain::{Change, Domain, NAME_MAX, Once, Refusal, Result, Viewer, required, row};
use crate::storage::checkpoint::{Column, Entity, Model as Checkpoint};
use crate::storage::{among, building, unit};

/// The longest code, in characters.
pub(super) const CODE_MAX: usize = 64;

/// Which checkpoints; every part that is set narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of one of these communities.
    pub communities: Option<Vec<CommunityId>>,
    /// Of one of these buildings.
    pub buildings: Option<Vec<BuildingId>>,
    /// Also those that are closed.
    pub include_closed: bool,
}

/// What a new checkpoint is.
#[derive(Clone, Debug)]
pub struct New {
    /// The building whose patrols pass it.
    pub building: BuildingId,
    /// The shop or other unit where it is.
    pub unit: Option<UnitId>,
    /// The code that is scanned.
    pub code: String,
    /// Where it is, in words.
    pub place: String,
    /// Its place in the round.
    pub position: i32,
}

/// What is to become of a checkpoint.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    /// The code that is scanned.
    pub code: Change<String>,
    /// Where it is, in words.
    pub place: Change<String>,
    /// Its place in the round.
    pub position: Change<i32>,
}

listed! {
    /// By its place in the round.
    Position => Position,
    /// By when it was made.
    Created => CreatedAt,
}

fn visible(domain: &Domain, viewer: &Viewer, filter: &Filter) -> Select<Entity> {
    let backend = domain.db.backend();
    let communities = filter.communities.as_ref();
    let communities = communities.map(|ids| among(backend, Column::CommunityId, ids.iter().copied()));
    let buildings = filter.buildings.as_ref();
    let buildings = buildings.map(|ids| among(backend, Column::BuildingId, ids.iter().copied()));
    let narrowed = Condition::all()
        .add_option(communities)
        .add_option(buildings)
        .add_option((!filter.include_closed).then(|| Column::ClosedAt.is_null()));
    Entity::visible_to(&viewer.scope, backend).filter(narrowed)
}

/// Hangs a checkpoint into a building.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn create(domain: &Domain, viewer: &Viewer, input: New, once: Option<&Once>) -> Result<Checkpoint> {
    let code = required("input.code", &input.code, CODE_MAX)?;
    let place = required("input.place", &input.place, NAME_MAX)?;
    let db = domain.db.read();
    let house = row::find::<building::Entity>(domain, viewer, db, "input.buildingId", input.building).await?;
    policy::check(&Relation::of(viewer, house.community_id, Some(house.id), None), Act::Plan)?;
    let shop = row::find_named::<unit::Entity>(domain, viewer, db, "input.unitId", input.unit).await?;
    if let Some(shop) = shop.as_ref().filter(|shop| shop.building_id != Some(house.id)) {
        let message = format!("the unit {} is not in {}", shop.number, house.name);
        return Err(Refusal::invalid("input.unitId", message).into());
    }
    let now = domain.clock.now();
    let checkpoint = Checkpoint {
        id: domain.clock.id(),
        community_id: house.community_id,
        building_id: house.id,
        unit_id: shop.map(|shop| shop.id),
        code,
        place,
        position: input.position,
        created_at: now,
        updated_at: now,
        closed_at: None,
        version: 1,
    };
    let tx = domain.begin().await?;
    if let Some(before) = tx.claim(viewer, once, checkpoint.id.uuid()).await? {
        return row::made_before::<Entity>(domain, viewer, &tx, before).await;
    }
    row::keep_open::<building::Entity>(&tx, "input.buildingId", checkpoint.building_id).await?;
    if let Some(shop) = checkpoint.unit_id {
        row::keep_open::<unit::Entity>(&tx, "input.unitId", shop).await?;
    }
    let message = coded_twice(&checkpoint.code);
    let made = checkpoint.into_active_model().insert(&tx.db).await;
    let made = made.map_err(row::taken("input.code", message))?;
    tx.commit().await?;
    Ok(made)
}

/// Changes a checkpoint.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn update(
    domain: &Domain,
    viewer: &Viewer,
    id: CheckpointId,
    expected_version: Option<i32>,
    patch: Patch,
) -> Result<Checkpoint> {
    let code = patch.code.check(|code| required("input.code", &code, CODE_MAX))?;
    let place = patch.place.check(|place| required("input.place", &place, NAME_MAX))?;
    change(domain, viewer, id, expected_version, |checkpoint| {
        code.put(&mut checkpoint.code);
        place.put(&mut checkpoint.place);
        patch.position.put(&mut checkpoint.position);
    })
    .await
}

/// Takes a checkpoint away; patrols pass it no longer.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn close(
    domain: &Domain,
    viewer: &Viewer,
    id: CheckpointId,
    expected_version: Option<i32>,
) -> Result<Checkpoint> {
    let now = domain.clock.now();
    change(domain, viewer, id, expected_version, |checkpoint| checkpoint.closed_at = Some(now)).await
}

async fn change(
    domain: &Domain,
    viewer: &Viewer,
    id: CheckpointId,
    expected_version: Option<i32>,
    change: impl FnOnce(&mut Checkpoint),
) -> Result<Checkpoint> {
    let tx = domain.begin().await?;
    let was = row::lock::<Entity>(domain, viewer, &tx, "input.id", id).await?;
    policy::check(&Relation::of(viewer, was.community_id, Some(was.building_id), None), Act::Plan)?;
    row::expect_version::<Entity>(&was, expected_version)?;
    if let Some(at) = was.closed_at {
        let message = format!("the checkpoint was closed at {} already", at.to_rfc3339());
        return Err(Refusal::invalid("input.id", message).into());
    }
    let mut checkpoint = was.clone();
    change(&mut checkpoint);
    let message = coded_twice(&checkpoint.code);
    let saved = row::save::<Entity>(domain, &tx, &was, checkpoint).await;
    let saved = saved.map_err(row::taken("input.code", message))?;
    tx.commit().await?;
    Ok(saved)
}

fn coded_twice(code: &str) -> impl FnOnce() -> String + use<> {
    let code = code.to_owned();
    move || format!("there is a checkpoint with the code {code} in this community already")
}
