//! What tells of people is let go when its time is over, a bounded number of rows at a time.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::State;
use crate::domain::{Domain, Result, Tx};
use crate::storage::audit::{self as trail, Class};
use crate::storage::{data_transfer, idempotency, privacy_request, session};

/// How many rows go in one transaction: nobody waits long for it.
const BATCH: u64 = 1_000;

/// How many batches of a kind at once; what is left goes the next time.
const BATCHES: usize = 100;

/// How long each kind is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptFor {
    /// What was done, in the audit trail.
    pub audit: Duration,
    /// What was read, in the audit trail.
    pub readings: Duration,
    /// Where sign-ins came from.
    pub addresses: Duration,
    /// Keys by which a repeated request is known.
    pub idempotency: Duration,
    /// Sessions, after the day on which they expired.
    pub sessions: Duration,
    /// Decided requests about personal data.
    pub requests: Duration,
}

/// How much was let go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LetGo {
    /// Lines of the audit trail about what was done.
    pub audit: u64,
    /// Lines of the audit trail about what was read.
    pub readings: u64,
    /// Where sign-ins came from.
    pub addresses: u64,
    /// Keys by which a repeated request is known.
    pub idempotency: u64,
    /// Sessions.
    pub sessions: u64,
    /// Decided requests about personal data.
    pub requests: u64,
    /// What is known of imports and exports whose files are gone.
    pub transfers: u64,
}

#[derive(Clone, Copy)]
enum What {
    Lines(Class),
    Addresses,
    Keys,
    Sessions,
    Requests,
    Transfers,
}

/// Lets go of whatever is older than it is kept for.
///
/// # Errors
/// When the database fails; what is gone is gone, the rest goes next time.
pub async fn let_go(domain: &Domain, kept: &KeptFor) -> Result<LetGo> {
    Ok(LetGo {
        addresses: each(domain, What::Addresses, kept.addresses).await?,
        readings: each(domain, What::Lines(Class::Readings), kept.readings).await?,
        audit: each(domain, What::Lines(Class::Trail), kept.audit).await?,
        idempotency: each(domain, What::Keys, kept.idempotency).await?,
        sessions: each(domain, What::Sessions, kept.sessions).await?,
        requests: each(domain, What::Requests, kept.requests).await?,
        // As long as the lines of the trail that name them.
        transfers: each(domain, What::Transfers, kept.audit).await?,
    })
}

async fn each(domain: &Domain, what: What, kept_for: Duration) -> Result<u64> {
    let before = domain.clock.now() - kept_for;
    let mut gone = 0;
    for _ in 0..BATCHES {
        let tx = domain.begin().await?;
        let batch = one_batch(&tx, what, before).await?;
        tx.commit().await?;
        gone += batch;
        if batch < BATCH {
            break;
        }
    }
    Ok(gone)
}

async fn one_batch(tx: &Tx<'_>, what: What, before: DateTime<Utc>) -> Result<u64> {
    let db = &tx.db;
    Ok(match what {
        What::Lines(class) => trail::prune(db, class, before, BATCH).await?,
        What::Addresses => {
            use trail::address::{Column, Entity};
            let old = oldest(Entity::find().filter(Column::At.lt(before)), Column::AuditId, Column::At);
            let gone = Entity::delete_many().filter(Column::AuditId.in_subquery(old));
            gone.exec(db).await?.rows_affected
        }
        What::Keys => {
            use idempotency::{Column, Entity};
            let old =
                oldest(Entity::find().filter(Column::CreatedAt.lt(before)), Column::Id, Column::CreatedAt);
            Entity::delete_many().filter(Column::Id.in_subquery(old)).exec(db).await?.rows_affected
        }
        What::Sessions => {
            use session::{Column, Entity};
            let old =
                oldest(Entity::find().filter(Column::ExpiresAt.lt(before)), Column::Id, Column::ExpiresAt);
            Entity::delete_many().filter(Column::Id.in_subquery(old)).exec(db).await?.rows_affected
        }
        What::Transfers => {
            use data_transfer::{Column, Entity};
            let ended =
                Entity::find().filter(Column::FilesGoneAt.is_not_null()).filter(Column::CreatedAt.lt(before));
            let old = oldest(ended, Column::Id, Column::CreatedAt);
            Entity::delete_many().filter(Column::Id.in_subquery(old)).exec(db).await?.rows_affected
        }
        What::Requests => {
            use privacy_request::{Column, Entity};
            let decided = Entity::find()
                .filter(Column::State.ne(State::Requested))
                .filter(Column::CreatedAt.lt(before));
            let old = oldest(decided, Column::Id, Column::CreatedAt);
            Entity::delete_many().filter(Column::Id.in_subquery(old)).exec(db).await?.rows_affected
        }
    })
}

fn oldest<E: EntityTrait>(select: Select<E>, id: E::Column, at: E::Column) -> SelectStatement {
    QuerySelect::query(&mut select.select_only().column(id).order_by_asc(at).limit(BATCH)).take()
}
