//! A department or crew of a community (部门、班组).

use async_graphql::{Context, ID, Object, Result};

use super::enums::TeamKind;
use crate::domain::Team as Row;
use crate::graphql::community::Community;
use crate::graphql::context::loader;
use crate::graphql::loader::{MembersOf, failed};
use crate::graphql::scalar::DateTime;
use crate::graphql::staff::Staff;

/// A department or crew of a community (部门、班组); work orders are given to it.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Team(pub(in crate::graphql) Row);

impl From<Row> for Team {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// A department or crew of a community (部门、班组); work orders are given to it.
#[Object]
impl Team {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What it does.
    async fn kind(&self) -> TeamKind {
        self.0.kind.into()
    }

    /// Its name, unique among the open teams of its community.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The community it belongs to.
    async fn community(&self, ctx: &Context<'_>) -> Result<Option<Community>> {
        Ok(loader(ctx)?.load_one(self.0.community_id).await.map_err(failed)?.map(Community))
    }

    /// Who leads it.
    async fn lead(&self, ctx: &Context<'_>) -> Result<Option<Staff>> {
        let Some(id) = self.0.lead_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Staff))
    }

    /// Its members: the staff with a post in it today, longest first, as far as the viewer sees them.
    async fn members(&self, ctx: &Context<'_>) -> Result<Vec<Staff>> {
        let loader = loader(ctx)?;
        let posts = loader.load_one(MembersOf(self.0.id)).await.map_err(failed)?;
        let ids = posts.iter().flat_map(|posts| posts.iter().map(|post| post.staff_id)).collect::<Vec<_>>();
        let mut staff = loader.load_many(ids.iter().copied()).await.map_err(failed)?;
        Ok(ids.iter().filter_map(|id| staff.remove(id)).map(Staff).collect())
    }

    /// Whether it is an outside contractor (外单位).
    async fn contractor(&self) -> bool {
        self.0.contractor
    }

    /// When it was set up.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// When it was closed; it is kept.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }

    /// Send it back as `expectedVersion` with the next change.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
