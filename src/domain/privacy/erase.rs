//! A person's data are erased, in one transaction.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, LockType};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{Reason, SubjectKind};
use crate::base::id::{AccountId, OccupantId, StaffId};
use crate::domain::attachment::{self, Which};
use crate::domain::audit::{self, Action, By, Note};
use crate::domain::event::{Whose, access_changed};
use crate::domain::{Domain, Error, Refusal, Result, Tx, document, occupancy, post, row, ticket, transfer};
use crate::storage::erasure::{Entity as Erasures, Model as Erasure};
use crate::storage::{
    account, audit as trail, external_ref, idempotency, occupancy as occupancies, occupant, post as posts,
    privacy_request, session, staff,
};

/// Whose data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An occupant's.
    Occupant(OccupantId),
    /// A member of staff's.
    Staff(StaffId),
}

/// How much was erased, by what it is: `tickets`, `lines`, `sessions`, ….
pub type Erased = BTreeMap<&'static str, u64>;

/// How an erasure comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// For the first time.
    First,
    /// Only to know how much it would be.
    Dry,
    /// Again, after a restore; it was decided then, at this moment, whatever the restored rows say.
    Again(DateTime<Utc>),
}

impl Subject {
    pub(super) fn of(kind: SubjectKind, id: Uuid) -> Self {
        match kind {
            SubjectKind::Occupant => Self::Occupant(OccupantId::new(id)),
            SubjectKind::Staff => Self::Staff(StaffId::new(id)),
        }
    }

    fn key(self) -> (SubjectKind, Uuid) {
        match self {
            Self::Occupant(id) => (SubjectKind::Occupant, id.uuid()),
            Self::Staff(id) => (SubjectKind::Staff, id.uuid()),
        }
    }

    pub(super) fn noted(self, note: Note) -> Note {
        match self {
            Self::Occupant(id) => note.about(id),
            Self::Staff(id) => note.about(id),
        }
    }
}

/// Erases a person's data for somebody at the command line; `dry_run` only counts.
///
/// # Errors
/// When it is refused, above all for somebody who still lives or works here, or the database or the ledger fails.
pub async fn erase(domain: &Domain, whose: Subject, reason: Reason, dry_run: bool) -> Result<Erased> {
    let tx = domain.begin().await?;
    let mode = if dry_run { Mode::Dry } else { Mode::First };
    let erased = erase_in(domain, &tx, By::System("COMMAND_LINE"), whose, reason, mode).await?;
    if !dry_run {
        tx.commit().await?;
        scrub(domain).await;
    }
    Ok(erased)
}

/// What is erased is erased; that a trace may be left in the file is for operators to know. The content of what was
/// attached goes now, and what cannot go now with a later sweep.
pub(super) async fn scrub(domain: &Domain) {
    if let Err(error) = attachment::sweep(domain).await {
        tracing::warn!(%error, "what was attached could not be removed; trying again with the next sweep");
    }
    if let Err(error) = transfer::remove_orphans(domain).await {
        tracing::warn!(%error, "exported sheets could not be removed; trying again with the next sweep");
    }
    if let Err(error) = domain.db.scrub().await {
        tracing::warn!(%error, "traces of erased data may be left in the database's file; VACUUM removes them");
    }
}

/// Erases a person's data within a transaction. The ledger outside the database is written last and before the commit:
/// a line of it whose transaction was not committed is done at the next start.
pub(super) async fn erase_in(
    domain: &Domain,
    tx: &Tx<'_>,
    by: By<'_>,
    whose: Subject,
    reason: Reason,
    mode: Mode,
) -> Result<Erased> {
    let mut erased = Erased::new();
    match whose {
        Subject::Occupant(id) => {
            super::request::settle(domain, tx, by, id).await?;
            erase_occupant(domain, tx, id, mode, &mut erased).await?;
        }
        Subject::Staff(id) => erase_staff(domain, tx, id, mode, &mut erased).await?,
    }
    let (kind, subject_id) = whose.key();
    let at = match mode {
        Mode::Again(at) => at,
        Mode::First | Mode::Dry => domain.clock.now(),
    };
    let line = Erasure { id: domain.clock.id(), kind, subject_id, reason, at };
    line.clone().into_active_model().insert(&tx.db).await?;
    let note = whose.noted(Note::of(Action::Erased)).with("reason", reason.to_value());
    let note = note.with("again", matches!(mode, Mode::Again(_)));
    let note = erased.iter().fold(note, |note, (what, count)| note.with(what, *count));
    audit::note(domain, tx, by, note).await?;
    if mode == Mode::First
        && let Some(ledger) = domain.ledger()
    {
        ledger.append(vec![line]).await.map_err(super::replay::unwritten)?;
    }
    Ok(erased)
}

/// Whether it is in the ledger of this database.
pub(super) async fn is_done(tx: &Tx<'_>, whose: Subject) -> Result<bool> {
    use crate::storage::erasure::Column;
    let (kind, id) = whose.key();
    row::any(&tx.db, Erasures::find().filter(Column::Kind.eq(kind)).filter(Column::SubjectId.eq(id))).await
}

fn not_erased(erased_at: Option<DateTime<Utc>>) -> Result<()> {
    let Some(at) = erased_at else { return Ok(()) };
    Err(Refusal::invalid("input.id", format!("their data were erased at {} already", at.to_rfc3339())).into())
}

async fn erase_occupant(
    domain: &Domain,
    tx: &Tx<'_>,
    id: OccupantId,
    mode: Mode,
    erased: &mut Erased,
) -> Result<()> {
    let found = occupant::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(&tx.db).await?;
    let was = found.ok_or_else(|| Refusal::not_found("input.id", id))?;
    not_erased(was.erased_at)?;
    match mode {
        Mode::Again(at) => end_occupancies(tx, id, at).await?,
        Mode::First | Mode::Dry => check_has_left(domain, tx, id).await?,
    }
    let words = ticket::erase_words(domain, tx, id, was.phone.as_deref()).await?;
    for (what, count) in [
        ("tickets", words.tickets.len()),
        ("lines", words.lines as usize),
        ("contacts", words.contacts.len()),
    ] {
        erased.insert(what, count as u64);
    }
    for ticket in &words.tickets {
        let of_ticket = attachment::redact(domain, tx, Which::OfTicket(*ticket)).await?;
        *erased.entry("attachments").or_default() += of_ticket.left_to_the_sweep();
    }
    let archives = document::erase_of_occupant(domain, tx, id).await?;
    erased.insert("documents", archives.documents.len() as u64);
    *erased.entry("attachments").or_default() += archives.files;
    let made = words.tickets.iter().map(|id| id.uuid()).chain([id.uuid()]);
    let made = made.chain(archives.documents.iter().map(|id| id.uuid())).collect::<Vec<_>>();
    forget_keys(tx, idempotency::Column::ResultId.is_in(made), erased).await?;
    forget_sheets(domain, tx, erased).await?;
    let accounts = account::Entity::find().filter(account::Column::OccupantId.eq(id));
    for row in accounts.order_by_asc(account::Column::Id).lock_exclusive().all(&tx.db).await? {
        let works = match row.staff_id {
            Some(staff) => works(domain, tx, staff).await?,
            None => false,
        };
        if !works {
            let uploaded = attachment::redact(domain, tx, Which::By(row.id)).await?;
            *erased.entry("attachments").or_default() += uploaded.left_to_the_sweep();
            erase_account(domain, tx, row, erased).await?;
        }
    }
    let references = external_ref::Entity::delete_many()
        .filter(external_ref::Column::Kind.eq(external_ref::Kind::Occupant))
        .filter(external_ref::Column::ThingId.eq(id.uuid()));
    erased.insert("references", references.exec(&tx.db).await?.rows_affected);
    privacy_request::Entity::update_many()
        .col_expr(privacy_request::Column::Reason, Expr::value(None::<String>))
        .filter(privacy_request::Column::OccupantId.eq(id))
        .exec(&tx.db)
        .await?;
    let now = domain.clock.now();
    let mut change = was.clone().into_active_model();
    change.name = Set(String::new());
    change.phone = Set(None);
    change.closed_at = Set(was.closed_at.or(Some(now)));
    change.erased_at = Set(Some(now));
    change.updated_at = Set(now);
    change.version = Set(was.version + 1);
    change.update(&tx.db).await?;
    erased.insert("occupants", 1);
    access_changed(domain, tx, Whose::Occupant(id)).await
}

/// Who was erased had left by then, though the restored rows may be of a time when they had not.
async fn end_occupancies(tx: &Tx<'_>, id: OccupantId, at: DateTime<Utc>) -> Result<()> {
    use occupancies::Column;
    let day = at.date_naive();
    let ended = occupancies::Entity::update_many()
        .col_expr(Column::ToOn, Expr::value(day))
        .col_expr(Column::UpdatedAt, Expr::value(at))
        .filter(Column::OccupantId.eq(id))
        .filter(Column::FromOn.lte(day))
        .filter(Column::ToOn.is_null().or(Column::ToOn.gt(day)));
    ended.exec(&tx.db).await?;
    Ok(())
}

/// Whoever lives here has rights and duties that need a name; an open matter needs somebody to answer to.
async fn check_has_left(domain: &Domain, tx: &Tx<'_>, id: OccupantId) -> Result<()> {
    let here = occupancies::Entity::find()
        .filter(occupancies::Column::OccupantId.eq(id))
        .filter(occupancy::not_over(domain.today()));
    if row::any(&tx.db, here).await? {
        let message =
            "they live or work in a unit still; end their occupancies first, which are over on the day after";
        return Err(Refusal::invalid("input.id", message).into());
    }
    let open = ticket::open_numbers(tx, id).await?;
    if !open.is_empty() {
        let message = format!("their tickets {} have not ended; end them first", open.join(", "));
        return Err(Refusal::invalid("input.id", message).into());
    }
    Ok(())
}

async fn erase_staff(
    domain: &Domain,
    tx: &Tx<'_>,
    id: StaffId,
    mode: Mode,
    erased: &mut Erased,
) -> Result<()> {
    let found = staff::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(&tx.db).await?;
    let was = found.ok_or_else(|| Refusal::not_found("input.id", id))?;
    not_erased(was.erased_at)?;
    if !matches!(mode, Mode::Again(_)) && works(domain, tx, id).await? {
        let message = "they hold a post still, or will; end it first, it is over on the day after its last";
        return Err(Refusal::invalid("input.id", message).into());
    }
    forget_keys(tx, idempotency::Column::ResultId.eq(id.uuid()), erased).await?;
    forget_sheets(domain, tx, erased).await?;
    let accounts = account::Entity::find().filter(account::Column::StaffId.eq(id));
    for row in accounts.order_by_asc(account::Column::Id).lock_exclusive().all(&tx.db).await? {
        let lives = match row.occupant_id {
            Some(occupant) => occupant::Entity::find_by_id(occupant)
                .one(&tx.db)
                .await?
                .is_some_and(|row| row.closed_at.is_none()),
            None => false,
        };
        if !lives {
            erase_account(domain, tx, row, erased).await?;
        }
    }
    let now = domain.clock.now();
    let mut change = was.clone().into_active_model();
    change.name = Set(String::new());
    change.phone = Set(None);
    change.title = Set(None);
    change.away_from = Set(None);
    change.away_until = Set(None);
    change.closed_at = Set(was.closed_at.or(Some(now)));
    change.erased_at = Set(Some(now));
    change.updated_at = Set(now);
    change.version = Set(was.version + 1);
    change.update(&tx.db).await?;
    erased.insert("staff", 1);
    access_changed(domain, tx, Whose::Staff(id)).await
}

/// Whether a member of staff holds a post, or will.
async fn works(domain: &Domain, tx: &Tx<'_>, id: StaffId) -> Result<bool> {
    let held =
        posts::Entity::find().filter(posts::Column::StaffId.eq(id)).filter(post::not_over(domain.today()));
    row::any(&tx.db, held).await
}

async fn erase_account(domain: &Domain, tx: &Tx<'_>, was: account::Model, erased: &mut Erased) -> Result<()> {
    let (id, now) = (was.id, domain.clock.now());
    let sessions = session::Entity::find().filter(session::Column::AccountId.eq(id));
    for row in sessions.lock_exclusive().all(&tx.db).await? {
        let mut change = row.clone().into_active_model();
        change.client = Set(None);
        if row.ended_at.is_none() {
            change.ended_at = Set(Some(now));
            change.end_reason = Set(Some("the account was erased".to_owned()));
        }
        change.update(&tx.db).await?;
        *erased.entry("sessions").or_default() += 1;
    }
    forget_keys(tx, idempotency::Column::AccountId.eq(id), erased).await?;
    *erased.entry("addresses").or_default() += erase_addresses(tx, id).await?;
    let mut change = was.clone().into_active_model();
    change.login = Set(None);
    change.password_hash = Set(None);
    change.issuer = Set(None);
    change.subject = Set(None);
    change.activation_hash = Set(None);
    change.activation_expires_at = Set(None);
    change.closed_at = Set(was.closed_at.or(Some(now)));
    change.updated_at = Set(now);
    change.version = Set(was.version + 1);
    change.update(&tx.db).await?;
    *erased.entry("accounts").or_default() += 1;
    access_changed(domain, tx, Whose::Account(id)).await
}

/// Where an account signed in from; the lines of the trail stay.
async fn erase_addresses(tx: &Tx<'_>, id: AccountId) -> Result<u64> {
    let mut lines =
        trail::Entity::find().select_only().column(trail::Column::Id).filter(trail::Column::AccountId.eq(id));
    let lines = QuerySelect::query(&mut lines).take();
    let theirs =
        trail::address::Entity::delete_many().filter(trail::address::Column::AuditId.in_subquery(lines));
    Ok(theirs.exec(&tx.db).await?.rows_affected)
}

/// A key's hash was made of the input, which a patient guesser could find again.
async fn forget_keys(tx: &Tx<'_>, which: Expr, erased: &mut Erased) -> Result<()> {
    let forgotten = idempotency::Entity::delete_many().filter(which).exec(&tx.db).await?;
    *erased.entry("keys").or_default() += forgotten.rows_affected;
    Ok(())
}

/// Any sheet that was exported, and any row that was refused, may tell of them.
async fn forget_sheets(domain: &Domain, tx: &Tx<'_>, erased: &mut Erased) -> Result<()> {
    let forgotten = transfer::forget_all(domain, tx).await?;
    if forgotten > 0 {
        *erased.entry("sheets").or_default() += forgotten;
    }
    Ok(())
}

/// A ledger that cannot be kept: nothing is erased then.
pub(super) fn fault(what: &str, error: &std::io::Error) -> Error {
    Error::Fault(sea_orm::DbErr::Custom(format!("the ledger of erasures cannot be {what}: {error}")))
}
