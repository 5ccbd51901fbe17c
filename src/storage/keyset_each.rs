//! The same page of many lists, each the rows of one parent, in one statement.

use std::collections::HashMap;

use sea_orm::sea_query::{
    Asterisk, Expr, ExprTrait, Func, JoinType, Order as SqlOrder, Query, SelectStatement, WindowStatement,
};
use sea_orm::{
    ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, ModelTrait, QueryFilter, QuerySelect, Select,
};
use uuid::Uuid;

use super::keyset::{ListError, Order, Rows};
use super::sql::among;
use crate::base::{Id, Kind, Page};

/// What the rows are called in the statement, and what the parents.
const ROW: &str = "row";
const PARENT: &str = "parent";

/// The page of `select` in this order, of each parent's rows.
///
/// # Errors
/// [`ListError::Page`] when a cursor's value does not fit the column, [`ListError::Database`] when it fails.
pub async fn page_of_each<E: EntityTrait, K: Kind>(
    db: &impl ConnectionTrait,
    select: Select<E>,
    (parent, parents): (E::Column, &[Id<K>]),
    order: Order<E>,
    page: &Page,
) -> Result<HashMap<Id<K>, Rows<E::Model>>, ListError> {
    let backend = db.get_database_backend();
    let select = order.window(select, page)?;
    let direction = order.direction(page);
    // Each database has its own fast way to the first few of each: one looks into the index once a parent, the other
    // numbers the rows as it reads them.
    let mut statement = match backend {
        DbBackend::Postgres => by_lateral(select, (parent, parents), order, &direction, page.size + 1),
        _ => by_window(select, (parent, parents), order, &direction, page.size + 1),
    };
    statement.order_by((ROW, order.column), direction.clone()).order_by((ROW, order.id), direction);
    let rows = E::Model::find_by_statement(backend.build(&statement)).all(db).await?;
    let mut of_each: HashMap<_, Vec<_>> = parents.iter().map(|id| (*id, Vec::new())).collect();
    for row in rows {
        if let sea_orm::Value::Uuid(Some(id)) = row.get(parent) {
            of_each.entry(Id::new(id)).or_default().push(row);
        }
    }
    Ok(of_each.into_iter().map(|(id, rows)| (id, order.cut(rows, page))).collect())
}

fn by_lateral<E: EntityTrait, K: Kind>(
    select: Select<E>,
    (parent, parents): (E::Column, &[Id<K>]),
    order: Order<E>,
    direction: &SqlOrder,
    limit: u64,
) -> SelectStatement {
    let own = Expr::col((E::default(), parent)).equals((PARENT, PARENT));
    let rows = QuerySelect::query(&mut select.filter(own))
        .order_by((E::default(), order.column), direction.clone())
        .order_by((E::default(), order.id), direction.clone())
        .limit(limit)
        .take();
    let uuids = parents.iter().map(|id| id.uuid()).collect::<Vec<Uuid>>();
    Query::select()
        .column((ROW, Asterisk))
        .from_function(Func::cust("UNNEST").arg(Expr::value(uuids)), PARENT)
        .join_lateral(JoinType::InnerJoin, rows, ROW, Expr::value(true))
        .take()
}

fn by_window<E: EntityTrait, K: Kind>(
    select: Select<E>,
    (parent, parents): (E::Column, &[Id<K>]),
    order: Order<E>,
    direction: &SqlOrder,
    limit: u64,
) -> SelectStatement {
    let mut select = select.filter(among(DbBackend::Sqlite, parent, parents.iter().copied()));
    let of_each = WindowStatement::partition_by((E::default(), parent))
        .order_by((E::default(), order.column), direction.clone())
        .order_by((E::default(), order.id), direction.clone())
        .take();
    let rows =
        QuerySelect::query(&mut select).expr_window_as(Expr::cust("ROW_NUMBER()"), of_each, "place").take();
    Query::select()
        .column((ROW, Asterisk))
        .from_subquery(rows, ROW)
        .and_where(Expr::col((ROW, "place")).lte(limit))
        .take()
}
