//! What the acts of inspecting take, findings aside.

use async_graphql::{Context, ID, InputObject, MaybeUndefined};

use crate::base::id::StaffId;
use crate::domain::attachment::Given;
use crate::domain::inspection::{checkpoint, plan, spot_check::Subject};
use crate::domain::{Change, Refusal, Result};
use crate::graphql::attachment::given;
use crate::graphql::error::{change_id, id, maybe_id};
use crate::graphql::scalar::Date;
use crate::graphql::upload::Upload;

/// Which patrols are planned.
#[derive(Clone, Debug, InputObject)]
pub(super) struct PatrolPlanCreateInput {
    /// Sent again with the same key, the same plan is answered and none is made.
    pub(super) idempotency_key: Option<String>,
    /// The building, with its shops; it has one open plan at a time.
    building_id: ID,
    /// How many patrols a week are owed, 1 to 7, on distinct days. It stays so: past weeks are measured by it. For another
    /// number close this plan and make a new one.
    #[graphql(default = 3)]
    times_a_week: i32,
    /// Who owes them: a SUPERVISOR of the community or an ASSISTANT in charge of the building; left out: all its
    /// assistants.
    staff_id: Option<ID>,
    /// The first day on which they are owed; left out: today.
    from_on: Option<Date>,
}

impl PatrolPlanCreateInput {
    pub(super) fn read(self) -> Result<plan::New> {
        Ok(plan::New {
            building: id("input.buildingId", &self.building_id)?,
            times_a_week: self.times_a_week,
            staff: maybe_id("input.staffId", self.staff_id.as_ref())?,
            from_on: self.from_on.map(|day| day.0),
        })
    }
}

/// What is to become of a patrol plan. What is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub(super) struct PatrolPlanUpdateInput {
    /// The plan.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
    /// Who owes the patrols; `null`: the assistants in whose charge the building is.
    staff_id: MaybeUndefined<ID>,
}

impl PatrolPlanUpdateInput {
    pub(super) fn staff(self) -> Result<Change<Option<StaffId>>> {
        change_id("input.staffId", self.staff_id)
    }
}

/// Which patrol plan is closed.
#[derive(Clone, Debug, InputObject)]
pub(super) struct PatrolPlanCloseInput {
    /// The plan.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
}

/// Which checkpoint is hung.
#[derive(Clone, Debug, InputObject)]
pub(super) struct CheckpointCreateInput {
    /// Sent again with the same key, the same checkpoint is answered and none is made.
    pub(super) idempotency_key: Option<String>,
    /// The building whose patrols pass it.
    building_id: ID,
    /// The shop or other unit of the building where it is.
    unit_id: Option<ID>,
    /// The code that is scanned, unique in the community; at most 64 characters.
    code: String,
    /// Where it is, in words.
    place: String,
    /// Its place in the round; the smallest comes first.
    #[graphql(default = 0)]
    position: i32,
}

impl CheckpointCreateInput {
    pub(super) fn read(self) -> Result<checkpoint::New> {
        Ok(checkpoint::New {
            building: id("input.buildingId", &self.building_id)?,
            unit: maybe_id("input.unitId", self.unit_id.as_ref())?,
            code: self.code,
            place: self.place,
            position: self.position,
        })
    }
}

/// What is to become of a checkpoint. What is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub(super) struct CheckpointUpdateInput {
    /// The checkpoint.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
    /// The code that is scanned, unique in the community.
    code: Option<String>,
    /// Where it is, in words.
    place: Option<String>,
    /// Its place in the round.
    position: Option<i32>,
}

impl CheckpointUpdateInput {
    pub(super) fn read(self) -> checkpoint::Patch {
        checkpoint::Patch { code: self.code.into(), place: self.place.into(), position: self.position.into() }
    }
}

/// Which checkpoint is taken away.
#[derive(Clone, Debug, InputObject)]
pub(super) struct CheckpointCloseInput {
    /// The checkpoint.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
}

/// Which building is patrolled.
#[derive(Clone, Debug, InputObject)]
pub(super) struct PatrolStartInput {
    /// Sent again with the same key, the same patrol is answered and none is begun.
    pub(super) idempotency_key: Option<String>,
    /// The building.
    pub(super) building_id: ID,
}

/// What was scanned.
#[derive(Clone, Debug, InputObject)]
pub(super) struct PatrolPassInput {
    /// The viewer's own patrol that is under way.
    pub(super) patrol_id: ID,
    /// The code that was scanned.
    pub(super) code: String,
}

/// Which patrol ends.
#[derive(Clone, Debug, InputObject)]
pub(super) struct PatrolFinishInput {
    /// The viewer's own patrol that is under way.
    pub(super) patrol_id: ID,
    /// The version that was shown to the person; when it has changed, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
    /// What there is to say of it; at most 2,000 characters.
    pub(super) remarks: Option<String>,
}

/// What a look at a building or a team showed.
#[derive(Clone, Debug, InputObject)]
pub(super) struct SpotCheckCreateInput {
    /// Sent again with the same key, the same spot check is answered and none is made.
    pub(super) idempotency_key: Option<String>,
    /// The building that was looked at; either this or a team.
    building_id: Option<ID>,
    /// The patrol of the building that was looked at; never the viewer's own.
    patrol_id: Option<ID>,
    /// The team whose service was looked at; never the viewer's own.
    team_id: Option<ID>,
    /// 0 to 100.
    pub(super) score: i32,
    /// What was seen; at most 2,000 characters.
    pub(super) remarks: String,
    /// Photos that were uploaded before with `attachmentUpload`, by the viewer; with `files` at most 9.
    attachment_ids: Option<Vec<ID>>,
    /// Photos that come with this request, which is then a `multipart/form-data` one.
    files: Option<Vec<Upload>>,
}

impl SpotCheckCreateInput {
    pub(super) fn photos(&self, ctx: &Context<'_>) -> Result<Given> {
        given(ctx, self.attachment_ids.as_deref(), self.files.as_deref())
    }

    pub(super) fn subject(&self) -> Result<Subject> {
        let patrol = maybe_id("input.patrolId", self.patrol_id.as_ref())?;
        match (&self.building_id, &self.team_id) {
            (Some(building), None) => Ok(Subject::Building(id("input.buildingId", building)?, patrol)),
            (None, Some(team)) if patrol.is_none() => Ok(Subject::Team(id("input.teamId", team)?)),
            (None, Some(_)) => {
                let message = "a patrol is looked at with its building; leave the team out";
                Err(Refusal::invalid("input.patrolId", message).into())
            }
            _ => {
                let message = "name what was looked at: either a building or a team";
                Err(Refusal::invalid("input.buildingId", message).into())
            }
        }
    }
}

/// Which spot check is published.
#[derive(Clone, Debug, InputObject)]
pub(super) struct SpotCheckPublishInput {
    /// The spot check.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
    /// The day by which things are to be put right; left out: nothing is.
    pub(super) rectify_by: Option<Date>,
}

/// What was put right.
#[derive(Clone, Debug, InputObject)]
pub(super) struct SpotCheckRectifyInput {
    /// The spot check.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
    /// What was done; at most 2,000 characters.
    pub(super) rectification: String,
    /// Photos that were uploaded before with `attachmentUpload`, by the viewer; with `files` at most 9.
    attachment_ids: Option<Vec<ID>>,
    /// Photos that come with this request, which is then a `multipart/form-data` one.
    files: Option<Vec<Upload>>,
}

impl SpotCheckRectifyInput {
    pub(super) fn photos(&self, ctx: &Context<'_>) -> Result<Given> {
        given(ctx, self.attachment_ids.as_deref(), self.files.as_deref())
    }
}

/// Of which spot check things are right.
#[derive(Clone, Debug, InputObject)]
pub(super) struct SpotCheckConfirmInput {
    /// The spot check.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
}
