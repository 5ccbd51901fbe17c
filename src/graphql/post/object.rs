//! A role that a member of staff holds at a community, from a day to a day.

use async_graphql::{Context, ID, Object, Result};

use crate::domain::Post as Row;
use crate::graphql::community::Community;
use crate::graphql::context::loader;
use crate::graphql::loader::failed;
use crate::graphql::scalar::Date;
use crate::graphql::staff::{Role, Staff};
use crate::graphql::team::Team;

/// A role that a member of staff holds at a community, from a day to a day (任职). What its holder sees and may do
/// begins and ends with it.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Post(pub(in crate::graphql) Row);

impl From<Row> for Post {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// A role that a member of staff holds at a community, from a day to a day (任职). What its holder sees and may do
/// begins and ends with it.
#[Object]
impl Post {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Who holds it.
    async fn staff(&self, ctx: &Context<'_>) -> Result<Option<Staff>> {
        Ok(loader(ctx)?.load_one(self.0.staff_id).await.map_err(failed)?.map(Staff))
    }

    /// The role.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// Where it is held; absent: in every community of the group.
    async fn community(&self, ctx: &Context<'_>) -> Result<Option<Community>> {
        let Some(id) = self.0.community_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Community))
    }

    /// The team that a WORKER belongs to.
    async fn team(&self, ctx: &Context<'_>) -> Result<Option<Team>> {
        let Some(id) = self.0.team_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Team))
    }

    /// Its first day, in the community's time zone.
    async fn from_on(&self) -> Date {
        self.0.from_on.into()
    }

    /// Its last day, which is still part of it; absent: until further notice.
    async fn to_on(&self) -> Option<Date> {
        self.0.to_on.map(Date)
    }
}
