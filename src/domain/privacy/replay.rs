//! A database that was restored from a backup has forgotten the erasures since. The ledger outside it has not.

use std::collections::HashSet;
use std::io;

use sea_orm::{EntityTrait, QueryOrder};

use super::erase::{Mode, Subject, erase_in, fault, is_done, scrub};
use crate::domain::audit::By;
use crate::domain::{Domain, Error, Refusal, Result};
use crate::storage::erasure::{Column, Entity as Erasures};

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
pub(super) fn unwritten(error: io::Error) -> Error {
    fault("written", &error)
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn unread(error: io::Error) -> Error {
    fault("read", &error)
}

/// Erases again what the ledger outside the database has and the database has not, and says how many people that were;
/// what the ledger has not, as on a new gateway, is added to it. Done at every start; a second time it does nothing.
///
/// # Errors
/// When the database or the ledger fails.
pub async fn replay(domain: &Domain) -> Result<usize> {
    let Some(ledger) = domain.ledger() else { return Ok(0) };
    let outside = ledger.read().await.map_err(unread)?;
    let inside = Erasures::find().order_by_asc(Column::At).order_by_asc(Column::Id);
    let inside = inside.all(domain.db.read()).await?;
    let key = |row: &crate::storage::erasure::Model| (row.kind, row.subject_id);
    let known: HashSet<_> = outside.iter().map(key).collect();
    let missing = inside.iter().filter(|row| !known.contains(&key(row))).cloned().collect::<Vec<_>>();
    if !missing.is_empty() {
        ledger.append(missing).await.map_err(unwritten)?;
    }
    let done: HashSet<_> = inside.iter().map(key).collect();
    let mut replayed = 0;
    for line in outside.iter().filter(|line| !done.contains(&key(line))) {
        let whose = Subject::of(line.kind, line.subject_id);
        let tx = domain.begin().await?;
        if is_done(&tx, whose).await? {
            continue;
        }
        match erase_in(domain, &tx, By::System("LEDGER"), whose, line.reason, Mode::Again(line.at)).await {
            Ok(_) => tx.commit().await?,
            // The backup is older than the person, or the row was erased though the ledger was lost.
            Err(Error::Refused(refusal))
                if matches!(*refusal, Refusal::NotFound { .. } | Refusal::Invalid { .. }) =>
            {
                continue;
            }
            Err(error) => return Err(error),
        }
        replayed += 1;
    }
    if replayed > 0 {
        tracing::warn!(people = replayed, "erased again, as a restored database had forgotten it");
        scrub(domain).await;
    }
    Ok(replayed)
}
