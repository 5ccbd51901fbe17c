//! Lists that grow, as Relay connections over the domain's pages.

use async_graphql::connection::{Connection, Edge};
use async_graphql::{Context, Object, OutputType, Result};
use futures_util::future::BoxFuture;

use super::context::loader;
use super::error::fault;
use super::loader::{UnitCountOf, failed};
use crate::base::Page;
use crate::base::id::BuildingId;
use crate::domain::{self, Rows};

/// The largest page of a list.
pub(crate) const PAGE_MAX: u64 = 100;

/// The page when no size is asked for.
pub(crate) const PAGE_DEFAULT: u64 = 20;

/// A connection: a page of a list, with the number of all its rows when it is asked for.
pub(super) type List<T> = Connection<String, T, Total>;

/// Counts the whole list.
pub(super) type Count = Box<dyn Fn() -> BoxFuture<'static, domain::Result<u64>> + Send + Sync>;

/// What a connection knows besides its page: how its whole list is counted.
pub(super) enum Total {
    /// By itself.
    Alone(Count),
    /// With those of the other buildings in the same list.
    UnitsOf(BuildingId),
}

impl From<Count> for Total {
    fn from(count: Count) -> Self {
        Self::Alone(count)
    }
}

/// What a connection knows besides its page.
#[Object]
impl Total {
    /// How many there are in the whole list, as the filter has it. Counted only when it is asked for.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        match self {
            Self::Alone(count) => count().await.map_err(|error| fault(&error)),
            Self::UnitsOf(id) => {
                let count = loader(ctx)?.load_one(UnitCountOf(*id)).await.map_err(failed)?;
                Ok(count.unwrap_or_default())
            }
        }
    }
}

/// Reads the four arguments of a connection over the list that is called `list`.
pub(super) fn window(
    list: &str,
    first: Option<i32>,
    after: Option<&str>,
    last: Option<i32>,
    before: Option<&str>,
) -> domain::Result<Page> {
    let (first, last) = (first.map(i64::from), last.map(i64::from));
    Ok(Page::read(list, (first, after), (last, before), (PAGE_DEFAULT, PAGE_MAX))?)
}

/// The connection of a page.
pub(super) fn list<M, T: From<M> + OutputType>(
    rows: domain::Result<Rows<M>>,
    total: impl Into<Total>,
) -> Result<List<T>> {
    let rows = rows.map_err(|error| fault(&error))?;
    let mut connection = List::with_additional_fields(rows.has_previous, rows.has_next, total.into());
    connection
        .edges
        .extend(rows.rows.into_iter().map(|(cursor, row)| Edge::new(cursor.encode(), T::from(row))));
    Ok(connection)
}
