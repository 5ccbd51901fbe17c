//! Pages by keyset: `(column, id) < (value, id)`, which both databases answer from an index however deep the page.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use sea_orm::sea_query::{ColumnType, Expr, ExprTrait, Order as SqlOrder, Value};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IdenStatic, ModelTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::base::{Cursor, Direction, Page, PageError};

/// The order of a list: by one column, then by id, both in one direction.
#[derive(Clone, Copy, Debug)]
pub struct Order<E: EntityTrait> {
    /// The column, which is never null.
    pub column: E::Column,
    /// The entity's id column.
    pub id: E::Column,
    /// Greatest first.
    pub descending: bool,
}

/// One page.
#[derive(Clone, Debug)]
pub struct Rows<M> {
    /// The rows in the list's order, each with its place.
    pub rows: Vec<(Cursor, M)>,
    /// Whether something stands before them.
    pub has_previous: bool,
    /// Whether something stands behind them.
    pub has_next: bool,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The page was asked for wrongly.
    #[error(transparent)]
    Page(#[from] PageError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl<E: EntityTrait> Order<E> {
    /// Names the list with its order, so that a cursor of another one is recognised.
    #[must_use]
    pub fn list(&self) -> String {
        let (table, column) = (E::default().as_str(), self.column.as_str());
        format!("{table}/{column}/{}", if self.descending { "desc" } else { "asc" })
    }

    fn cursor(&self, row: &E::Model) -> Cursor {
        let id = match row.get(self.id) {
            Value::Uuid(Some(id)) => id,
            _ => Uuid::nil(),
        };
        Cursor { list: self.list(), value: to_json(&row.get(self.column)), id }
    }

    fn beyond(&self, cursor: &Cursor, argument: &'static str, upwards: bool) -> Result<Expr, PageError> {
        let value = from_json(self.column.def().get_column_type(), &cursor.value)
            .ok_or(PageError::Malformed { argument })?;
        let row = Expr::tuple([self.column.into_expr(), self.id.into_expr()]);
        let place = Expr::tuple([Expr::value(value), Expr::value(cursor.id)]);
        Ok(if upwards { row.gt(place) } else { row.lt(place) })
    }
}

/// The page of `select` in this order.
///
/// # Errors
/// [`ListError::Page`] when a cursor's value does not fit the column, [`ListError::Database`] when it fails.
pub async fn page<E: EntityTrait>(
    db: &impl ConnectionTrait,
    select: Select<E>,
    order: Order<E>,
    page: &Page,
) -> Result<Rows<E::Model>, ListError> {
    let mut select = select;
    if let Some(after) = &page.after {
        select = select.filter(order.beyond(after, "after", !order.descending)?);
    }
    if let Some(before) = &page.before {
        select = select.filter(order.beyond(before, "before", order.descending)?);
    }
    let backward = page.direction == Direction::Backward;
    let direction = if order.descending == backward { SqlOrder::Asc } else { SqlOrder::Desc };
    // One row more than asked for tells whether there is a further page.
    let mut rows = select
        .order_by(order.column, direction.clone())
        .order_by(order.id, direction)
        .limit(page.size + 1)
        .all(db)
        .await?;
    let more = rows.len() as u64 > page.size;
    rows.truncate(usize::try_from(page.size).unwrap_or(usize::MAX));
    if backward {
        rows.reverse();
    }
    let (has_previous, has_next) = match page.direction {
        Direction::Forward => (page.after.is_some(), more),
        Direction::Backward => (more, page.before.is_some()),
    };
    let rows = rows.into_iter().map(|row| (order.cursor(&row), row)).collect();
    Ok(Rows { rows, has_previous, has_next })
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::ChronoDateTimeUtc(Some(time)) => time.to_rfc3339_opts(SecondsFormat::Micros, true).into(),
        Value::ChronoDate(Some(day)) => day.to_string().into(),
        Value::String(Some(text)) => text.as_str().into(),
        Value::Int(Some(number)) => (*number).into(),
        Value::BigInt(Some(number)) => (*number).into(),
        _ => Json::Null,
    }
}

fn from_json(column: &ColumnType, json: &Json) -> Option<Value> {
    match column {
        ColumnType::TimestampWithTimeZone => json.as_str()?.parse::<DateTime<Utc>>().ok().map(Value::from),
        ColumnType::Date => json.as_str()?.parse::<NaiveDate>().ok().map(Value::from),
        ColumnType::Integer => i32::try_from(json.as_i64()?).ok().map(Value::from),
        ColumnType::BigInteger => json.as_i64().map(Value::from),
        ColumnType::String(_) | ColumnType::Text => {
            json.as_str().filter(|text| !text.contains('\0')).map(Value::from)
        }
        _ => None,
    }
}
