//! An import or export is asked for, or no longer wanted.

use sea_orm::sea_query::LockType;
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect};

use super::work::save;
use super::{Content, DataTransfer, Direction, Language, State, Task, policy};
use crate::base::id::{CommunityId, DataTransferId};
use crate::domain::attachment::File;
use crate::domain::{Domain, Error, Once, Refusal, Result, Role, Tx, Viewer, row};
use crate::storage::community;
use crate::storage::data_transfer::{Column, Entity};

/// The most of one account that have not ended: who asks without end fills the store.
const OPEN_MAX: u64 = 10;

/// The longest name of a file that is kept, in characters.
const FILE_NAME_MAX: usize = 120;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct New {
    /// The one community that it is about; without it all that the viewer sees.
    pub community: Option<CommunityId>,
    /// What the rows are.
    pub content: Content,
    /// What exactly is to be done.
    pub task: Task,
    /// The language of the file, and of refusals.
    pub language: Language,
    /// Whether the map lets communities, staff or categories be made.
    pub makes_more: bool,
}

/// Puts an import, with its file, or an export into the queue. The same key again gives the same one.
///
/// # Errors
/// When it is refused, or the store or the database fails.
pub async fn begin(
    domain: &Domain,
    viewer: &Viewer,
    new: New,
    file: Option<File>,
    once: Option<&Once>,
) -> Result<DataTransfer> {
    if let Some(before) = domain.made(viewer, once).await? {
        return load(domain, viewer, DataTransferId::new(before)).await;
    }
    check(domain, viewer, &new).await?;
    let row = queued(domain, viewer, &new, file.as_ref());
    if let Some(file) = file {
        domain.files.blobs().put_sheet(row.id, file.content).await?;
    }
    let done = write(domain, viewer, &row, once).await;
    match &done {
        Ok(written) if written.id == row.id => domain.transfer_waits(),
        Ok(_) | Err(Error::Refused(_)) => discard(domain, row.id).await,
        // Whether it was written is not known; what nobody knows of is swept.
        Err(_) => {}
    }
    done
}

async fn check(domain: &Domain, viewer: &Viewer, new: &New) -> Result<()> {
    let direction = new.task.direction();
    if let Some(id) = new.community {
        row::find::<community::Entity>(domain, viewer, domain.db.read(), "input.communityId", id).await?;
    }
    if !policy::may(viewer, direction, new.community) {
        let message = match (new.community, direction) {
            (None, _) => "name a community; only those with a post for the whole group leave it out",
            (_, Direction::Import) => {
                "CENTER_SUPERVISOR, SERVICE_MANAGER, PROJECT_HEAD and ADMIN import; ask one of them"
            }
            (_, Direction::Export) => {
                "supervisors, managers, the PROJECT_HEAD, GROUP_SERVICE and ADMIN export; ask one of them"
            }
        };
        return Err(Refusal::forbidden(message).into());
    }
    if new.makes_more && !(new.community.is_none() && viewer.holds_in_group(&[Role::Admin])) {
        let message = "communities, staff and categories are made by an import of an ADMIN of the group that names no \
                       community; take them out of the map's \"create\"";
        return Err(Refusal::forbidden(message).into());
    }
    let open = Entity::of(viewer.account.id).filter(Column::EndedAt.is_null());
    let open = open.count(domain.db.read()).await?;
    if open >= OPEN_MAX {
        let message =
            format!("{open} imports and exports of yours have not ended; wait for one, or cancel it");
        return Err(Refusal::invalid("input", message).into());
    }
    Ok(())
}

fn queued(domain: &Domain, viewer: &Viewer, new: &New, file: Option<&File>) -> DataTransfer {
    let name = file.and_then(|file| file.name.as_deref());
    let shown = |name: &str| {
        let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
        last.chars().filter(|c| !c.is_control()).take(FILE_NAME_MAX).collect::<String>()
    };
    DataTransfer {
        id: domain.clock.id(),
        account_id: viewer.account.id,
        community_id: new.community,
        direction: new.task.direction(),
        content: new.content,
        state: State::Queued,
        stage: None,
        language: new.language,
        task: serde_json::to_value(&new.task).unwrap_or_default(),
        file_name: name.map(shown).filter(|name| !name.is_empty()),
        rows_done: 0,
        rows_about: 0,
        rows_refused: 0,
        counts: serde_json::json!({}),
        written: false,
        failure: None,
        result_bytes: None,
        attempts: 0,
        lease_until: None,
        cancel_asked_at: None,
        created_at: domain.clock.now(),
        started_at: None,
        ended_at: None,
        files_gone_at: None,
        revision: 1,
    }
}

async fn write(
    domain: &Domain,
    viewer: &Viewer,
    row: &DataTransfer,
    once: Option<&Once>,
) -> Result<DataTransfer> {
    let tx = domain.begin().await?;
    if let Some(before) = tx.claim(viewer, once, row.id.uuid()).await? {
        drop(tx);
        return load(domain, viewer, DataTransferId::new(before)).await;
    }
    let row = row.clone().into_active_model().insert(&tx.db).await?;
    tx.commit().await?;
    Ok(row)
}

async fn load(domain: &Domain, viewer: &Viewer, id: DataTransferId) -> Result<DataTransfer> {
    let own = Entity::of(viewer.account.id).filter(Column::Id.eq(id));
    let found = own.one(domain.db.write()).await?;
    found.ok_or_else(|| Refusal::not_found("input.idempotencyKey", id).into())
}

/// Stops one: at once while it waits, else before the next rows. What an import has written by then stays.
///
/// # Errors
/// When it is refused, above all when it has ended, or the database fails.
pub async fn cancel(domain: &Domain, viewer: &Viewer, id: DataTransferId) -> Result<DataTransfer> {
    let tx = domain.begin().await?;
    let was = lock(&tx, viewer, id).await?;
    if was.ended_at.is_some() {
        let state = sea_orm::ActiveEnum::to_value(&was.state);
        return Err(Refusal::invalid("input.id", format!("it has ended already: it is {state}")).into());
    }
    let now = domain.clock.now();
    let mut row = was.clone();
    row.cancel_asked_at = row.cancel_asked_at.or(Some(now));
    if row.state == State::Queued {
        row.state = State::Cancelled;
        row.ended_at = Some(now);
    }
    let row = save(domain, &tx, &was, row).await?;
    tx.commit().await?;
    if row.state == State::Cancelled {
        discard(domain, id).await;
    }
    Ok(row)
}

async fn lock(tx: &Tx<'_>, viewer: &Viewer, id: DataTransferId) -> Result<DataTransfer> {
    let own = Entity::of(viewer.account.id).filter(Column::Id.eq(id));
    let found = own.lock(LockType::NoKeyUpdate).one(&tx.db).await?;
    found.ok_or_else(|| Refusal::not_found("input.id", id).into())
}

/// Takes out of the store what nobody needs. What stays is swept.
pub(super) async fn discard(domain: &Domain, id: DataTransferId) {
    if let Err(error) = domain.files.blobs().remove_sheets(id).await {
        tracing::warn!(%error, %id, "the files of an import or export could not be removed; they will be swept");
    }
}
