//! The last lines of many timelines in one statement.

use std::collections::HashMap;

use sea_orm::sea_query::{
    Asterisk, Expr, ExprTrait, JoinType, Order, Query, SelectStatement, WindowStatement,
};
use sea_orm::{ColumnTrait, Condition, DbBackend, FromQueryResult, QueryFilter, QuerySelect};

use super::grouped;
use crate::base::id::TicketId;
use crate::domain::{Domain, Result, TicketEvent, Viewer};
use crate::storage::ticket_event::{Column, Entity, Visibility};
use crate::storage::{among, ticket};

/// What the lines are called in the statement.
const LINE: &str = "line";

/// The last lines of each ticket that the viewer sees, oldest first; INTERNAL ones only where they see the ticket by
/// their work.
///
/// # Errors
/// When the database fails.
pub async fn timeline(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[TicketId],
    last: u64,
) -> Result<HashMap<TicketId, Vec<TicketEvent>>> {
    let backend = domain.db.backend();
    let mut tickets = ticket::Entity::visible_to(&viewer.scope, backend)
        .filter(among(backend, ticket::Column::Id, ids.iter().copied()))
        .select_only();
    let tickets = QuerySelect::query(&mut tickets).take();
    let readable = Condition::any()
        .add(Column::Visibility.eq(Visibility::Public))
        .add(ticket::Entity::seen_at_work(&viewer.scope, backend));
    let last = std::cmp::min(last, i64::MAX as u64);
    // Each database has its own fast way to the last few of each: one looks into the index once a ticket, the other
    // numbers the lines as it reads them.
    let statement = match backend {
        DbBackend::Postgres => by_lateral(tickets, readable, last),
        _ => by_window(tickets, readable, last),
    };
    let rows = TicketEvent::find_by_statement(backend.build(&statement)).all(domain.db.read()).await?;
    Ok(grouped(ids, rows, |row| Some(row.ticket_id)))
}

fn of_ticket() -> Expr {
    Expr::col((Entity, Column::TicketId)).equals((ticket::Entity, ticket::Column::Id))
}

fn by_lateral(mut tickets: SelectStatement, readable: Condition, last: u64) -> SelectStatement {
    let lines = Query::select()
        .column((Entity, Asterisk))
        .from(Entity)
        .and_where(of_ticket())
        .cond_where(readable)
        .order_by((Entity, Column::Revision), Order::Desc)
        .limit(last)
        .take();
    tickets
        .column((LINE, Asterisk))
        .join_lateral(JoinType::InnerJoin, lines, LINE, Expr::value(true))
        .order_by((LINE, Column::Revision), Order::Asc)
        .take()
}

fn by_window(mut tickets: SelectStatement, readable: Condition, last: u64) -> SelectStatement {
    let newest_first = WindowStatement::partition_by((Entity, Column::TicketId))
        .order_by((Entity, Column::Revision), Order::Desc)
        .take();
    let lines = tickets
        .column((Entity, Asterisk))
        .expr_window_as(Expr::cust("ROW_NUMBER()"), newest_first, "place")
        .join(JoinType::InnerJoin, Entity, of_ticket())
        .cond_where(readable)
        .take();
    Query::select()
        .column((LINE, Asterisk))
        .from_subquery(lines, LINE)
        .and_where(Expr::col((LINE, "place")).lte(last))
        .order_by((LINE, Column::Revision), Order::Asc)
        .take()
}
