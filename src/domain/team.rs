//! Teams (部门、班组) of communities.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    Select,
};

use super::event::{Whose, access_changed};
use super::list::listed;
use super::{Change, Domain, NAME_MAX, Once, Refusal, Result, Tx, Viewer, post, required, row};
use crate::base::id::{CommunityId, StaffId, TeamId};
use crate::storage::post::{Column as PostColumn, Entity as Posts, Role};
use crate::storage::team::{Column, Entity};
use crate::storage::{among, community, contains, staff};

pub use crate::storage::team::{Kind, Model as Team};

/// Those who set up a community's teams.
const SETS_UP: [Role; 4] = [Role::CenterSupervisor, Role::ServiceManager, Role::ProjectHead, Role::Admin];

/// Which teams; every part that is set narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of one of these communities.
    pub communities: Option<Vec<CommunityId>>,
    /// Of one of these kinds.
    pub kinds: Option<Vec<Kind>>,
    /// With this in their name.
    pub search: Option<String>,
    /// Also those that are closed.
    pub include_closed: bool,
}

/// What a new team is.
#[derive(Clone, Debug)]
pub struct New {
    /// The community it belongs to.
    pub community: CommunityId,
    /// What it does.
    pub kind: Kind,
    /// Its name, unique in the community.
    pub name: String,
    /// Who leads it; staff with a post there.
    pub lead: Option<StaffId>,
    /// Whether it is an outside contractor (外单位).
    pub contractor: bool,
}

/// What is to become of a team.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    /// What it does.
    pub kind: Change<Kind>,
    /// Its name.
    pub name: Change<String>,
    /// Who leads it; staff with a post there.
    pub lead: Change<Option<StaffId>>,
    /// Whether it is an outside contractor.
    pub contractor: Change<bool>,
}

listed! {
    /// By its name.
    Name => Name,
    /// By when it was made.
    Created => CreatedAt,
}

fn visible(domain: &Domain, viewer: &Viewer, filter: &Filter) -> Select<Entity> {
    let backend = domain.db.backend();
    let search = filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let communities =
        filter.communities.as_ref().map(|ids| among(backend, Column::CommunityId, ids.iter().copied()));
    let narrowed = Condition::all()
        .add_option(communities)
        .add_option(filter.kinds.as_ref().map(|kinds| Column::Kind.is_in(kinds.iter().copied())))
        .add_option(search.map(|text| contains(Column::Name, text)))
        .add_option((!filter.include_closed).then(|| Column::ClosedAt.is_null()));
    Entity::visible_to(&viewer.scope, backend).filter(narrowed)
}

/// Sets up a team.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn create(domain: &Domain, viewer: &Viewer, input: New, once: Option<&Once>) -> Result<Team> {
    let name = required("input.name", &input.name, NAME_MAX)?;
    let community = row::find::<community::Entity>(
        domain,
        viewer,
        domain.db.read(),
        "input.communityId",
        input.community,
    )
    .await?;
    check_may_set_up(viewer, community.id)?;
    check_lead(domain, viewer, domain.db.read(), community.id, input.lead).await?;
    let now = domain.clock.now();
    let team = Team {
        id: domain.clock.id(),
        community_id: community.id,
        kind: input.kind,
        name,
        lead_id: input.lead,
        contractor: input.contractor,
        created_at: now,
        updated_at: now,
        closed_at: None,
        version: 1,
    };
    let tx = domain.begin().await?;
    if let Some(before) = tx.claim(viewer, once, team.id.uuid()).await? {
        return row::made_before::<Entity>(domain, viewer, &tx, before).await;
    }
    let message = named_twice(&team.name);
    let made = team.into_active_model().insert(&tx.db).await;
    let made = made.map_err(row::taken("input.name", message))?;
    if let Some(lead) = made.lead_id {
        access_changed(domain, &tx, Whose::Staff(lead)).await?;
    }
    tx.commit().await?;
    Ok(made)
}

/// Changes a team.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn update(
    domain: &Domain,
    viewer: &Viewer,
    id: TeamId,
    expected_version: Option<i32>,
    patch: Patch,
) -> Result<Team> {
    let name = patch.name.check(|name| required("input.name", &name, NAME_MAX))?;
    let tx = domain.begin().await?;
    let was = row::lock::<Entity>(domain, viewer, &tx, "input.id", id).await?;
    check_may_set_up(viewer, was.community_id)?;
    row::expect_version::<Entity>(&was, expected_version)?;
    let mut team = was.clone();
    patch.kind.put(&mut team.kind);
    name.put(&mut team.name);
    patch.lead.put(&mut team.lead_id);
    patch.contractor.put(&mut team.contractor);
    let leads_anew = team.lead_id != was.lead_id;
    if leads_anew {
        check_lead(domain, viewer, &tx.db, team.community_id, team.lead_id).await?;
    }
    let message = named_twice(&team.name);
    let saved = row::save::<Entity>(domain, &tx, &was, team).await;
    let saved = saved.map_err(row::taken("input.name", message))?;
    if leads_anew {
        tell_team(domain, &tx, &was, &saved).await?;
    }
    tx.commit().await?;
    Ok(saved)
}

pub(super) fn check_may_set_up(viewer: &Viewer, community: CommunityId) -> Result<()> {
    if viewer.holds(&SETS_UP, community) {
        return Ok(());
    }
    let message = "you may not set up teams here; the community's CENTER_SUPERVISOR, SERVICE_MANAGER, \
                   PROJECT_HEAD and ADMIN do";
    Err(Refusal::forbidden(message).into())
}

async fn check_lead(
    domain: &Domain,
    viewer: &Viewer,
    db: &impl ConnectionTrait,
    community: CommunityId,
    lead: Option<StaffId>,
) -> Result<()> {
    let Some(lead) = row::find_named::<staff::Entity>(domain, viewer, db, "input.leadId", lead).await? else {
        return Ok(());
    };
    let posted = Posts::find()
        .filter(PostColumn::StaffId.eq(lead.id))
        .filter(PostColumn::CommunityId.eq(community))
        .filter(post::not_over(domain.today()));
    if row::any(db, posted).await? {
        return Ok(());
    }
    let message = format!("{} holds no post at this community; a team's lead works there", lead.name);
    Err(Refusal::invalid("input.leadId", message).into())
}

/// The leads see what the team has, or no longer; its members answer to somebody else.
async fn tell_team(domain: &Domain, tx: &Tx<'_>, was: &Team, team: &Team) -> Result<()> {
    let members = Posts::find().filter(PostColumn::TeamId.eq(team.id)).filter(post::not_over(domain.today()));
    let members = members.all(&tx.db).await?.into_iter().map(|post| post.staff_id);
    let mut touched = members.chain(was.lead_id).chain(team.lead_id).collect::<Vec<_>>();
    touched.sort();
    touched.dedup();
    for staff in touched {
        access_changed(domain, tx, Whose::Staff(staff)).await?;
    }
    Ok(())
}

fn named_twice(name: &str) -> impl FnOnce() -> String + use<> {
    let name = name.to_owned();
    move || format!("there is a team {name} in this community already")
}
