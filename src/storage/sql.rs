//! Conditions that both databases answer alike.

use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr, SelectStatement, UnionType, Value};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, QueryFilter,
    QuerySelect, Select, Statement,
};
use uuid::Uuid;

use crate::base::Id;

/// `column` is one of `ids`. On PostgreSQL the list goes as one array, so that every length shares one prepared
/// statement; SQLite has no arrays and compiles fast.
pub fn among<C, K>(backend: DbBackend, column: C, ids: impl IntoIterator<Item = Id<K>>) -> Expr
where
    C: ColumnTrait,
{
    let uuids = ids.into_iter().map(Id::uuid).collect::<Vec<Uuid>>();
    match (backend, uuids.is_empty()) {
        (_, true) => Expr::value(false),
        (DbBackend::Postgres, _) => column.eq_any(uuids),
        _ => column.is_in(uuids.into_iter().map(Value::from)),
    }
}

/// `column` is one of `texts`, in the way of [`among`].
pub fn among_texts<C: ColumnTrait>(
    backend: DbBackend,
    column: C,
    texts: impl IntoIterator<Item = String>,
) -> Expr {
    match backend {
        DbBackend::Postgres => column.eq_any(texts.into_iter().collect::<Vec<_>>()),
        _ => column.is_in(texts),
    }
}

/// Like [`among`]; nothing when there are no ids, for one part of [`any_of`]: beside a part that no index answers SQLite
/// goes by none.
pub(super) fn among_some<C, K>(backend: DbBackend, column: C, ids: &[Id<K>]) -> Option<Expr>
where
    C: ColumnTrait,
{
    (!ids.is_empty()).then(|| among(backend, column, ids.iter().copied()))
}

/// `seen` has the row that `column` names. Asked of each row by itself, so that one row does not have all looked at that
/// could be named.
pub(super) fn names_one_of<E: EntityTrait>(column: impl ColumnTrait, seen: Select<E>, id: E::Column) -> Expr {
    let of_row = Expr::col(id.as_column_ref()).equals(column.as_column_ref());
    let mut seen = seen.filter(of_row).select_only().column(id);
    Expr::exists(QuerySelect::query(&mut seen).take())
}

/// One of these parts holds; without any, nothing does.
pub(super) fn any_of(parts: impl IntoIterator<Item = Option<Expr>>) -> Expr {
    parts.into_iter().flatten().reduce(ExprTrait::or).unwrap_or_else(|| Expr::value(false))
}

/// The rows of all of these, one after the other; none without any.
pub fn all_of(selects: impl IntoIterator<Item = SelectStatement>) -> Option<SelectStatement> {
    selects.into_iter().reduce(|mut all, next| all.union(UnionType::All, next).take())
}

/// `column` has `text` somewhere in it, whatever the case of Latin letters; wildcards in it stand for themselves.
pub fn contains<C: ColumnTrait>(column: C, text: &str) -> Expr {
    let escaped = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    Expr::expr(Func::lower(Expr::col(column.as_column_ref())))
        .like(LikeExpr::new(format!("%{escaped}%")).escape('\\'))
}

/// What is changed by one transaction at a time, as what it must keep cannot be said of a single row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Who answers to whom has no cycle.
    LineOfCommand,
    /// The tree of categories has no cycle.
    Categories,
}

/// Waits until no other transaction has this turn, and keeps it until the end of `tx`. Taken before any row is locked,
/// so that nobody waits for a row while another waits for the turn. On SQLite one transaction writes at a time anyway.
///
/// # Errors
/// When the database fails.
pub async fn take_turn(tx: &DatabaseTransaction, turn: Turn) -> Result<(), DbErr> {
    let backend = tx.get_database_backend();
    if backend != DbBackend::Postgres {
        return Ok(());
    }
    let key: i64 = match turn {
        Turn::LineOfCommand => 0x636f_6e63_0001,
        Turn::Categories => 0x636f_6e63_0002,
    };
    let lock = Statement::from_sql_and_values(backend, "SELECT pg_advisory_xact_lock($1)", [key.into()]);
    tx.execute_raw(lock).await.map(|_| ())
}
