//! A spot check.

use async_graphql::{Context, ID, Object, Result};

use super::finding::Finding;
use super::patrol::Patrol;
use crate::domain::inspection::SpotCheck as Row;
use crate::graphql::attachment::Attachment;
use crate::graphql::building::Building;
use crate::graphql::context::loader;
use crate::graphql::loader::{
    AttachmentsOfRectification, AttachmentsOfSpotCheck, FindingsOfSpotCheck, HandlerOf, failed,
};
use crate::graphql::scalar::{Date, DateTime};
use crate::graphql::team::Team;
use crate::graphql::ticket::Handler;

/// A look at a patrolled building or at a team's service (抽查). Until it is published, only those who make spot checks
/// and those they report to see it.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct SpotCheck(pub(in crate::graphql) Row);

impl From<Row> for SpotCheck {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// A look at a patrolled building or at a team's service (抽查). Until it is published, only those who make spot checks
/// and those they report to see it.
#[Object]
impl SpotCheck {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The building that was looked at.
    async fn building(&self, ctx: &Context<'_>) -> Result<Option<Building>> {
        let Some(id) = self.0.building_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Building))
    }

    /// The team whose service was looked at.
    async fn team(&self, ctx: &Context<'_>) -> Result<Option<Team>> {
        let Some(id) = self.0.team_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Team))
    }

    /// The patrol that was looked at, as far as the viewer sees it.
    async fn patrol(&self, ctx: &Context<'_>) -> Result<Option<Patrol>> {
        let Some(id) = self.0.patrol_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Patrol))
    }

    /// Who looked.
    async fn made_by(&self, ctx: &Context<'_>) -> Result<Option<Handler>> {
        Ok(loader(ctx)?.load_one(HandlerOf(self.0.staff_id)).await.map_err(failed)?.map(Handler::from))
    }

    /// 0 to 100.
    async fn score(&self) -> i32 {
        self.0.score
    }

    /// What was seen.
    async fn remarks(&self) -> &str {
        &self.0.remarks
    }

    /// Photos of what was seen.
    async fn attachments(&self, ctx: &Context<'_>) -> Result<Vec<Attachment>> {
        let rows = loader(ctx)?.load_one(AttachmentsOfSpotCheck(self.0.id)).await.map_err(failed)?;
        Ok(rows.iter().flat_map(|rows| rows.iter().cloned()).map(Attachment).collect())
    }

    /// What it came across, oldest first.
    async fn findings(&self, ctx: &Context<'_>) -> Result<Vec<Finding>> {
        let found = loader(ctx)?.load_one(FindingsOfSpotCheck(self.0.id)).await.map_err(failed)?;
        Ok(found.iter().flat_map(|rows| rows.iter().cloned()).map(Finding).collect())
    }

    /// When it was published to the community's staff (通报).
    async fn published_at(&self) -> Option<DateTime> {
        self.0.published_at.map(DateTime)
    }

    /// The day by which things are to be put right; absent when nothing is.
    async fn rectify_by(&self) -> Option<Date> {
        self.0.rectify_by.map(Date)
    }

    /// What was put right.
    async fn rectification(&self) -> Option<&str> {
        self.0.rectification.as_deref()
    }

    /// Photos of what was put right.
    async fn rectification_attachments(&self, ctx: &Context<'_>) -> Result<Vec<Attachment>> {
        let rows = loader(ctx)?.load_one(AttachmentsOfRectification(self.0.id)).await.map_err(failed)?;
        Ok(rows.iter().flat_map(|rows| rows.iter().cloned()).map(Attachment).collect())
    }

    /// When that was reported.
    async fn rectified_at(&self) -> Option<DateTime> {
        self.0.rectified_at.map(DateTime)
    }

    /// Who reported it.
    async fn rectified_by(&self, ctx: &Context<'_>) -> Result<Option<Handler>> {
        let Some(id) = self.0.rectified_by_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(HandlerOf(id)).await.map_err(failed)?.map(Handler::from))
    }

    /// When it was confirmed that things are right.
    async fn confirmed_at(&self) -> Option<DateTime> {
        self.0.confirmed_at.map(DateTime)
    }

    /// Who confirmed it.
    async fn confirmed_by(&self, ctx: &Context<'_>) -> Result<Option<Handler>> {
        let Some(id) = self.0.confirmed_by_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(HandlerOf(id)).await.map_err(failed)?.map(Handler::from))
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// Send it back as `expectedVersion` with the next act.
    async fn version(&self) -> i32 {
        self.0.version
    }
}
