//! What taking on and changing staff takes.

use async_graphql::{ID, InputObject, MaybeUndefined};

use crate::domain::Result;
use crate::domain::staff::{New, Patch};
use crate::graphql::error::{change_id, maybe_id};
use crate::graphql::post::PostInput;
use crate::graphql::scalar::DateTime;

/// Who is taken on.
#[derive(Clone, Debug, InputObject)]
pub(super) struct StaffCreateInput {
    /// Sent again with the same key, the same member of staff is answered and none is made.
    pub(super) idempotency_key: Option<String>,
    /// The name, at most 100 characters.
    name: String,
    /// The telephone number: 3 to 20 digits, with a + in front at most; spaces and dashes are dropped.
    phone: Option<String>,
    /// The job title, as residents see it.
    title: Option<String>,
    /// The line manager.
    manager_id: Option<ID>,
    /// Who stands in while they are away.
    deputy_id: Option<ID>,
    /// Their first post. A PROJECT_HEAD must give one at their own community; without one only ADMIN sees the person.
    post: Option<PostInput>,
}

impl StaffCreateInput {
    pub(super) fn read(self) -> Result<New> {
        Ok(New {
            name: self.name,
            phone: self.phone,
            title: self.title,
            manager: maybe_id("input.managerId", self.manager_id.as_ref())?,
            deputy: maybe_id("input.deputyId", self.deputy_id.as_ref())?,
            post: self.post.map(|post| post.read("input.post")).transpose()?,
        })
    }
}

/// What is to become of a member of staff. What is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub(super) struct StaffUpdateInput {
    /// The member of staff.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
    /// The name, at most 100 characters.
    name: Option<String>,
    /// The telephone number; `null` clears it.
    phone: MaybeUndefined<String>,
    /// The job title; `null` clears it.
    title: MaybeUndefined<String>,
    /// The line manager; `null`: none. Nobody chooses their own.
    manager_id: MaybeUndefined<ID>,
    /// Who stands in while they are away; `null`: nobody.
    deputy_id: MaybeUndefined<ID>,
    /// The beginning of an absence; `null` together with `awayUntil: null`: they are there.
    away_from: MaybeUndefined<DateTime>,
    /// The end of an absence, after its beginning; `null`: until further notice.
    away_until: MaybeUndefined<DateTime>,
}

impl StaffUpdateInput {
    pub(super) fn read(self) -> Result<Patch> {
        Ok(Patch {
            name: self.name.into(),
            phone: self.phone.into(),
            title: self.title.into(),
            manager: change_id("input.managerId", self.manager_id)?,
            deputy: change_id("input.deputyId", self.deputy_id)?,
            away_from: self.away_from.map_value(|time| time.0).into(),
            away_until: self.away_until.map_value(|time| time.0).into(),
        })
    }
}

/// What is to be closed: a member of staff.
#[derive(Clone, Debug, InputObject)]
pub(super) struct StaffCloseInput {
    /// The member of staff.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
}
