//! Documents, asked for.

use std::sync::Arc;

use async_graphql::{Context, Object, Result};

use super::filter::{DocumentFilter, DocumentOrder};
use super::object::Document;
use crate::domain::document::{self, Sort};
use crate::graphql::connection::{Count, List, list, window};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::fault;

/// Documents, asked for.
#[derive(Default)]
pub(in crate::graphql) struct DocumentQuery;

#[Object]
impl DocumentQuery {
    /// The documents that the viewer sees: those of the register that they read, as far as the confidentiality lets them;
    /// and what is kept of themselves, unless it is SECRET. Of those that are not NORMAL the reading is written down.
    #[expect(clippy::too_many_arguments, reason = "a connection has them")]
    async fn documents(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which documents; all that were not withdrawn when left out.")] filter: Option<
            DocumentFilter,
        >,
        #[graphql(default_with = "DocumentOrder::FiledDesc", desc = "In which order.")]
        order_by: DocumentOrder,
        #[graphql(
            desc = "How many from the beginning, at most 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Result<List<Document>> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let sort = Sort::from(order_by);
        let read = || {
            let page = window(&sort.order().list(), first, after.as_deref(), last, before.as_deref())?;
            Ok((page, filter.unwrap_or_default().read()?))
        };
        let (page, filter) = read().map_err(|error| fault(&error))?;
        let rows = document::list(domain, viewer, &filter, sort, &page).await;
        let (domain, viewer, filter) = (domain.clone(), Arc::clone(viewer), Arc::new(filter));
        let count: Count = Box::new(move || {
            let (domain, viewer, filter) = (domain.clone(), Arc::clone(&viewer), Arc::clone(&filter));
            Box::pin(async move { document::count(&domain, &viewer, &filter).await })
        });
        list(rows, count)
    }
}
