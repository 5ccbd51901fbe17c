//! What is in the register ends: a building, an entrance, a unit, an occupant, a team, a member of staff. It is kept,
//! and left out of lists. While something open hangs on it, it cannot end; the refusal says what.

mod hanging;

use sea_orm::sea_query::{SelectStatement, Value};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, ModelTrait,
    QueryFilter, QuerySelect, Select,
};

use super::event::{Whose, access_changed};
use super::row::{Closes, Versioned};
use super::{Domain, Refusal, Result, Tx, Viewer, occupancy, occupant, post, register, row, staff, team};
use crate::base::id::{BuildingId, EntranceId, FacilityId, OccupantId, StaffId, TeamId, UnitId};
use crate::storage::ticket::Column as TicketColumn;
use crate::storage::{
    account, building, charge, checkpoint, entrance, facility, occupancy as occupancies,
    occupant as occupants, patrol, patrol_plan, post as posts, session, spot_check, staff as people,
    team as teams, unit, work_order,
};
use hanging::Hanging;

/// Closes a building without units, entrances, facilities, charges or open tickets, in which nothing is inspected.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn building(
    domain: &Domain,
    viewer: &Viewer,
    id: BuildingId,
    expected_version: Option<i32>,
) -> Result<building::Model> {
    let tx = domain.begin().await?;
    let was = row::lock::<building::Entity>(domain, viewer, &tx, "input.id", id).await?;
    if !register::may_change_all(viewer, was.community_id) {
        let message = "you may not close a building here; the community's supervisors, managers and ADMIN do";
        return Err(Refusal::forbidden(message).into());
    }
    check_open::<building::Entity>(&was, expected_version)?;
    let units =
        unit::Entity::find().filter(unit::Column::BuildingId.eq(id)).filter(unit::Column::ClosedAt.is_null());
    let entrances = entrance::Entity::find()
        .filter(entrance::Column::BuildingId.eq(id))
        .filter(entrance::Column::ClosedAt.is_null());
    let facilities = facility::Entity::find()
        .filter(facility::Column::BuildingId.eq(id))
        .filter(facility::Column::ClosedAt.is_null());
    let in_charge = charge::Entity::find()
        .filter(charge::Column::BuildingId.eq(id))
        .filter(charge::Column::ClosedAt.is_null());
    let in_charge = people::Entity::find()
        .filter(people::Column::Id.in_subquery(only(in_charge, charge::Column::StaffId)));
    let mut hanging = Hanging::on(domain, viewer, &tx);
    hanging.name("units", units, unit::Column::Number).await?;
    hanging.name("entrances", entrances, entrance::Column::Name).await?;
    hanging.name("facilities", facilities, facility::Column::Name).await?;
    hanging.name("in the charge of", in_charge, people::Column::Name).await?;
    hanging.tickets(TicketColumn::BuildingId.eq(id)).await?;
    hanging.plans(patrol_plan::Column::BuildingId.eq(id)).await?;
    hanging.checkpoints(checkpoint::Column::BuildingId.eq(id)).await?;
    hanging.patrols(patrol::Column::BuildingId.eq(id)).await?;
    hanging.rectifications(spot_check::Column::BuildingId.eq(id)).await?;
    hanging.check(&was.name)?;
    finish::<building::Entity>(domain, tx, was).await
}

/// Closes an entrance without units.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn entrance(
    domain: &Domain,
    viewer: &Viewer,
    id: EntranceId,
    expected_version: Option<i32>,
) -> Result<entrance::Model> {
    let tx = domain.begin().await?;
    let was = row::lock::<entrance::Entity>(domain, viewer, &tx, "input.id", id).await?;
    register::check_may_change(viewer, was.community_id, Some(was.building_id))?;
    check_open::<entrance::Entity>(&was, expected_version)?;
    let units =
        unit::Entity::find().filter(unit::Column::EntranceId.eq(id)).filter(unit::Column::ClosedAt.is_null());
    let mut hanging = Hanging::on(domain, viewer, &tx);
    hanging.name("units", units, unit::Column::Number).await?;
    hanging.check(&was.name)?;
    finish::<entrance::Entity>(domain, tx, was).await
}

/// Closes a facility.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn facility(
    domain: &Domain,
    viewer: &Viewer,
    id: FacilityId,
    expected_version: Option<i32>,
) -> Result<facility::Model> {
    let tx = domain.begin().await?;
    let was = row::lock::<facility::Entity>(domain, viewer, &tx, "input.id", id).await?;
    register::check_may_change(viewer, was.community_id, was.building_id)?;
    check_open::<facility::Entity>(&was, expected_version)?;
    finish::<facility::Entity>(domain, tx, was).await
}

/// Closes a unit that nobody lives in or will, without open tickets or checkpoints.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn unit(
    domain: &Domain,
    viewer: &Viewer,
    id: UnitId,
    expected_version: Option<i32>,
) -> Result<unit::Model> {
    let tx = domain.begin().await?;
    let was = row::lock::<unit::Entity>(domain, viewer, &tx, "input.id", id).await?;
    register::check_may_change(viewer, was.community_id, was.building_id)?;
    check_open::<unit::Entity>(&was, expected_version)?;
    let living = occupancies::Entity::find()
        .filter(occupancies::Column::UnitId.eq(id))
        .filter(occupancy::not_over(domain.today()));
    let living = occupants::Entity::find()
        .filter(occupants::Column::Id.in_subquery(only(living, occupancies::Column::OccupantId)));
    let mut hanging = Hanging::on(domain, viewer, &tx);
    hanging.name("occupants", living, occupants::Column::Name).await?;
    hanging.tickets(TicketColumn::UnitId.eq(id)).await?;
    hanging.checkpoints(checkpoint::Column::UnitId.eq(id)).await?;
    hanging.check(&was.number)?;
    finish::<unit::Entity>(domain, tx, was).await
}

/// Closes an occupant who lives nowhere and has no open tickets; their account ends with them, unless they work here.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn occupant(
    domain: &Domain,
    viewer: &Viewer,
    id: OccupantId,
    expected_version: Option<i32>,
) -> Result<occupants::Model> {
    occupant::check_may_update(domain, viewer, id).await?;
    let tx = domain.begin().await?;
    let was = row::lock::<occupants::Entity>(domain, viewer, &tx, "input.id", id).await?;
    check_open::<occupants::Entity>(&was, expected_version)?;
    let lived_in = occupancies::Entity::find()
        .filter(occupancies::Column::OccupantId.eq(id))
        .filter(occupancy::not_over(domain.today()));
    let lived_in = unit::Entity::find()
        .filter(unit::Column::Id.in_subquery(only(lived_in, occupancies::Column::UnitId)));
    let mut hanging = Hanging::on(domain, viewer, &tx);
    hanging.name("units", lived_in, unit::Column::Number).await?;
    hanging.tickets(TicketColumn::ReporterId.eq(id)).await?;
    hanging.check(&was.name)?;
    let own =
        Condition::all().add(account::Column::OccupantId.eq(id)).add(account::Column::StaffId.is_null());
    end_account(domain, &tx, own).await?;
    access_changed(domain, &tx, Whose::Occupant(id)).await?;
    finish::<occupants::Entity>(domain, tx, was).await
}

/// Closes a team without members, work orders to do or things to put right.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn team(
    domain: &Domain,
    viewer: &Viewer,
    id: TeamId,
    expected_version: Option<i32>,
) -> Result<teams::Model> {
    let tx = domain.begin().await?;
    let was = row::lock::<teams::Entity>(domain, viewer, &tx, "input.id", id).await?;
    team::check_may_set_up(viewer, was.community_id)?;
    check_open::<teams::Entity>(&was, expected_version)?;
    let members =
        posts::Entity::find().filter(posts::Column::TeamId.eq(id)).filter(post::not_over(domain.today()));
    let members =
        people::Entity::find().filter(people::Column::Id.in_subquery(only(members, posts::Column::StaffId)));
    let mut hanging = Hanging::on(domain, viewer, &tx);
    hanging.name("members", members, people::Column::Name).await?;
    hanging.orders(work_order::Column::TeamId.eq(id)).await?;
    hanging.rectifications(spot_check::Column::TeamId.eq(id)).await?;
    hanging.check(&was.name)?;
    if let Some(lead) = was.lead_id {
        access_changed(domain, &tx, Whose::Staff(lead)).await?;
    }
    finish::<teams::Entity>(domain, tx, was).await
}

/// Somebody leaves who owns no open ticket, has no work order to do, leads no team and is named in no patrol plan. Their
/// posts, charges and patrols under way end at once, and their account, unless they live here.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn staff(
    domain: &Domain,
    viewer: &Viewer,
    id: StaffId,
    expected_version: Option<i32>,
) -> Result<people::Model> {
    let tx = domain.begin().await?;
    let was = row::lock::<people::Entity>(domain, viewer, &tx, "input.id", id).await?;
    staff::check_may_update(domain, viewer, &tx, id).await?;
    let held = posts::Entity::find()
        .filter(posts::Column::StaffId.eq(id))
        .filter(post::not_over(domain.today()))
        .all(&tx.db)
        .await?;
    for post in &held {
        post::check_may_appoint(viewer, id, post.role, post.community_id)?;
    }
    check_open::<people::Entity>(&was, expected_version)?;
    let led =
        teams::Entity::find().filter(teams::Column::LeadId.eq(id)).filter(teams::Column::ClosedAt.is_null());
    let mut hanging = Hanging::on(domain, viewer, &tx);
    hanging.tickets(TicketColumn::OwnerId.eq(id)).await?;
    hanging.orders(work_order::Column::WorkerId.eq(id)).await?;
    hanging.name("lead of", led, teams::Column::Name).await?;
    // A plan that names them is given to somebody else first: left to itself it would fall to assistants who do not know.
    hanging.plans(patrol_plan::Column::StaffId.eq(id)).await?;
    hanging.check(&was.name)?;
    for post in held {
        post::end_at_once(domain, &tx, viewer, post).await?;
    }
    end_charges(domain, &tx, id).await?;
    give_up_patrols(domain, &tx, id).await?;
    let own =
        Condition::all().add(account::Column::StaffId.eq(id)).add(account::Column::OccupantId.is_null());
    end_account(domain, &tx, own).await?;
    access_changed(domain, &tx, Whose::Staff(id)).await?;
    finish::<people::Entity>(domain, tx, was).await
}

fn check_open<E: Closes + Versioned>(row: &<E as EntityTrait>::Model, expected: Option<i32>) -> Result<()> {
    row::expect_version::<E>(row, expected)?;
    match row.get(E::CLOSED_AT) {
        Value::ChronoDateTimeUtc(Some(at)) => {
            let message = format!("it was closed at {} already", at.to_rfc3339());
            Err(Refusal::invalid("input.id", message).into())
        }
        _ => Ok(()),
    }
}

async fn finish<E: Closes + Versioned>(
    domain: &Domain,
    tx: Tx<'_>,
    was: <E as EntityTrait>::Model,
) -> Result<<E as EntityTrait>::Model>
where
    <E as EntityTrait>::Model: Clone,
{
    let mut row = was.clone();
    row.set(E::CLOSED_AT, domain.clock.now().into());
    let saved = row::save::<E>(domain, &tx, &was, row).await?;
    tx.commit().await?;
    Ok(saved)
}

async fn end_charges(domain: &Domain, tx: &Tx<'_>, staff: StaffId) -> Result<()> {
    let held = charge::Entity::find()
        .filter(charge::Column::StaffId.eq(staff))
        .filter(charge::Column::ClosedAt.is_null());
    for row in held.all(&tx.db).await? {
        let mut change = row.into_active_model();
        change.closed_at = Set(Some(domain.clock.now()));
        change.update(&tx.db).await?;
    }
    Ok(())
}

/// Gives up the patrols that somebody is walking: nobody else can finish them.
async fn give_up_patrols(domain: &Domain, tx: &Tx<'_>, staff: StaffId) -> Result<()> {
    let walked = patrol::Entity::find().filter(patrol::Column::StaffId.eq(staff)).filter(patrol::under_way());
    for was in walked.all(&tx.db).await? {
        let given_up = patrol::Model { state: patrol::State::Abandoned, ..was.clone() };
        row::save::<patrol::Entity>(domain, tx, &was, given_up).await?;
    }
    Ok(())
}

/// Ends an account with its sessions; the sockets close with the event.
async fn end_account(domain: &Domain, tx: &Tx<'_>, whose: Condition) -> Result<()> {
    let now = domain.clock.now();
    let found =
        account::Entity::find().filter(whose).filter(account::Column::ClosedAt.is_null()).one(&tx.db).await?;
    let Some(found) = found else { return Ok(()) };
    let (id, version) = (found.id, found.version);
    let mut change = found.into_active_model();
    change.closed_at = Set(Some(now));
    change.updated_at = Set(now);
    change.version = Set(version + 1);
    change.update(&tx.db).await?;
    let live = session::Entity::find()
        .filter(session::Column::AccountId.eq(id))
        .filter(session::Column::EndedAt.is_null());
    for row in live.all(&tx.db).await? {
        let mut change = row.into_active_model();
        change.ended_at = Set(Some(now));
        change.end_reason = Set(Some("the account was closed".to_owned()));
        change.update(&tx.db).await?;
    }
    access_changed(domain, tx, Whose::Account(id)).await
}

fn only<E: EntityTrait>(select: Select<E>, column: E::Column) -> SelectStatement {
    QuerySelect::query(&mut select.select_only().column(column)).take()
}
