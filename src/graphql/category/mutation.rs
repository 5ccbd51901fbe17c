//! Categories, added and changed.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::input::{CategoryCreateInput, CategoryUpdateInput};
use super::object::Category;
use crate::domain::{self, category};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::{UserError, id, outcome};
use crate::graphql::once::once;

/// Categories, added and changed.
#[derive(Default)]
pub(in crate::graphql) struct CategoryMutation;

/// What adding or changing a category answers.
#[derive(SimpleObject)]
struct CategoryPayload {
    /// The category as it is now; absent when it was refused.
    category: Option<Category>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

fn category_payload(result: domain::Result<domain::Category>) -> Result<CategoryPayload> {
    let (category, user_errors) = outcome(result)?;
    Ok(CategoryPayload { category: category.map(Category), user_errors })
}

#[Object]
impl CategoryMutation {
    /// Adds a category; an ADMIN of the group does.
    async fn category_create(
        &self,
        ctx: &Context<'_>,
        input: CategoryCreateInput,
    ) -> Result<CategoryPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let made = Box::pin(async {
            let once = once("categoryCreate", input.idempotency_key.as_deref(), &input)?;
            category::create(domain, viewer, input.read()?, once.as_ref()).await
        });
        category_payload(made.await)
    }

    /// Changes a category, or moves it below another; an ADMIN of the group does.
    async fn category_update(
        &self,
        ctx: &Context<'_>,
        input: CategoryUpdateInput,
    ) -> Result<CategoryPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let changed = Box::pin(async {
            let (id, expected) = (id("input.id", &input.id)?, input.expected_version);
            category::update(domain, viewer, id, expected, input.read()?).await
        });
        category_payload(changed.await)
    }
}
