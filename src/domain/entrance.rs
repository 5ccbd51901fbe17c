//! Entrances of buildings (单元).

use sea_orm::{ActiveModelTrait, IntoActiveModel};

use super::{Domain, NAME_MAX, Once, Result, Viewer, register, required, row};
use crate::base::id::{BuildingId, EntranceId};
use crate::storage::building;
use crate::storage::entrance::Entity;

pub use crate::storage::entrance::Model as Entrance;

/// What a new entrance is.
#[derive(Clone, Debug)]
pub struct New {
    /// The building.
    pub building: BuildingId,
    /// Its name, unique in the building.
    pub name: String,
}

/// Adds an entrance to a building.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn create(domain: &Domain, viewer: &Viewer, input: New, once: Option<&Once>) -> Result<Entrance> {
    let name = required("input.name", &input.name, NAME_MAX)?;
    let building =
        row::find::<building::Entity>(domain, viewer, domain.db.read(), "input.buildingId", input.building)
            .await?;
    register::check_may_change(viewer, building.community_id, Some(building.id))?;
    let entrance = Entrance {
        id: domain.clock.id(),
        community_id: building.community_id,
        building_id: building.id,
        name,
        created_at: domain.clock.now(),
        updated_at: domain.clock.now(),
        closed_at: None,
        version: 1,
    };
    let tx = domain.begin().await?;
    if let Some(before) = tx.claim(viewer, once, entrance.id.uuid()).await? {
        return row::made_before::<Entity>(domain, viewer, &tx, before).await;
    }
    row::keep_open::<building::Entity>(&tx, "input.buildingId", entrance.building_id).await?;
    let message = named_twice(&entrance.name);
    let made = entrance.into_active_model().insert(&tx.db).await;
    let made = made.map_err(row::taken("input.name", message))?;
    tx.commit().await?;
    Ok(made)
}

/// Gives an entrance another name.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn rename(
    domain: &Domain,
    viewer: &Viewer,
    id: EntranceId,
    expected_version: Option<i32>,
    name: &str,
) -> Result<Entrance> {
    let name = required("input.name", name, NAME_MAX)?;
    let tx = domain.begin().await?;
    let was = row::lock::<Entity>(domain, viewer, &tx, "input.id", id).await?;
    register::check_may_change(viewer, was.community_id, Some(was.building_id))?;
    row::expect_version::<Entity>(&was, expected_version)?;
    let message = named_twice(&name);
    let entrance = Entrance { name, ..was.clone() };
    let saved = row::save::<Entity>(domain, &tx, &was, entrance).await;
    let saved = saved.map_err(row::taken("input.name", message))?;
    tx.commit().await?;
    Ok(saved)
}

fn named_twice(name: &str) -> impl FnOnce() -> String + use<> {
    let name = name.to_owned();
    move || format!("there is an entrance {name} in this building already")
}
