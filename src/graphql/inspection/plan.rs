//! A patrol plan.

use async_graphql::{Context, ID, Object, Result};

use super::checkpoint::Checkpoint;
use crate::domain::inspection::PatrolPlan as Row;
use crate::graphql::building::Building;
use crate::graphql::context::loader;
use crate::graphql::loader::{AssistantsOf, CheckpointsOf, HandlerOf, failed};
use crate::graphql::scalar::{Date, DateTime};
use crate::graphql::ticket::Handler;

/// How often a building with its shops is to be patrolled (巡查计划), and by whom.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct PatrolPlan(pub(in crate::graphql) Row);

impl From<Row> for PatrolPlan {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// How often a building with its shops is to be patrolled (巡查计划), and by whom.
#[Object]
impl PatrolPlan {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The building.
    async fn building(&self, ctx: &Context<'_>) -> Result<Option<Building>> {
        Ok(loader(ctx)?.load_one(self.0.building_id).await.map_err(failed)?.map(Building))
    }

    /// How many patrols a week are owed, on distinct days and with every checkpoint passed.
    async fn times_a_week(&self) -> i32 {
        self.0.times_a_week
    }

    /// Who owes them: the one who is named, else the building's assistants.
    async fn owed_by(&self, ctx: &Context<'_>) -> Result<Vec<Handler>> {
        if let Some(named) = self.0.staff_id {
            let found = loader(ctx)?.load_one(HandlerOf(named)).await.map_err(failed)?;
            return Ok(found.into_iter().map(Handler::from).collect());
        }
        let found = loader(ctx)?.load_one(AssistantsOf(self.0.building_id)).await.map_err(failed)?;
        Ok(found.iter().flat_map(|found| found.iter().cloned()).map(Handler::from).collect())
    }

    /// The building's open checkpoints, in the order of the round.
    async fn checkpoints(&self, ctx: &Context<'_>) -> Result<Vec<Checkpoint>> {
        let found = loader(ctx)?.load_one(CheckpointsOf(self.0.building_id)).await.map_err(failed)?;
        Ok(found.iter().flat_map(|rows| rows.iter().cloned()).map(Checkpoint).collect())
    }

    /// The first day on which patrols are owed.
    async fn from_on(&self) -> Date {
        self.0.from_on.into()
    }

    /// The last day, once the plan is closed.
    async fn to_on(&self) -> Option<Date> {
        self.0.to_on.map(Date)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// When it was closed; it is kept, as past weeks are measured by it.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }

    /// Send it back as `expectedVersion` with the next change.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
