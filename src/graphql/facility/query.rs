//! Facilities, asked for.

use std::sync::Arc;

use async_graphql::{Context, Object, Result};

use super::filter::{FacilityFilter, FacilityOrder};
use super::object::Facility;
use crate::domain::facility::{self, Sort};
use crate::graphql::connection::{Count, List, list, window};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::fault;

/// Facilities, asked for.
#[derive(Default)]
pub(in crate::graphql) struct FacilityQuery;

#[Object]
impl FacilityQuery {
    /// The facilities that the viewer sees: those who read the register do.
    #[expect(clippy::too_many_arguments, reason = "a connection has them")]
    async fn facilities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which facilities; all that are not closed when left out.")] filter: Option<
            FacilityFilter,
        >,
        #[graphql(default_with = "FacilityOrder::NameAsc", desc = "In which order.")] order_by: FacilityOrder,
        #[graphql(
            desc = "How many from the beginning, at most 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Result<List<Facility>> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let sort = Sort::from(order_by);
        let read = || {
            let page = window(&sort.order().list(), first, after.as_deref(), last, before.as_deref())?;
            Ok((page, filter.unwrap_or_default().read()?))
        };
        let (page, filter) = read().map_err(|error| fault(&error))?;
        let rows = facility::list(domain, viewer, &filter, sort, &page).await;
        let (domain, viewer, filter) = (domain.clone(), Arc::clone(viewer), Arc::new(filter));
        let count: Count = Box::new(move || {
            let (domain, viewer, filter) = (domain.clone(), Arc::clone(&viewer), Arc::clone(&filter));
            Box::pin(async move { facility::count(&domain, &viewer, &filter).await })
        });
        list(rows, count)
    }
}
