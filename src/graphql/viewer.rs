//! Who asks, and what an app needs at its start.

use async_graphql::{Context, Enum, ID, Object, Result};

use super::context::{domain, live, session, viewer};
use super::occupant::Occupant;
use super::post::Post;
use super::scalar::DateTime;
use super::session::{Session, sessions};
use super::staff::Staff;
use crate::domain::{Viewer as Who, ticket};

/// Who asks, and the server's time.
#[derive(Default)]
pub(super) struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// Who is signed in; `null` when nobody is.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Viewer> {
        session(ctx).caller.viewer().map(|viewer| Viewer(viewer.clone()))
    }

    /// The server's time: count down to due times from this, not from the device's clock.
    async fn server_time(&self, ctx: &Context<'_>) -> DateTime {
        domain(ctx).clock().now().into()
    }

    /// The feed's place before anything else of this request is read. A subscription from here misses nothing of what
    /// the request's lists do not show.
    async fn feed_cursor(&self, ctx: &Context<'_>) -> Result<String> {
        viewer(ctx)?;
        Ok(live(ctx).cursor(session(ctx).head).to_string())
    }
}

/// Who is signed in: an account with the member of staff and the occupant it stands for.
pub(super) struct Viewer(std::sync::Arc<Who>);

/// What somebody may do somewhere in the system; acts on a ticket are in its `viewerActions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
enum Ability {
    /// Raise tickets.
    FileTickets,
    /// Raise tickets for others: take calls and walk-ins.
    FileForOthers,
    /// Read the register beyond their own units.
    ReadRegister,
    /// Read staff and posts.
    ReadStaff,
    /// Set the system up.
    Administer,
}

/// Who is signed in: an account with the member of staff and the occupant it stands for.
#[Object]
impl Viewer {
    /// The account's id.
    async fn account_id(&self) -> ID {
        self.0.account.id.to_string().into()
    }

    /// What is typed at sign-in.
    async fn login(&self) -> Option<&str> {
        self.0.account.login.as_deref()
    }

    /// The language of texts made for them: "zh-CN" or "en".
    async fn locale(&self) -> &str {
        &self.0.account.locale
    }

    /// The member of staff they are.
    async fn staff(&self) -> Option<Staff> {
        self.0.staff.clone().map(Staff)
    }

    /// The occupant they are.
    async fn occupant(&self) -> Option<Occupant> {
        self.0.occupant.clone().map(Occupant)
    }

    /// The roles they hold today.
    async fn posts(&self) -> Vec<Post> {
        self.0.posts.iter().cloned().map(Post).collect()
    }

    /// Their signed-in devices, newest first.
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Vec<Session>> {
        sessions(ctx).await
    }

    /// What they may do, for the app to know what to show.
    async fn abilities(&self) -> Vec<Ability> {
        let viewer = &self.0;
        let (register, staff) = (&viewer.scope.register, &viewer.scope.staff);
        let abilities = [
            (Ability::FileTickets, ticket::may_raise(viewer)),
            (Ability::FileForOthers, ticket::may_raise_for_others(viewer)),
            (Ability::ReadRegister, register.everywhere || !register.communities.is_empty()),
            (Ability::ReadStaff, staff.everywhere || !staff.communities.is_empty()),
            (Ability::Administer, viewer.holds_in_group(&[crate::domain::Role::Admin])),
        ];
        abilities.into_iter().filter(|(_, may)| *may).map(|(ability, _)| ability).collect()
    }
}
