//! Writes the register, in the order of its names: community, building, entrance, unit, person. Pages of units are
//! read by keyset, so that nothing but a page is ever held.

use std::collections::HashMap;
use std::path::Path;

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::COLUMNS;
use crate::base::Scope;
use crate::base::id::OccupantId;
use crate::domain::{Building, Community, Domain, Entrance, Occupancy, Occupant, Unit};
use crate::exchange::cell::Cell;
use crate::exchange::names::Named;
use crate::exchange::out::{OutError, Table};
use crate::exchange::phones::mask;
use crate::exchange::reference::references;
use crate::exchange::refusal::{Refused, Why};
use crate::exchange::run::{Watch, tell};
use crate::exchange::words::Language;
use crate::exchange::{ExchangeError, Export, Of, Who};
use crate::storage::external_ref::Kind;
use crate::storage::{among, building, community, entrance, occupancy, occupant, unit};

/// So many units are read at once.
const PAGE: u64 = 500;

/// A register that is being written.
struct Writing<'a> {
    domain: &'a Domain,
    scope: &'a Scope,
    language: Language,
    table: Table,
    rows: u64,
}

/// Where a row is.
#[derive(Clone, Copy)]
struct At<'a> {
    community: &'a Community,
    building: Option<&'a Building>,
    entrance: Option<&'a Entrance>,
}

/// Exports the register that is seen.
pub(in crate::exchange) async fn export(
    domain: &Domain,
    who: Who<'_>,
    file: &Path,
    options: &Export,
    mut watch: impl Watch,
) -> Result<u64, ExchangeError> {
    let scope = who.scope;
    let communities = communities(domain, scope, options.community.as_deref()).await?;
    let mut table = Table::create(file, options.format)?;
    let header = COLUMNS.iter().map(|column| Cell::text(column.name(options.language))).collect::<Vec<_>>();
    table.row(&header)?;
    let mut writing = Writing { domain, scope, language: options.language, table, rows: 0 };
    for community in &communities {
        writing.community(community, &mut watch).await?;
    }
    Of::Register.note_export(domain, &who, writing.rows).await?;
    writing.table.finish(file)?;
    Ok(writing.rows)
}

/// The open communities that `scope` sees, by their codes; the one that is named must be among them.
pub(crate) async fn communities(
    domain: &Domain,
    scope: &Scope,
    code: Option<&str>,
) -> Result<Vec<Community>, ExchangeError> {
    let named = Condition::all().add_option(code.map(|code| community::Column::Code.eq(code)));
    let found = community::Entity::visible_to(scope, domain.db.backend())
        .filter(community::Column::ClosedAt.is_null())
        .filter(named)
        .order_by_asc(community::Column::Code)
        .all(domain.db.read())
        .await?;
    match code.filter(|_| found.is_empty()) {
        Some(code) => Err(Refused::file(Why::NoCommunity { code: code.to_owned() }).into()),
        None => Ok(found),
    }
}

impl Writing<'_> {
    async fn community(
        &mut self,
        community: &Community,
        watch: &mut impl Watch,
    ) -> Result<(), ExchangeError> {
        let before = self.rows;
        let (db, backend) = (self.domain.db.read(), self.domain.db.backend());
        let buildings = building::Entity::visible_to(self.scope, backend)
            .filter(building::Column::CommunityId.eq(community.id))
            .filter(building::Column::ClosedAt.is_null());
        let mut buildings = buildings.all(db).await?;
        buildings.sort_by(|one, other| natural(&one.name, &other.name));
        let entrances = entrance::Entity::visible_to(self.scope, backend)
            .filter(entrance::Column::CommunityId.eq(community.id))
            .filter(entrance::Column::ClosedAt.is_null());
        let mut entrances = entrances.all(db).await?;
        entrances.sort_by(|one, other| natural(&one.name, &other.name));

        let at = At { community, building: None, entrance: None };
        self.units(at, watch).await?;
        for building in &buildings {
            let at = At { community, building: Some(building), entrance: None };
            let mut any = self.units(at, watch).await?;
            for entrance in entrances.iter().filter(|entrance| entrance.building_id == building.id) {
                let at = At { entrance: Some(entrance), ..at };
                if !self.units(at, watch).await? {
                    self.row(at, None, None)?;
                }
                any = true;
            }
            if !any {
                self.row(at, None, None)?;
            }
        }
        self.people_without_home(community, watch).await?;
        if self.rows == before {
            self.row(at, None, None)?;
        }
        Ok(())
    }

    /// The units of one place, by their numbers; whether there are any.
    async fn units(&mut self, at: At<'_>, watch: &mut impl Watch) -> Result<bool, ExchangeError> {
        let here = Condition::all()
            .add(unit::Column::CommunityId.eq(at.community.id))
            .add(match at.building {
                Some(building) => unit::Column::BuildingId.eq(building.id),
                None => unit::Column::BuildingId.is_null(),
            })
            .add(match at.entrance {
                Some(entrance) => unit::Column::EntranceId.eq(entrance.id),
                None => unit::Column::EntranceId.is_null(),
            })
            .add(unit::Column::ClosedAt.is_null());
        let mut after: Option<(String, Uuid)> = None;
        loop {
            let (db, backend) = (self.domain.db.read(), self.domain.db.backend());
            let behind = after.as_ref().map(|(number, id)| {
                Expr::tuple([Expr::col(unit::Column::Number), Expr::col(unit::Column::Id)])
                    .gt(Expr::tuple([Expr::value(number.clone()), Expr::value(*id)]))
            });
            let page = unit::Entity::visible_to(self.scope, backend)
                .filter(here.clone())
                .filter(Condition::all().add_option(behind))
                .order_by_asc(unit::Column::Number)
                .order_by_asc(unit::Column::Id)
                .limit(PAGE)
                .all(db)
                .await?;
            let Some(last) = page.last() else { return Ok(after.is_some()) };
            let next = (last.number.clone(), last.id.uuid());
            let full = page.len() as u64 == PAGE;
            self.page(at, &page).await?;
            tell(watch, self.rows).await?;
            after = Some(next);
            if !full {
                return Ok(true);
            }
        }
    }

    async fn page(&mut self, at: At<'_>, units: &[Unit]) -> Result<(), ExchangeError> {
        let (db, backend) = (self.domain.db.read(), self.domain.db.backend());
        let ids = units.iter().map(|unit| unit.id);
        let living = occupancy::Entity::visible_to(self.scope, backend)
            .filter(among(backend, occupancy::Column::UnitId, ids))
            .all(db)
            .await?;
        let people = self.people(living.iter().map(|row| row.occupant_id)).await?;
        let mut by_unit: HashMap<_, Vec<_>> = HashMap::new();
        for row in &living {
            if let Some(person) = people.get(&row.occupant_id) {
                by_unit.entry(row.unit_id).or_default().push((row, person));
            }
        }
        for unit in units {
            let mut living = by_unit.remove(&unit.id).unwrap_or_default();
            living.sort_by(|(one, of_one), (other, of_other)| {
                let order = |row: &Occupancy| (row.from_on, row.kind.name(Language::English));
                order(one).cmp(&order(other)).then_with(|| of_one.1.cmp(&of_other.1))
            });
            if living.is_empty() {
                self.row(at, Some(unit), None)?;
            }
            for (row, (person, reference)) in living {
                self.row(at, Some(unit), Some((person, reference, Some(row))))?;
            }
        }
        Ok(())
    }

    /// Occupants, each with what they are called outside, or their id.
    async fn people(
        &self,
        ids: impl Iterator<Item = OccupantId>,
    ) -> Result<HashMap<OccupantId, (Occupant, String)>, ExchangeError> {
        let (db, backend) = (self.domain.db.read(), self.domain.db.backend());
        let found = occupant::Entity::visible_to(self.scope, backend)
            .filter(among(backend, occupant::Column::Id, ids))
            .filter(occupant::Column::ClosedAt.is_null())
            .all(db)
            .await?;
        let mut found = found;
        mask(self.domain, self.scope, found.iter_mut()).await?;
        let references = references(db, Kind::Occupant, found.iter().map(|row| row.id)).await?;
        let named = found.into_iter().map(|row| {
            let reference = references.get(&row.id.uuid()).cloned().unwrap_or_else(|| row.id.to_string());
            (row.id, (row, reference))
        });
        Ok(named.collect())
    }

    /// Those whom a community registered and who live, or lived, nowhere.
    async fn people_without_home(
        &mut self,
        community: &Community,
        watch: &mut impl Watch,
    ) -> Result<(), ExchangeError> {
        let mut after: Option<(String, Uuid)> = None;
        loop {
            let (db, backend) = (self.domain.db.read(), self.domain.db.backend());
            let behind = after.as_ref().map(|(name, id)| {
                Expr::tuple([Expr::col(occupant::Column::Name), Expr::col(occupant::Column::Id)])
                    .gt(Expr::tuple([Expr::value(name.clone()), Expr::value(*id)]))
            });
            let page = occupant::Entity::visible_to(self.scope, backend)
                .filter(occupant::Column::CommunityId.eq(community.id))
                .filter(occupant::Column::ClosedAt.is_null())
                .filter(occupancy::Entity::lives_nowhere(Condition::all()))
                .filter(Condition::all().add_option(behind))
                .order_by_asc(occupant::Column::Name)
                .order_by_asc(occupant::Column::Id)
                .limit(PAGE)
                .all(db)
                .await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some((last.name.clone(), last.id.uuid()));
            let people = self.people(page.iter().map(|row| row.id)).await?;
            let at = At { community, building: None, entrance: None };
            let mut people = people.values().collect::<Vec<_>>();
            people.sort_by(|one, other| (&one.0.name, &one.1).cmp(&(&other.0.name, &other.1)));
            for (person, reference) in people {
                self.row(at, None, Some((person, reference, None)))?;
            }
            tell(watch, self.rows).await?;
        }
    }

    fn row(
        &mut self,
        at: At<'_>,
        unit: Option<&Unit>,
        person: Option<(&Occupant, &str, Option<&Occupancy>)>,
    ) -> Result<(), OutError> {
        let language = self.language;
        let cells = COLUMNS.iter().map(|column| cell(column.key, language, at, unit, person));
        self.rows += 1;
        self.table.row(&cells.collect::<Vec<_>>())
    }
}

fn cell(
    key: &str,
    language: Language,
    at: At<'_>,
    unit: Option<&Unit>,
    person: Option<(&Occupant, &str, Option<&Occupancy>)>,
) -> Cell {
    let occupant = person.map(|(occupant, ..)| occupant);
    let occupancy = person.and_then(|(.., occupancy)| occupancy);
    let text = match key {
        "community" => Some(at.community.code.clone()),
        "community_name" => Some(at.community.name.clone()),
        "time_zone" => Some(at.community.time_zone.clone()),
        "building" => at.building.map(|row| row.name.clone()),
        "building_kind" => at.building.map(|row| row.kind.name(language).to_owned()),
        "address" => at.building.and_then(|row| row.address.clone()),
        "entrance" => at.entrance.map(|row| row.name.clone()),
        "unit" => unit.map(|row| row.number.clone()),
        "floor" => return number(unit.and_then(|row| row.floor).map(f64::from)),
        "usage" => unit.map(|row| row.usage.name(language).to_owned()),
        "layout" => unit.and_then(|row| row.layout.clone()),
        "orientation" => unit.and_then(|row| row.orientation.clone()),
        "area" => return number(unit.and_then(|row| row.area_dm2).map(|area| f64::from(area) / 100.0)),
        "occupant_ref" => person.map(|(_, reference, _)| reference.to_owned()),
        "occupant" => occupant.map(|row| row.name.clone()),
        "occupant_kind" => occupant.map(|row| row.kind.name(language).to_owned()),
        "phone" => occupant.and_then(|row| row.phone.clone()),
        "occupancy" => occupancy.map(|row| row.kind.name(language).to_owned()),
        "from_on" => occupancy.map(|row| row.from_on.to_string()),
        "to_on" => occupancy.and_then(|row| row.to_on).map(|day| day.to_string()),
        _ => None,
    };
    text.map_or(Cell::Empty, |text| Cell::text(&text))
}

fn number(value: Option<f64>) -> Cell {
    value.map_or(Cell::Empty, Cell::Number)
}

/// 2栋 before 10栋: where both have digits, the numbers are compared.
fn natural(one: &str, other: &str) -> std::cmp::Ordering {
    let key = |text: &str| {
        let digits: String =
            text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        (text.chars().take_while(|c| !c.is_ascii_digit()).collect::<String>(), digits.parse::<u64>().ok())
    };
    key(one).cmp(&key(other)).then_with(|| one.cmp(other))
}
