//! Buildings of communities (楼宇).

use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel, QueryFilter, Select};

use super::list::listed;
use super::{Change, Domain, NAME_MAX, Once, Refusal, Result, Viewer, clean, register, required, row};
use crate::base::id::{BuildingId, CommunityId};
use crate::storage::building::{Column, Entity};
use crate::storage::{among, community, contains};

pub use crate::storage::building::{Kind, Model as Building};

/// The longest postal address, in characters.
pub(crate) const ADDRESS_MAX: usize = 200;

/// Which buildings; every part that is set narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of one of these communities.
    pub communities: Option<Vec<CommunityId>>,
    /// Of one of these kinds.
    pub kinds: Option<Vec<Kind>>,
    /// With this in their name.
    pub search: Option<String>,
    /// Also those that are closed.
    pub include_closed: bool,
}

/// What a new building is.
#[derive(Clone, Debug)]
pub struct New {
    /// The community it belongs to.
    pub community: CommunityId,
    /// Its name, unique in the community.
    pub name: String,
    /// What it is for.
    pub kind: Kind,
    /// Postal address.
    pub address: Option<String>,
}

/// What is to become of a building.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    /// Its name.
    pub name: Change<String>,
    /// What it is for.
    pub kind: Change<Kind>,
    /// Postal address.
    pub address: Change<Option<String>>,
}

listed! {
    /// By its name.
    Name => Name,
    /// By when it was made.
    Created => CreatedAt,
}

fn visible(domain: &Domain, viewer: &Viewer, filter: &Filter) -> Select<Entity> {
    let backend = domain.db.backend();
    let search = filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let communities =
        filter.communities.as_ref().map(|ids| among(backend, Column::CommunityId, ids.iter().copied()));
    let narrowed = Condition::all()
        .add_option(communities)
        .add_option(filter.kinds.as_ref().map(|kinds| Column::Kind.is_in(kinds.iter().copied())))
        .add_option(search.map(|text| contains(Column::Name, text)))
        .add_option((!filter.include_closed).then(|| Column::ClosedAt.is_null()));
    Entity::visible_to(&viewer.scope, backend).filter(narrowed)
}

/// Adds a building to a community.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn create(domain: &Domain, viewer: &Viewer, input: New, once: Option<&Once>) -> Result<Building> {
    let name = required("input.name", &input.name, NAME_MAX)?;
    let address = clean("input.address", input.address.as_deref(), ADDRESS_MAX)?;
    let community = row::find::<community::Entity>(
        domain,
        viewer,
        domain.db.read(),
        "input.communityId",
        input.community,
    )
    .await?;
    if !register::may_change_all(viewer, community.id) {
        let message = "you may not add a building here; the community's supervisors, managers and ADMIN do";
        return Err(Refusal::forbidden(message).into());
    }
    let now = domain.clock.now();
    let building = Building {
        id: domain.clock.id(),
        community_id: community.id,
        name,
        kind: input.kind,
        address,
        created_at: now,
        updated_at: now,
        closed_at: None,
        version: 1,
    };
    let tx = domain.begin().await?;
    if let Some(before) = tx.claim(viewer, once, building.id.uuid()).await? {
        return row::made_before::<Entity>(domain, viewer, &tx, before).await;
    }
    let message = named_twice(&building.name);
    let made = building.into_active_model().insert(&tx.db).await;
    let made = made.map_err(row::taken("input.name", message))?;
    tx.commit().await?;
    Ok(made)
}

/// Changes a building.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn update(
    domain: &Domain,
    viewer: &Viewer,
    id: BuildingId,
    expected_version: Option<i32>,
    patch: Patch,
) -> Result<Building> {
    let name = patch.name.check(|name| required("input.name", &name, NAME_MAX))?;
    let address = patch.address.check(|text| clean("input.address", text.as_deref(), ADDRESS_MAX))?;
    let tx = domain.begin().await?;
    let was = row::lock::<Entity>(domain, viewer, &tx, "input.id", id).await?;
    register::check_may_change(viewer, was.community_id, Some(id))?;
    row::expect_version::<Entity>(&was, expected_version)?;
    let mut building = was.clone();
    name.put(&mut building.name);
    patch.kind.put(&mut building.kind);
    address.put(&mut building.address);
    let message = named_twice(&building.name);
    let saved = row::save::<Entity>(domain, &tx, &was, building).await;
    let saved = saved.map_err(row::taken("input.name", message))?;
    tx.commit().await?;
    Ok(saved)
}

fn named_twice(name: &str) -> impl FnOnce() -> String + use<> {
    let name = name.to_owned();
    move || format!("there is a building {name} in this community already")
}
