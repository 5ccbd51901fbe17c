//! The files of imports and exports, and the refusals, are kept for a time only: they are full of people.

use std::time::Duration;

use chrono::TimeDelta;
use futures_util::TryStreamExt;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::begin::discard;
use super::{Direction, State};
use crate::base::id::DataTransferId;
use crate::domain::event::transfer_changed;
use crate::domain::{Domain, Result, Tx};
use crate::storage::data_transfer::{Column, Entity};
use crate::storage::{among, data_transfer_refusal as refusal};

/// How long they are kept unless a setting says otherwise: until tomorrow.
pub const KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// The most that one sweep takes.
const BATCH: u64 = 500;

/// A file that is younger may belong to a transaction that is still under way.
const YOUNG: TimeDelta = TimeDelta::hours(1);

/// How much was swept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Imports and exports whose files and refusals have been kept long enough.
    pub transfers: usize,
    /// Files that nothing knows of.
    pub orphans: usize,
}

/// Sweeps, a bounded piece at a time; several gateways may do so at once.
///
/// # Errors
/// When the database or the store fails; what was done stays done, the rest is done next time.
pub async fn sweep(domain: &Domain, kept_for: Duration) -> Result<Swept> {
    let old = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::FilesGoneAt.is_null())
        .filter(Column::EndedAt.lte(domain.clock.now() - kept_for))
        .order_by_asc(Column::EndedAt)
        .limit(BATCH);
    let old = old.into_tuple::<DataTransferId>().all(domain.db.read()).await?;
    if !old.is_empty() {
        let tx = domain.begin().await?;
        forget(domain, &tx, &old).await?;
        tx.commit().await?;
        for id in &old {
            discard(domain, *id).await;
        }
    }
    Ok(Swept { transfers: old.len(), orphans: remove_orphans(domain).await? })
}

/// Forgets, as somebody is erased, whatever may tell of them: all files that were written and all refusals. An export
/// that is under way is begun anew, without them. The files themselves go with [`sweep`].
///
/// # Errors
/// When the database fails.
pub(crate) async fn forget_all(domain: &Domain, tx: &Tx<'_>) -> Result<u64> {
    let ended = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::EndedAt.is_not_null())
        .filter(Column::FilesGoneAt.is_null())
        .into_tuple::<DataTransferId>()
        .all(&tx.db)
        .await?;
    forget(domain, tx, &ended).await?;
    let begun = Entity::update_many()
        .col_expr(Column::State, Expr::value(State::Queued))
        .col_expr(Column::LeaseUntil, Expr::value(None::<chrono::DateTime<chrono::Utc>>))
        .filter(Column::State.eq(State::Running))
        .filter(Column::Direction.eq(Direction::Export))
        .exec_with_returning(&tx.db)
        .await?;
    for row in &begun {
        transfer_changed(domain, tx, row.id, row.revision).await?;
    }
    Ok(ended.len() as u64)
}

async fn forget(domain: &Domain, tx: &Tx<'_>, ids: &[DataTransferId]) -> Result<()> {
    let of = |column| among(domain.db.backend(), column, ids.iter().copied());
    let refusals = among(domain.db.backend(), refusal::Column::DataTransferId, ids.iter().copied());
    refusal::Entity::delete_many().filter(refusals).exec(&tx.db).await?;
    Entity::update_many()
        .col_expr(Column::FilesGoneAt, Expr::value(Some(domain.clock.now())))
        .col_expr(Column::FileName, Expr::value(None::<String>))
        .col_expr(Column::ResultBytes, Expr::value(None::<i32>))
        .filter(of(Column::Id))
        .exec(&tx.db)
        .await?;
    Ok(())
}

/// Removes files of which nothing is known, and those of what was forgotten.
///
/// # Errors
/// When the database or the store fails; the rest is done next time.
pub async fn remove_orphans(domain: &Domain) -> Result<usize> {
    let (mut swept, young) = (0, domain.clock.now() - YOUNG);
    let mut files = domain.files.blobs().sheets().try_ready_chunks(BATCH as usize);
    while let Some(found) = files.try_next().await.map_err(|error| error.1)? {
        let ids = found.iter().map(|(id, _)| *id);
        let known =
            Entity::find().filter(among(domain.db.backend(), Column::Id, ids)).all(domain.db.read()).await?;
        for (id, since) in found {
            let row = known.iter().find(|row| row.id == id);
            let is_gone = match row {
                Some(row) => row.files_gone_at.is_some(),
                None => since < young,
            };
            if is_gone {
                discard(domain, id).await;
                swept += 1;
            }
        }
    }
    Ok(swept)
}
