//! The audit trail, asked for.

use std::sync::Arc;

use async_graphql::{Context, Object, Result};

use super::filter::{AuditFilter, AuditOrder};
use super::object::AuditEntry;
use crate::domain::audit::{self, Sort};
use crate::graphql::connection::{Count, List, list, window};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::fault;

/// The audit trail, asked for.
#[derive(Default)]
pub(in crate::graphql) struct AuditQuery;

#[Object]
impl AuditQuery {
    /// The audit trail: who signed in, who granted what, who read and exported what. An ADMIN of the group sees all of
    /// it, a PROJECT_HEAD what concerns their community alone, nobody else any.
    #[expect(clippy::too_many_arguments, reason = "a connection has them")]
    async fn audit_trail(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which lines; all when left out.")] filter: Option<AuditFilter>,
        #[graphql(default_with = "AuditOrder::AtDesc", desc = "In which order.")] order_by: AuditOrder,
        #[graphql(
            desc = "How many from the beginning, at most 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Result<List<AuditEntry>> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let sort = Sort::from(order_by);
        let read = || {
            let page = window(&sort.order().list(), first, after.as_deref(), last, before.as_deref())?;
            Ok((page, filter.unwrap_or_default().read()?))
        };
        let (page, filter) = read().map_err(|error| fault(&error))?;
        let rows = audit::list(domain, viewer, &filter, sort, &page).await;
        let (domain, viewer, filter) = (domain.clone(), Arc::clone(viewer), Arc::new(filter));
        let count: Count = Box::new(move || {
            let (domain, viewer, filter) = (domain.clone(), Arc::clone(&viewer), Arc::clone(&filter));
            Box::pin(async move { audit::count(&domain, &viewer, &filter).await })
        });
        list(rows, count)
    }
}
