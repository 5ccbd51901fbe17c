//! A member of staff (员工).

use async_graphql::{Context, ID, Object, Result};

use crate::base::id::StaffId;
use crate::domain::Staff as Row;
use crate::graphql::charge::Charge;
use crate::graphql::context::loader;
use crate::graphql::loader::{ChargesOfStaff, PostsOf, failed};
use crate::graphql::post::Post;
use crate::graphql::scalar::{DateTime, PhoneNumber};

/// A member of staff (员工). Residents see none; who handles their matter they see as a `Handler`.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Staff(pub(in crate::graphql) Row);

impl From<Row> for Staff {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// A member of staff (员工). Residents see none; who handles their matter they see as a `Handler`.
#[Object]
impl Staff {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The job title, as residents see it.
    async fn title(&self) -> Option<&str> {
        self.0.title.as_deref()
    }

    /// The telephone number, always whole: whoever sees a member of staff may call them.
    async fn phone(&self) -> Option<PhoneNumber> {
        self.0.phone.clone().map(PhoneNumber)
    }

    /// The line manager. A complaint about somebody is hidden from all who answer to them, directly or through others.
    async fn manager(&self, ctx: &Context<'_>) -> Result<Option<Staff>> {
        Self::other(ctx, self.0.manager_id).await
    }

    /// Who stands in while they are away.
    async fn deputy(&self, ctx: &Context<'_>) -> Result<Option<Staff>> {
        Self::other(ctx, self.0.deputy_id).await
    }

    /// The beginning of an absence.
    async fn away_from(&self) -> Option<DateTime> {
        self.0.away_from.map(DateTime)
    }

    /// The end of an absence; absent while `awayFrom` is there: until further notice.
    async fn away_until(&self) -> Option<DateTime> {
        self.0.away_until.map(DateTime)
    }

    /// The posts that they hold, held and will hold, newest first.
    async fn posts(&self, ctx: &Context<'_>) -> Result<Vec<Post>> {
        let posts = loader(ctx)?.load_one(PostsOf(self.0.id)).await.map_err(failed)?;
        Ok(posts.iter().flat_map(|posts| posts.iter().cloned()).map(Post).collect())
    }

    /// The buildings that are in their charge, longest first.
    async fn charges(&self, ctx: &Context<'_>) -> Result<Vec<Charge>> {
        let charges = loader(ctx)?.load_one(ChargesOfStaff(self.0.id)).await.map_err(failed)?;
        Ok(charges.iter().flat_map(|charges| charges.iter().cloned()).map(Charge).collect())
    }

    /// When they joined.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When they were last changed.
    async fn updated_at(&self) -> DateTime {
        self.0.updated_at.into()
    }

    /// When they left; they are kept.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }

    /// When what is personal was erased: the name is empty, number and title gone; show them as somebody who has left.
    async fn erased_at(&self) -> Option<DateTime> {
        self.0.erased_at.map(DateTime)
    }

    /// Send it back as `expectedVersion` with the next change.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

impl Staff {
    async fn other(ctx: &Context<'_>, id: Option<StaffId>) -> Result<Option<Self>> {
        let Some(id) = id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Self))
    }
}
