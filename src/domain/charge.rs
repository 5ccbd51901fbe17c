//! Charges: the buildings in an assistant's care (分管楼宇).

use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::audit::{self, Action, Note};
use super::event::{Whose, access_changed};
use super::{Domain, Once, Refusal, Result, Viewer, post, row};
use crate::base::id::{BuildingId, ChargeId, CommunityId, StaffId};
use crate::storage::charge::Entity;
use crate::storage::post::{Column as PostColumn, Entity as Posts, Role};
use crate::storage::{building, staff};

pub use crate::storage::charge::Model as Charge;

/// Those who give assistants their buildings.
const GIVES_CHARGE: [Role; 4] =
    [Role::Supervisor, Role::CenterSupervisor, Role::ServiceManager, Role::ProjectHead];

/// Gives a building into an assistant's charge.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn grant(
    domain: &Domain,
    viewer: &Viewer,
    staff: StaffId,
    building: BuildingId,
    once: Option<&Once>,
) -> Result<Charge> {
    let building =
        row::find::<building::Entity>(domain, viewer, domain.db.read(), "input.buildingId", building).await?;
    let person = row::find::<staff::Entity>(domain, viewer, domain.db.read(), "input.staffId", staff).await?;
    check_may_give(viewer, building.community_id)?;
    check_assists(domain, &person, building.community_id).await?;
    let charge = Charge {
        id: domain.clock.id(),
        community_id: building.community_id,
        staff_id: person.id,
        building_id: building.id,
        created_at: domain.clock.now(),
        closed_at: None,
    };
    let tx = domain.begin().await?;
    if let Some(before) = tx.claim(viewer, once, charge.id.uuid()).await? {
        return row::made_before::<Entity>(domain, viewer, &tx, before).await;
    }
    row::keep_open::<building::Entity>(&tx, "input.buildingId", charge.building_id).await?;
    row::keep_open::<staff::Entity>(&tx, "input.staffId", charge.staff_id).await?;
    let message = || format!("{} is in {}'s charge already", building.name, person.name);
    let made = charge.into_active_model().insert(&tx.db).await;
    let made = made.map_err(row::taken("input.buildingId", message))?;
    access_changed(domain, &tx, Whose::Staff(made.staff_id)).await?;
    audit::note(domain, &tx, viewer, noted(Action::ChargeGranted, &made)).await?;
    tx.commit().await?;
    Ok(made)
}

/// Takes a building out of somebody's charge.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn end(domain: &Domain, viewer: &Viewer, id: ChargeId) -> Result<Charge> {
    let tx = domain.begin().await?;
    let was = row::lock::<Entity>(domain, viewer, &tx, "input.id", id).await?;
    check_may_give(viewer, was.community_id)?;
    if let Some(closed) = was.closed_at {
        let message = format!("the charge ended at {} already", closed.to_rfc3339());
        return Err(Refusal::invalid("input.id", message).into());
    }
    let mut change = was.into_active_model();
    change.closed_at = Set(Some(domain.clock.now()));
    let saved = change.update(&tx.db).await?;
    access_changed(domain, &tx, Whose::Staff(saved.staff_id)).await?;
    audit::note(domain, &tx, viewer, noted(Action::ChargeEnded, &saved)).await?;
    tx.commit().await?;
    Ok(saved)
}

/// The line of the audit trail about a charge.
fn noted(action: Action, charge: &Charge) -> Note {
    Note::of(action).at(charge.community_id).about(charge.staff_id).about(charge.building_id)
}

fn check_may_give(viewer: &Viewer, community: CommunityId) -> Result<()> {
    if viewer.holds(&GIVES_CHARGE, community) {
        return Ok(());
    }
    let message =
        "you may not change who is in charge of a building; the community's supervisors and managers do";
    Err(Refusal::forbidden(message).into())
}

async fn check_assists(domain: &Domain, person: &staff::Model, community: CommunityId) -> Result<()> {
    let assists = Posts::find()
        .filter(PostColumn::StaffId.eq(person.id))
        .filter(PostColumn::Role.eq(Role::Assistant))
        .filter(PostColumn::CommunityId.eq(community))
        .filter(post::not_over(domain.today()));
    if row::any(domain.db.read(), assists).await? {
        return Ok(());
    }
    let message = format!("{} is no ASSISTANT at this community; grant that post first", person.name);
    Err(Refusal::invalid("input.staffId", message).into())
}
