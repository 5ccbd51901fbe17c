//! A home, office, shop or stall (房屋、商铺、档口).

use async_graphql::{Context, ID, Object, Result};

use super::enums::UnitUsage;
use crate::domain::Unit as Row;
use crate::graphql::building::Building;
use crate::graphql::community::Community;
use crate::graphql::context::loader;
use crate::graphql::document::Document;
use crate::graphql::entrance::Entrance;
use crate::graphql::loader::{DocumentsOfUnit, OccupanciesOfUnit, failed};
use crate::graphql::occupancy::Occupancy;
use crate::graphql::scalar::DateTime;

/// A home, office, shop or stall (房屋、商铺、档口).
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Unit(pub(in crate::graphql) Row);

impl From<Row> for Unit {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// A home, office, shop or stall (房屋、商铺、档口).
#[Object]
impl Unit {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Its number, unique by building and entrance.
    async fn number(&self) -> &str {
        &self.0.number
    }

    /// The community it belongs to.
    async fn community(&self, ctx: &Context<'_>) -> Result<Option<Community>> {
        Ok(loader(ctx)?.load_one(self.0.community_id).await.map_err(failed)?.map(Community))
    }

    /// The building; a shop may stand by itself.
    async fn building(&self, ctx: &Context<'_>) -> Result<Option<Building>> {
        let Some(id) = self.0.building_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Building))
    }

    /// The stairwell, where the building has any.
    async fn entrance(&self, ctx: &Context<'_>) -> Result<Option<Entrance>> {
        let Some(id) = self.0.entrance_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Entrance))
    }

    /// The floor; 1 is the ground floor, -1 the first basement.
    async fn floor(&self) -> Option<i32> {
        self.0.floor
    }

    /// What it is used for.
    async fn usage(&self) -> UnitUsage {
        self.0.usage.into()
    }

    /// 户型, as the company writes it.
    async fn layout(&self) -> Option<&str> {
        self.0.layout.as_deref()
    }

    /// 朝向, as the company writes it.
    async fn orientation(&self) -> Option<&str> {
        self.0.orientation.as_deref()
    }

    /// Its area in square metres, to the hundredth.
    async fn area(&self) -> Option<f64> {
        self.0.area_dm2.map(|hundredths| f64::from(hundredths) / 100.0)
    }

    /// Who is and was in it, the last to come first; residents see their own.
    async fn occupancies(&self, ctx: &Context<'_>) -> Result<Vec<Occupancy>> {
        let rows = loader(ctx)?.load_one(OccupanciesOfUnit(self.0.id)).await.map_err(failed)?;
        Ok(rows.iter().flat_map(|rows| rows.iter().cloned()).map(Occupancy).collect())
    }

    /// What the archives keep of it and was not withdrawn, as far as the viewer may read it, the last to be filed
    /// first; `documents` is the whole list, page by page.
    async fn documents(&self, ctx: &Context<'_>) -> Result<Vec<Document>> {
        let rows = loader(ctx)?.load_one(DocumentsOfUnit(self.0.id)).await.map_err(failed)?;
        Ok(rows.iter().flat_map(|rows| rows.iter().cloned()).map(Document).collect())
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
