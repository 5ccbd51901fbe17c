//! What granting and ending a post takes.

use async_graphql::{ID, InputObject};

use crate::domain::Result;
use crate::domain::post::Grant;
use crate::graphql::error::maybe_id;
use crate::graphql::scalar::Date;
use crate::graphql::staff::Role;

/// Which role, where and when.
#[derive(Clone, Debug, InputObject)]
pub(in crate::graphql) struct PostInput {
    /// The role.
    role: Role,
    /// Where; left out only for the roles of the group, which then hold in every community.
    community_id: Option<ID>,
    /// The team that a WORKER belongs to, of the same community; for every other role it is left out.
    team_id: Option<ID>,
    /// The first day, in the community's time zone; today works at once.
    from_on: Date,
    /// The last day, which is still part of it; left out: until further notice.
    to_on: Option<Date>,
}

impl PostInput {
    /// `at` is where in the arguments it stands.
    pub(in crate::graphql) fn read(&self, at: &str) -> Result<Grant> {
        Ok(Grant {
            role: self.role.into(),
            community: maybe_id(&format!("{at}.communityId"), self.community_id.as_ref())?,
            team: maybe_id(&format!("{at}.teamId"), self.team_id.as_ref())?,
            from_on: self.from_on.0,
            to_on: self.to_on.map(|day| day.0),
        })
    }
}

/// Who is given which role, where and when.
#[derive(Clone, Debug, InputObject)]
pub(super) struct PostGrantInput {
    /// Sent again with the same key, the same post is answered and none is made.
    pub(super) idempotency_key: Option<String>,
    /// The member of staff.
    pub(super) staff_id: ID,
    /// The role.
    role: Role,
    /// Where; left out only for the roles of the group, which then hold in every community.
    community_id: Option<ID>,
    /// The team that a WORKER belongs to, of the same community; for every other role it is left out.
    team_id: Option<ID>,
    /// The first day, in the community's time zone; today works at once.
    from_on: Date,
    /// The last day, which is still part of it; left out: until further notice.
    to_on: Option<Date>,
}

impl PostGrantInput {
    pub(super) fn read(self) -> Result<Grant> {
        let Self { role, community_id, team_id, from_on, to_on, .. } = self;
        PostInput { role, community_id, team_id, from_on, to_on }.read("input")
    }
}

/// Which post ends, and when.
#[derive(Clone, Debug, InputObject)]
pub(super) struct PostEndInput {
    /// The post.
    pub(super) id: ID,
    /// Its last day, in the community's time zone: it is held until that day's midnight. With a day that is past it
    /// ends at once; the day before its first withdraws a post that should never have been.
    pub(super) to_on: Date,
}
