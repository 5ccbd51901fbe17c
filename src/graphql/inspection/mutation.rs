//! Plans, checkpoints, patrols and spot checks, made and changed.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::checkpoint::Checkpoint;
use super::input::*;
use super::patrol::Patrol;
use super::plan::PatrolPlan;
use super::spot_check::SpotCheck;
use crate::domain;
use crate::domain::inspection::{self, checkpoint, patrol, plan, spot_check};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::{UserError, id, outcome};
use crate::graphql::once::once;

/// Plans, checkpoints, patrols and spot checks, made and changed.
#[derive(Default)]
pub(in crate::graphql) struct InspectionMutation;

/// What an act on a patrol plan answers.
#[derive(SimpleObject)]
struct PatrolPlanPayload {
    /// The plan as it is now; absent when it was refused.
    patrol_plan: Option<PatrolPlan>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

/// What an act on a checkpoint answers.
#[derive(SimpleObject)]
struct CheckpointPayload {
    /// The checkpoint as it is now; absent when it was refused.
    checkpoint: Option<Checkpoint>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

/// What an act on a patrol answers.
#[derive(SimpleObject)]
pub(super) struct PatrolPayload {
    /// The patrol as it is now, with what is missing; absent when it was refused.
    patrol: Option<Patrol>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

/// What an act on a spot check answers.
#[derive(SimpleObject)]
struct SpotCheckPayload {
    /// The spot check as it is now; absent when it was refused.
    spot_check: Option<SpotCheck>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

fn plan_payload(result: domain::Result<inspection::PatrolPlan>) -> Result<PatrolPlanPayload> {
    let (plan, user_errors) = outcome(result)?;
    Ok(PatrolPlanPayload { patrol_plan: plan.map(PatrolPlan), user_errors })
}

fn checkpoint_payload(result: domain::Result<inspection::Checkpoint>) -> Result<CheckpointPayload> {
    let (checkpoint, user_errors) = outcome(result)?;
    Ok(CheckpointPayload { checkpoint: checkpoint.map(Checkpoint), user_errors })
}

pub(super) fn patrol_payload(result: domain::Result<inspection::Patrol>) -> Result<PatrolPayload> {
    let (patrol, user_errors) = outcome(result)?;
    Ok(PatrolPayload { patrol: patrol.map(Patrol), user_errors })
}

fn spot_check_payload(result: domain::Result<inspection::SpotCheck>) -> Result<SpotCheckPayload> {
    let (check, user_errors) = outcome(result)?;
    Ok(SpotCheckPayload { spot_check: check.map(SpotCheck), user_errors })
}

#[Object]
impl InspectionMutation {
    /// Plans the patrols of a building: the community's supervisors, managers and head.
    async fn patrol_plan_create(
        &self,
        ctx: &Context<'_>,
        input: PatrolPlanCreateInput,
    ) -> Result<PatrolPlanPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let made = Box::pin(async {
            let once = once("patrolPlanCreate", input.idempotency_key.as_deref(), &input)?;
            plan::create(domain, viewer, input.read()?, once.as_ref()).await
        });
        plan_payload(made.await)
    }

    /// Changes who owes a building's patrols.
    async fn patrol_plan_update(
        &self,
        ctx: &Context<'_>,
        input: PatrolPlanUpdateInput,
    ) -> Result<PatrolPlanPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let changed = Box::pin(async {
            let (id, version) = (id("input.id", &input.id)?, input.expected_version);
            plan::update(domain, viewer, id, version, input.staff()?).await
        });
        plan_payload(changed.await)
    }

    /// Closes a patrol plan today. What it asked for so far stays owed.
    async fn patrol_plan_close(
        &self,
        ctx: &Context<'_>,
        input: PatrolPlanCloseInput,
    ) -> Result<PatrolPlanPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let closed = Box::pin(async {
            plan::close(domain, viewer, id("input.id", &input.id)?, input.expected_version).await
        });
        plan_payload(closed.await)
    }

    /// Hangs a checkpoint into a building: the community's supervisors, managers and head.
    async fn checkpoint_create(
        &self,
        ctx: &Context<'_>,
        input: CheckpointCreateInput,
    ) -> Result<CheckpointPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let made = Box::pin(async {
            let once = once("checkpointCreate", input.idempotency_key.as_deref(), &input)?;
            checkpoint::create(domain, viewer, input.read()?, once.as_ref()).await
        });
        checkpoint_payload(made.await)
    }

    /// Changes a checkpoint's code, place or position.
    async fn checkpoint_update(
        &self,
        ctx: &Context<'_>,
        input: CheckpointUpdateInput,
    ) -> Result<CheckpointPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let changed = Box::pin(async {
            let (id, version) = (id("input.id", &input.id)?, input.expected_version);
            checkpoint::update(domain, viewer, id, version, input.read()).await
        });
        checkpoint_payload(changed.await)
    }

    /// Takes a checkpoint away; patrols pass it no longer.
    async fn checkpoint_close(
        &self,
        ctx: &Context<'_>,
        input: CheckpointCloseInput,
    ) -> Result<CheckpointPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let closed = Box::pin(async {
            checkpoint::close(domain, viewer, id("input.id", &input.id)?, input.expected_version).await
        });
        checkpoint_payload(closed.await)
    }

    /// Begins a patrol of a building: its assistants and the community's supervisors. One that is not finished within 24
    /// hours is abandoned.
    async fn patrol_start(&self, ctx: &Context<'_>, input: PatrolStartInput) -> Result<PatrolPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let made = Box::pin(async {
            let once = once("patrolStart", input.idempotency_key.as_deref(), &input)?;
            patrol::start(domain, viewer, id("input.buildingId", &input.building_id)?, once.as_ref()).await
        });
        patrol_payload(made.await)
    }

    /// Passes the checkpoint whose code was scanned. Scanned again, it stays passed since the first time.
    async fn patrol_pass(&self, ctx: &Context<'_>, input: PatrolPassInput) -> Result<PatrolPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let passed = Box::pin(async {
            patrol::pass(domain, viewer, id("input.patrolId", &input.patrol_id)?, &input.code).await
        });
        patrol_payload(passed.await)
    }

    /// Ends a patrol. `complete` says whether every checkpoint was passed, `missing` which were not.
    async fn patrol_finish(&self, ctx: &Context<'_>, input: PatrolFinishInput) -> Result<PatrolPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let finished = Box::pin(async {
            let (id, version) = (id("input.patrolId", &input.patrol_id)?, input.expected_version);
            patrol::finish(domain, viewer, id, version, input.remarks.as_deref()).await
        });
        patrol_payload(finished.await)
    }

    /// Records a spot check (抽查) of a building or of a team's service: supervisors, managers, the head and GROUP_SERVICE;
    /// nobody of their own patrol or team.
    async fn spot_check_create(
        &self,
        ctx: &Context<'_>,
        input: SpotCheckCreateInput,
    ) -> Result<SpotCheckPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let made = Box::pin(async {
            let once = once("spotCheckCreate", input.idempotency_key.as_deref(), &input)?;
            let (subject, photos) = (input.subject()?, input.photos(ctx)?);
            let (score, remarks) = (input.score, &input.remarks);
            spot_check::create(domain, viewer, subject, score, remarks, photos, once.as_ref()).await
        });
        spot_check_payload(made.await)
    }

    /// Publishes a spot check to the community's staff (通报), and asks for things to be put right by a day.
    async fn spot_check_publish(
        &self,
        ctx: &Context<'_>,
        input: SpotCheckPublishInput,
    ) -> Result<SpotCheckPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let published = Box::pin(async {
            let (id, version) = (id("input.id", &input.id)?, input.expected_version);
            spot_check::publish(domain, viewer, id, version, input.rectify_by.map(|day| day.0)).await
        });
        spot_check_payload(published.await)
    }

    /// Reports what was put right (整改): the team, the building's assistants, and whoever makes spot checks.
    async fn spot_check_rectify(
        &self,
        ctx: &Context<'_>,
        input: SpotCheckRectifyInput,
    ) -> Result<SpotCheckPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let reported = Box::pin(async {
            let (id, version) = (id("input.id", &input.id)?, input.expected_version);
            let photos = input.photos(ctx)?;
            spot_check::rectify(domain, viewer, id, version, &input.rectification, photos).await
        });
        spot_check_payload(reported.await)
    }

    /// Confirms that things are right: whoever makes spot checks, but not who reported it nor one of the team.
    async fn spot_check_confirm(
        &self,
        ctx: &Context<'_>,
        input: SpotCheckConfirmInput,
    ) -> Result<SpotCheckPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let confirmed = Box::pin(async {
            spot_check::confirm(domain, viewer, id("input.id", &input.id)?, input.expected_version).await
        });
        spot_check_payload(confirmed.await)
    }
}
