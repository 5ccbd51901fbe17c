//! Occupants, asked for.

use std::sync::Arc;

use async_graphql::{Context, Object, Result};

use super::filter::{OccupantFilter, OccupantOrder};
use super::object::Occupant;
use crate::domain::occupant::{self, Sort};
use crate::graphql::connection::{Count, List, list, window};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::fault;

/// Occupants, asked for.
#[derive(Default)]
pub(in crate::graphql) struct OccupantQuery;

#[Object]
impl OccupantQuery {
    /// The occupants that the viewer sees: residents themselves.
    #[expect(clippy::too_many_arguments, reason = "a connection has them")]
    async fn occupants(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which occupants; all that are not closed when left out.")] filter: Option<
            OccupantFilter,
        >,
        #[graphql(default_with = "OccupantOrder::NameAsc", desc = "In which order.")] order_by: OccupantOrder,
        #[graphql(
            desc = "How many from the beginning, at most 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Result<List<Occupant>> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let sort = Sort::from(order_by);
        let read = || {
            let page = window(&sort.order().list(), first, after.as_deref(), last, before.as_deref())?;
            Ok((page, filter.unwrap_or_default().read()?))
        };
        let (page, filter) = read().map_err(|error| fault(&error))?;
        let rows = occupant::list(domain, viewer, &filter, sort, &page).await;
        let (domain, viewer, filter) = (domain.clone(), Arc::clone(viewer), Arc::new(filter));
        let count: Count = Box::new(move || {
            let (domain, viewer, filter) = (domain.clone(), Arc::clone(&viewer), Arc::clone(&filter));
            Box::pin(async move { occupant::count(&domain, &viewer, &filter).await })
        });
        list(rows, count)
    }
}
