//! Facilities (公共/消防设施): what a community or a building has for all, or for a fire.

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, IntoActiveModel, QueryFilter, Select};

use super::list::listed;
use super::{Change, Domain, NAME_MAX, Once, Refusal, Result, Viewer, clean, register, required, row, span};
use crate::base::id::{BuildingId, CommunityId, FacilityId};
use crate::storage::facility::{Column, Entity};
use crate::storage::{among, building, community, contains};

pub use crate::storage::facility::{Kind, Model as Facility};

/// The longest place or purpose, in characters.
const WORDS_MAX: usize = 200;

/// Which facilities; every part that is set narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of one of these communities.
    pub communities: Option<Vec<CommunityId>>,
    /// In one of these buildings.
    pub buildings: Option<Vec<BuildingId>>,
    /// Of one of these kinds.
    pub kinds: Option<Vec<Kind>>,
    /// Whose next check is due before this day.
    pub due_before: Option<NaiveDate>,
    /// With this in their name.
    pub search: Option<String>,
    /// Also those that are closed.
    pub include_closed: bool,
}

/// What a new facility is.
#[derive(Clone, Debug)]
pub struct New {
    /// The community; it need not be named where the building is.
    pub community: Option<CommunityId>,
    /// The building it is in or on.
    pub building: Option<BuildingId>,
    /// Shared, or for fire safety.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Where exactly, in words.
    pub place: Option<String>,
    /// What it is there for.
    pub purpose: Option<String>,
    /// The day of its next check.
    pub next_check_on: Option<NaiveDate>,
}

/// What is to become of a facility. It stays in its building.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    /// Shared, or for fire safety.
    pub kind: Change<Kind>,
    /// Its name.
    pub name: Change<String>,
    /// Where exactly, in words.
    pub place: Change<Option<String>>,
    /// What it is there for.
    pub purpose: Change<Option<String>>,
    /// The day of its next check.
    pub next_check_on: Change<Option<NaiveDate>>,
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
    let buildings =
        filter.buildings.as_ref().map(|ids| among(backend, Column::BuildingId, ids.iter().copied()));
    let narrowed = Condition::all()
        .add_option(communities)
        .add_option(buildings)
        .add_option(filter.kinds.as_ref().map(|kinds| Column::Kind.is_in(kinds.iter().copied())))
        .add_option(filter.due_before.map(|day| Column::NextCheckOn.lt(day)))
        .add_option(search.map(|text| contains(Column::Name, text)))
        .add_option((!filter.include_closed).then(|| Column::ClosedAt.is_null()));
    Entity::visible_to(&viewer.scope, backend).filter(narrowed)
}

/// Adds a facility to a building, or to a community where it is in none.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn create(domain: &Domain, viewer: &Viewer, input: New, once: Option<&Once>) -> Result<Facility> {
    let name = required("input.name", &input.name, NAME_MAX)?;
    let place = clean("input.place", input.place.as_deref(), WORDS_MAX)?;
    let purpose = clean("input.purpose", input.purpose.as_deref(), WORDS_MAX)?;
    let next_check_on = check_day(input.next_check_on)?;
    let (community, building) = find_place(domain, viewer, &input).await?;
    register::check_may_change(viewer, community, building)?;
    let now = domain.clock.now();
    let facility = Facility {
        id: domain.clock.id(),
        community_id: community,
        building_id: building,
        kind: input.kind,
        name,
        place,
        purpose,
        next_check_on,
        created_at: now,
        updated_at: now,
        closed_at: None,
        version: 1,
    };
    let tx = domain.begin().await?;
    if let Some(before) = tx.claim(viewer, once, facility.id.uuid()).await? {
        return row::made_before::<Entity>(domain, viewer, &tx, before).await;
    }
    if let Some(building) = facility.building_id {
        row::keep_open::<building::Entity>(&tx, "input.buildingId", building).await?;
    }
    let made = facility.into_active_model().insert(&tx.db).await?;
    tx.commit().await?;
    Ok(made)
}

/// Changes a facility.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn update(
    domain: &Domain,
    viewer: &Viewer,
    id: FacilityId,
    expected_version: Option<i32>,
    patch: Patch,
) -> Result<Facility> {
    let name = patch.name.check(|name| required("input.name", &name, NAME_MAX))?;
    let place = patch.place.check(|text| clean("input.place", text.as_deref(), WORDS_MAX))?;
    let purpose = patch.purpose.check(|text| clean("input.purpose", text.as_deref(), WORDS_MAX))?;
    let next_check_on = patch.next_check_on.check(check_day)?;
    let tx = domain.begin().await?;
    let was = row::lock::<Entity>(domain, viewer, &tx, "input.id", id).await?;
    register::check_may_change(viewer, was.community_id, was.building_id)?;
    row::expect_version::<Entity>(&was, expected_version)?;
    let mut facility = was.clone();
    patch.kind.put(&mut facility.kind);
    name.put(&mut facility.name);
    place.put(&mut facility.place);
    purpose.put(&mut facility.purpose);
    next_check_on.put(&mut facility.next_check_on);
    let saved = row::save::<Entity>(domain, &tx, &was, facility).await?;
    tx.commit().await?;
    Ok(saved)
}

/// A building names its community; what is named besides must agree.
async fn find_place(
    domain: &Domain,
    viewer: &Viewer,
    input: &New,
) -> Result<(CommunityId, Option<BuildingId>)> {
    let db = domain.db.read();
    let building =
        row::find_named::<building::Entity>(domain, viewer, db, "input.buildingId", input.building).await?;
    match (input.community, building) {
        (Some(given), Some(building)) if building.community_id != given => {
            let message = "the building is in another community";
            Err(Refusal::invalid("input.buildingId", message).into())
        }
        (_, Some(building)) => Ok((building.community_id, Some(building.id))),
        (Some(id), None) => {
            let found = row::find::<community::Entity>(domain, viewer, db, "input.communityId", id).await?;
            Ok((found.id, None))
        }
        (None, None) => {
            let message = "name the building, or the community of a facility that is in none";
            Err(Refusal::invalid("input.communityId", message).into())
        }
    }
}

fn check_day(day: Option<NaiveDate>) -> Result<Option<NaiveDate>> {
    if let Some(day) = day {
        span(("input.nextCheckOn", day), ("input.nextCheckOn", None))?;
    }
    Ok(day)
}
