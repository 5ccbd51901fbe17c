//! One occupant's time in one unit, from a day to a day.

use async_graphql::{Context, ID, Object, Result};

use super::enums::OccupancyKind;
use crate::domain::Occupancy as Row;
use crate::graphql::context::loader;
use crate::graphql::loader::failed;
use crate::graphql::occupant::Occupant;
use crate::graphql::scalar::{Date, DateTime};
use crate::graphql::unit::Unit;

/// One occupant's time in one unit, from a day to a day.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Occupancy(pub(in crate::graphql) Row);

impl From<Row> for Occupancy {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// One occupant's time in one unit, from a day to a day.
#[Object]
impl Occupancy {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The unit; absent when the viewer no longer sees it, as after their own time there.
    async fn unit(&self, ctx: &Context<'_>) -> Result<Option<Unit>> {
        Ok(loader(ctx)?.load_one(self.0.unit_id).await.map_err(failed)?.map(Unit))
    }

    /// The occupant; absent when the viewer does not see them.
    async fn occupant(&self, ctx: &Context<'_>) -> Result<Option<Occupant>> {
        Ok(loader(ctx)?.load_one(self.0.occupant_id).await.map_err(failed)?.map(Occupant))
    }

    /// As what they are there.
    async fn kind(&self) -> OccupancyKind {
        self.0.kind.into()
    }

    /// The first day.
    async fn from_on(&self) -> Date {
        self.0.from_on.into()
    }

    /// The last day, which still belongs to it; absent while no end is known.
    async fn to_on(&self) -> Option<Date> {
        self.0.to_on.map(Date)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }
}
