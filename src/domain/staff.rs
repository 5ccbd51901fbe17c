//! Staff (员工), and who answers to whom.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Select,
};

use super::event::{Whose, access_changed};
use super::list::listed;
use super::post::{self, Grant};
use super::{Change, Domain, NAME_MAX, Once, Refusal, Result, Tx, Viewer, clean, phone, required, row};
use crate::base::id::{CommunityId, StaffId};
use crate::storage::post::{Column as PostColumn, Entity as Posts, Role};
use crate::storage::staff::{Column, Entity};
use crate::storage::{Turn, among, contains, take_turn};

pub use crate::storage::staff::Model as Staff;

/// Which staff; every part that is set narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// With a post at one of these communities today.
    pub communities: Option<Vec<CommunityId>>,
    /// With one of these roles today; at one of the communities, where both are given.
    pub roles: Option<Vec<Role>>,
    /// With this in their name.
    pub search: Option<String>,
    /// Also those that have left.
    pub include_closed: bool,
}

/// Who joins.
#[derive(Clone, Debug)]
pub struct New {
    /// The name.
    pub name: String,
    /// Telephone number.
    pub phone: Option<String>,
    /// Job title, as residents see it.
    pub title: Option<String>,
    /// Line manager.
    pub manager: Option<StaffId>,
    /// Who stands in while they are away.
    pub deputy: Option<StaffId>,
    /// Their first post; without one only an ADMIN of the group sees them.
    pub post: Option<Grant>,
}

/// What is to become of a member of staff.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    /// The name.
    pub name: Change<String>,
    /// Telephone number.
    pub phone: Change<Option<String>>,
    /// Job title.
    pub title: Change<Option<String>>,
    /// Line manager.
    pub manager: Change<Option<StaffId>>,
    /// Who stands in while they are away.
    pub deputy: Change<Option<StaffId>>,
    /// The beginning of an absence.
    pub away_from: Change<Option<DateTime<Utc>>>,
    /// The end of an absence.
    pub away_until: Change<Option<DateTime<Utc>>>,
}

listed! {
    /// By the name.
    Name => Name,
    /// By when they joined.
    Created => CreatedAt,
}

fn visible(domain: &Domain, viewer: &Viewer, filter: &Filter) -> Select<Entity> {
    let search = filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let narrowed = Condition::all()
        .add_option(posted(domain, viewer, filter))
        .add_option(search.map(|text| contains(Column::Name, text)))
        .add_option((!filter.include_closed).then(|| Column::ClosedAt.is_null()));
    Entity::visible_to(&viewer.scope, domain.db.backend()).filter(narrowed)
}

/// Those who hold a post that the filter asks for and the viewer sees.
fn posted(domain: &Domain, viewer: &Viewer, filter: &Filter) -> Option<Expr> {
    if filter.communities.is_none() && filter.roles.is_none() {
        return None;
    }
    let backend = domain.db.backend();
    let here =
        filter.communities.as_ref().map(|ids| among(backend, PostColumn::CommunityId, ids.iter().copied()));
    let held = Condition::all()
        .add(post::held_on(domain.today()))
        .add_option(here)
        .add_option(filter.roles.as_ref().map(|roles| PostColumn::Role.is_in(roles.iter().copied())));
    let mut posts = Posts::visible_to(&viewer.scope, backend).select_only().column(PostColumn::StaffId);
    posts = posts.filter(held);
    Some(Expr::col((Entity, Column::Id)).in_subquery(QuerySelect::query(&mut posts).take()))
}

/// Takes somebody on, with their first post. A PROJECT_HEAD takes on for their own community and so must give one.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn create(domain: &Domain, viewer: &Viewer, input: New, once: Option<&Once>) -> Result<Staff> {
    let name = required("input.name", &input.name, NAME_MAX)?;
    let phone = phone("input.phone", input.phone.as_deref())?;
    let title = clean("input.title", input.title.as_deref(), NAME_MAX)?;
    let id = domain.clock.id();
    check_may_create(viewer, input.post.is_some())?;
    row::find_named::<Entity>(domain, viewer, domain.db.read(), "input.managerId", input.manager).await?;
    row::find_named::<Entity>(domain, viewer, domain.db.read(), "input.deputyId", input.deputy).await?;
    if let Some(grant) = &input.post {
        post::check(domain, viewer, "input.post", id, grant).await?;
    }
    let now = domain.clock.now();
    let staff = Staff {
        id,
        name,
        phone,
        title,
        manager_id: input.manager,
        deputy_id: input.deputy,
        away_from: None,
        away_until: None,
        created_at: now,
        updated_at: now,
        closed_at: None,
        erased_at: None,
        version: 1,
    };
    let tx = domain.begin().await?;
    if let Some(before) = tx.claim(viewer, once, id.uuid()).await? {
        return row::made_before::<Entity>(domain, viewer, &tx, before).await;
    }
    let made = staff.into_active_model().insert(&tx.db).await?;
    if let Some(grant) = input.post {
        post::insert(domain, &tx, viewer, post::of(domain, id, grant)).await?;
    }
    tx.commit().await?;
    Ok(made)
}

/// Changes a member of staff.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn update(
    domain: &Domain,
    viewer: &Viewer,
    id: StaffId,
    expected_version: Option<i32>,
    patch: Patch,
) -> Result<Staff> {
    let name = patch.name.check(|name| required("input.name", &name, NAME_MAX))?;
    let phone = patch.phone.check(|text| phone("input.phone", text.as_deref()))?;
    let title = patch.title.check(|text| clean("input.title", text.as_deref(), NAME_MAX))?;
    let tx = domain.begin().await?;
    if patch.manager.is_set() {
        take_turn(&tx.db, Turn::LineOfCommand).await?;
    }
    let was = row::lock::<Entity>(domain, viewer, &tx, "input.id", id).await?;
    check_may_update(domain, viewer, &tx, id).await?;
    row::refuse_erased(was.erased_at)?;
    row::expect_version::<Entity>(&was, expected_version)?;
    let mut staff = was.clone();
    name.put(&mut staff.name);
    phone.put(&mut staff.phone);
    title.put(&mut staff.title);
    patch.manager.put(&mut staff.manager_id);
    patch.deputy.put(&mut staff.deputy_id);
    patch.away_from.put(&mut staff.away_from);
    patch.away_until.put(&mut staff.away_until);
    check_absence(&staff)?;
    if staff.deputy_id != was.deputy_id {
        check_deputy(domain, viewer, &tx, &staff).await?;
    }
    let moves = staff.manager_id != was.manager_id;
    if moves {
        check_manager(domain, viewer, &tx, &staff).await?;
    }
    let saved = row::save::<Entity>(domain, &tx, &was, staff).await?;
    if moves {
        tell_line(domain, &tx, id).await?;
    }
    tx.commit().await?;
    Ok(saved)
}

fn check_may_create(viewer: &Viewer, posted: bool) -> Result<()> {
    if viewer.holds_in_group(&[Role::Admin]) {
        return Ok(());
    }
    let appoints = |post: &super::Post| matches!(post.role, Role::ProjectHead | Role::Admin);
    if !viewer.posts.iter().any(appoints) {
        return Err(Refusal::forbidden("only a PROJECT_HEAD and ADMIN take staff on").into());
    }
    if !posted {
        let message = "say which post at your community they are to hold";
        return Err(Refusal::invalid("input.post", message).into());
    }
    Ok(())
}

pub(super) async fn check_may_update(
    domain: &Domain,
    viewer: &Viewer,
    tx: &Tx<'_>,
    id: StaffId,
) -> Result<()> {
    if viewer.holds_in_group(&[Role::Admin]) {
        return Ok(());
    }
    let posts = Posts::find().filter(PostColumn::StaffId.eq(id)).filter(post::not_over(domain.today()));
    let posts = posts.all(&tx.db).await?;
    let mut communities = posts.iter().filter_map(|post| post.community_id);
    if communities.any(|at| viewer.holds(&[Role::ProjectHead, Role::Admin], at)) {
        return Ok(());
    }
    let message = "only the PROJECT_HEAD of a community where they hold a post, and ADMIN, change staff";
    Err(Refusal::forbidden(message).into())
}

fn check_absence(staff: &Staff) -> Result<()> {
    match (staff.away_from, staff.away_until) {
        (None, Some(_)) => Err(Refusal::invalid("input.awayFrom", "say also from when they are away").into()),
        (Some(from), Some(until)) if until <= from => {
            let message = format!(
                "the absence ends at {}, which is not after its beginning at {}",
                until.to_rfc3339(),
                from.to_rfc3339()
            );
            Err(Refusal::invalid("input.awayUntil", message).into())
        }
        _ => Ok(()),
    }
}

async fn check_deputy(domain: &Domain, viewer: &Viewer, tx: &Tx<'_>, staff: &Staff) -> Result<()> {
    let deputy = row::find_named::<Entity>(domain, viewer, &tx.db, "input.deputyId", staff.deputy_id).await?;
    if deputy.is_some_and(|deputy| deputy.id == staff.id) {
        return Err(Refusal::invalid("input.deputyId", "nobody is their own deputy").into());
    }
    Ok(())
}

/// Nobody answers to themselves, over however many steps; nor chooses whom they answer to, as a complaint about a
/// superior is kept from those who answer to them.
async fn check_manager(domain: &Domain, viewer: &Viewer, tx: &Tx<'_>, staff: &Staff) -> Result<()> {
    if viewer.staff_id() == Some(staff.id) {
        return Err(
            Refusal::forbidden("nobody chooses their own line manager; a superior or ADMIN does").into()
        );
    }
    row::find_named::<Entity>(domain, viewer, &tx.db, "input.managerId", staff.manager_id).await?;
    let mut above = staff.manager_id;
    while let Some(manager) = above {
        if manager == staff.id {
            let message = "this person answers to them already, directly or through others";
            return Err(Refusal::invalid("input.managerId", message).into());
        }
        above = Entity::find_by_id(manager).one(&tx.db).await?.and_then(|row| row.manager_id);
    }
    Ok(())
}

/// Who answers to somebody, directly or through others, has other superiors now.
async fn tell_line(domain: &Domain, tx: &Tx<'_>, id: StaffId) -> Result<()> {
    let mut level = vec![id];
    while !level.is_empty() {
        for staff in &level {
            access_changed(domain, tx, Whose::Staff(*staff)).await?;
        }
        let below = Entity::find().filter(among(domain.db.backend(), Column::ManagerId, level));
        level = below.all(&tx.db).await?.into_iter().map(|row| row.id).collect();
    }
    Ok(())
}
