//! Writes tickets in the order in which they were raised, a page at a time.

use std::collections::HashMap;
use std::hash::Hash;
use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};

use super::row::COLUMNS;
use crate::base::Scope;
use crate::base::id::*;
use crate::domain::ticket::Ticket;
use crate::domain::viewer::start_of_day;
use crate::domain::{Building, Category, Community, Domain, Entrance, Occupant, Staff, Team, Unit, masked};
use crate::exchange::cell::Cell;
use crate::exchange::names::Named;
use crate::exchange::out::Table;
use crate::exchange::phones::{mask, sees_contacts};
use crate::exchange::reference::references;
use crate::exchange::register::communities;
use crate::exchange::row::in_words;
use crate::exchange::run::{Watch, tell};
use crate::exchange::words::Language;
use crate::exchange::{ExchangeError, Export, Of, Who};
use crate::storage::external_ref::Kind;
use crate::storage::{among, building, category, entrance, occupant, staff, team, ticket, unit};

/// So many tickets are read at once.
const PAGE: u64 = 500;

/// Days in the communities' time zones, both counted; raised on which tickets are exported.
#[derive(Clone, Copy, Debug, Default)]
pub struct Between {
    /// The first; none: from the beginning.
    pub from: Option<NaiveDate>,
    /// The last; none: until now.
    pub until: Option<NaiveDate>,
}

/// What the tickets of a page name, and all staff and categories.
#[derive(Default)]
struct Mentioned {
    references: HashMap<uuid::Uuid, String>,
    occupant_references: HashMap<uuid::Uuid, String>,
    buildings: HashMap<BuildingId, Building>,
    entrances: HashMap<EntranceId, Entrance>,
    units: HashMap<UnitId, Unit>,
    occupants: HashMap<OccupantId, Occupant>,
    teams: HashMap<TeamId, Team>,
    numbers: HashMap<TicketId, String>,
}

/// Exports the tickets that are seen.
pub(in crate::exchange) async fn export(
    domain: &Domain,
    who: Who<'_>,
    file: &Path,
    options: &Export,
    mut watch: impl Watch,
) -> Result<u64, ExchangeError> {
    let (scope, between) = (who.scope, options.between);
    let communities = communities(domain, scope, options.community.as_deref()).await?;
    let (db, backend) = (domain.db.read(), domain.db.backend());
    let staff = labels(staff::Entity::visible_to(scope, backend).all(db).await?);
    let categories = category::Entity::visible_to(scope, backend).all(db).await?;
    let categories = by_id(categories, |row| row.id);
    let mut table = Table::create(file, options.format)?;
    table.row(&COLUMNS.iter().map(|column| Cell::text(column.name(options.language))).collect::<Vec<_>>())?;
    let mut rows = 0;
    for community in &communities {
        let zone = community.time_zone.parse().unwrap_or(options.time_zone);
        let mut after: Option<(DateTime<Utc>, String)> = None;
        loop {
            let page = page(domain, scope, community, (between, zone), after.as_ref()).await?;
            let Some(last) = page.last() else { break };
            after = Some((last.created_at, last.number.clone()));
            let named = Mentioned::of(domain, scope, &page).await?;
            let writing = Writing {
                community,
                zone,
                language: options.language,
                sees_contacts: sees_contacts(scope, community.id),
                staff: &staff,
                categories: &categories,
                named,
            };
            for ticket in &page {
                table.row(
                    &COLUMNS.iter().map(|column| writing.cell(column.key, ticket)).collect::<Vec<_>>(),
                )?;
            }
            rows += page.len() as u64;
            tell(&mut watch, rows).await?;
        }
    }
    Of::Tickets.note_export(domain, &who, rows).await?;
    table.finish(file)?;
    Ok(rows)
}

async fn page(
    domain: &Domain,
    scope: &Scope,
    community: &Community,
    (between, zone): (Between, Tz),
    after: Option<&(DateTime<Utc>, String)>,
) -> Result<Vec<Ticket>, ExchangeError> {
    let behind = after.map(|(at, number)| {
        Expr::tuple([Expr::col(ticket::Column::CreatedAt), Expr::col(ticket::Column::Number)])
            .gt(Expr::tuple([Expr::value(*at), Expr::value(number.clone())]))
    });
    let from = between.from.map(|day| ticket::Column::CreatedAt.gte(start_of_day(day, zone)));
    let until = between.until.and_then(|day| day.succ_opt());
    let until = until.map(|day| ticket::Column::CreatedAt.lt(start_of_day(day, zone)));
    let tickets = ticket::Entity::visible_to(scope, domain.db.backend())
        .filter(ticket::Column::CommunityId.eq(community.id))
        .filter(Condition::all().add_option(behind).add_option(from).add_option(until))
        .order_by_asc(ticket::Column::CreatedAt)
        .order_by_asc(ticket::Column::Number)
        .limit(PAGE);
    Ok(tickets.all(domain.db.read()).await?)
}

fn by_id<K: Eq + Hash, M>(rows: Vec<M>, id: impl Fn(&M) -> K) -> HashMap<K, M> {
    rows.into_iter().map(|row| (id(&row), row)).collect()
}

/// What staff are called: by the name, with the telephone number where several have it.
fn labels(rows: Vec<Staff>) -> HashMap<StaffId, String> {
    let mut count: HashMap<String, usize> = HashMap::new();
    rows.iter().for_each(|row| *count.entry(row.name.clone()).or_default() += 1);
    let label = |row: Staff| match &row.phone {
        Some(phone) if count[&row.name] > 1 => (row.id, format!("{} ({phone})", row.name)),
        _ => (row.id, row.name),
    };
    rows.into_iter().map(label).collect()
}

impl Mentioned {
    async fn of(domain: &Domain, scope: &Scope, page: &[Ticket]) -> Result<Self, ExchangeError> {
        let (db, backend) = (domain.db.read(), domain.db.backend());
        macro_rules! load {
            ($table:ident, $ids:expr) => {{
                let wanted = among(backend, $table::Column::Id, $ids);
                by_id($table::Entity::visible_to(scope, backend).filter(wanted).all(db).await?, |row| row.id)
            }};
        }
        let units = load!(unit, page.iter().flat_map(|row| [row.unit_id, row.about_unit_id]).flatten());
        let of_units = || units.values();
        let linked = page.iter().flat_map(|row| [row.previous_id, row.repeat_of_id, row.merged_into_id]);
        let linked = ticket::Entity::visible_to(scope, backend)
            .select_only()
            .columns([ticket::Column::Id, ticket::Column::Number])
            .filter(among(backend, ticket::Column::Id, linked.flatten()));
        let mut occupants = load!(occupant, page.iter().filter_map(|row| row.reporter_id));
        mask(domain, scope, occupants.values_mut()).await?;
        Ok(Self {
            references: references(db, Kind::Ticket, page.iter().map(|row| row.id)).await?,
            occupant_references: references(db, Kind::Occupant, occupants.keys().copied()).await?,
            buildings: load!(
                building,
                page.iter()
                    .filter_map(|row| row.building_id)
                    .chain(of_units().filter_map(|row| row.building_id))
            ),
            entrances: load!(entrance, of_units().filter_map(|row| row.entrance_id)),
            teams: load!(team, page.iter().filter_map(|row| row.about_team_id)),
            numbers: linked.into_tuple::<(TicketId, String)>().all(db).await?.into_iter().collect(),
            occupants,
            units,
        })
    }
}

/// What a ticket's cells are made with.
struct Writing<'a> {
    community: &'a Community,
    zone: Tz,
    language: Language,
    sees_contacts: bool,
    staff: &'a HashMap<StaffId, String>,
    categories: &'a HashMap<CategoryId, Category>,
    named: Mentioned,
}

impl Writing<'_> {
    fn cell(&self, key: &str, ticket: &Ticket) -> Cell {
        let language = self.language;
        let moment = |at: Option<DateTime<Utc>>| at.map_or(Cell::Empty, |at| in_words(at, self.zone));
        let count = |count: i32| if count == 0 { Cell::Empty } else { Cell::Number(f64::from(count)) };
        let staff = |id: Option<StaffId>| id.and_then(|id| self.staff.get(&id)).cloned();
        let number = |id: Option<TicketId>| id.and_then(|id| self.named.numbers.get(&id)).cloned();
        let reporter = || self.reporter(ticket).filter(|row| row.closed_at.is_none());
        // Who was closed is in no exported register, and could not be found by it: they are a caller then.
        let calls = |row: &&Occupant| {
            row.closed_at.is_some() && ticket.contact_name.is_none() && ticket.contact_phone.is_none()
        };
        let caller = || self.reporter(ticket).filter(calls);
        let text = match key {
            "number" => Some(ticket.number.clone()),
            "external_ref" => self.named.references.get(&ticket.id.uuid()).cloned(),
            "community" => Some(self.community.code.clone()),
            "community_name" => Some(self.community.name.clone()),
            "kind" => Some(ticket.kind.name(language).to_owned()),
            "status" => Some(ticket.status.name(language).to_owned()),
            "priority" => Some(ticket.priority.name(language).to_owned()),
            "channel" => Some(ticket.channel.name(language).to_owned()),
            "category" => {
                ticket.category_id.and_then(|id| self.categories.get(&id)).map(|row| row.code.clone())
            }
            "description" => Some(ticket.description.clone()),
            "building" => self.building(ticket.unit_id, ticket.building_id),
            "entrance" => self.entrance(ticket.unit_id),
            "unit" => self.unit(ticket.unit_id).map(|unit| unit.number.clone()),
            "place" => ticket.place.clone(),
            "reporter_ref" => reporter().map(|row| {
                let outside = self.named.occupant_references.get(&row.id.uuid()).cloned();
                outside.unwrap_or_else(|| row.id.to_string())
            }),
            "reporter" => reporter().map(|row| row.name.clone()),
            "reporter_phone" => reporter().and_then(|row| row.phone.clone()),
            "contact_name" => ticket.contact_name.clone().or_else(|| caller().map(|row| row.name.clone())),
            "contact_phone" => {
                let own = ticket.contact_phone.as_deref().map(|phone| match self.sees_contacts {
                    true => phone.to_owned(),
                    false => masked(phone),
                });
                own.or_else(|| caller().and_then(|row| row.phone.clone()))
            }
            "owner" => staff(ticket.owner_id),
            "about_staff" => staff(ticket.about_staff_id),
            "about_team" => {
                ticket.about_team_id.and_then(|id| self.named.teams.get(&id)).map(|row| row.name.clone())
            }
            "about_building" => self.building(ticket.about_unit_id, None),
            "about_entrance" => self.entrance(ticket.about_unit_id),
            "about_unit" => self.unit(ticket.about_unit_id).map(|unit| unit.number.clone()),
            "created_at" => return moment(Some(ticket.created_at)),
            "responded_at" => return moment(ticket.responded_at),
            "hold_reason" => ticket.hold_reason.map(|reason| reason.name(language).to_owned()),
            "held_at" => return moment(ticket.held_at),
            "resume_at" => return moment(ticket.resume_at),
            "resolution" => ticket.resolution.clone(),
            "resolved_at" => return moment(ticket.resolved_at),
            "resolved_by" => staff(ticket.resolved_by_id),
            "call_back" => ticket.call_back.map(|outcome| outcome.name(language).to_owned()),
            "call_back_tries" => return count(ticket.call_back_tries),
            "rating" => return count(ticket.rating.unwrap_or_default()),
            "rating_comment" => ticket.rating_comment.clone(),
            "rated_at" => return moment(ticket.rated_at),
            "ended_at" => return moment(ticket.ended_at),
            "reopen_count" => return count(ticket.reopen_count),
            "escalation_level" => return count(ticket.escalation_level),
            "major_at" => return moment(ticket.major_at),
            "previous" => number(ticket.previous_id),
            "repeat_of" => number(ticket.repeat_of_id),
            "merged_into" => number(ticket.merged_into_id),
            "erased_at" => return moment(ticket.erased_at),
            _ => None,
        };
        text.map_or(Cell::Empty, |text| Cell::text(&text))
    }

    /// Of a ticket whose words were erased nobody is named.
    fn reporter(&self, ticket: &Ticket) -> Option<&Occupant> {
        let id = ticket.reporter_id.filter(|_| ticket.erased_at.is_none())?;
        self.named.occupants.get(&id)
    }

    fn unit(&self, id: Option<UnitId>) -> Option<&Unit> {
        id.and_then(|id| self.named.units.get(&id))
    }

    fn building(&self, unit: Option<UnitId>, building: Option<BuildingId>) -> Option<String> {
        let id = building.or_else(|| self.unit(unit).and_then(|unit| unit.building_id))?;
        self.named.buildings.get(&id).map(|row| row.name.clone())
    }

    fn entrance(&self, unit: Option<UnitId>) -> Option<String> {
        let id = self.unit(unit)?.entrance_id?;
        self.named.entrances.get(&id).map(|row| row.name.clone())
    }
}
