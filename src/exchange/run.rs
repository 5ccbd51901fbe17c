//! The way of every import: rows are read a batch at a time, by the rules of the table they are for, and written by it.

use std::ops::ControlFlow;
use std::path::Path;

use chrono::{DateTime, Utc};
use sea_orm::DbBackend;

use super::column::Layout;
use super::refusal::Refused;
use super::report::Report;
use super::sheet::{self, Incoming, Raw};
use super::{ExchangeError, Import, Mode, Of, Progress, Stage, Who, register, ticket};
use crate::domain::audit::Action;
use crate::domain::{self, Domain, Tx};
use crate::storage::{Tried, count_anew};

/// What an import works with from its beginning to its end.
pub(super) struct Job<'a> {
    pub(super) domain: &'a Domain,
    pub(super) who: Who<'a>,
    pub(super) options: &'a Import,
    pub(super) layout: Layout,
    pub(super) now: DateTime<Utc>,
}

/// A table that rows are imported into.
pub(super) trait Table<'a>: Sized {
    /// What it is called in the audit trail.
    const OF: Of;
    /// All tables of the database that it writes to.
    const WRITES: &'static [Tried];
    /// A row as it was read.
    type Row: Send;

    /// Begins, with what must be known of the database beforehand.
    async fn begin(job: &'a Job<'a>, tx: &Tx<'_>) -> domain::Result<Self>;

    /// Reads a row by the domain's rules, and tells every fault of it.
    fn read(job: &Job<'_>, raw: &Raw) -> Result<Self::Row, Vec<Refused>>;

    /// Writes a batch.
    async fn batch(&mut self, tx: &Tx<'_>, rows: Vec<Self::Row>) -> domain::Result<()>;

    /// Writes what could only be written when all rows were there.
    async fn end(&mut self, tx: &Tx<'_>) -> domain::Result<()>;

    /// What it came to so far.
    fn report(&mut self) -> &mut Report;
}

/// Told how far it is, between batches.
pub trait Watch: Send {
    /// How far it is. `within` is the transaction that writes, before its commit; without it nothing is written.
    /// To break off takes that batch back.
    fn tell(
        &mut self,
        progress: Progress,
        within: Option<&Tx<'_>>,
    ) -> impl Future<Output = domain::Result<ControlFlow<()>>> + Send;
}

impl<F: FnMut(Progress) + Send> Watch for F {
    async fn tell(&mut self, progress: Progress, _: Option<&Tx<'_>>) -> domain::Result<ControlFlow<()>> {
        self(progress);
        Ok(ControlFlow::Continue(()))
    }
}

/// Tells how far an export is.
pub(super) async fn tell(watch: &mut impl Watch, done: u64) -> Result<(), ExchangeError> {
    let progress = Progress { stage: Stage::Writing, done, about: 0, refused: 0 };
    match watch.tell(progress, None).await? {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(ExchangeError::Stopped),
    }
}

/// How a pass over the file writes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Writes {
    /// Into copies, which nobody sees.
    Rehearsed,
    /// All of it at once, when no row was refused.
    Whole,
    /// A batch at a time, without the refused rows.
    Batches,
}

/// Opens a file and matches its header.
pub(super) async fn open(of: Of, file: &Path, options: &Import) -> Result<(Incoming, Layout), ExchangeError> {
    let mut incoming = sheet::open(file, options.sheet.as_deref()).await?;
    let headers = std::mem::take(&mut incoming.head.headers);
    let (line, known) = (incoming.head.line, of.columns());
    let layout = Layout::read(line, headers, known, &options.map, options.language);
    let layout = layout.map_err(ExchangeError::File)?;
    match of {
        Of::Register => register::check(&layout, options)?,
        Of::Tickets => ticket::check(&layout, options)?,
    }
    Ok((incoming, layout))
}

/// Imports a file that has been opened.
pub(super) async fn run<'a, T: Table<'a>>(
    job: &'a Job<'a>,
    file: &Path,
    incoming: Incoming,
    mut watch: impl Watch,
) -> Result<Report, ExchangeError> {
    let writes = match job.options.mode {
        Mode::Whole => Writes::Whole,
        Mode::Partial => Writes::Batches,
        Mode::DryRun | Mode::Beside => Writes::Rehearsed,
    };
    let report = pass::<T>(job, incoming, writes, &mut watch).await?;
    let is_sound = report.refused_rows == 0 && !report.stopped;
    if job.options.mode != Mode::Beside || !is_sound {
        return Ok(report);
    }
    let again = sheet::open(file, job.options.sheet.as_deref()).await?;
    pass::<T>(job, again, Writes::Batches, &mut watch).await
}

/// So many rows are written together. SQLite's one writer is given back to those who are served; on PostgreSQL others
/// need not wait, and each statement that is larger than a packet may cost a delayed acknowledgement.
fn rows_at_once(backend: DbBackend) -> usize {
    match backend {
        DbBackend::Postgres => 3_000,
        _ => 500,
    }
}

async fn pass<'a, T: Table<'a>>(
    job: &'a Job<'a>,
    mut incoming: Incoming,
    writes: Writes,
    watch: &mut impl Watch,
) -> Result<Report, ExchangeError> {
    let rehearsed = writes == Writes::Rehearsed;
    let first = match rehearsed {
        true => job.domain.rehearse(T::WRITES).await?,
        false => job.domain.begin().await?,
    };
    let mut table = T::begin(job, &first).await?;
    // Whoever writes in batches lets others write while the next one is read.
    let mut open = (writes != Writes::Batches).then_some(first);
    let stage = if rehearsed { Stage::Checking } else { Stage::Writing };
    let mut batches = 0_u32;
    let rows_at_once = rows_at_once(job.domain.db.backend());
    let mut next = ahead::<T>(job, &mut incoming, rows_at_once).await;
    while let Some(rows) = next? {
        let before = table.report().counted();
        let rows = sound(table.report(), rows);
        let tx = match open.take() {
            Some(tx) => tx,
            None => job.domain.begin().await?,
        };
        // While the database works at these rows, the next ones are read.
        let (written, following) =
            tokio::join!(table.batch(&tx, rows), ahead::<T>(job, &mut incoming, rows_at_once));
        written?;
        next = following;
        batches += 1;
        // Each time the tables may be twice as large as they were.
        if batches.is_power_of_two() {
            count_anew(&tx.db, T::WRITES.iter().filter(|table| table.is_asked())).await?;
        }
        let report = table.report();
        let (about, refused) = (incoming.head.about, report.refused_rows);
        let progress = Progress { stage, done: report.rows, about, refused };
        if watch.tell(progress, (!rehearsed).then_some(&tx)).await?.is_break() {
            // What this batch has written is taken back.
            report.go_back(before);
            report.stopped = true;
            return Ok(std::mem::take(report).sorted());
        }
        if writes == Writes::Batches {
            tx.commit().await?;
            report.written = true;
        } else {
            open = Some(tx);
        }
    }
    let tx = match open {
        Some(tx) => tx,
        None => job.domain.begin().await?,
    };
    table.end(&tx).await?;
    let report = table.report();
    report.written = match writes {
        Writes::Rehearsed => false,
        Writes::Whole => report.refused_rows == 0,
        Writes::Batches => true,
    };
    if report.written {
        // Who searches what has come in need not wait for a good plan until the database counts by itself.
        count_anew(&tx.db, T::WRITES.iter()).await?;
        T::OF.note(job.domain, &tx, &job.who, Action::Imported, report.rows).await?;
        tx.commit().await?;
    }
    Ok(std::mem::take(report).sorted())
}

/// A row as it was read, or its faults.
type Read<R> = Result<R, Vec<Refused>>;

/// The next rows, so many if there are as many; none at the end. Between a few of them it lets go, so that it takes
/// no time from whom it is joined with.
async fn ahead<'a, T: Table<'a>>(
    job: &Job<'_>,
    incoming: &mut Incoming,
    rows: usize,
) -> Result<Option<Vec<Read<T::Row>>>, Refused> {
    const BETWEEN: usize = 50;
    let Some(batch) = incoming.next(rows).await? else { return Ok(None) };
    let mut read = Vec::with_capacity(batch.len());
    for some in batch.chunks(BETWEEN) {
        read.extend(some.iter().map(|raw| T::read(job, raw)));
        tokio::task::yield_now().await;
    }
    Ok(Some(read))
}

/// Those of the rows that have no fault; the faults of the others are told.
fn sound<R>(report: &mut Report, read: Vec<Read<R>>) -> Vec<R> {
    let mut rows = Vec::with_capacity(read.len());
    for row in read {
        report.rows += 1;
        match row {
            Ok(row) => rows.push(row),
            Err(refused) => report.refuse(refused),
        }
    }
    rows
}
