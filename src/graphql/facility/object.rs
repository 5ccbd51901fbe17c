//! A shared or fire-safety installation (公共/消防设施).

use async_graphql::{Context, ID, Object, Result};

use super::enums::FacilityKind;
use crate::domain::Facility as Row;
use crate::graphql::building::Building;
use crate::graphql::community::Community;
use crate::graphql::context::loader;
use crate::graphql::loader::failed;
use crate::graphql::scalar::{Date, DateTime};

/// A shared or fire-safety installation (公共/消防设施).
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Facility(pub(in crate::graphql) Row);

impl From<Row> for Facility {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// A shared or fire-safety installation (公共/消防设施).
#[Object]
impl Facility {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Shared, or for fire safety.
    async fn kind(&self) -> FacilityKind {
        self.0.kind.into()
    }

    /// Where exactly, in words.
    async fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// What it is there for.
    async fn purpose(&self) -> Option<&str> {
        self.0.purpose.as_deref()
    }

    /// The day of its next check; `null`: none is due.
    async fn next_check_on(&self) -> Option<Date> {
        self.0.next_check_on.map(Date)
    }

    /// The community it belongs to.
    async fn community(&self, ctx: &Context<'_>) -> Result<Option<Community>> {
        Ok(loader(ctx)?.load_one(self.0.community_id).await.map_err(failed)?.map(Community))
    }

    /// The building it is in or on; `null`: it is the community's.
    async fn building(&self, ctx: &Context<'_>) -> Result<Option<Building>> {
        let Some(id) = self.0.building_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Building))
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
