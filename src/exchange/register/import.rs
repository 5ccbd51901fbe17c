//! Writes the register's rows, a batch at a time: places first, then units, then people and where they live.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_orm::{ActiveEnum, DatabaseTransaction, DbErr};

use super::people::People;
use super::row::{Row, UnitPart};
use crate::base::Scope;
use crate::base::id::OccupantId;
use crate::domain::sla::Clocks;
use crate::domain::{BuildingKind, Community, Domain, Tx, Unit, UnitUsage};
use crate::exchange::places::{BuildingPart, CommunityPart, Places};
use crate::exchange::refusal::{Refused, Why};
use crate::exchange::report::{Noun, Report};
use crate::exchange::run::Job;
use crate::exchange::units::{self, Key};
use crate::storage::{insert_many, unit, update};

/// An import of the register as it goes on.
pub(in crate::exchange) struct Import<'a> {
    pub(super) domain: &'a Domain,
    pub(super) scope: &'a Scope,
    pub(super) job: &'a Job<'a>,
    pub(super) now: DateTime<Utc>,
    pub(super) places: Places<'a>,
    /// Whom a row has named by their reference: another row may not call them otherwise.
    pub(super) named: HashSet<OccupantId>,
    pub(super) report: Report,
}

/// A row whose place is known.
pub(super) struct Placed {
    pub(super) row: Row,
    pub(super) community: Arc<Community>,
    pub(super) key: Option<Key>,
    usage: UnitUsage,
}

/// The units of a batch, as they will be.
#[derive(Default)]
pub(super) struct Units {
    by_key: HashMap<Key, Unit>,
    /// Those that are made.
    new: HashSet<Key>,
    /// Those that were there, each as it was.
    was: HashMap<Key, Unit>,
}

impl Import<'_> {
    /// Writes a batch.
    pub(super) async fn write_batch(&mut self, tx: &Tx<'_>, rows: Vec<Row>) -> crate::domain::Result<()> {
        let mut placed = Vec::with_capacity(rows.len());
        for row in rows {
            match self.place(&tx.db, &row).await? {
                Ok((community, key, usage)) => placed.push(Placed { row, community, key, usage }),
                Err((column, why)) => self.refuse(row.line, column, &row, why),
            }
        }
        let keys = placed.iter().filter_map(|placed| placed.key.clone());
        let mut units = Units { by_key: units::load(&tx.db, self.scope, keys).await?, ..Units::default() };
        let placed = self.in_open_units(placed, &units);
        for placed in &placed {
            if let (Some(key), Some(part)) = (&placed.key, &placed.row.unit) {
                units.take(self, key, part, placed.usage);
            }
        }
        units.write(self, tx).await?;
        let mut people = People::load(self, tx, &placed, &units).await?;
        for placed in &placed {
            let unit = placed.key.as_ref().and_then(|key| units.by_key.get(key));
            if let Err((column, why)) = people.take(self, placed, unit) {
                self.refuse(placed.row.line, column, &placed.row, why);
            }
        }
        people.write(self, tx).await
    }

    /// The rows but those of units that were closed.
    fn in_open_units(&mut self, placed: Vec<Placed>, units: &Units) -> Vec<Placed> {
        let mut open = Vec::with_capacity(placed.len());
        for placed in placed {
            let unit = placed.key.as_ref().and_then(|key| units.get(key));
            match unit.and_then(|unit| unit.closed_at) {
                Some(at) => {
                    let why = Why::closed(Clocks::of(&placed.community).day(at));
                    self.refuse(placed.row.line, "unit", &placed.row, why);
                }
                None => open.push(placed),
            }
        }
        open
    }

    /// Where a row is. A refusal names the column.
    async fn place(
        &mut self,
        tx: &DatabaseTransaction,
        row: &Row,
    ) -> Result<Result<(Arc<Community>, Option<Key>, UnitUsage), (&'static str, Why)>, DbErr> {
        let part = CommunityPart {
            code: row.community.as_deref().or(self.job.options.community.as_deref()).unwrap_or_default(),
            name: row.community_name.as_deref(),
            time_zone: row.time_zone.as_deref(),
        };
        let may_make = self.job.who.may_make_communities;
        let community = match self.places.community(tx, part, may_make, &mut self.report).await? {
            Ok(community) => community,
            Err(why) => return Ok(Err(("community", why))),
        };
        let usage = row.unit.as_ref().and_then(|unit| unit.usage);
        let (mut building, mut entrance) = (None, None);
        if let Some(name) = &row.building {
            let part = BuildingPart { name, kind: row.building_kind, address: row.address.as_deref(), usage };
            let found = match self.places.building(tx, community.id, part, true, &mut self.report).await? {
                Ok(found) => found,
                Err(why) => return Ok(Err(("building", why))),
            };
            if let Some(name) = &row.entrance {
                entrance = match self.places.entrance(tx, &found, name, true, &mut self.report).await? {
                    Ok(found) => Some(found),
                    Err(why) => return Ok(Err(("entrance", why))),
                };
            }
            building = Some(found);
        }
        let usage = usage.unwrap_or(match building.as_ref().map(|building| building.kind) {
            Some(BuildingKind::Office) => UnitUsage::Office,
            Some(BuildingKind::Retail) | None => UnitUsage::Shop,
            Some(BuildingKind::Residential | BuildingKind::Mixed) => UnitUsage::Residence,
        });
        let key = row.unit.as_ref().map(|unit| Key {
            community: community.id,
            building: building.as_ref().map(|building| building.id),
            entrance,
            number: unit.number.clone(),
        });
        Ok(Ok((community, key, usage)))
    }

    fn refuse(&mut self, line: u64, column: &str, row: &Row, why: Why) {
        let value = row.said(column);
        self.report.refuse([Refused::cell(line, self.job.layout.column(column), &value, why)]);
    }
}

impl Row {
    /// What the row says in a column by which it can be refused late.
    fn said(&self, column: &str) -> String {
        let person = self.person.as_ref();
        match column {
            "community" => self.community.clone(),
            "building" => self.building.clone(),
            "entrance" => self.entrance.clone(),
            "unit" => self.unit.as_ref().map(|unit| unit.number.clone()),
            "from_on" => person.and_then(|person| person.from_on).map(|day| day.to_string()),
            "occupancy" => person.and_then(|person| person.occupancy).map(|kind| kind.to_value()),
            "occupant" => person.map(|person| person.name.clone()),
            "occupant_ref" => person.and_then(|person| person.reference.clone()),
            _ => None,
        }
        .unwrap_or_default()
    }
}

impl Units {
    /// Whether a unit was there before this batch.
    pub(super) fn existed(&self, key: &Key) -> bool {
        !self.new.contains(key)
    }

    pub(super) fn get(&self, key: &Key) -> Option<&Unit> {
        self.by_key.get(key)
    }

    /// Takes what a row says of its unit; what it does not say stays.
    fn take(&mut self, import: &Import<'_>, key: &Key, part: &UnitPart, usage: UnitUsage) {
        let Some(unit) = self.by_key.get_mut(key) else {
            self.new.insert(key.clone());
            self.by_key.insert(key.clone(), new_unit(import, key, part, usage));
            return;
        };
        if !self.new.contains(key) {
            self.was.entry(key.clone()).or_insert_with(|| unit.clone());
        }
        unit.floor = part.floor.or(unit.floor);
        unit.usage = part.usage.unwrap_or(unit.usage);
        unit.layout = part.layout.clone().or(unit.layout.take());
        unit.orientation = part.orientation.clone().or(unit.orientation.take());
        unit.area_dm2 = part.area_dm2.or(unit.area_dm2);
    }

    async fn write(&mut self, import: &mut Import<'_>, tx: &Tx<'_>) -> crate::domain::Result<()> {
        let new = self.new.iter().filter_map(|key| self.by_key.get(key).cloned()).collect::<Vec<_>>();
        let count = import.report.of(Noun::Unit);
        count.new += new.len() as u64;
        tx.keep_searched(new.iter().map(|row| (row.id, grams::of_unit(&row.number)))).await?;
        insert_many::<unit::Entity>(&tx.db, new).await?;
        for (key, was) in &self.was {
            let Some(unit) = self.by_key.get_mut(key) else { continue };
            if unit == was {
                count.unchanged += 1;
                continue;
            }
            unit.version += 1;
            unit.updated_at = import.now;
            update::<unit::Entity>(&tx.db, was, unit).await?;
            count.updated += 1;
        }
        Ok(())
    }
}

fn new_unit(import: &Import<'_>, key: &Key, part: &UnitPart, usage: UnitUsage) -> Unit {
    Unit {
        id: import.domain.clock().id(),
        community_id: key.community,
        building_id: key.building,
        entrance_id: key.entrance,
        number: key.number.clone(),
        floor: part.floor,
        usage,
        layout: part.layout.clone(),
        orientation: part.orientation.clone(),
        area_dm2: part.area_dm2,
        created_at: import.now,
        updated_at: import.now,
        closed_at: None,
        version: 1,
    }
}
