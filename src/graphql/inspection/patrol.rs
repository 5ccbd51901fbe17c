//! A patrol.

use async_graphql::{Context, ID, Object, Result};

use super::checkpoint::Checkpoint;
use super::enums::PatrolState;
use super::finding::Finding;
use super::plan::PatrolPlan;
use crate::domain::inspection::{Patrol as Row, PatrolStep as StepRow};
use crate::graphql::building::Building;
use crate::graphql::context::loader;
use crate::graphql::loader::{FindingsOfPatrol, HandlerOf, MissingOf, StepsOf, failed};
use crate::graphql::scalar::{Date, DateTime};
use crate::graphql::ticket::Handler;

/// One walk through a building (巡查).
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Patrol(pub(in crate::graphql) Row);

impl From<Row> for Patrol {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// One walk through a building (巡查).
#[Object]
impl Patrol {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The building.
    async fn building(&self, ctx: &Context<'_>) -> Result<Option<Building>> {
        Ok(loader(ctx)?.load_one(self.0.building_id).await.map_err(failed)?.map(Building))
    }

    /// The plan under which it was owed; absent when there was none.
    async fn plan(&self, ctx: &Context<'_>) -> Result<Option<PatrolPlan>> {
        let Some(id) = self.0.plan_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(PatrolPlan))
    }

    /// Who walked it.
    async fn walked_by(&self, ctx: &Context<'_>) -> Result<Option<Handler>> {
        Ok(loader(ctx)?.load_one(HandlerOf(self.0.staff_id)).await.map_err(failed)?.map(Handler::from))
    }

    /// Where it stands.
    async fn state(&self) -> PatrolState {
        self.0.state.into()
    }

    /// The day of its start, which it counts for.
    async fn on_day(&self) -> Date {
        self.0.on_day.into()
    }

    /// When it began.
    async fn started_at(&self) -> DateTime {
        self.0.started_at.into()
    }

    /// When it was finished.
    async fn finished_at(&self) -> Option<DateTime> {
        self.0.finished_at.map(DateTime)
    }

    /// Whether it was finished with every checkpoint passed; only such a patrol counts.
    async fn complete(&self) -> bool {
        self.0.complete
    }

    /// The phone's own id of a patrol that was sent later by `patrolSync`.
    async fn client_id(&self) -> Option<&str> {
        self.0.client_id.as_deref()
    }

    /// What there is to say of it.
    async fn remarks(&self) -> Option<&str> {
        self.0.remarks.as_deref()
    }

    /// The checkpoints that were passed, in the order of passing.
    async fn steps(&self, ctx: &Context<'_>) -> Result<Vec<PatrolStep>> {
        let found = loader(ctx)?.load_one(StepsOf(self.0.id)).await.map_err(failed)?;
        Ok(found.iter().flat_map(|rows| rows.iter().cloned()).map(PatrolStep).collect())
    }

    /// The checkpoints that were not passed, or not yet, in the order of the round.
    async fn missing(&self, ctx: &Context<'_>) -> Result<Vec<Checkpoint>> {
        let found = loader(ctx)?.load_one(MissingOf(self.0.id)).await.map_err(failed)?;
        Ok(found.iter().flat_map(|rows| rows.iter().cloned()).map(Checkpoint).collect())
    }

    /// What it came across, oldest first.
    async fn findings(&self, ctx: &Context<'_>) -> Result<Vec<Finding>> {
        let found = loader(ctx)?.load_one(FindingsOfPatrol(self.0.id)).await.map_err(failed)?;
        Ok(found.iter().flat_map(|rows| rows.iter().cloned()).map(Finding).collect())
    }

    /// Send it back as `expectedVersion` with `patrolFinish`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// A checkpoint passed on a patrol.
#[derive(Clone, Debug)]
pub(super) struct PatrolStep(StepRow);

/// A checkpoint passed on a patrol.
#[Object]
impl PatrolStep {
    /// The checkpoint.
    async fn checkpoint(&self, ctx: &Context<'_>) -> Result<Option<Checkpoint>> {
        Ok(loader(ctx)?.load_one(self.0.checkpoint_id).await.map_err(failed)?.map(Checkpoint))
    }

    /// When it was first passed.
    async fn passed_at(&self) -> DateTime {
        self.0.passed_at.into()
    }
}
