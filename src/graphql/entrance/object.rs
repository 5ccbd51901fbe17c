//! A stairwell of a building (单元).

use async_graphql::{Context, ID, Object, Result};

use crate::domain::Entrance as Row;
use crate::graphql::building::Building;
use crate::graphql::context::loader;
use crate::graphql::loader::failed;
use crate::graphql::scalar::DateTime;

/// A stairwell of a building (单元): 1单元101 and 2单元101 are two units.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Entrance(pub(in crate::graphql) Row);

impl From<Row> for Entrance {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// A stairwell of a building (单元): 1单元101 and 2单元101 are two units.
#[Object]
impl Entrance {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Its name, unique in the building.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The building.
    async fn building(&self, ctx: &Context<'_>) -> Result<Option<Building>> {
        Ok(loader(ctx)?.load_one(self.0.building_id).await.map_err(failed)?.map(Building))
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// Send it back as `expectedVersion` with the next update.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it ended; it is kept.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }
}
