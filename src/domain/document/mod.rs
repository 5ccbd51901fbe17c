//! The archives (业主档案): documents that are kept of occupants and of units, by category and confidentiality. What
//! they hold are files as on tickets; who has opened them stands in the audit trail.
//!
//! Who keeps the register files them, and nobody files or hides what they could not read themselves.

mod erase;
mod file;
mod keep;

use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, Select};
use std::collections::HashMap;

use super::find::grouped;
use super::list::listed;
use super::{Domain, Refusal, Result, Viewer, occupant, register};
use crate::base::id::{BuildingId, CommunityId, DocumentId, OccupantId, UnitId};
use crate::storage::document::{Column, Entity};
use crate::storage::{among, contains};

pub(super) use self::erase::erase_of_occupant;
pub use self::file::{New, file};
pub use self::keep::{Patch, update, withdraw};
pub use crate::storage::document::{Category, Confidentiality, Model as Document};

/// The longest title, in characters.
const TITLE_MAX: usize = 200;

/// The longest note, in characters.
const NOTE_MAX: usize = 2_000;

/// Which documents; every part that is set narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of one of these communities.
    pub communities: Option<Vec<CommunityId>>,
    /// About a unit in one of these buildings.
    pub buildings: Option<Vec<BuildingId>>,
    /// About one of these units.
    pub units: Option<Vec<UnitId>>,
    /// About one of these occupants.
    pub occupants: Option<Vec<OccupantId>>,
    /// Of one of these categories.
    pub categories: Option<Vec<Category>>,
    /// As confidential as one of these.
    pub confidentialities: Option<Vec<Confidentiality>>,
    /// With this in their title.
    pub search: Option<String>,
    /// Also those that were withdrawn.
    pub include_withdrawn: bool,
}

listed! {
    /// By when it was filed.
    Filed => CreatedAt,
    /// By its title.
    Title => Title,
}

fn visible(domain: &Domain, viewer: &Viewer, filter: &Filter) -> Select<Entity> {
    let backend = domain.db.backend();
    let search = filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let communities = filter.communities.as_ref();
    let buildings = filter.buildings.as_ref();
    let units = filter.units.as_ref();
    let occupants = filter.occupants.as_ref();
    let categories = filter.categories.as_ref();
    let confidentialities = filter.confidentialities.as_ref();
    let narrowed = Condition::all()
        .add_option(communities.map(|ids| among(backend, Column::CommunityId, ids.iter().copied())))
        .add_option(buildings.map(|ids| among(backend, Column::BuildingId, ids.iter().copied())))
        .add_option(units.map(|ids| among(backend, Column::UnitId, ids.iter().copied())))
        .add_option(occupants.map(|ids| among(backend, Column::OccupantId, ids.iter().copied())))
        .add_option(categories.map(|all| Column::Category.is_in(all.iter().copied())))
        .add_option(confidentialities.map(|all| Column::Confidentiality.is_in(all.iter().copied())))
        .add_option(search.map(|text| contains(Column::Title, text)))
        .add_option((!filter.include_withdrawn).then(|| Column::WithdrawnAt.is_null()));
    Entity::visible_to(&viewer.scope, backend).filter(narrowed)
}

/// What is kept of units and was not withdrawn, the last to be filed first.
///
/// # Errors
/// When the database fails.
pub async fn of_units(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[UnitId],
) -> Result<HashMap<UnitId, Vec<Document>>> {
    let filter = Filter { units: Some(ids.to_vec()), ..Filter::default() };
    Ok(grouped(ids, newest(domain, viewer, &filter).await?, |row| row.unit_id))
}

/// What is kept of occupants and was not withdrawn, the last to be filed first.
///
/// # Errors
/// When the database fails.
pub async fn of_occupants(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[OccupantId],
) -> Result<HashMap<OccupantId, Vec<Document>>> {
    let filter = Filter { occupants: Some(ids.to_vec()), ..Filter::default() };
    Ok(grouped(ids, newest(domain, viewer, &filter).await?, |row| row.occupant_id))
}

async fn newest(domain: &Domain, viewer: &Viewer, filter: &Filter) -> Result<Vec<Document>> {
    let rows = visible(domain, viewer, filter);
    let rows = rows.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id);
    Ok(rows.all(domain.db.read()).await?)
}

/// Whether the viewer is shown it as the person it is about, and not by their work: then the company's note is not
/// theirs to read, and nobody is told that they have read it.
#[must_use]
pub fn is_own(viewer: &Viewer, document: &Document) -> bool {
    let own = viewer.occupant.as_ref().is_some_and(|own| document.occupant_id == Some(own.id));
    own && !document.seen_at_work(&viewer.scope)
}

/// Whether the viewer keeps the archives there: of a unit as its register, of an occupant as the occupant.
async fn check_may_keep(domain: &Domain, viewer: &Viewer, document: &Document) -> Result<()> {
    match (document.unit_id, document.occupant_id) {
        (None, Some(occupant)) => occupant::check_may_update(domain, viewer, occupant).await,
        _ => register::check_may_change(viewer, document.community_id, document.building_id),
    }
}

/// Nobody makes a document what they could not read themselves.
fn check_may_read(viewer: &Viewer, document: &Document) -> Result<()> {
    if document.seen_at_work(&viewer.scope) {
        return Ok(());
    }
    let level = sea_orm::ActiveEnum::to_value(&document.confidentiality);
    let message = format!(
        "you could not read it yourself, were it {level}; CONFIDENTIAL ones read supervisors, managers and \
         GROUP_SERVICE, and assistants those of units in the buildings in their charge; SECRET ones \
         SERVICE_MANAGER, PROJECT_HEAD and GROUP_SERVICE"
    );
    Err(Refusal::forbidden(message).into())
}

/// A document of the viewer's sight, and that they keep the archives there. Asked before the transaction, since it asks
/// the register.
async fn find_kept(domain: &Domain, viewer: &Viewer, id: DocumentId) -> Result<()> {
    let found = super::find::documents(domain, viewer, &[id]).await?.remove(&id);
    let found = found.ok_or_else(|| Refusal::not_found("input.id", id))?;
    check_may_keep(domain, viewer, &found).await
}
