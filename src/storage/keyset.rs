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

impl<M> Default for Rows<M> {
    fn default() -> Self {
        Self { rows: Vec::new(), has_previous: false, has_next: false }
    }
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

    /// What stands between the page's cursors.
    pub(super) fn window(&self, select: Select<E>, page: &Page) -> Result<Select<E>, PageError> {
        let mut select = select;
        if let Some(after) = &page.after {
            select = select.filter(self.beyond(after, "after", !self.descending)?);
        }
        if let Some(before) = &page.before {
            select = select.filter(self.beyond(before, "before", self.descending)?);
        }
        Ok(select)
    }

    /// In which direction the rows are read, from the page's end of the list.
    pub(super) fn direction(&self, page: &Page) -> SqlOrder {
        let backward = page.direction == Direction::Backward;
        if self.descending == backward { SqlOrder::Asc } else { SqlOrder::Desc }
    }

    fn sorted(&self, select: Select<E>, page: &Page) -> Select<E> {
        let direction = self.direction(page);
        select.order_by(self.column, direction.clone()).order_by(self.id, direction)
    }

    /// The page of the rows that were read, which are one more than it has if there is a further one.
    pub(super) fn cut(&self, mut rows: Vec<E::Model>, page: &Page) -> Rows<E::Model> {
        let more = rows.len() as u64 > page.size;
        rows.truncate(usize::try_from(page.size).unwrap_or(usize::MAX));
        let (has_previous, has_next) = match page.direction {
            Direction::Forward => (page.after.is_some(), more),
            Direction::Backward => (more, page.before.is_some()),
        };
        if page.direction == Direction::Backward {
            rows.reverse();
        }
        let rows = rows.into_iter().map(|row| (self.cursor(&row), row)).collect();
        Rows { rows, has_previous, has_next }
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
    let select = order.window(select, page)?;
    // One row more than asked for tells whether there is a further page.
    let rows = order.sorted(select, page).limit(page.size + 1).all(db).await?;
    Ok(order.cut(rows, page))
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
