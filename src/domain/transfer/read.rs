//! Imports and exports as lists and single ones: each is seen by the account that asked for it, and by nobody else.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::{Content, DataTransfer, DataTransferRefusal, Direction, State, policy};
use crate::base::Page;
use crate::base::id::DataTransferId;
use crate::domain::list::listed;
use crate::domain::{Domain, Result, Rows, Viewer};
use crate::storage::blob::{Blob, Sheet};
use crate::storage::data_transfer::{Column, Entity};
use crate::storage::{Order, among, data_transfer_refusal as refusal, page_of_each};

/// Which imports and exports; every part that is set narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Into the system, or out of it.
    pub directions: Option<Vec<Direction>>,
    /// Of these rows.
    pub contents: Option<Vec<Content>>,
    /// Standing so.
    pub states: Option<Vec<State>>,
}

listed! {
    /// By when it was asked for.
    Created => CreatedAt,
}

fn visible(_: &Domain, viewer: &Viewer, filter: &Filter) -> Select<Entity> {
    let narrowed = Condition::all()
        .add_option(filter.directions.as_ref().map(|of| Column::Direction.is_in(of.iter().copied())))
        .add_option(filter.contents.as_ref().map(|of| Column::Content.is_in(of.iter().copied())))
        .add_option(filter.states.as_ref().map(|of| Column::State.is_in(of.iter().copied())));
    Entity::of(viewer.account.id).filter(narrowed)
}

fn own(domain: &Domain, viewer: &Viewer, ids: &[DataTransferId]) -> Select<Entity> {
    Entity::of(viewer.account.id).filter(among(domain.db.backend(), Column::Id, ids.iter().copied()))
}

/// Those with these ids that the viewer asked for.
///
/// # Errors
/// When the database fails.
pub async fn find(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[DataTransferId],
) -> Result<HashMap<DataTransferId, DataTransfer>> {
    let rows = own(domain, viewer, ids).all(domain.db.read()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// A page of the refusals of an import.
pub type Refusals = Rows<DataTransferRefusal>;

/// The order of an import's refusals: the file's.
fn order() -> Order<refusal::Entity> {
    Order { column: refusal::Column::Position, id: refusal::Column::Id, descending: false }
}

/// Names the list of an import's refusals, for its cursors.
#[must_use]
pub fn refusals() -> String {
    order().list()
}

/// The same page of the refusals of each import that the viewer asked for.
///
/// # Errors
/// When the page is asked for wrongly or the database fails.
pub async fn refusals_of(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[DataTransferId],
    page: &Page,
) -> Result<HashMap<DataTransferId, Refusals>> {
    let mut seen = own(domain, viewer, ids).select_only().column(Column::Id);
    let seen = QuerySelect::query(&mut seen).take();
    let column = refusal::Column::DataTransferId;
    let rows = refusal::Entity::find().filter(column.in_subquery(seen));
    Ok(page_of_each(domain.db.read(), rows, (column, ids), order(), page).await?)
}

/// What can be fetched of an import or export.
#[derive(Debug)]
pub enum Download {
    /// The file that was written, with its row.
    Result(Box<DataTransfer>, Blob),
    /// The refusals, with the import's row.
    Refusals(Box<DataTransfer>, Vec<DataTransferRefusal>),
    /// No such thing, not any more, or not for this viewer.
    Missing,
}

/// Opens what a viewer fetches. Who may export no longer does not get what they exported.
///
/// # Errors
/// When the database or the store fails.
pub async fn download(
    domain: &Domain,
    viewer: &Viewer,
    id: DataTransferId,
    result: bool,
) -> Result<Download> {
    let found = own(domain, viewer, &[id]).filter(Column::FilesGoneAt.is_null());
    let Some(row) = found.one(domain.db.read()).await?.filter(|row| policy::may_now(viewer, row)) else {
        return Ok(Download::Missing);
    };
    if result {
        let blob = match row.result_bytes {
            Some(_) => domain.files.blobs().sheet(id, Sheet::Out).await?,
            None => None,
        };
        return Ok(blob.map_or(Download::Missing, |blob| Download::Result(Box::new(row), blob)));
    }
    let rows = refusal::Entity::find()
        .filter(refusal::Column::DataTransferId.eq(id))
        .order_by_asc(refusal::Column::Position)
        .all(domain.db.read())
        .await?;
    Ok(if rows.is_empty() { Download::Missing } else { Download::Refusals(Box::new(row), rows) })
}

/// Whether one has ended, and this was its last change.
///
/// # Errors
/// When the database fails.
pub async fn has_ended_with(domain: &Domain, id: DataTransferId, revision: Option<i32>) -> Result<bool> {
    let row = Entity::find_by_id(id).one(domain.db.read()).await?;
    Ok(row.is_none_or(|row| row.ended_at.is_some() && revision.is_none_or(|told| told >= row.revision)))
}
