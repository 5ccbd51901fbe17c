//! What adding and changing a category takes.

use async_graphql::{ID, InputObject, MaybeUndefined};

use crate::domain::category::{Names, New, Patch};
use crate::domain::{Change, Refusal, Result};
use crate::graphql::error::{change_id, maybe_id};
use crate::graphql::team::TeamKind;
use crate::graphql::ticket::{TicketKind, TicketPriority};

/// A name in one language.
#[derive(Clone, Debug, InputObject)]
pub(super) struct CategoryNameInput {
    /// The language's tag: "zh-CN", "en".
    language: String,
    /// The name, at most 100 characters.
    name: String,
}

/// Which category is added.
#[derive(Clone, Debug, InputObject)]
pub(super) struct CategoryCreateInput {
    /// Sent again with the same key, the same category is answered and none is made.
    pub(super) idempotency_key: Option<String>,
    /// The category above; left out: it stands at the top.
    parent_id: Option<ID>,
    /// Stable and unique name for programs: letters, digits, ".", "-" and "_". It stays.
    code: String,
    /// Its names, one a language; one in zh-CN is needed.
    names: Vec<CategoryNameInput>,
    /// The kind of ticket it is for; left out: any.
    ticket_kind: Option<TicketKind>,
    /// The priority that a ticket gets from it.
    priority: Option<TicketPriority>,
    /// The kind of team that usually does the work.
    team_kind: Option<TeamKind>,
    /// Its place among its siblings, smallest first.
    #[graphql(default)]
    position: i32,
}

impl CategoryCreateInput {
    pub(super) fn read(self) -> Result<New> {
        Ok(New {
            parent: maybe_id("input.parentId", self.parent_id.as_ref())?,
            code: self.code,
            names: read_names(self.names)?,
            ticket_kind: self.ticket_kind.map(Into::into),
            priority: self.priority.map(Into::into),
            team_kind: self.team_kind.map(Into::into),
            position: self.position,
        })
    }
}

/// What is to become of a category. What is left out stays as it is.
#[derive(Clone, Debug, InputObject)]
pub(super) struct CategoryUpdateInput {
    /// The category.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
    /// The category above; `null`: it stands at the top.
    parent_id: MaybeUndefined<ID>,
    /// All its names, one a language; those of other languages are dropped. One in zh-CN is needed.
    names: Option<Vec<CategoryNameInput>>,
    /// The kind of ticket it is for; `null`: any.
    ticket_kind: MaybeUndefined<TicketKind>,
    /// The priority that a ticket gets from it; `null`: none.
    priority: MaybeUndefined<TicketPriority>,
    /// The kind of team that usually does the work; `null`: none.
    team_kind: MaybeUndefined<TeamKind>,
    /// Its place among its siblings, smallest first.
    position: Option<i32>,
}

impl CategoryUpdateInput {
    pub(super) fn read(self) -> Result<Patch> {
        Ok(Patch {
            parent: change_id("input.parentId", self.parent_id)?,
            names: Change::from(self.names).check(read_names)?,
            ticket_kind: self.ticket_kind.map_value(Into::into).into(),
            priority: self.priority.map_value(Into::into).into(),
            team_kind: self.team_kind.map_value(Into::into).into(),
            position: self.position.into(),
        })
    }
}

fn read_names(given: Vec<CategoryNameInput>) -> Result<Names> {
    let mut names = Names::new();
    for CategoryNameInput { language, name } in given {
        if names.contains_key(&language) {
            let message = format!("there are two names in {language}; give one a language");
            return Err(Refusal::invalid("input.names", message).into());
        }
        names.insert(language, name);
    }
    Ok(names)
}
