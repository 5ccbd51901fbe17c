//! Patrols, plans, checkpoints, findings and spot checks, asked for.

use std::sync::Arc;

use async_graphql::{Context, Object, Result};

use super::checkpoint::Checkpoint;
use super::filter::*;
use super::finding::Finding;
use super::patrol::Patrol;
use super::plan::PatrolPlan;
use super::spot_check::SpotCheck;
use crate::domain::inspection::{checkpoint, finding, patrol, plan, spot_check};
use crate::graphql::connection::{Count, List, list, window};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::fault;

/// A root field that lists a noun.
macro_rules! connection {
    ($($(#[$doc:meta])* $query:ident.$field:ident: $item:ty = $noun:ident($filter:ty, $order:ty = $first:tt);)*) => {$(
        $(#[$doc])*
        #[derive(Default)]
        pub(in crate::graphql) struct $query;

        #[Object]
        impl $query {
            $(#[$doc])*
            #[expect(clippy::too_many_arguments, reason = "a connection has them")]
            async fn $field(
                &self,
                ctx: &Context<'_>,
                #[graphql(desc = "Which of them; all when left out.")] filter: Option<$filter>,
                #[graphql(default_with = $first, desc = "In which order.")] order_by: $order,
                #[graphql(
                    desc = "How many from the beginning, at most 100; 20 when neither first nor last is given."
                )]
                first: Option<i32>,
                #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
                #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
                #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
            ) -> Result<List<$item>> {
                let (domain, viewer) = (domain(ctx), viewer(ctx)?);
                let sort = $noun::Sort::from(order_by);
                let read = || {
                    let page = window(&sort.order().list(), first, after.as_deref(), last, before.as_deref())?;
                    Ok((page, filter.unwrap_or_default().read()?))
                };
                let (page, filter) = read().map_err(|error| fault(&error))?;
                let rows = $noun::list(domain, viewer, &filter, sort, &page).await;
                let (domain, viewer, filter) = (domain.clone(), Arc::clone(viewer), Arc::new(filter));
                let count: Count = Box::new(move || {
                    let (domain, viewer, filter) = (domain.clone(), Arc::clone(&viewer), Arc::clone(&filter));
                    Box::pin(async move { $noun::count(&domain, &viewer, &filter).await })
                });
                list(rows, count)
            }
        }
    )*};
}

connection! {
    /// The patrol plans that the viewer sees: a community's to its supervisors and managers, those of their buildings
    /// to assistants, their own to whoever is named.
    PatrolPlanQuery.patrol_plans: PatrolPlan = plan(PatrolPlanFilter, PatrolPlanOrder = "PatrolPlanOrder::CreatedAsc");

    /// The checkpoints that the viewer sees: a community's to its supervisors and managers, those of their buildings to
    /// assistants.
    CheckpointQuery.checkpoints: Checkpoint = checkpoint(CheckpointFilter, CheckpointOrder = "CheckpointOrder::PositionAsc");

    /// The patrols that the viewer sees: a community's to its supervisors and managers, those of their buildings to
    /// assistants, and their own.
    PatrolQuery.patrols: Patrol = patrol(PatrolFilter, PatrolOrder = "PatrolOrder::StartedDesc");

    /// The findings that the viewer sees: of the patrols and of the spot checks that they see.
    FindingQuery.findings: Finding = finding(FindingFilter, FindingOrder = "FindingOrder::FoundDesc");

    /// The spot checks that the viewer sees: a community's to its supervisors and managers, published ones to all who
    /// work there.
    SpotCheckQuery.spot_checks: SpotCheck = spot_check(SpotCheckFilter, SpotCheckOrder = "SpotCheckOrder::CreatedDesc");
}
