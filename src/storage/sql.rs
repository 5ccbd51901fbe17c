//! Conditions that both databases answer alike.

use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr, Value};
use sea_orm::{ColumnTrait, DbBackend};
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

/// `column` has `text` somewhere in it, whatever the case of Latin letters; wildcards in it stand for themselves.
pub fn contains<C: ColumnTrait>(column: C, text: &str) -> Expr {
    let escaped = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    Expr::expr(Func::lower(Expr::col(column.as_column_ref())))
        .like(LikeExpr::new(format!("%{escaped}%")).escape('\\'))
}
