//! Categories: a tree of what a matter can be about, with names in several languages.

use std::collections::BTreeMap;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use serde_json::Value as Json;

use super::{Change, Domain, NAME_MAX, Once, Refusal, Result, Tx, Viewer, required, row};
use crate::base::id::CategoryId;
use crate::storage::category::{Column, Entity};
use crate::storage::post::Role;
use crate::storage::{Turn, take_turn, team};

pub use crate::storage::category::Model as Category;
pub use crate::storage::ticket::{Kind as TicketKind, Priority};

/// The language that every category has a name in.
pub const FIRST_LANGUAGE: &str = "zh-CN";

/// A name per language: `zh-CN` and whatever others there are.
pub type Names = BTreeMap<String, String>;

/// Which categories; every part that is set narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those for tickets of this kind, or of any.
    pub ticket_kind: Option<TicketKind>,
    /// Also those that are closed.
    pub include_closed: bool,
}

/// What a new category is.
#[derive(Clone, Debug)]
pub struct New {
    /// The category above.
    pub parent: Option<CategoryId>,
    /// Stable and unique name for programs: letters, digits, `.`, `-` and `_`.
    pub code: String,
    /// A name per language.
    pub names: Names,
    /// The kind of ticket it is for; none: any.
    pub ticket_kind: Option<TicketKind>,
    /// The priority a ticket gets from it.
    pub priority: Option<Priority>,
    /// The kind of team that usually does the work.
    pub team_kind: Option<team::Kind>,
    /// Place among its siblings.
    pub position: i32,
}

/// What is to become of a category. Its code stays.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    /// The category above.
    pub parent: Change<Option<CategoryId>>,
    /// A name per language, all of them.
    pub names: Change<Names>,
    /// The kind of ticket it is for.
    pub ticket_kind: Change<Option<TicketKind>>,
    /// The priority a ticket gets from it.
    pub priority: Change<Option<Priority>>,
    /// The kind of team that usually does the work.
    pub team_kind: Change<Option<team::Kind>>,
    /// Place among its siblings.
    pub position: Change<i32>,
}

/// All categories, siblings by their place; `parent_id` makes them a tree. Everybody sees them.
///
/// # Errors
/// When the database fails.
pub async fn list(domain: &Domain, viewer: &Viewer, filter: &Filter) -> Result<Vec<Category>> {
    let fits = |kind| Condition::any().add(Column::TicketKind.is_null()).add(Column::TicketKind.eq(kind));
    let narrowed = Condition::all()
        .add_option(filter.ticket_kind.map(fits))
        .add_option((!filter.include_closed).then(|| Column::ClosedAt.is_null()));
    let rows = Entity::visible_to(&viewer.scope, domain.db.backend())
        .filter(narrowed)
        .order_by_asc(Column::Position)
        .order_by_asc(Column::Id);
    Ok(rows.all(domain.db.read()).await?)
}

/// All names of a category.
#[must_use]
pub fn names(category: &Category) -> Names {
    serde_json::from_value(category.names.clone()).unwrap_or_default()
}

/// Its name in a language; where there is none, in another form of that language, else in the first language.
#[must_use]
pub fn name_in(category: &Category, language: &str) -> String {
    let names = names(category);
    let base = |tag: &str| tag.split('-').next().unwrap_or_default().to_lowercase();
    let alike = || names.iter().find(|(tag, _)| base(tag) == base(language)).map(|(_, name)| name);
    let name = names.get(language).or_else(alike).or_else(|| names.get(FIRST_LANGUAGE));
    name.unwrap_or(&category.code).clone()
}

/// Adds a category.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn create(domain: &Domain, viewer: &Viewer, input: New, once: Option<&Once>) -> Result<Category> {
    let code = check_code(&input.code)?;
    let names = check_names(input.names)?;
    check_may_change(viewer)?;
    row::find_named::<Entity>(domain, viewer, domain.db.read(), "input.parentId", input.parent).await?;
    let category = Category {
        id: domain.clock.id(),
        parent_id: input.parent,
        code,
        names,
        ticket_kind: input.ticket_kind,
        priority: input.priority,
        team_kind: input.team_kind,
        position: input.position,
        created_at: domain.clock.now(),
        updated_at: domain.clock.now(),
        closed_at: None,
        version: 1,
    };
    let tx = domain.begin().await?;
    if let Some(before) = tx.claim(viewer, once, category.id.uuid()).await? {
        return row::made_before::<Entity>(domain, viewer, &tx, before).await;
    }
    let code = category.code.clone();
    let message = || format!("the code {code} belongs to another category");
    let made = category.into_active_model().insert(&tx.db).await;
    let made = made.map_err(row::taken("input.code", message))?;
    tx.commit().await?;
    Ok(made)
}

/// Changes a category.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn update(
    domain: &Domain,
    viewer: &Viewer,
    id: CategoryId,
    expected_version: Option<i32>,
    patch: Patch,
) -> Result<Category> {
    let names = patch.names.check(check_names)?;
    let tx = domain.begin().await?;
    if patch.parent.is_set() {
        take_turn(&tx.db, Turn::Categories).await?;
    }
    let was = row::lock::<Entity>(domain, viewer, &tx, "input.id", id).await?;
    check_may_change(viewer)?;
    row::expect_version::<Entity>(&was, expected_version)?;
    let mut category = was.clone();
    patch.parent.put(&mut category.parent_id);
    names.put(&mut category.names);
    patch.ticket_kind.put(&mut category.ticket_kind);
    patch.priority.put(&mut category.priority);
    patch.team_kind.put(&mut category.team_kind);
    patch.position.put(&mut category.position);
    if category.parent_id != was.parent_id {
        check_parent(domain, viewer, &tx, &category).await?;
    }
    let saved = row::save::<Entity>(domain, &tx, &was, category).await?;
    tx.commit().await?;
    Ok(saved)
}

fn check_may_change(viewer: &Viewer) -> Result<()> {
    if viewer.holds_in_group(&[Role::Admin]) {
        return Ok(());
    }
    Err(Refusal::forbidden("only an ADMIN of the group changes the categories").into())
}

pub(crate) fn check_code(code: &str) -> Result<String> {
    let code = required("input.code", code, NAME_MAX)?;
    if !code.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')) {
        let message = format!("\"{code}\" cannot be a code; write letters, digits, \".\", \"-\" and \"_\"");
        return Err(Refusal::invalid("input.code", message).into());
    }
    Ok(code)
}

fn check_names(names: Names) -> Result<Json> {
    let mut checked = Names::new();
    for (language, name) in names {
        if !is_language(&language) {
            let message = format!("\"{language}\" is not a language; write a tag such as zh-CN or en");
            return Err(Refusal::invalid("input.names", message).into());
        }
        checked.insert(language, required("input.names", &name, NAME_MAX)?);
    }
    if !checked.contains_key(FIRST_LANGUAGE) {
        let message = format!("a name in {FIRST_LANGUAGE} is needed besides those in other languages");
        return Err(Refusal::invalid("input.names", message).into());
    }
    Ok(serde_json::to_value(checked).unwrap_or_default())
}

/// The form of a language tag: `zh`, `zh-CN`, `zh-Hans-CN`.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.chars().all(|c| c.is_ascii_lowercase())
        && parts.all(|part| (2..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// A category is never below itself.
async fn check_parent(domain: &Domain, viewer: &Viewer, tx: &Tx<'_>, category: &Category) -> Result<()> {
    row::find_named::<Entity>(domain, viewer, &tx.db, "input.parentId", category.parent_id).await?;
    let mut above = category.parent_id;
    while let Some(parent) = above {
        if parent == category.id {
            let message = "this category is below it already; a category cannot be below itself";
            return Err(Refusal::invalid("input.parentId", message).into());
        }
        above = Entity::find_by_id(parent).one(&tx.db).await?.and_then(|row| row.parent_id);
    }
    Ok(())
}
