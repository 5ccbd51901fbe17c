//! A node of the category tree: place × category × problem.

use async_graphql::{Context, ID, Object, Result, SimpleObject};

use crate::domain::Category as Row;
use crate::domain::category::{name_in, names};
use crate::graphql::context::loader;
use crate::graphql::loader::{ChildrenOf, failed};
use crate::graphql::scalar::DateTime;
use crate::graphql::team::TeamKind;
use crate::graphql::ticket::{TicketKind, TicketPriority};

/// A node of the category tree: place × category × problem. Everybody sees the tree and raises matters by it.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Category(pub(in crate::graphql) Row);

impl From<Row> for Category {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// A name in one language.
#[derive(SimpleObject)]
struct CategoryName {
    /// The language's tag: "zh-CN", "en".
    language: String,
    /// The name.
    name: String,
}

/// A node of the category tree: place × category × problem. Everybody sees the tree and raises matters by it.
#[Object]
impl Category {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Stable and unique name for programs.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Its name in one language; where there is none, in another form of that language ("en" for "en-GB"), else in
    /// zh-CN.
    async fn name(
        &self,
        #[graphql(default = "zh-CN", desc = "The language's tag.")] language: String,
    ) -> String {
        name_in(&self.0, &language)
    }

    /// All its names, by language.
    async fn names(&self) -> Vec<CategoryName> {
        names(&self.0).into_iter().map(|(language, name)| CategoryName { language, name }).collect()
    }

    /// The category above; absent: it stands at the top.
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<Category>> {
        let Some(id) = self.0.parent_id else { return Ok(None) };
        Ok(loader(ctx)?.load_one(id).await.map_err(failed)?.map(Self))
    }

    /// The categories below it, by their place.
    async fn children(&self, ctx: &Context<'_>) -> Result<Vec<Category>> {
        let children = loader(ctx)?.load_one(ChildrenOf(self.0.id)).await.map_err(failed)?;
        Ok(children.iter().flat_map(|children| children.iter().cloned()).map(Self).collect())
    }

    /// The kind of ticket it is for; absent: any.
    async fn ticket_kind(&self) -> Option<TicketKind> {
        self.0.ticket_kind.map(Into::into)
    }

    /// The priority that a ticket gets from it.
    async fn priority(&self) -> Option<TicketPriority> {
        self.0.priority.map(Into::into)
    }

    /// The kind of team that usually does the work.
    async fn team_kind(&self) -> Option<TeamKind> {
        self.0.team_kind.map(Into::into)
    }

    /// Its place among its siblings, smallest first.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// Send it back as `expectedVersion` with the next update.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was closed; it is kept for the tickets that have it.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }
}
