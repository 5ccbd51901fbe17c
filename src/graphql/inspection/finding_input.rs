//! What findings take, and the patrol that brings them later.

use async_graphql::{Context, ID, InputObject};

use super::enums::{FindingCheckResult, FindingSeverity};
use crate::domain::attachment::Given;
use crate::domain::inspection::finding::{Found, Source};
use crate::domain::inspection::{Passed, Walked};
use crate::domain::{Refusal, Result};
use crate::graphql::attachment::given;
use crate::graphql::error::{id, ids, maybe_id};
use crate::graphql::scalar::DateTime;
use crate::graphql::ticket::TicketKind;
use crate::graphql::upload::Upload;

/// What was found.
#[derive(Clone, Debug, InputObject)]
pub(super) struct FindingReportInput {
    /// Sent again with the same key, the same finding is answered and neither a finding nor a ticket is made.
    pub(super) idempotency_key: Option<String>,
    /// The viewer's own patrol that is under way; either this or a spot check.
    patrol_id: Option<ID>,
    /// The viewer's own spot check that is not yet published.
    spot_check_id: Option<ID>,
    /// What was found; at most 2,000 characters. It becomes the ticket's description.
    what: String,
    /// How bad it is.
    severity: FindingSeverity,
    /// The shop or other unit.
    unit_id: Option<ID>,
    /// The place, in words.
    place: Option<String>,
    /// `true`: it was mended on the spot, and no ticket is raised.
    #[graphql(default)]
    mended_on_spot: bool,
    /// What sort of ticket is raised.
    #[graphql(default_with = "TicketKind::Repair")]
    kind: TicketKind,
    /// The ticket's category.
    category_id: Option<ID>,
    /// Photos that were uploaded before with `attachmentUpload`, by the viewer; with `files` at most 9.
    attachment_ids: Option<Vec<ID>>,
    /// Photos that come with this request, which is then a `multipart/form-data` one.
    files: Option<Vec<Upload>>,
}

impl FindingReportInput {
    pub(super) fn read(self, ctx: &Context<'_>) -> Result<(Source, Found)> {
        let source = match (&self.patrol_id, &self.spot_check_id) {
            (Some(patrol), None) => Source::Patrol(id("input.patrolId", patrol)?),
            (None, Some(check)) => Source::SpotCheck(id("input.spotCheckId", check)?),
            _ => {
                let message = "name what came across it: either a patrol or a spot check";
                return Err(Refusal::invalid("input.patrolId", message).into());
            }
        };
        let found = Found {
            what: self.what,
            severity: self.severity.into(),
            unit: maybe_id("input.unitId", self.unit_id.as_ref())?,
            place: self.place,
            mended_on_spot: self.mended_on_spot,
            kind: self.kind.into(),
            category: maybe_id("input.categoryId", self.category_id.as_ref())?,
            photos: given(ctx, self.attachment_ids.as_deref(), self.files.as_deref())?,
        };
        Ok((source, found))
    }
}

/// What looking again at a finding brought.
#[derive(Clone, Debug, InputObject)]
pub(super) struct FindingCheckInput {
    /// The finding.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
    /// What it brought.
    pub(super) result: FindingCheckResult,
    /// What there is to say; at most 2,000 characters.
    pub(super) remarks: Option<String>,
}

/// A patrol that was walked without a line, from its start or from somewhere on, as the phone remembers it.
#[derive(Clone, Debug, InputObject)]
pub(super) struct PatrolSyncInput {
    /// The phone's own id of the patrol, made at its start. Sent again with the same id, the same patrol is answered and
    /// none is made.
    pub(super) client_id: String,
    /// The viewer's own patrol under way that it goes on with and finishes, begun by `patrolStart` before the line was
    /// lost. What was passed and found with a line stays; left out: all of it was walked without one.
    patrol_id: Option<ID>,
    /// The building.
    building_id: ID,
    /// When it began, by the phone's clock; within the last 7 days. With `patrolId` not before that patrol's start, which
    /// stays as it is.
    started_at: DateTime,
    /// When it ended; within 24 hours of its start, and not in the future.
    finished_at: DateTime,
    /// What there is to say of it; at most 2,000 characters.
    remarks: Option<String>,
    /// What was scanned, in order; at most 500.
    steps: Vec<PatrolSyncStep>,
    /// What was found, at most 100.
    #[graphql(default)]
    findings: Vec<PatrolSyncFinding>,
}

/// A code that was scanned without a line.
#[derive(Clone, Debug, InputObject)]
pub(super) struct PatrolSyncStep {
    /// The code.
    code: String,
    /// When it was scanned.
    passed_at: DateTime,
}

/// What was found without a line.
#[derive(Clone, Debug, InputObject)]
pub(super) struct PatrolSyncFinding {
    /// When it was found.
    found_at: DateTime,
    /// What was found; at most 2,000 characters. It becomes the ticket's description.
    what: String,
    /// How bad it is.
    severity: FindingSeverity,
    /// The shop or other unit.
    unit_id: Option<ID>,
    /// The place, in words.
    place: Option<String>,
    /// `true`: it was mended on the spot, and no ticket is raised.
    #[graphql(default)]
    mended_on_spot: bool,
    /// What sort of ticket is raised.
    #[graphql(default_with = "TicketKind::Repair")]
    kind: TicketKind,
    /// The ticket's category.
    category_id: Option<ID>,
    /// Its photos, at most 9, which the phone has uploaded before with `attachmentUpload`.
    attachment_ids: Option<Vec<ID>>,
}

impl PatrolSyncInput {
    pub(super) fn read(self) -> Result<Walked> {
        let steps = self.steps.into_iter().map(|step| Passed { code: step.code, at: step.passed_at.0 });
        let findings = self.findings.into_iter().enumerate().map(|(place, found)| found.read(place));
        Ok(Walked {
            client_id: self.client_id,
            patrol: maybe_id("input.patrolId", self.patrol_id.as_ref())?,
            building: id("input.buildingId", &self.building_id)?,
            started_at: self.started_at.0,
            finished_at: self.finished_at.0,
            remarks: self.remarks,
            steps: steps.collect(),
            findings: findings.collect::<Result<_>>()?,
        })
    }
}

impl PatrolSyncFinding {
    fn read(self, place: usize) -> Result<(chrono::DateTime<chrono::Utc>, Found)> {
        let field = |name: &str| format!("input.findings.{place}.{name}");
        let found = Found {
            what: self.what,
            severity: self.severity.into(),
            unit: maybe_id(&field("unitId"), self.unit_id.as_ref())?,
            place: self.place,
            mended_on_spot: self.mended_on_spot,
            kind: self.kind.into(),
            category: maybe_id(&field("categoryId"), self.category_id.as_ref())?,
            photos: Given {
                ids: ids(&field("attachmentIds"), self.attachment_ids.as_deref())?.unwrap_or_default(),
                files: Vec::new(),
            },
        };
        Ok((self.found_at.0, found))
    }
}
