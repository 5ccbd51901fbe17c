//! Posts: the roles that staff hold, from a day to a day; who grants them, and how the roles stand to each other.

use chrono::NaiveDate;
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel,
    QueryFilter,
};

use super::audit::{self, Action, Note};
use super::event::{Whose, access_changed};
use super::{Domain, Once, Refusal, Result, Tx, Viewer, row, span};
use crate::base::id::{CommunityId, PostId, StaffId, TeamId};
use crate::storage::post::{Column, Entity};
use crate::storage::{community, staff, team};

pub use crate::storage::post::{Model as Post, Role};

/// What a post is to be.
#[derive(Clone, Copy, Debug)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Where; none, for roles of the group only: everywhere.
    pub community: Option<CommunityId>,
    /// The team that a WORKER belongs to.
    pub team: Option<TeamId>,
    /// The first day.
    pub from_on: NaiveDate,
    /// The last day; none: until further notice.
    pub to_on: Option<NaiveDate>,
}

/// Where a role stands in the chain of command; a complaint about somebody is handled above their rung, and nobody
/// grants a role at or above their own.
#[must_use]
pub fn rung(role: Role) -> u8 {
    match role {
        Role::FrontDesk | Role::Worker | Role::Assistant => 1,
        Role::Supervisor | Role::CenterSupervisor => 2,
        Role::ServiceManager => 3,
        Role::ProjectHead => 4,
        Role::GroupService => 5,
        Role::QualityOffice | Role::Executive | Role::Personnel | Role::Admin => 0,
    }
}

/// Whether a role is the group's: ADMIN alone grants it, and it may hold in every community.
#[must_use]
pub fn is_of_group(role: Role) -> bool {
    matches!(role, Role::GroupService | Role::QualityOffice | Role::Executive | Role::Personnel | Role::Admin)
}

/// Posts that are held on a day.
pub(super) fn held_on(day: NaiveDate) -> Condition {
    Condition::all().add(Column::FromOn.lte(day)).add(not_over(day))
}

/// Posts that are held on a day or will be.
pub(super) fn not_over(day: NaiveDate) -> Condition {
    Condition::any().add(Column::ToOn.is_null()).add(Column::ToOn.gte(day))
}

/// Gives a member of staff a role.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn grant(
    domain: &Domain,
    viewer: &Viewer,
    staff: StaffId,
    input: Grant,
    once: Option<&Once>,
) -> Result<Post> {
    row::find::<staff::Entity>(domain, viewer, domain.db.read(), "input.staffId", staff).await?;
    check(domain, viewer, "input", staff, &input).await?;
    let post = of(domain, staff, input);
    let tx = domain.begin().await?;
    if let Some(before) = tx.claim(viewer, once, post.id.uuid()).await? {
        return row::made_before::<Entity>(domain, viewer, &tx, before).await;
    }
    // Two who grant the same post at one moment come one after the other here.
    row::lock_open::<staff::Entity>(domain, viewer, &tx, "input.staffId", staff).await?;
    if let Some(team) = post.team_id {
        row::keep_open::<team::Entity>(&tx, "input.teamId", team).await?;
    }
    check_not_held(&tx, &post).await?;
    let made = insert(domain, &tx, viewer, post).await?;
    tx.commit().await?;
    Ok(made)
}

/// Ends a post; the day given is its last, and the day before its first withdraws it. One whose end is set already can
/// end sooner.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn end(domain: &Domain, viewer: &Viewer, id: PostId, to_on: NaiveDate) -> Result<Post> {
    let tx = domain.begin().await?;
    let was = row::lock::<Entity>(domain, viewer, &tx, "input.id", id).await?;
    check_may_appoint(viewer, was.staff_id, was.role, was.community_id)?;
    if let Some(last) = was.to_on.filter(|last| *last <= to_on || *last < domain.today()) {
        let message = format!("the post has an end already; its last day is {last}");
        return Err(Refusal::invalid("input.toOn", message).into());
    }
    // The day before its first withdraws it: what was granted by mistake is not held until midnight.
    if was.from_on.pred_opt() != Some(to_on) {
        span(("input.id", was.from_on), ("input.toOn", Some(to_on)))?;
    }
    let mut change = was.into_active_model();
    change.to_on = Set(Some(to_on));
    change.updated_at = Set(domain.clock.now());
    let saved = change.update(&tx.db).await?;
    tell(domain, &tx, &saved).await?;
    let withdrawn = saved.to_on.is_some_and(|last| last < saved.from_on);
    let action = if withdrawn { Action::PostWithdrawn } else { Action::PostEnded };
    audit::note(domain, &tx, viewer, noted(action, &saved)).await?;
    tx.commit().await?;
    Ok(saved)
}

/// Whether the viewer may grant this post, and whether it makes sense. `at` is where in the input it stands.
pub(super) async fn check(
    domain: &Domain,
    viewer: &Viewer,
    at: &str,
    person: StaffId,
    input: &Grant,
) -> Result<()> {
    let field = |name: &str| format!("{at}.{name}");
    span((&field("fromOn"), input.from_on), (&field("toOn"), input.to_on))?;
    let community = field("communityId");
    row::find_named::<community::Entity>(
        domain,
        viewer,
        domain.db.read(),
        community.as_str(),
        input.community,
    )
    .await?;
    let role = input.role.to_value();
    if input.community.is_none() && !is_of_group(input.role) {
        let message = format!("{role} is held at a community; name it");
        return Err(Refusal::invalid(community.as_str(), message).into());
    }
    check_may_appoint(viewer, person, input.role, input.community)?;
    let field = field("teamId");
    let team =
        row::find_named::<team::Entity>(domain, viewer, domain.db.read(), field.as_str(), input.team).await?;
    let message = match (input.role == Role::Worker, team) {
        (true, Some(team)) if Some(team.community_id) == input.community => return Ok(()),
        (true, Some(team)) => format!("the team {} is of another community", team.name),
        (true, None) => "a WORKER belongs to a team; name it".to_owned(),
        (false, Some(_)) => format!("only a WORKER belongs to a team; leave it out for {role}"),
        (false, None) => return Ok(()),
    };
    Err(Refusal::invalid(field.as_str(), message).into())
}

/// ADMIN appoints everywhere, a PROJECT_HEAD at their community below their own rung; nobody themselves.
pub(super) fn check_may_appoint(
    viewer: &Viewer,
    person: StaffId,
    role: Role,
    community: Option<CommunityId>,
) -> Result<()> {
    let name = role.to_value();
    if viewer.staff_id() == Some(person) {
        return Err(Refusal::forbidden("nobody grants or ends a role of their own").into());
    }
    let holds = |role| match community {
        Some(at) => viewer.holds(&[role], at),
        None => viewer.holds_in_group(&[role]),
    };
    if holds(Role::Admin) {
        return Ok(());
    }
    if is_of_group(role) {
        return Err(Refusal::forbidden(format!("{name} is granted and ended by ADMIN only")).into());
    }
    if !holds(Role::ProjectHead) {
        let message = "roles are granted and ended by the community's PROJECT_HEAD and by ADMIN";
        return Err(Refusal::forbidden(message).into());
    }
    if rung(role) >= rung(Role::ProjectHead) {
        let message = format!("{name} is not below your own rung; ADMIN grants and ends it");
        return Err(Refusal::forbidden(message).into());
    }
    Ok(())
}

/// The row of a post that is granted now.
pub(super) fn of(domain: &Domain, staff: StaffId, grant: Grant) -> Post {
    let now = domain.clock.now();
    Post {
        id: domain.clock.id(),
        staff_id: staff,
        role: grant.role,
        community_id: grant.community,
        team_id: grant.team,
        from_on: grant.from_on,
        to_on: grant.to_on,
        created_at: now,
        updated_at: now,
    }
}

async fn check_not_held(tx: &Tx<'_>, new: &Post) -> Result<()> {
    let here = match new.community_id {
        Some(at) => Column::CommunityId.eq(at),
        None => Column::CommunityId.is_null(),
    };
    let same = Entity::find()
        .filter(Column::StaffId.eq(new.staff_id))
        .filter(Column::Role.eq(new.role))
        .filter(here)
        .filter(not_over(new.from_on));
    let begun = new.to_on.map(|last| Column::FromOn.lte(last));
    let held = same.filter(Condition::all().add_option(begun)).one(&tx.db).await?;
    let Some(held) = held else {
        return Ok(());
    };
    let until = held.to_on.map(|last| format!(" until {last}")).unwrap_or_default();
    let (role, from) = (held.role.to_value(), held.from_on);
    let message = format!("they hold the role {role} here already, from {from}{until}");
    Err(Refusal::duplicate("input.role", message).into())
}

/// Writes a post, and tells whose rights it changes.
pub(super) async fn insert(domain: &Domain, tx: &Tx<'_>, viewer: &Viewer, post: Post) -> Result<Post> {
    let made = post.into_active_model().insert(&tx.db).await?;
    tell(domain, tx, &made).await?;
    audit::note(domain, tx, viewer, noted(Action::PostGranted, &made)).await?;
    Ok(made)
}

/// Ends a post of somebody who leaves, so that it is not held today any more. One that has not begun is withdrawn.
pub(super) async fn end_at_once(domain: &Domain, tx: &Tx<'_>, viewer: &Viewer, post: Post) -> Result<()> {
    let yesterday = domain.today().pred_opt();
    let to_on = std::cmp::min(yesterday, post.to_on.or(yesterday)).max(post.from_on.pred_opt());
    let mut change = post.into_active_model();
    change.to_on = Set(to_on);
    change.updated_at = Set(domain.clock.now());
    let saved = change.update(&tx.db).await?;
    audit::note(domain, tx, viewer, noted(Action::PostEnded, &saved)).await?;
    tell(domain, tx, &saved).await
}

/// The line of the audit trail about a post.
fn noted(action: Action, post: &Post) -> Note {
    let note = Note::of(action).at(post.community_id).about(post.staff_id).about(post.id);
    let note = note.with("role", post.role.to_value()).with("fromOn", post.from_on.to_string());
    match post.to_on {
        Some(last) => note.with("toOn", last.to_string()),
        None => note,
    }
}

/// The holder's rights have changed; and where the role has somebody to answer to it, so has what its people may know
/// of complaints about the holder.
async fn tell(domain: &Domain, tx: &Tx<'_>, post: &Post) -> Result<()> {
    let mut touched = vec![post.staff_id];
    if rung(post.role) > 1 {
        let here = post.community_id.map(|at| Column::CommunityId.eq(at));
        let colleagues = Entity::find()
            .filter(Condition::all().add_option(here))
            .filter(not_over(domain.today()))
            .all(&tx.db)
            .await?;
        touched.extend(colleagues.into_iter().map(|colleague| colleague.staff_id));
    }
    touched.sort();
    touched.dedup();
    for staff in touched {
        access_changed(domain, tx, Whose::Staff(staff)).await?;
    }
    Ok(())
}
