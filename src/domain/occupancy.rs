//! Occupancies: who is in which unit, as what, from a day to a day.

use chrono::NaiveDate;
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel,
    QueryFilter,
};

use super::event::{Whose, access_changed};
use super::{Domain, Once, Refusal, Result, Tx, Viewer, register, row, span};
use crate::base::id::{OccupancyId, OccupantId, UnitId};
use crate::storage::occupancy::{Column, Entity};
use crate::storage::{occupant, unit};

pub use crate::storage::occupancy::{Kind, Model as Occupancy};

/// Who moves in where.
#[derive(Clone, Copy, Debug)]
pub struct MoveIn {
    /// The unit.
    pub unit: UnitId,
    /// The occupant.
    pub occupant: OccupantId,
    /// As what.
    pub kind: Kind,
    /// The first day.
    pub from_on: NaiveDate,
}

/// Occupancies that are held on a day.
pub(super) fn held_on(day: NaiveDate) -> Condition {
    Condition::all().add(Column::FromOn.lte(day)).add(not_over(day))
}

/// Occupancies that are held on a day or will be.
pub(super) fn not_over(day: NaiveDate) -> Condition {
    Condition::any().add(Column::ToOn.is_null()).add(Column::ToOn.gte(day))
}

/// Ties an occupant to a unit from a day on.
///
/// # Errors
/// When it is refused, above all when they are there already, or the database fails.
pub async fn move_in(
    domain: &Domain,
    viewer: &Viewer,
    input: MoveIn,
    once: Option<&Once>,
) -> Result<Occupancy> {
    span(("input.fromOn", input.from_on), ("input.toOn", None))?;
    let unit =
        row::find::<unit::Entity>(domain, viewer, domain.db.read(), "input.unitId", input.unit).await?;
    let person =
        row::find::<occupant::Entity>(domain, viewer, domain.db.read(), "input.occupantId", input.occupant)
            .await?;
    register::check_may_change(viewer, unit.community_id, unit.building_id)?;
    let now = domain.clock.now();
    let occupancy = Occupancy {
        id: domain.clock.id(),
        community_id: unit.community_id,
        unit_id: unit.id,
        occupant_id: person.id,
        kind: input.kind,
        from_on: input.from_on,
        to_on: None,
        created_at: now,
        updated_at: now,
    };
    let tx = domain.begin().await?;
    if let Some(before) = tx.claim(viewer, once, occupancy.id.uuid()).await? {
        return row::made_before::<Entity>(domain, viewer, &tx, before).await;
    }
    // Two who move the same person in at one moment come one after the other here.
    row::lock::<unit::Entity>(domain, viewer, &tx, "input.unitId", unit.id).await?;
    check_not_there(&tx, &occupancy, &person.name, &unit.number).await?;
    let made = occupancy.into_active_model().insert(&tx.db).await?;
    tell_household(domain, &tx, &made).await?;
    tx.commit().await?;
    Ok(made)
}

/// Ends an occupancy; the day given is its last.
///
/// # Errors
/// When it is refused, above all when it has ended already, or the database fails.
pub async fn move_out(
    domain: &Domain,
    viewer: &Viewer,
    id: OccupancyId,
    to_on: NaiveDate,
) -> Result<Occupancy> {
    let tx = domain.begin().await?;
    let was = row::lock::<Entity>(domain, viewer, &tx, "input.id", id).await?;
    let unit = unit::Entity::find_by_id(was.unit_id).one(&tx.db).await?;
    let building = unit.and_then(|unit| unit.building_id);
    register::check_may_change(viewer, was.community_id, building)?;
    if let Some(last) = was.to_on {
        let message = format!("they have moved out already; their last day is {last}");
        return Err(Refusal::invalid("input.id", message).into());
    }
    span(("input.id", was.from_on), ("input.toOn", Some(to_on)))?;
    let mut change = was.into_active_model();
    change.to_on = Set(Some(to_on));
    change.updated_at = Set(domain.clock.now());
    let saved = change.update(&tx.db).await?;
    tell_household(domain, &tx, &saved).await?;
    tx.commit().await?;
    Ok(saved)
}

async fn check_not_there(tx: &Tx<'_>, new: &Occupancy, name: &str, number: &str) -> Result<()> {
    let there = Entity::find()
        .filter(Column::UnitId.eq(new.unit_id))
        .filter(Column::OccupantId.eq(new.occupant_id))
        .filter(Column::Kind.eq(new.kind))
        .filter(not_over(new.from_on));
    let Some(there) = there.one(&tx.db).await? else {
        return Ok(());
    };
    let until = there.to_on.map(|last| format!(" until {last}")).unwrap_or_default();
    let (kind, from) = (there.kind.to_value(), there.from_on);
    let message = format!("{name} is in unit {number} as {kind} already, from {from}{until}");
    Err(Refusal::duplicate("input.occupantId", message).into())
}

/// What the occupant sees changes, and what those see who live with them.
async fn tell_household(domain: &Domain, tx: &Tx<'_>, changed: &Occupancy) -> Result<()> {
    let there = Entity::find().filter(Column::UnitId.eq(changed.unit_id)).filter(not_over(domain.today()));
    let mut household = there.all(&tx.db).await?.into_iter().map(|row| row.occupant_id).collect::<Vec<_>>();
    household.push(changed.occupant_id);
    household.sort();
    household.dedup();
    for occupant in household {
        access_changed(domain, tx, Whose::Occupant(occupant)).await?;
    }
    Ok(())
}
