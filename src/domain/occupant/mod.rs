//! Occupants (业主、住户): the persons and companies that live or work in units.

mod phone;

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement, UnionType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, JoinType, QueryFilter,
    QuerySelect, RelationDef, Select,
};

use super::list::listed;
use super::occupancy::held_on;
use super::sought::Sought;
use super::{Change, Domain, NAME_MAX, Once, Refusal, Result, Viewer, register, required, row};
use crate::base::id::{BuildingId, CommunityId, OccupantId, UnitId};
use crate::storage::occupant::{Column, Entity};
use crate::storage::{among, building, community, occupancy, search, unit};

pub use crate::storage::occupant::{Kind, Model as Occupant};
pub use phone::{callers_on_orders, phone_for, sees_phone};

/// Which occupants; every part that is set narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Living in one of these communities, or registered there.
    pub communities: Option<Vec<CommunityId>>,
    /// Living in one of these units.
    pub units: Option<Vec<UnitId>>,
    /// Of one of these kinds.
    pub kinds: Option<Vec<Kind>>,
    /// With this in their name; or with this telephone number, where the viewer sees it whole.
    pub search: Option<String>,
    /// Also those that are closed.
    pub include_closed: bool,
}

/// What a new occupant is.
#[derive(Clone, Debug)]
pub struct New {
    /// The community that registers them.
    pub community: CommunityId,
    /// A person or a company.
    pub kind: Kind,
    /// The name.
    pub name: String,
    /// Telephone number.
    pub phone: Option<String>,
}

/// What is to become of an occupant.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    /// A person or a company.
    pub kind: Change<Kind>,
    /// The name.
    pub name: Change<String>,
    /// Telephone number.
    pub phone: Change<Option<String>>,
}

/// Where an occupant is: a community and, unless they are in no building there, a building.
pub type Place = (CommunityId, Option<BuildingId>);

listed! {
    @with sought;
    /// By the name.
    Name => Name,
    /// By when they were registered.
    Created => CreatedAt,
}

async fn sought(domain: &Domain, filter: &Filter) -> Result<Sought> {
    let text = filter.search.as_deref();
    let ids = text.and_then(|text| search::ids(domain.db.backend(), text, grams::in_occupant));
    Sought::of(domain, ids).await
}

fn visible(domain: &Domain, viewer: &Viewer, filter: &Filter, sought: &Sought) -> Select<Entity> {
    let text = filter.search.as_deref();
    let narrowed = Condition::all()
        .add_option(filter.communities.as_ref().map(|ids| of_communities(domain, viewer, ids)))
        .add_option(filter.units.as_ref().map(|ids| {
            let there = among(domain.db.backend(), occupancy::Column::UnitId, ids.iter().copied());
            id_in(occupants_of(domain, viewer, there))
        }))
        .add_option(filter.kinds.as_ref().map(|kinds| Column::Kind.is_in(kinds.iter().copied())))
        .add_option(text.map(|text| found_by(domain, viewer, text, sought)))
        .add_option((!filter.include_closed).then(|| Column::ClosedAt.is_null()));
    Entity::visible_to(&viewer.scope, domain.db.backend()).filter(narrowed)
}

/// Only where the viewer reads the register: where else somebody lives is not told by a filter either.
fn of_communities(domain: &Domain, viewer: &Viewer, ids: &[CommunityId]) -> Condition {
    let backend = domain.db.backend();
    let sight = &viewer.scope.register;
    let seen = |id: &&CommunityId| sight.everywhere || sight.communities.contains(*id);
    let living = among(backend, occupancy::Column::CommunityId, ids.iter().copied());
    Condition::any()
        .add(among(backend, Column::CommunityId, ids.iter().filter(seen).copied()))
        .add(id_in(occupants_of(domain, viewer, living)))
}

/// Who is, today, in an occupancy that the viewer sees and that `there` describes.
fn occupants_of(domain: &Domain, viewer: &Viewer, there: Expr) -> SelectStatement {
    let mut living = occupancy::Entity::visible_to(&viewer.scope, domain.db.backend())
        .select_only()
        .column(occupancy::Column::OccupantId)
        .filter(held_on(domain.today()))
        .filter(there);
    QuerySelect::query(&mut living).take()
}

fn id_in(occupants: SelectStatement) -> Expr {
    Expr::col((Entity, Column::Id)).in_subquery(occupants)
}

fn found_by(domain: &Domain, viewer: &Viewer, text: &str, sought: &Sought) -> Condition {
    let Some(mut ids) = search::ids(domain.db.backend(), text, grams::in_occupant) else {
        return Condition::all();
    };
    // One set of ids: asked with "or", PostgreSQL looks at everybody.
    if let Some(number) = super::phone("search", Some(text)).ok().flatten() {
        let mut calling = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::Phone.eq(number))
            .filter(phone::seen_whole(domain, viewer));
        ids.union(UnionType::All, QuerySelect::query(&mut calling).take());
    }
    Condition::all().add(sought.among(Column::Id, ids))
}

/// Registers an occupant.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn create(domain: &Domain, viewer: &Viewer, input: New, once: Option<&Once>) -> Result<Occupant> {
    let name = required("input.name", &input.name, NAME_MAX)?;
    let phone = super::phone("input.phone", input.phone.as_deref())?;
    let community = row::find::<community::Entity>(
        domain,
        viewer,
        domain.db.read(),
        "input.communityId",
        input.community,
    )
    .await?;
    check_may_register(domain, viewer, community.id).await?;
    let now = domain.clock.now();
    let occupant = Occupant {
        id: domain.clock.id(),
        community_id: community.id,
        kind: input.kind,
        name,
        phone,
        created_at: now,
        updated_at: now,
        closed_at: None,
        erased_at: None,
        version: 1,
    };
    let tx = domain.begin().await?;
    if let Some(before) = tx.claim(viewer, once, occupant.id.uuid()).await? {
        return row::made_before::<Entity>(domain, viewer, &tx, before).await;
    }
    let made = occupant.into_active_model().insert(&tx.db).await?;
    tx.commit().await?;
    Ok(made)
}

/// Changes an occupant.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn update(
    domain: &Domain,
    viewer: &Viewer,
    id: OccupantId,
    expected_version: Option<i32>,
    patch: Patch,
) -> Result<Occupant> {
    let name = patch.name.check(|name| required("input.name", &name, NAME_MAX))?;
    let phone = patch.phone.check(|text| super::phone("input.phone", text.as_deref()))?;
    check_may_update(domain, viewer, id).await?;
    let tx = domain.begin().await?;
    let was = row::lock::<Entity>(domain, viewer, &tx, "input.id", id).await?;
    row::refuse_erased(was.erased_at)?;
    row::expect_version::<Entity>(&was, expected_version)?;
    let mut occupant = was.clone();
    patch.kind.put(&mut occupant.kind);
    name.put(&mut occupant.name);
    phone.put(&mut occupant.phone);
    let saved = row::save::<Entity>(domain, &tx, &was, occupant).await?;
    tx.commit().await?;
    Ok(saved)
}

/// An assistant registers people where a building is in their charge.
async fn check_may_register(domain: &Domain, viewer: &Viewer, community: CommunityId) -> Result<()> {
    let own = &viewer.scope.tickets.buildings;
    let backend = domain.db.backend();
    let here = building::Entity::find().filter(building::Column::CommunityId.eq(community)).filter(among(
        backend,
        building::Column::Id,
        own.iter().copied(),
    ));
    if register::may_change_all(viewer, community)
        || (!own.is_empty() && row::any(domain.db.read(), here).await?)
    {
        return Ok(());
    }
    register::check_may_change(viewer, community, None)
}

/// Who may change the register where the occupant lives may change the occupant; so may the community that registered
/// them, an assistant there as long as they live nowhere.
pub(super) async fn check_may_update(domain: &Domain, viewer: &Viewer, id: OccupantId) -> Result<()> {
    let seen = Entity::visible_to(&viewer.scope, domain.db.backend()).filter(Column::Id.eq(id));
    let found = seen.one(domain.db.read()).await?.ok_or_else(|| Refusal::not_found("input.id", id))?;
    let homes =
        where_are(domain, &[id]).await?.into_iter().filter_map(|found| found.home).collect::<Vec<_>>();
    if homes.iter().any(|(community, building)| register::may_change(viewer, *community, *building)) {
        return Ok(());
    }
    if homes.is_empty() {
        return check_may_register(domain, viewer, found.community_id).await;
    }
    register::check_may_change(viewer, found.community_id, None)
}

/// Where occupants are: where they live today; who lives nowhere, where they were registered.
///
/// # Errors
/// When the database fails.
pub async fn places_of_occupants(
    domain: &Domain,
    ids: &[OccupantId],
) -> Result<HashMap<OccupantId, Vec<Place>>> {
    let mut places: HashMap<_, Vec<_>> = HashMap::new();
    for found in where_are(domain, ids).await? {
        places.entry(found.occupant).or_default().push(found.home.unwrap_or((found.registered, None)));
    }
    Ok(places)
}

/// One of the places where an occupant lives today, or that there is none.
struct Found {
    occupant: OccupantId,
    registered: CommunityId,
    home: Option<Place>,
}

async fn where_are(domain: &Domain, ids: &[OccupantId]) -> Result<Vec<Found>> {
    let today = domain.today();
    let living = Entity::belongs_to(occupancy::Entity).from(Column::Id).to(occupancy::Column::OccupantId);
    let living: RelationDef = living.into();
    let to_unit =
        occupancy::Entity::belongs_to(unit::Entity).from(occupancy::Column::UnitId).to(unit::Column::Id);
    let rows = Entity::find()
        .select_only()
        .column(Column::Id)
        .column(Column::CommunityId)
        .column(occupancy::Column::CommunityId)
        .column(unit::Column::BuildingId)
        .join(JoinType::LeftJoin, living.on_condition(move |_, _| held_on(today)))
        .join(JoinType::LeftJoin, to_unit.into())
        .filter(among(domain.db.backend(), Column::Id, ids.iter().copied()))
        .into_tuple::<(OccupantId, CommunityId, Option<CommunityId>, Option<BuildingId>)>()
        .all(domain.db.read())
        .await?;
    let found = rows.into_iter().map(|(occupant, registered, community, building)| {
        let home = community.map(|community| (community, building));
        Found { occupant, registered, home }
    });
    Ok(found.collect())
}
