//! Requests about personal data, asked for.

use std::sync::Arc;

use async_graphql::{Context, Object, Result};

use super::input::{PrivacyRequestFilter, PrivacyRequestOrder};
use super::object::PrivacyRequest;
use crate::domain::privacy::{self, Filter, Sort};
use crate::graphql::connection::{Count, List, list, window};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::fault;

/// Requests about personal data, asked for.
#[derive(Default)]
pub(in crate::graphql) struct PrivacyQuery;

#[Object]
impl PrivacyQuery {
    /// What people ask to be done with their personal data: an ADMIN of the group sees all of it, a resident their own.
    #[expect(clippy::too_many_arguments, reason = "a connection has them")]
    async fn privacy_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which requests; all when left out.")] filter: Option<PrivacyRequestFilter>,
        #[graphql(default_with = "PrivacyRequestOrder::CreatedDesc", desc = "In which order.")]
        order_by: PrivacyRequestOrder,
        #[graphql(
            desc = "How many from the beginning, at most 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Result<List<PrivacyRequest>> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let sort = Sort::from(order_by);
        let read = || {
            let page = window(&sort.order().list(), first, after.as_deref(), last, before.as_deref())?;
            Ok((page, Filter::from(filter.unwrap_or_default())))
        };
        let (page, filter) = read().map_err(|error| fault(&error))?;
        let rows = privacy::list(domain, viewer, &filter, sort, &page).await;
        let (domain, viewer, filter) = (domain.clone(), Arc::clone(viewer), Arc::new(filter));
        let count: Count = Box::new(move || {
            let (domain, viewer, filter) = (domain.clone(), Arc::clone(&viewer), Arc::clone(&filter));
            Box::pin(async move { privacy::count(&domain, &viewer, &filter).await })
        });
        list(rows, count)
    }
}
