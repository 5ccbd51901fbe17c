//! Categories, asked for.

use async_graphql::{Context, Object, Result};

use super::filter::CategoryFilter;
use super::object::Category;
use crate::domain::category;
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::fault;

/// Categories, asked for.
#[derive(Default)]
pub(in crate::graphql) struct CategoryQuery;

#[Object]
impl CategoryQuery {
    /// The categories, siblings by their place: the whole tree as a plain list, which `parent` makes a tree again. It
    /// is small; keep it.
    async fn categories(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which categories; all open ones when left out.")] filter: Option<CategoryFilter>,
    ) -> Result<Vec<Category>> {
        let filter = filter.unwrap_or_default().into();
        let rows = category::list(domain(ctx), viewer(ctx)?, &filter).await;
        Ok(rows.map_err(|error| fault(&error))?.into_iter().map(Category).collect())
    }
}
