//! Imports and exports, asked for.

use std::sync::Arc;

use async_graphql::{Context, Object, Result};

use super::input::{DataTransferFilter, DataTransferOrder};
use super::object::DataTransfer;
use crate::domain::transfer::{self, Filter, Sort};
use crate::graphql::connection::{Count, List, list, window};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::fault;

/// Imports and exports, asked for.
#[derive(Default)]
pub(in crate::graphql) struct TransferQuery;

#[Object]
impl TransferQuery {
    /// The imports and exports that the viewer has asked for, and nobody else's.
    #[expect(clippy::too_many_arguments, reason = "a connection has them")]
    async fn data_transfers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them; all when left out.")] filter: Option<DataTransferFilter>,
        #[graphql(default_with = "DataTransferOrder::CreatedDesc", desc = "In which order.")]
        order_by: DataTransferOrder,
        #[graphql(
            desc = "How many from the beginning, at most 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Result<List<DataTransfer>> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let sort = Sort::from(order_by);
        let read = || {
            let page = window(&sort.order().list(), first, after.as_deref(), last, before.as_deref())?;
            Ok((page, Filter::from(filter.unwrap_or_default())))
        };
        let (page, filter) = read().map_err(|error| fault(&error))?;
        let rows = transfer::list(domain, viewer, &filter, sort, &page).await;
        let (domain, viewer, filter) = (domain.clone(), Arc::clone(viewer), Arc::new(filter));
        let count: Count = Box::new(move || {
            let (domain, viewer, filter) = (domain.clone(), Arc::clone(&viewer), Arc::clone(&filter));
            Box::pin(async move { transfer::count(&domain, &viewer, &filter).await })
        });
        list(rows, count)
    }
}
