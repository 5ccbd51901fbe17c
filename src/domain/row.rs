//! One row in a use case: found within what the viewer sees, locked, compared with the version that the client saw,
//! written, and told from one that is there already.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, LockType, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    Select, SqlErr,
};
use uuid::Uuid;

use super::{Current, Domain, Error, Field, Refusal, Result, Tx, Viewer};
use crate::base::{Id, Kind, Scope, id::kind};
use crate::storage::{
    building, category, charge, checkpoint, community, document, entrance, facility, finding, occupancy,
    occupant, patrol, patrol_plan, patrol_step, post, privacy_request, spot_check, staff, team, ticket, unit,
    update, work_order,
};

/// A table of which a viewer sees some rows.
pub(super) trait Seen: EntityTrait {
    /// What its ids are the ids of.
    type Kind: Kind;
    /// The column with the id.
    const ID: Self::Column;

    /// The rows that `scope` sees.
    fn seen(scope: &Scope, backend: DbBackend) -> Select<Self>;
}

/// A table whose rows end by being closed.
pub(super) trait Closes: Seen {
    /// When a row ended.
    const CLOSED_AT: Self::Column;
}

/// A table whose rows are changed by compare-and-set.
pub(super) trait Versioned:
    Seen<Model: PartialEq + IntoActiveModel<Self::ActiveModel>, ActiveModel: Send>
{
    /// The row's version.
    fn version(row: &Self::Model) -> i32;

    /// Raises the version and says when.
    fn touch(row: &mut Self::Model, now: DateTime<Utc>);

    /// The row, for whoever has seen an older one.
    fn current(row: Self::Model) -> Current;
}

macro_rules! seen {
    ($($table:ident: $kind:ident),+ $(,)?) => {$(
        impl Seen for $table::Entity {
            type Kind = kind::$kind;
            const ID: Self::Column = $table::Column::Id;

            fn seen(scope: &Scope, backend: DbBackend) -> Select<Self> {
                Self::visible_to(scope, backend)
            }
        }
    )+};
}

macro_rules! closes {
    ($($table:ident),+ $(,)?) => {$(
        impl Closes for $table::Entity {
            const CLOSED_AT: Self::Column = $table::Column::ClosedAt;
        }
    )+};
}

macro_rules! versioned {
    ($($table:ident: $kind:ident),+ $(,)?) => {$(
        impl Versioned for $table::Entity {
            fn version(row: &Self::Model) -> i32 {
                row.version
            }

            fn touch(row: &mut Self::Model, now: DateTime<Utc>) {
                row.version += 1;
                row.updated_at = now;
            }

            fn current(row: Self::Model) -> Current {
                Current::$kind(Box::new(row))
            }
        }
    )+};
}

seen! {
    community: Community, building: Building, entrance: Entrance, facility: Facility, unit: Unit, occupant: Occupant,
    occupancy: Occupancy, staff: Staff, team: Team, post: Post, charge: Charge, category: Category,
    ticket: Ticket, work_order: WorkOrder, patrol_plan: PatrolPlan, checkpoint: Checkpoint, patrol: Patrol,
    patrol_step: PatrolStep, finding: Finding, spot_check: SpotCheck, privacy_request: PrivacyRequest,
    document: Document,
}
closes! {
    community, building, entrance, facility, unit, occupant, staff, team, charge, category, patrol_plan, checkpoint
}
versioned! {
    community: Community, building: Building, entrance: Entrance, facility: Facility, unit: Unit, occupant: Occupant,
    staff: Staff, team: Team, category: Category, patrol_plan: PatrolPlan, checkpoint: Checkpoint, patrol: Patrol,
    finding: Finding, spot_check: SpotCheck, privacy_request: PrivacyRequest, document: Document,
}

/// An open row that the viewer sees, asked of `db`. Within a transaction that is the transaction itself: who held one
/// connection and waited for another could wait for ever.
pub(super) async fn find<E: Closes>(
    domain: &Domain,
    viewer: &Viewer,
    db: &impl ConnectionTrait,
    field: impl Into<Field>,
    id: Id<E::Kind>,
) -> Result<E::Model> {
    let seen = E::seen(&viewer.scope, domain.db.backend()).filter(E::ID.eq(id));
    let found = seen.filter(E::CLOSED_AT.is_null()).one(db).await?;
    found.ok_or_else(|| Refusal::not_found(field, id).into())
}

/// Like [`find`], where nothing may be named.
pub(super) async fn find_named<E: Closes>(
    domain: &Domain,
    viewer: &Viewer,
    db: &impl ConnectionTrait,
    field: impl Into<Field>,
    id: Option<Id<E::Kind>>,
) -> Result<Option<E::Model>> {
    match id {
        Some(id) => find::<E>(domain, viewer, db, field, id).await.map(Some),
        None => Ok(None),
    }
}

/// Locks a row that the viewer sees. The lock is the one that an update takes, under which other rows may go on
/// referring to this one; a stronger one would let two writers wait for each other.
pub(super) async fn lock<E: Seen>(
    domain: &Domain,
    viewer: &Viewer,
    tx: &Tx<'_>,
    field: impl Into<Field>,
    id: Id<E::Kind>,
) -> Result<E::Model> {
    let seen = E::seen(&viewer.scope, domain.db.backend()).filter(E::ID.eq(id));
    let found = seen.lock(LockType::NoKeyUpdate).one(&tx.db).await?;
    found.ok_or_else(|| Refusal::not_found(field, id).into())
}

/// Like [`lock`], of a row that has not ended: asked again under the lock, since it may have ended meanwhile.
pub(super) async fn lock_open<E: Closes>(
    domain: &Domain,
    viewer: &Viewer,
    tx: &Tx<'_>,
    field: impl Into<Field>,
    id: Id<E::Kind>,
) -> Result<E::Model> {
    let seen = E::seen(&viewer.scope, domain.db.backend()).filter(E::ID.eq(id));
    let open = seen.filter(E::CLOSED_AT.is_null());
    let found = open.lock(LockType::NoKeyUpdate).one(&tx.db).await?;
    found.ok_or_else(|| Refusal::not_found(field, id).into())
}

/// Keeps a row, which was found open, from being closed before the end of the transaction that hangs something on it.
pub(super) async fn keep_open<E: Closes>(
    tx: &Tx<'_>,
    field: impl Into<Field>,
    id: Id<E::Kind>,
) -> Result<()> {
    let open = E::find().filter(E::ID.eq(id)).filter(E::CLOSED_AT.is_null());
    let found = open.lock(LockType::Share).one(&tx.db).await?;
    found.map(|_| ()).ok_or_else(|| Refusal::not_found(field, id).into())
}

/// What a repeated request made before.
pub(super) async fn made_before<E: Seen>(
    domain: &Domain,
    viewer: &Viewer,
    tx: &Tx<'_>,
    id: Uuid,
) -> Result<E::Model> {
    let id = Id::<E::Kind>::new(id);
    let seen = E::seen(&viewer.scope, domain.db.backend()).filter(E::ID.eq(id));
    let found = seen.one(&tx.db).await?;
    found.ok_or_else(|| Refusal::not_found("input.idempotencyKey", id).into())
}

/// Whether the row is the one that the client saw; without a version it is, whatever it is.
pub(super) fn expect_version<E: Versioned>(row: &E::Model, expected: Option<i32>) -> Result<()> {
    match expected.filter(|expected| *expected != E::version(row)) {
        Some(expected) => Err(Refusal::Conflict { expected, current: E::current(row.clone()) }.into()),
        None => Ok(()),
    }
}

/// Whose data were erased, of them nothing is written again.
pub(crate) fn refuse_erased(erased_at: Option<DateTime<Utc>>) -> Result<()> {
    let Some(at) = erased_at else { return Ok(()) };
    let message =
        format!("this person's data were erased at {}; nothing is kept of them again", at.to_rfc3339());
    Err(Refusal::invalid("input.id", message).into())
}

/// Writes a changed row under its next version; one that has not changed stays as it is.
pub(super) async fn save<E: Versioned>(
    domain: &Domain,
    tx: &Tx<'_>,
    was: &E::Model,
    mut row: E::Model,
) -> Result<E::Model, DbErr> {
    if row == *was {
        return Ok(row);
    }
    E::touch(&mut row, domain.clock.now());
    write::<E>(tx, was, &row).await
}

/// Writes the columns that have changed.
pub(super) async fn write<E>(tx: &Tx<'_>, was: &E::Model, row: &E::Model) -> Result<E::Model, DbErr>
where
    E: EntityTrait<Model: IntoActiveModel<E::ActiveModel>>,
    E::ActiveModel: Send,
{
    update::<E>(&tx.db, was, row).await
}

/// Turns the database's word that a value is taken into a refusal that says which. It is asked only after the
/// writing, since between a look and a write another writer may come.
pub(super) fn taken(
    field: impl Into<Field>,
    message: impl FnOnce() -> String,
) -> impl FnOnce(DbErr) -> Error {
    move |error| match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Refusal::duplicate(field, message()).into(),
        _ => error.into(),
    }
}

/// Whether a query has so many rows at most; it is gone no further into.
pub(super) async fn at_most(db: &impl ConnectionTrait, mut rows: SelectStatement, most: u64) -> Result<bool> {
    let mut count = Query::select();
    count.expr(Expr::cust("COUNT(*)")).from_subquery(rows.limit(most + 1).take(), "some");
    let row = db.query_one(&count).await?;
    let count = row.map(|row| row.try_get_by_index::<i64>(0)).transpose()?;
    Ok(count.is_some_and(|count| count.unsigned_abs() <= most))
}

/// Whether a select finds anything.
pub(super) async fn any<E: EntityTrait>(db: &impl ConnectionTrait, select: Select<E>) -> Result<bool> {
    Ok(select.one(db).await?.is_some())
}
