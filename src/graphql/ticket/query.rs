//! Tickets, asked for.

use std::sync::Arc;

use async_graphql::{Context, Object, Result, SimpleObject};

use super::enums::TicketStatus;
use super::filter::{TicketFilter, TicketOrder};
use super::object::Ticket;
use crate::domain::ticket::{self, Sort};
use crate::graphql::connection::{Count, List, list, window};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::fault;

/// Tickets, asked for.
#[derive(Default)]
pub(in crate::graphql) struct TicketQuery;

/// How many tickets stand in a status.
#[derive(SimpleObject)]
struct TicketCount {
    /// The status.
    status: TicketStatus,
    /// How many stand in it.
    count: u64,
}

#[Object]
impl TicketQuery {
    /// The ticket with this number, as people quote it; `null` when there is none, or not for this viewer.
    async fn ticket(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Such as \"XH-20261123-0042\"; small letters and spaces around it do not matter.")]
        number: String,
    ) -> Result<Option<Ticket>> {
        let found = ticket::by_number(domain(ctx), viewer(ctx)?, &number).await;
        Ok(found.map_err(|error| fault(&error))?.map(Ticket))
    }

    /// The tickets that the viewer sees.
    #[expect(clippy::too_many_arguments, reason = "a connection has them")]
    async fn tickets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which tickets; all when left out.")] filter: Option<TicketFilter>,
        #[graphql(default_with = "TicketOrder::CreatedDesc", desc = "In which order.")] order_by: TicketOrder,
        #[graphql(
            desc = "How many from the beginning, at most 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Result<List<Ticket>> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let sort = Sort::from(order_by);
        let read = || {
            let page = window(&sort.order().list(), first, after.as_deref(), last, before.as_deref())?;
            Ok((page, filter.unwrap_or_default().read()?))
        };
        let (page, filter) = read().map_err(|error| fault(&error))?;
        let rows = ticket::list(domain, viewer, &filter, sort, &page).await;
        let (domain, viewer, filter) = (domain.clone(), Arc::clone(viewer), Arc::new(filter));
        let count: Count = Box::new(move || {
            let (domain, viewer, filter) = (domain.clone(), Arc::clone(&viewer), Arc::clone(&filter));
            Box::pin(async move { ticket::count(&domain, &viewer, &filter).await })
        });
        list(rows, count)
    }

    /// How many of the tickets that the viewer sees stand in each status, for tabs; a status without any is left out.
    async fn ticket_counts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which tickets; all when left out.")] filter: Option<TicketFilter>,
    ) -> Result<Vec<TicketCount>> {
        let counted = async {
            let filter = filter.unwrap_or_default().read()?;
            ticket::counts(
                domain(ctx),
                viewer(ctx).map_err(|_| crate::domain::Error::Unauthenticated)?,
                &filter,
            )
            .await
        };
        let counts = counted.await.map_err(|error| fault(&error))?;
        Ok(counts.into_iter().map(|(status, count)| TicketCount { status: status.into(), count }).collect())
    }
}
