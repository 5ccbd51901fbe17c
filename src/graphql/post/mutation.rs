//! Posts, granted and ended.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::input::{PostEndInput, PostGrantInput};
use super::object::Post;
use crate::domain::{self, post};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::{UserError, id, outcome};
use crate::graphql::once::once;

/// Posts, granted and ended.
#[derive(Default)]
pub(in crate::graphql) struct PostMutation;

/// What granting or ending a post answers.
#[derive(SimpleObject)]
struct PostPayload {
    /// The post as it is now; absent when it was refused.
    post: Option<Post>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

fn post_payload(result: domain::Result<domain::Post>) -> Result<PostPayload> {
    let (post, user_errors) = outcome(result)?;
    Ok(PostPayload { post: post.map(Post), user_errors })
}

#[Object]
impl PostMutation {
    /// Gives a member of staff a role; what they see and may do changes at once, also on open subscriptions. The
    /// community's PROJECT_HEAD grants roles below their own rung and ADMIN every role; nobody grants to themselves.
    async fn post_grant(&self, ctx: &Context<'_>, input: PostGrantInput) -> Result<PostPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let granted = Box::pin(async {
            let once = once("postGrant", input.idempotency_key.as_deref(), &input)?;
            let staff = id("input.staffId", &input.staff_id)?;
            post::grant(domain, viewer, staff, input.read()?, once.as_ref()).await
        });
        post_payload(granted.await)
    }

    /// Ends a post with the given day; whoever may grant the role may end it. An end that is set can be put earlier,
    /// never later.
    async fn post_end(&self, ctx: &Context<'_>, input: PostEndInput) -> Result<PostPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let ended =
            Box::pin(async { post::end(domain, viewer, id("input.id", &input.id)?, input.to_on.0).await });
        post_payload(ended.await)
    }
}
