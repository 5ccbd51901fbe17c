//! Accounts that an outside issuer vouches for.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::context::{auth, viewer};
use super::error::{UserError, id, outcome};
use crate::auth::Whom;
use crate::domain::{Error, Refusal};

/// Accounts that an outside issuer vouches for.
#[derive(Default)]
pub(super) struct AccountMutation;

/// Whose account it is, exactly one of the two, and who they are elsewhere.
#[derive(InputObject)]
struct AccountLinkInput {
    /// A member of staff.
    staff_id: Option<ID>,
    /// An occupant.
    occupant_id: Option<ID>,
    /// What the issuer of the setting `auth.oidc` calls them: the claim `sub` of its tokens.
    subject: String,
}

/// Whether the account was tied.
#[derive(SimpleObject)]
struct AccountLinkPayload {
    /// Whether it was done.
    done: bool,
    /// Why not; empty when it was done.
    user_errors: Vec<UserError>,
}

#[Object]
impl AccountMutation {
    /// Ties somebody's account to the name that the outside issuer knows them by, so that its tokens are taken for
    /// theirs. Only ADMIN may.
    async fn account_link(&self, ctx: &Context<'_>, input: AccountLinkInput) -> Result<AccountLinkPayload> {
        let viewer = viewer(ctx)?;
        let linked = Box::pin(async {
            let whom = match (&input.staff_id, &input.occupant_id) {
                (Some(staff), None) => Whom::Staff(id("input.staffId", staff)?),
                (None, Some(occupant)) => Whom::Occupant(id("input.occupantId", occupant)?),
                _ => {
                    let message = "give either staffId or occupantId";
                    return Err(Error::from(Refusal::invalid("input.staffId", message)));
                }
            };
            auth(ctx).link(viewer, whom, &input.subject).await
        });
        let (linked, user_errors) = outcome(linked.await)?;
        Ok(AccountLinkPayload { done: linked.is_some(), user_errors })
    }
}
