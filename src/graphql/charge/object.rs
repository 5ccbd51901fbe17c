//! A building in a member of staff's charge (分管楼宇).

use async_graphql::{Context, ID, Object, Result};

use crate::domain::Charge as Row;
use crate::graphql::building::Building;
use crate::graphql::context::loader;
use crate::graphql::loader::failed;
use crate::graphql::scalar::DateTime;
use crate::graphql::staff::Staff;

/// A building in an assistant's charge (分管楼宇): they see its tickets and keep its part of the register.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Charge(pub(in crate::graphql) Row);

impl From<Row> for Charge {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// A building in an assistant's charge (分管楼宇): they see its tickets and keep its part of the register.
#[Object]
impl Charge {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Who is in charge.
    async fn staff(&self, ctx: &Context<'_>) -> Result<Option<Staff>> {
        Ok(loader(ctx)?.load_one(self.0.staff_id).await.map_err(failed)?.map(Staff))
    }

    /// Of which building.
    async fn building(&self, ctx: &Context<'_>) -> Result<Option<Building>> {
        Ok(loader(ctx)?.load_one(self.0.building_id).await.map_err(failed)?.map(Building))
    }

    /// Since when.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it ended; absent: it goes on.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }
}
