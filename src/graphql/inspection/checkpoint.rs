//! A checkpoint.

use async_graphql::{Context, ID, Object, Result};

use crate::domain::inspection::Checkpoint as Row;
use crate::graphql::building::Building;
use crate::graphql::context::loader;
use crate::graphql::loader::failed;
use crate::graphql::scalar::DateTime;
use crate::graphql::unit::Unit;

/// A place that a patrol passes (巡查点), known by the code that hangs there.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Checkpoint(pub(in crate::graphql) Row);

impl From<Row> for Checkpoint {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// A place that a patrol passes (巡查点), known by the code that hangs there.
#[Object]
impl Checkpoint {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The code that is scanned, unique among the open checkpoints of the community.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Where it is, in words.
    async fn place(&self) -> &str {
        &self.0.place
    }

    /// Its place in the round; the smallest comes first.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// The building whose patrols pass it.
    async fn building(&self, ctx: &Context<'_>) -> Result<Option<Building>> {
        Ok(loader(ctx)?.load_one(self.0.building_id).await.map_err(failed)?.map(Building))
    }

    /// The shop or other unit where it is.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        let Some(id) = self.0.unit_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Unit))
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// When it was taken away; it is kept.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }

    /// Send it back as `expectedVersion` with the next change.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
