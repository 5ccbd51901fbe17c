//! Staff, taken on and changed.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::input::{StaffCloseInput, StaffCreateInput, StaffUpdateInput};
use super::object::Staff;
use crate::domain::{self, close, staff};
use crate::graphql::context::{domain, viewer};
use crate::graphql::error::{UserError, id, outcome};
use crate::graphql::once::once;

/// Staff, taken on and changed.
#[derive(Default)]
pub(in crate::graphql) struct StaffMutation;

/// What taking on or changing a member of staff answers.
#[derive(SimpleObject)]
struct StaffPayload {
    /// The member of staff as they are now; absent when it was refused.
    staff: Option<Staff>,
    /// Why nothing was done; empty when it was.
    user_errors: Vec<UserError>,
}

fn staff_payload(result: domain::Result<domain::Staff>) -> Result<StaffPayload> {
    let (staff, user_errors) = outcome(result)?;
    Ok(StaffPayload { staff: staff.map(Staff), user_errors })
}

#[Object]
impl StaffMutation {
    /// Takes somebody on, with their first post. A PROJECT_HEAD does so for their own community, ADMIN everywhere. They
    /// sign in after `accountInvite`.
    async fn staff_create(&self, ctx: &Context<'_>, input: StaffCreateInput) -> Result<StaffPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let made = Box::pin(async {
            let once = once("staffCreate", input.idempotency_key.as_deref(), &input)?;
            staff::create(domain, viewer, input.read()?, once.as_ref()).await
        });
        staff_payload(made.await)
    }

    /// Changes a member of staff: the PROJECT_HEAD of a community where they hold a post, and ADMIN. A new line manager
    /// changes at once which complaints they see.
    async fn staff_update(&self, ctx: &Context<'_>, input: StaffUpdateInput) -> Result<StaffPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let changed = Box::pin(async {
            let (id, version) = (id("input.id", &input.id)?, input.expected_version);
            staff::update(domain, viewer, id, version, input.read()?).await
        });
        staff_payload(changed.await)
    }

    /// Somebody leaves: the PROJECT_HEAD of a community where they hold a post, and ADMIN, see to it. Refused while they
    /// own open tickets, have work orders to do, lead a team or owe patrols by name. Their posts, charges and patrols under
    /// way end at once, and their account with its sessions, unless they live here.
    async fn staff_close(&self, ctx: &Context<'_>, input: StaffCloseInput) -> Result<StaffPayload> {
        let (domain, viewer) = (domain(ctx), viewer(ctx)?);
        let closed = Box::pin(async {
            close::staff(domain, viewer, id("input.id", &input.id)?, input.expected_version).await
        });
        staff_payload(closed.await)
    }
}
