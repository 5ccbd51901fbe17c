//! Units (房屋、商铺、档口): homes, offices, shops and stalls.

use sea_orm::sea_query::SelectStatement;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, Select};

use super::list::listed;
use super::sought::Sought;
use super::{Change, Domain, Error, Once, Refusal, Result, Tx, Viewer, clean, register, required, row};
use crate::base::id::{BuildingId, CommunityId, EntranceId, UnitId};
use crate::storage::unit::{Column, Entity};
use crate::storage::{among, building, community, entrance, search};

pub use crate::storage::unit::{Model as Unit, Usage};

/// The longest number, layout or orientation, in characters.
pub(crate) const WORD_MAX: usize = 40;

/// The lowest and the highest floor.
pub(crate) const FLOORS: std::ops::RangeInclusive<i32> = -20..=300;

/// The largest area, in square metres.
pub(crate) const AREA_MAX: f64 = 100_000.0;

/// Which units; every part that is set narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of one of these communities.
    pub communities: Option<Vec<CommunityId>>,
    /// Of one of these buildings.
    pub buildings: Option<Vec<BuildingId>>,
    /// Of one of these entrances.
    pub entrances: Option<Vec<EntranceId>>,
    /// Used for one of these.
    pub usages: Option<Vec<Usage>>,
    /// With this in their number.
    pub search: Option<String>,
    /// Also those that are closed.
    pub include_closed: bool,
}

/// What a new unit is.
#[derive(Clone, Debug)]
pub struct New {
    /// The community; it need not be named where the building or the entrance is.
    pub community: Option<CommunityId>,
    /// The building; a shop may stand by itself.
    pub building: Option<BuildingId>,
    /// The entrance.
    pub entrance: Option<EntranceId>,
    /// Its number, unique by building and entrance.
    pub number: String,
    /// The floor; 1 is the ground floor, -1 the first basement.
    pub floor: Option<i32>,
    /// What it is used for.
    pub usage: Usage,
    /// 户型, as the company writes it.
    pub layout: Option<String>,
    /// 朝向, as the company writes it.
    pub orientation: Option<String>,
    /// Area in square metres, kept to the hundredth.
    pub area: Option<f64>,
}

/// What is to become of a unit. It stays in its building.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    /// Another entrance of the same building.
    pub entrance: Change<Option<EntranceId>>,
    /// Its number.
    pub number: Change<String>,
    /// The floor.
    pub floor: Change<Option<i32>>,
    /// What it is used for.
    pub usage: Change<Usage>,
    /// 户型.
    pub layout: Change<Option<String>>,
    /// 朝向.
    pub orientation: Change<Option<String>>,
    /// Area in square metres, kept to the hundredth.
    pub area: Change<Option<f64>>,
}

/// Where a unit is, once what was named has been found.
struct Place {
    community: CommunityId,
    building: Option<BuildingId>,
    entrance: Option<EntranceId>,
}

listed! {
    @with sought;
    /// By its number.
    Number => Number,
    /// By when it was made.
    Created => CreatedAt,
}

fn ids_found(domain: &Domain, filter: &Filter) -> Option<SelectStatement> {
    search::ids(domain.db.backend(), filter.search.as_deref()?, grams::in_unit)
}

async fn sought(domain: &Domain, filter: &Filter) -> Result<Sought> {
    Sought::of(domain, ids_found(domain, filter)).await
}

fn visible(domain: &Domain, viewer: &Viewer, filter: &Filter, sought: &Sought) -> Select<Entity> {
    let backend = domain.db.backend();
    let communities =
        filter.communities.as_ref().map(|ids| among(backend, Column::CommunityId, ids.iter().copied()));
    let buildings =
        filter.buildings.as_ref().map(|ids| among(backend, Column::BuildingId, ids.iter().copied()));
    let entrances =
        filter.entrances.as_ref().map(|ids| among(backend, Column::EntranceId, ids.iter().copied()));
    let narrowed = Condition::all()
        .add_option(communities)
        .add_option(buildings)
        .add_option(entrances)
        .add_option(filter.usages.as_ref().map(|usages| Column::Usage.is_in(usages.iter().copied())))
        .add_option(ids_found(domain, filter).map(|ids| sought.among(Column::Id, ids)))
        .add_option((!filter.include_closed).then(|| Column::ClosedAt.is_null()));
    Entity::visible_to(&viewer.scope, backend).filter(narrowed)
}

/// Adds a unit to a building, or to a community where it stands by itself.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn create(domain: &Domain, viewer: &Viewer, input: New, once: Option<&Once>) -> Result<Unit> {
    let number = required("input.number", &input.number, WORD_MAX)?;
    let floor = check_floor(input.floor)?;
    let layout = clean("input.layout", input.layout.as_deref(), WORD_MAX)?;
    let orientation = clean("input.orientation", input.orientation.as_deref(), WORD_MAX)?;
    let area_dm2 = check_area(input.area)?;
    let place = find_place(domain, viewer, &input).await?;
    register::check_may_change(viewer, place.community, place.building)?;
    let now = domain.clock.now();
    let unit = Unit {
        id: domain.clock.id(),
        community_id: place.community,
        building_id: place.building,
        entrance_id: place.entrance,
        number,
        floor,
        usage: input.usage,
        layout,
        orientation,
        area_dm2,
        created_at: now,
        updated_at: now,
        closed_at: None,
        version: 1,
    };
    let tx = domain.begin().await?;
    if let Some(before) = tx.claim(viewer, once, unit.id.uuid()).await? {
        return row::made_before::<Entity>(domain, viewer, &tx, before).await;
    }
    if let Some(building) = unit.building_id {
        row::keep_open::<building::Entity>(&tx, "input.buildingId", building).await?;
    }
    if let Some(entrance) = unit.entrance_id {
        row::keep_open::<entrance::Entity>(&tx, "input.entranceId", entrance).await?;
    }
    let taken = numbered_twice(&tx, &unit).await?;
    let made = unit.into_active_model().insert(&tx.db).await.map_err(taken)?;
    tx.commit().await?;
    Ok(made)
}

/// Changes a unit.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn update(
    domain: &Domain,
    viewer: &Viewer,
    id: UnitId,
    expected_version: Option<i32>,
    patch: Patch,
) -> Result<Unit> {
    let number = patch.number.check(|number| required("input.number", &number, WORD_MAX))?;
    let floor = patch.floor.check(check_floor)?;
    let layout = patch.layout.check(|text| clean("input.layout", text.as_deref(), WORD_MAX))?;
    let orientation =
        patch.orientation.check(|text| clean("input.orientation", text.as_deref(), WORD_MAX))?;
    let area_dm2 = patch.area.check(check_area)?;
    let tx = domain.begin().await?;
    let was = row::lock::<Entity>(domain, viewer, &tx, "input.id", id).await?;
    register::check_may_change(viewer, was.community_id, was.building_id)?;
    row::expect_version::<Entity>(&was, expected_version)?;
    if let Change::Set(Some(entrance)) = patch.entrance {
        let found =
            row::find::<entrance::Entity>(domain, viewer, &tx.db, "input.entranceId", entrance).await?;
        if Some(found.building_id) != was.building_id {
            return Err(entrance_elsewhere());
        }
        row::keep_open::<entrance::Entity>(&tx, "input.entranceId", entrance).await?;
    }
    let mut unit = was.clone();
    patch.entrance.put(&mut unit.entrance_id);
    number.put(&mut unit.number);
    floor.put(&mut unit.floor);
    patch.usage.put(&mut unit.usage);
    layout.put(&mut unit.layout);
    orientation.put(&mut unit.orientation);
    area_dm2.put(&mut unit.area_dm2);
    let taken = numbered_twice(&tx, &unit).await?;
    let saved = row::save::<Entity>(domain, &tx, &was, unit).await.map_err(taken)?;
    tx.commit().await?;
    Ok(saved)
}

/// An entrance names its building, and a building its community; what is named besides must agree.
async fn find_place(domain: &Domain, viewer: &Viewer, input: &New) -> Result<Place> {
    let entrance = row::find_named::<entrance::Entity>(
        domain,
        viewer,
        domain.db.read(),
        "input.entranceId",
        input.entrance,
    )
    .await?;
    let implied = entrance.as_ref().map(|entrance| entrance.building_id);
    if implied.zip(input.building).is_some_and(|(implied, given)| implied != given) {
        return Err(entrance_elsewhere());
    }
    let building = input.building.or(implied);
    let building =
        row::find_named::<building::Entity>(domain, viewer, domain.db.read(), "input.buildingId", building)
            .await?;
    if let (Some(building), Some(given)) = (&building, input.community)
        && building.community_id != given
    {
        let message = "the building is in another community";
        return Err(Refusal::invalid("input.buildingId", message).into());
    }
    let community = match (input.community, &building) {
        (_, Some(building)) => building.community_id,
        (Some(id), None) => {
            row::find::<community::Entity>(domain, viewer, domain.db.read(), "input.communityId", id)
                .await?
                .id
        }
        (None, None) => {
            let message = "name the building, or the community of a unit that stands by itself";
            return Err(Refusal::invalid("input.communityId", message).into());
        }
    };
    let entrance = entrance.map(|entrance| entrance.id);
    Ok(Place { community, building: building.map(|building| building.id), entrance })
}

fn entrance_elsewhere() -> Error {
    Refusal::invalid("input.entranceId", "the entrance is in another building").into()
}

/// The refusal of a number that is taken; it names the entrance, the building or the community.
async fn numbered_twice(tx: &Tx<'_>, unit: &Unit) -> Result<impl FnOnce(sea_orm::DbErr) -> Error + use<>> {
    let place = match (unit.entrance_id, unit.building_id) {
        (Some(id), _) => entrance::Entity::find_by_id(id).one(&tx.db).await?.map(|row| row.name),
        (None, Some(id)) => building::Entity::find_by_id(id).one(&tx.db).await?.map(|row| row.name),
        (None, None) => {
            community::Entity::find_by_id(unit.community_id).one(&tx.db).await?.map(|row| row.name)
        }
    };
    let number = unit.number.clone();
    let message = move || format!("unit {number} is already in {}", place.unwrap_or_default());
    Ok(row::taken("input.number", message))
}

fn check_floor(floor: Option<i32>) -> Result<Option<i32>> {
    if let Some(wrong) = floor.filter(|floor| !FLOORS.contains(floor)) {
        let (lowest, highest) = (FLOORS.start(), FLOORS.end());
        let message = format!("{wrong} is no floor; it goes from {lowest} to {highest}");
        return Err(Refusal::invalid("input.floor", message).into());
    }
    Ok(floor)
}

/// The area in hundredths of a square metre.
pub(crate) fn check_area(area: Option<f64>) -> Result<Option<i32>> {
    let Some(given) = area else { return Ok(None) };
    if !(0.01..=AREA_MAX).contains(&given) {
        let message = format!("{given} is no area; it goes from 0.01 to {AREA_MAX} square metres");
        return Err(Refusal::invalid("input.area", message).into());
    }
    Ok(Some((given * 100.0).round() as i32))
}
