//! A gateway takes one, says how far it is, and ends it. Between two of its words no longer than its lease may pass, or
//! another gateway takes it over: what the first one still says then counts for nothing, so that no row is written twice.

use std::path::Path;

use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use super::begin::discard;
use super::{DataTransfer, DataTransferRefusal, Direction, Failure, Lease, Stage, State};
use crate::base::id::DataTransferId;
use crate::domain::audit::{self, Action, By, Note};
use crate::domain::event::transfer_changed;
use crate::domain::{Domain, Result, Tx, Viewer, row};
use crate::storage::blob::{Blob, Sheet};
use crate::storage::data_transfer::{Column, Entity};
use crate::storage::data_transfer_refusal::Entity as Refusals;

/// So often one is begun; whatever ends its gateways is in the file.
const ATTEMPTS_MAX: i32 = 3;

/// So many refusals are written in a statement.
const AT_ONCE: usize = 500;

/// One that this gateway works on.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// As it was when it was taken.
    pub row: DataTransfer,
    lease: Lease,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// What is done with the rows.
    pub stage: Stage,
    /// Rows so far.
    pub done: u64,
    /// About how many there are.
    pub about: u64,
    /// Rows refused so far.
    pub refused: u64,
}

/// What comes of saying how far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Go on.
    GoOn,
    /// Stop: it is not wanted any more, or another gateway has taken it over.
    Stop,
}

/// How it ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// DONE, REFUSED, FAILED or CANCELLED.
    pub state: State,
    /// Why it could not be done.
    pub failure: Option<Failure>,
    /// Rows that were read or written.
    pub rows: u64,
    /// Rows that were refused.
    pub refused_rows: u64,
    /// What became of the things that the rows tell of.
    pub counts: serde_json::Value,
    /// Whether rows were written, or a file.
    pub written: bool,
    /// The name and size of the file that was written.
    pub result: Option<(String, u64)>,
    /// Why rows were refused.
    pub refusals: Vec<DataTransferRefusal>,
}

impl Ended {
    /// It could not be done.
    #[must_use]
    pub fn failed(failure: Failure) -> Self {
        Self { failure: Some(failure), ..Self::of(State::Failed) }
    }

    /// It ended so, and there is no more to say.
    #[must_use]
    pub fn of(state: State) -> Self {
        Self {
            state,
            failure: None,
            rows: 0,
            refused_rows: 0,
            counts: serde_json::json!({}),
            written: false,
            result: None,
            refusals: Vec::new(),
        }
    }
}

/// Takes the one that has waited longest, if any waits.
///
/// # Errors
/// When the database fails.
pub async fn claim(domain: &Domain, lease: Lease) -> Result<Option<Claimed>> {
    let now = domain.clock.now();
    // Nearly always there is none, and nobody need wait for the answer.
    if !row::any(domain.db.read(), Entity::next(now)).await? {
        return Ok(None);
    }
    let tx = domain.begin().await?;
    let next = Entity::next(now).lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked);
    let Some(was) = next.one(&tx.db).await? else {
        return Ok(None);
    };
    let mut row = was.clone();
    if was.attempts >= ATTEMPTS_MAX || was.cancel_asked_at.is_some() {
        let cancelled = was.cancel_asked_at.is_some();
        row.state = if cancelled { State::Cancelled } else { State::Failed };
        row.failure = (!cancelled).then_some(Failure::Interrupted);
        row.ended_at = Some(now);
    } else {
        row.state = State::Running;
        row.attempts += 1;
        row.lease_until = Some(now + lease.0);
        row.started_at = was.started_at.or(Some(now));
    }
    let row = save(domain, &tx, &was, row).await?;
    tx.commit().await?;
    if row.ended_at.is_none() {
        return Ok(Some(Claimed { row, lease }));
    }
    discard(domain, row.id).await;
    Box::pin(claim(domain, lease)).await
}

impl Claimed {
    /// Says how far it is, which renews the lease, within the transaction that writes the rows or in one of its own.
    /// `loud`: whoever watches hears of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tell(
        &self,
        domain: &Domain,
        within: Option<&Tx<'_>>,
        reached: Reached,
        loud: bool,
    ) -> Result<Told> {
        if let Some(tx) = within {
            return self.write(domain, tx, reached, loud).await;
        }
        let tx = domain.begin().await?;
        let told = self.write(domain, &tx, reached, loud).await?;
        tx.commit().await?;
        Ok(told)
    }

    async fn write(&self, domain: &Domain, tx: &Tx<'_>, reached: Reached, loud: bool) -> Result<Told> {
        let number = |count: u64| i32::try_from(count).unwrap_or(i32::MAX);
        let own = Entity::update_many()
            .col_expr(Column::Stage, Expr::value(Some(reached.stage)))
            .col_expr(Column::RowsDone, Expr::value(number(reached.done)))
            .col_expr(Column::RowsAbout, Expr::value(number(reached.about)))
            .col_expr(Column::RowsRefused, Expr::value(number(reached.refused)))
            .col_expr(Column::LeaseUntil, Expr::value(Some(domain.clock.now() + self.lease.0)))
            .col_expr(Column::Revision, Expr::col(Column::Revision).add(1))
            .filter(self.is_own())
            .filter(Column::CancelAskedAt.is_null());
        let own = own.exec_with_returning(&tx.db).await?;
        let [row] = own.as_slice() else { return Ok(Told::Stop) };
        if loud {
            transfer_changed(domain, tx, row.id, row.revision).await?;
        }
        Ok(Told::GoOn)
    }

    /// Whether it is still this gateway's.
    fn is_own(&self) -> Expr {
        Column::Id
            .eq(self.row.id)
            .and(Column::Attempts.eq(self.row.attempts))
            .and(Column::State.eq(State::Running))
    }

    async fn lock(&self, tx: &Tx<'_>) -> Result<Option<DataTransfer>> {
        let own = Entity::find().filter(self.is_own()).lock(LockType::NoKeyUpdate);
        Ok(own.one(&tx.db).await?)
    }
}

/// Ends it, unless another gateway has taken it over. The file of an import has been read, and is let go of.
///
/// # Errors
/// When the database fails.
pub async fn end(domain: &Domain, viewer: Option<&Viewer>, claimed: &Claimed, ended: Ended) -> Result<()> {
    let tx = domain.begin().await?;
    let Some(was) = claimed.lock(&tx).await? else {
        return Ok(());
    };
    let number = |count: u64| i32::try_from(count).unwrap_or(i32::MAX);
    let mut row = was.clone();
    row.state = ended.state;
    row.failure = ended.failure;
    row.rows_done = number(ended.rows);
    row.rows_about = Ord::max(row.rows_about, row.rows_done);
    row.rows_refused = number(ended.refused_rows);
    row.counts = ended.counts;
    row.written = ended.written;
    row.lease_until = None;
    row.ended_at = Some(domain.clock.now());
    if let Some((name, bytes)) = ended.result {
        row.file_name = Some(name);
        row.result_bytes = Some(number(bytes));
    }
    for some in ended.refusals.chunks(AT_ONCE) {
        let rows = some.iter().cloned().map(|row| row.into_active_model().reset_all());
        Refusals::insert_many(rows).exec_without_returning(&tx.db).await?;
    }
    // What an import wrote before it was stopped has to be told; that of one that was not was told with its last rows.
    if let Some(viewer) = viewer.filter(|_| was.direction == Direction::Import && ended.written)
        && ended.state == State::Cancelled
    {
        let note = Note::of(Action::Imported).at(was.community_id).about(was.id).with("rows", ended.rows);
        let note = note.with("what", sea_orm::ActiveEnum::to_value(&was.content)).with("stopped", true);
        audit::note(domain, &tx, By::Viewer(viewer), note).await?;
    }
    let row = save(domain, &tx, &was, row).await?;
    tx.commit().await?;
    if row.direction == Direction::Import || row.result_bytes.is_none() {
        discard(domain, row.id).await;
    }
    Ok(())
}

/// Gives it back, as this gateway stops or the database does not answer: whoever looks next begins it anew.
///
/// # Errors
/// When the database fails; then another gateway takes it once the lease is over.
pub async fn give_back(domain: &Domain, claimed: &Claimed, counts: bool) -> Result<()> {
    let tx = domain.begin().await?;
    let Some(was) = claimed.lock(&tx).await? else {
        return Ok(());
    };
    let mut row = was.clone();
    row.state = State::Queued;
    row.stage = None;
    row.lease_until = None;
    row.attempts -= i32::from(!counts);
    save(domain, &tx, &was, row).await?;
    tx.commit().await
}

/// Whether a gateway works on it under this number.
///
/// # Errors
/// When the database fails.
pub async fn is_claimed(domain: &Domain, id: DataTransferId, attempts: i32) -> Result<bool> {
    let running =
        Entity::find_by_id(id).filter(Column::Attempts.eq(attempts)).filter(Column::State.eq(State::Running));
    row::any(domain.db.read(), running).await
}

/// The file that an import is to read; none when it is not there any more.
///
/// # Errors
/// When the store fails.
pub async fn input(domain: &Domain, claimed: &Claimed) -> Result<Option<Blob>> {
    Ok(domain.files.blobs().sheet(claimed.row.id, Sheet::In).await?)
}

/// Puts the file that was written into the store; gives its size.
///
/// # Errors
/// When it cannot be read, or the store fails.
pub async fn put_result(domain: &Domain, claimed: &Claimed, file: &Path) -> Result<u64> {
    Ok(domain.files.blobs().put_sheet_from(claimed.row.id, file).await?)
}

/// Writes a changed row and tells whoever watches.
pub(super) async fn save(
    domain: &Domain,
    tx: &Tx<'_>,
    was: &DataTransfer,
    mut row: DataTransfer,
) -> Result<DataTransfer> {
    row.revision += 1;
    let row = row::write::<Entity>(tx, was, &row).await?;
    transfer_changed(domain, tx, row.id, row.revision).await?;
    Ok(row)
}
