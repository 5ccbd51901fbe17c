//! What is left over: files that were never attached, content that was to be removed and could not be, and blobs that
//! no row knows of, as a gateway stopped between the one and the other.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use futures_util::TryStreamExt;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::Status;
use super::redact::remove;
use super::upload::{discard, stale_before};
use crate::base::id::AttachmentId;
use crate::domain::{Domain, Result};
use crate::storage::among;
use crate::storage::attachment::{Column, Entity};
use crate::storage::blob::made_at;

/// The most of each sort that one sweep takes.
const BATCH: u64 = 500;

/// A blob that is younger may belong to a transaction that is still under way.
const YOUNG: TimeDelta = TimeDelta::hours(1);

/// How much was swept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Files that were never attached.
    pub pending: usize,
    /// Redacted attachments whose content was still there.
    pub redacted: usize,
    /// Attachments of which there were blobs and no row.
    pub orphans: usize,
}

/// Sweeps, a bounded piece at a time; several gateways may do so at once.
///
/// # Errors
/// When the database or the store fails; what was done stays done, the rest is done next time.
pub async fn sweep(domain: &Domain) -> Result<Swept> {
    Ok(Swept {
        pending: let_go(domain).await?,
        redacted: remove_redacted(domain).await?,
        orphans: remove_orphans(domain).await?,
    })
}

async fn let_go(domain: &Domain) -> Result<usize> {
    let stale = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Status.eq(Status::Pending))
        .filter(Column::CreatedAt.lte(stale_before(domain)))
        .order_by_asc(Column::CreatedAt)
        .limit(BATCH);
    let mut swept = 0;
    for id in stale.into_tuple::<AttachmentId>().all(domain.db.read()).await? {
        // Asked again in the same statement: it may have been attached meanwhile.
        let gone = Entity::delete_many()
            .filter(Column::Id.eq(id))
            .filter(Column::Status.eq(Status::Pending))
            .exec(domain.db.write())
            .await?;
        if gone.rows_affected == 1 {
            discard(domain, id).await;
            swept += 1;
        }
    }
    Ok(swept)
}

async fn remove_redacted(domain: &Domain) -> Result<usize> {
    let left = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Status.eq(Status::Redacted))
        .filter(Column::RemovedAt.is_null())
        .order_by_asc(Column::RedactedAt)
        .limit(BATCH);
    let ids = left.into_tuple::<AttachmentId>().all(domain.db.read()).await?;
    for id in &ids {
        remove(domain, *id).await?;
    }
    Ok(ids.len())
}

async fn remove_orphans(domain: &Domain) -> Result<usize> {
    let now = domain.clock.now();
    let mut swept = 0;
    for day in days_to_look_at(&domain.files.blobs.days().await?, now) {
        swept += remove_orphans_of(domain, day, now - YOUNG).await?;
    }
    Ok(swept)
}

/// The last days at every sweep, and of all those before one at a time in turn.
fn days_to_look_at(days: &[NaiveDate], now: DateTime<Utc>) -> Vec<NaiveDate> {
    let recent = (now - TimeDelta::days(2)).date_naive();
    let (before, mut chosen): (Vec<_>, Vec<_>) = days.iter().partition(|day| **day < recent);
    let turn = usize::try_from(now.timestamp() / 3600).unwrap_or(0);
    chosen.extend(turn.checked_rem(before.len()).map(|turn| before[turn]));
    chosen
}

async fn remove_orphans_of(domain: &Domain, day: NaiveDate, before: DateTime<Utc>) -> Result<usize> {
    let mut blobs = domain.files.blobs.of_day(day).try_ready_chunks(BATCH as usize);
    let mut swept = 0;
    while let Some(ids) = blobs.try_next().await.map_err(|error| error.1)? {
        let old = ids.into_iter().filter(|id| made_at(*id) < before).collect::<HashSet<_>>();
        if old.is_empty() {
            continue;
        }
        let known = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(among(domain.db.backend(), Column::Id, old.iter().copied()))
            .into_tuple::<AttachmentId>()
            .all(domain.db.read())
            .await?;
        let known = known.into_iter().collect::<HashSet<_>>();
        for orphan in old.difference(&known) {
            discard(domain, *orphan).await;
            swept += 1;
        }
        if swept as u64 >= BATCH {
            break;
        }
    }
    Ok(swept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_days_always_and_the_others_in_turn() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        let days = [day(1), day(2), day(22), day(23)];
        let at = |hour: i64| DateTime::from_timestamp(1_795_392_000 + hour * 3600, 0).unwrap();
        assert_eq!(at(0).date_naive(), day(23));
        let looked_at = |hour| days_to_look_at(&days, at(hour));
        let both = [looked_at(0), looked_at(1)].concat();
        for expected in [day(1), day(2), day(22), day(23)] {
            assert!(both.contains(&expected), "{expected}");
        }
        assert_eq!(looked_at(0).len(), 3);
        assert_eq!(looked_at(0), looked_at(2));
        assert_eq!(days_to_look_at(&[], at(0)), []);
    }
}
