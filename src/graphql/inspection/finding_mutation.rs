//! Findings reported and looked at again, and whole patrols that were walked without a line.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::finding::Finding;
use super::finding_input::{FindingCheckInput, FindingReportInput, PatrolSyncInput};
use super::mutation::{PatrolPayload, patrol_payload};
use crate::domain;
use crate::domain::inspection::{self, finding};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::{UserError, id, outcome};
use crate::graphql::once::{once, once_by};

/// Findings reported and looked at again, and whole patrols that were walked without a line.
#[derive(Default)]
pub(in crate::graphql) struct FindingMutation;

/// What an act on a finding answers.
#[derive(SimpleObject)]
struct FindingPayload {
    /// The finding as it is now, with its ticket; absent when it was refused.
    finding: Option<Finding>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

fn payload(result: domain::Result<inspection::Finding>) -> Result<FindingPayload> {
    let (finding, user_errors) = outcome(result)?;
    Ok(FindingPayload { finding: finding.map(Finding), user_errors })
}

#[Object]
impl FindingMutation {
    /// Reports what a patrol or a spot check came across, and raises a ticket (channel PATROL) in the same step, unless it
    /// was mended on the spot.
    async fn finding_report(&self, ctx: &Context<'_>, input: FindingReportInput) -> Result<FindingPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let made = Box::pin(async {
            let once = once("findingReport", input.idempotency_key.as_deref(), &input)?;
            let (source, found) = input.read(ctx)?;
            finding::report(domain, viewer, source, found, once.as_ref()).await
        });
        payload(made.await)
    }

    /// Looks again at what was found: whoever may patrol or spot-check there, but not who mended it.
    async fn finding_check(&self, ctx: &Context<'_>, input: FindingCheckInput) -> Result<FindingPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let checked = Box::pin(async {
            let (id, version) = (id("input.id", &input.id)?, input.expected_version);
            finding::check(domain, viewer, id, version, input.result.into(), input.remarks.as_deref()).await
        });
        payload(checked.await)
    }

    /// Takes in a patrol that was walked without a line: whole, with the phone's own times, its steps and its findings,
    /// which raise their tickets now. With `patrolId` it is the rest of a patrol that was begun with a line. All of it is
    /// taken, or nothing.
    async fn patrol_sync(&self, ctx: &Context<'_>, input: PatrolSyncInput) -> Result<PatrolPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let made = Box::pin(async {
            let once = once_by("patrolSync", "input.clientId", Some(&input.client_id), &input)?;
            inspection::sync(domain, viewer, input.read()?, once.as_ref()).await
        });
        patrol_payload(made.await)
    }
}
