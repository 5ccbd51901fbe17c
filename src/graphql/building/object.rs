//! A building of a community (楼宇).

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use super::enums::BuildingKind;
use crate::domain::Building as Row;
use crate::domain::find::UNITS_OF_BUILDING;
use crate::graphql::community::Community;
use crate::graphql::connection::{List, Total, list, window};
use crate::graphql::context::loader;
use crate::graphql::entrance::Entrance;
use crate::graphql::error::fault;
use crate::graphql::loader::{AssistantsOf, EntrancesOf, UnitsOf, failed};
use crate::graphql::scalar::DateTime;
use crate::graphql::ticket::Handler;
use crate::graphql::unit::Unit;

/// A building of a community (楼宇).
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Building(pub(in crate::graphql) Row);

impl From<Row> for Building {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// A building of a community (楼宇).
#[Object]
impl Building {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Its name, unique in the community.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is for.
    async fn kind(&self) -> BuildingKind {
        self.0.kind.into()
    }

    /// Its postal address.
    async fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// The community it belongs to.
    async fn community(&self, ctx: &Context<'_>) -> Result<Option<Community>> {
        Ok(loader(ctx)?.load_one(self.0.community_id).await.map_err(failed)?.map(Community))
    }

    /// Its entrances, by name; none where it has no stairwells of their own.
    async fn entrances(&self, ctx: &Context<'_>) -> Result<Vec<Entrance>> {
        let rows = loader(ctx)?.load_one(EntrancesOf(self.0.id)).await.map_err(failed)?;
        Ok(rows.iter().flat_map(|rows| rows.iter().cloned()).map(Entrance).collect())
    }

    /// Its units that the viewer sees and that are not closed, by number.
    async fn units(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "How many from the beginning, at most 100; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Result<List<Unit>> {
        let order = UNITS_OF_BUILDING.order().list();
        let page = window(&order, first, after.as_deref(), last, before.as_deref());
        let key = UnitsOf { building: self.0.id, page: page.map_err(|error| fault(&error))? };
        let rows = loader(ctx)?.load_one(key).await.map_err(failed)?.unwrap_or_default();
        list(Ok(Arc::unwrap_or_clone(rows)), Total::UnitsOf(self.0.id))
    }

    /// The assistants (物业助理) in whose charge it is, by name and title, for everybody who sees the building.
    async fn assistants(&self, ctx: &Context<'_>) -> Result<Vec<Handler>> {
        let found = loader(ctx)?.load_one(AssistantsOf(self.0.id)).await.map_err(failed)?;
        Ok(found.iter().flat_map(|found| found.iter().cloned()).map(Handler::from).collect())
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// When it ended; closed ones are kept, and left out of lists unless they are asked for.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }

    /// Send it back as `expectedVersion` with the next update.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
