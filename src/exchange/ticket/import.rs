//! Writes tickets, a batch at a time: their places, people and categories first, then the tickets with their
//! timelines, and at the end what they say of each other.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::history::{set_clocks, timeline};
use super::people::{Known, Reporters};
use super::row::{At, COLUMNS, LINKS, Moments, Row};
use crate::base::Scope;
use crate::base::id::{CategoryId, CommunityId, OccupantId, StaffId, TeamId, TicketId, UnitId};
use crate::domain::sla::Clocks;
use crate::domain::ticket::{Channel, Kind, Priority, Ticket};
use crate::domain::{Community, Domain, Tx};
use crate::exchange::Import as Options;
use crate::exchange::column::Layout;
use crate::exchange::map::Create;
use crate::exchange::places::{BuildingPart, CommunityPart, Places};
use crate::exchange::reference::referred;
use crate::exchange::refusal::{Refused, Why};
use crate::exchange::report::{Noun, Report};
use crate::exchange::units::{self, Key};
use crate::storage::{among_texts, external_ref, insert_many, ticket, ticket_counter, ticket_event};

/// An import of tickets as it goes on.
pub(in crate::exchange) struct Import<'a> {
    pub(super) domain: &'a Domain,
    pub(super) scope: &'a Scope,
    pub(super) layout: &'a Layout,
    pub(super) options: &'a Options,
    pub(super) now: DateTime<Utc>,
    pub(super) clocks_from: DateTime<Utc>,
    /// What this file has made, so that a second row of it is not taken for one that was there before.
    pub(super) made: HashSet<Uuid>,
    pub(super) places: Places<'a>,
    pub(super) known: Known<'a>,
    /// What tickets say of others, until all are there.
    pub(super) links: Vec<Link>,
    pub(super) report: Report,
}

/// One ticket names another.
pub(super) struct Link {
    line: u64,
    column: &'static str,
    from: TicketId,
    to: String,
}

impl Link {
    /// All that a row says of other tickets.
    fn of(row: &Row, from: TicketId) -> impl Iterator<Item = Self> {
        let named = LINKS.into_iter().zip(&row.links);
        named.filter_map(move |(column, to)| Some(Self { line: row.line, column, from, to: to.clone()? }))
    }
}

/// Why a row is refused: the column, and why.
type No = (&'static str, Why);

/// A row whose places have been found; the units are looked up for all rows at once.
struct Placed {
    row: Row,
    community: Arc<Community>,
    at: Option<Key>,
    about: Option<Key>,
}

/// A row with everything that it names.
struct Resolved {
    placed: Placed,
    kind: Kind,
    unit: Option<UnitId>,
    about_unit: Option<UnitId>,
    category: Option<(CategoryId, Option<Priority>)>,
    reporter: Option<OccupantId>,
    owner: Option<StaffId>,
    resolved_by: Option<StaffId>,
    about_staff: Option<StaffId>,
    about_team: Option<TeamId>,
    moments: Moments,
    /// The day and counter of a number that was given.
    counter: Option<(NaiveDate, i32)>,
}

impl Import<'_> {
    pub(super) async fn write_batch(&mut self, tx: &Tx<'_>, rows: Vec<Row>) -> crate::domain::Result<()> {
        let rows = self.without_known(&tx.db, rows).await?;
        let reporters = Reporters::load(&tx.db, self.scope, &rows).await?;
        let mut placed = Vec::with_capacity(rows.len());
        for row in rows {
            match self.place(&tx.db, &row).await? {
                Ok((community, at, about)) => placed.push(Placed { row, community, at, about }),
                Err(no) => self.refuse(row.line, no, ""),
            }
        }
        let keys = placed.iter().flat_map(|placed| [placed.at.clone(), placed.about.clone()]).flatten();
        let keys = keys.filter(|key| !key.number.is_empty());
        let units = units::load(&tx.db, self.scope, keys).await?;
        let open = units.into_iter().filter(|(_, unit)| unit.closed_at.is_none());
        let units = open.map(|(key, unit)| (key, unit.id)).collect();
        let mut resolved = Vec::with_capacity(placed.len());
        for placed in placed {
            let line = placed.row.line;
            match self.resolve(placed, &units, &reporters) {
                Ok(row) => resolved.push(row),
                Err((no, value)) => self.refuse(line, no, &value),
            }
        }
        self.known.write(&tx.db, &mut self.report).await?;
        self.write(tx, resolved).await
    }

    /// The rows whose tickets are not there yet; the others stay as they are.
    async fn without_known(&mut self, tx: &DatabaseTransaction, rows: Vec<Row>) -> Result<Vec<Row>, DbErr> {
        let references = rows.iter().filter_map(|row| row.reference.clone());
        let mut by_reference = referred(tx, external_ref::Kind::Ticket, references).await?;
        let numbers = rows.iter().filter_map(|row| row.number.clone()).collect::<Vec<_>>();
        let mut by_number: HashMap<String, Uuid> = HashMap::new();
        if !numbers.is_empty() {
            let backend = self.domain.db.backend();
            let seen = ticket::Entity::visible_to(self.scope, backend);
            let named = seen.filter(among_texts(backend, ticket::Column::Number, numbers));
            for found in named.all(tx).await? {
                by_number.insert(found.number, found.id.uuid());
            }
        }
        let mut new = Vec::with_capacity(rows.len());
        for row in rows {
            let of_reference = row.reference.as_ref().and_then(|own| by_reference.get(own));
            let of_number = row.number.as_ref().and_then(|own| by_number.get(own));
            match (of_reference, of_number) {
                (None, None) => {
                    // The same once more in this batch is known from here on.
                    let here = Uuid::from_u128(u128::from(row.line));
                    by_reference.extend(row.reference.clone().map(|own| (own, here)));
                    by_number.extend(row.number.clone().map(|own| (own, here)));
                    new.push(row);
                }
                (Some(one), Some(other)) if one != other => {
                    let number = row.number.clone().unwrap_or_default();
                    let value = row.reference.clone().unwrap_or_default();
                    self.refuse(row.line, ("external_ref", Why::OtherTicket { number }), &value);
                }
                (Some(known), _) | (None, Some(known)) if self.is_of_this_file(*known) => {
                    let column = if of_reference.is_some() { "external_ref" } else { "number" };
                    let value = row.reference.clone().filter(|_| of_reference.is_some());
                    let value = value.or_else(|| row.number.clone()).unwrap_or_default();
                    self.refuse(row.line, (column, Why::TicketTwice), &value);
                }
                (Some(known), _) | (None, Some(known)) => {
                    self.report.of(Noun::Ticket).unchanged += 1;
                    self.links.extend(Link::of(&row, TicketId::new(*known)));
                }
            }
        }
        Ok(new)
    }

    /// Whether an earlier row is it; one of this batch has its line for an id.
    fn is_of_this_file(&self, id: Uuid) -> bool {
        u64::try_from(id.as_u128()).is_ok() || self.made.contains(&id)
    }

    async fn place(
        &mut self,
        tx: &DatabaseTransaction,
        row: &Row,
    ) -> Result<Result<(Arc<Community>, Option<Key>, Option<Key>), No>, DbErr> {
        let part = CommunityPart {
            code: row.community.as_deref().or(self.options.community.as_deref()).unwrap_or_default(),
            name: row.community_name.as_deref(),
            time_zone: None,
        };
        let may_make = self.options.map.may_create(Create::Communities);
        let community = match self.places.community(tx, part, may_make, &mut self.report).await? {
            Ok(community) => community,
            Err(why) => return Ok(Err(("community", why))),
        };
        let at = match self.find(tx, &community, &row.at, ["building", "entrance"]).await? {
            Ok(at) => at,
            Err(no) => return Ok(Err(no)),
        };
        let about = match self.find(tx, &community, &row.about, ["about_building", "about_entrance"]).await? {
            Ok(about) => about,
            Err(no) => return Ok(Err(no)),
        };
        if at.is_none() && row.place.is_none() && !row.is_erased() {
            return Ok(Err(("place", Why::PlaceNeeded)));
        }
        Ok(Ok((community, at, about)))
    }

    /// A place as a key; without a unit its number is empty.
    async fn find(
        &mut self,
        tx: &DatabaseTransaction,
        community: &Community,
        at: &At,
        columns: [&'static str; 2],
    ) -> Result<Result<Option<Key>, No>, DbErr> {
        let mut key = Key { community: community.id, building: None, entrance: None, number: String::new() };
        if let Some(name) = &at.building {
            let may_make = self.options.map.may_create(Create::Buildings);
            let part = BuildingPart { name, ..BuildingPart::default() };
            let found = match self.places.building(tx, community.id, part, may_make, &mut self.report).await?
            {
                Ok(found) => found,
                Err(why) => return Ok(Err((columns[0], why))),
            };
            key.building = Some(found.id);
            if let Some(name) = &at.entrance {
                match self.places.entrance(tx, &found, name, false, &mut self.report).await? {
                    Ok(entrance) => key.entrance = Some(entrance),
                    Err(why) => return Ok(Err((columns[1], why))),
                }
            }
        }
        key.number = at.unit.clone().unwrap_or_default();
        Ok(Ok((at.building.is_some() || at.unit.is_some()).then_some(key)))
    }

    /// Everything that a row names. A refusal comes with the value.
    fn resolve(
        &mut self,
        placed: Placed,
        units: &HashMap<Key, UnitId>,
        reporters: &Reporters,
    ) -> Result<Resolved, (No, String)> {
        let row = &placed.row;
        let unit = |key: &Option<Key>, column| match key {
            Some(key) if !key.number.is_empty() => units
                .get(key)
                .copied()
                .map(Some)
                .ok_or_else(|| ((column, Why::NoUnit { unit: key.number.clone() }), key.number.clone())),
            _ => Ok(None),
        };
        let kind = row.kind.ok_or_else(|| (("kind", Why::Missing), String::new()))?;
        let category = match &row.category {
            Some(name) => {
                let found =
                    self.known.category(name, kind).map_err(|why| (("category", why), name.clone()))?;
                Some((found.id, found.priority))
            }
            None => None,
        };
        let mut staff = |column, name: &Option<String>| match name {
            Some(name) => self.known.staff(name).map(Some).map_err(|why| ((column, why), name.clone())),
            None => Ok(None),
        };
        let owner = staff("owner", &row.owner)?;
        let resolved_by = staff("resolved_by", &row.resolved_by)?;
        let about_staff = staff("about_staff", &row.about_staff)?;
        let about_team = match &row.about_team {
            Some(name) => {
                let found = self.known.team(placed.community.id, name);
                Some(found.map_err(|why| (("about_team", why), name.clone()))?)
            }
            None => None,
        };
        let reporter = reporters.find(row);
        let reporter =
            reporter.map_err(|why| (("reporter_ref", why), row.reporter_ref.clone().unwrap_or_default()))?;
        let zone = self.options.map.time_zone.or_else(|| placed.community.time_zone.parse().ok());
        let moments = Moments::of(row, zone.unwrap_or(self.options.time_zone), self.now);
        let moments = moments.map_err(|no| (self.named(no), String::new()))?;
        let counter = match &row.number {
            Some(number) => Some(read_number(&placed.community.code, number).ok_or_else(|| {
                let example = format!("{}-20240131-0001", placed.community.code);
                (("number", Why::NotATicketNumber { example }), number.clone())
            })?),
            None => None,
        };
        let (unit, about_unit) = (unit(&placed.at, "unit")?, unit(&placed.about, "about_unit")?);
        Ok(Resolved {
            kind,
            unit,
            about_unit,
            category,
            reporter,
            owner,
            resolved_by,
            about_staff,
            about_team,
            moments,
            counter,
            placed,
        })
    }

    /// A column in a reason is called as it is called in a header.
    fn named(&self, (column, why): No) -> No {
        let why = match why {
            Why::BeforeItsCause { cause } => {
                let own = COLUMNS.iter().find(|column| column.key == cause);
                let name = own.map(|column| column.name(self.options.language)).unwrap_or_default();
                Why::BeforeItsCause { cause: name.to_owned() }
            }
            other => other,
        };
        (column, why)
    }

    async fn write(&mut self, tx: &Tx<'_>, rows: Vec<Resolved>) -> crate::domain::Result<()> {
        let mut numbers = self.numbers(&tx.db, &rows).await?;
        let (mut tickets, mut lines, mut references) = (Vec::new(), Vec::new(), Vec::new());
        for resolved in rows {
            let clocks = Clocks::of(&resolved.placed.community);
            let day = clocks.day(resolved.moments.created);
            let number = match &resolved.placed.row.number {
                Some(number) => number.clone(),
                None => {
                    let next = numbers.entry((resolved.placed.community.id, day)).or_default();
                    *next += 1;
                    format!("{}-{}-{next:04}", resolved.placed.community.code, day.format("%Y%m%d"))
                }
            };
            let mut ticket = resolved.ticket(self, number);
            set_clocks(&mut ticket, &clocks, self.clocks_from, self.now);
            lines.extend(timeline(self.domain, &mut ticket));
            let row = resolved.placed.row;
            references.extend(row.reference.clone().map(|reference| external_ref::Model {
                kind: external_ref::Kind::Ticket,
                reference,
                community_id: ticket.community_id,
                thing_id: ticket.id.uuid(),
                created_at: self.now,
            }));
            self.links.extend(Link::of(&row, ticket.id));
            self.made.insert(ticket.id.uuid());
            tickets.push(ticket);
        }
        self.report.of(Noun::Ticket).new += tickets.len() as u64;
        tx.keep_searched(tickets.iter().map(|row| (row.id, searched(row)))).await?;
        insert_many::<ticket::Entity>(&tx.db, tickets).await?;
        insert_many::<ticket_event::Entity>(&tx.db, lines).await?;
        Ok(insert_many::<external_ref::Entity>(&tx.db, references).await?)
    }

    /// The last number before those that are to be given out, by community and day; numbers that were given are never
    /// given out again.
    async fn numbers(
        &self,
        tx: &DatabaseTransaction,
        rows: &[Resolved],
    ) -> Result<HashMap<(CommunityId, NaiveDate), i32>, DbErr> {
        let (mut given, mut wanted) = (BTreeMap::new(), BTreeMap::new());
        for row in rows {
            let community = row.placed.community.id;
            match row.counter {
                Some((day, counter)) => {
                    let highest = given.entry((community, day)).or_insert(counter);
                    *highest = counter.max(*highest);
                }
                None => {
                    let day = Clocks::of(&row.placed.community).day(row.moments.created);
                    *wanted.entry((community, day)).or_insert(0) += 1;
                }
            }
        }
        for ((community, day), last) in given {
            ticket_counter::raise(tx, community, day, last).await?;
        }
        let mut before = HashMap::new();
        for ((community, day), count) in wanted {
            let last = ticket_counter::draw_many(tx, community, day, count).await?;
            before.insert((community, day), last - count);
        }
        Ok(before)
    }

    /// Ties tickets to those that they name, once all are there. One that was there before is tied only where it is
    /// not: an import that was broken off after its rows and before their ties is made whole by running it again.
    pub(super) async fn link(&mut self, tx: &DatabaseTransaction) -> Result<(), DbErr> {
        for links in std::mem::take(&mut self.links).chunks(crate::exchange::sheet::BATCH) {
            let (backend, numbers) = (self.domain.db.backend(), links.iter().map(|link| link.to.clone()));
            let seen = ticket::Entity::visible_to(self.scope, backend);
            let named = seen.filter(among_texts(backend, ticket::Column::Number, numbers));
            let found = named.all(tx).await?;
            let ids = found.into_iter().map(|row| (row.number, row.id)).collect::<HashMap<_, _>>();
            for link in links {
                let Some(to) = ids.get(&link.to) else {
                    let why = Why::NoTicket { number: link.to.clone() };
                    self.refuse(link.line, (link.column, why), &link.to);
                    continue;
                };
                let column = match link.column {
                    "previous" => ticket::Column::PreviousId,
                    "repeat_of" => ticket::Column::RepeatOfId,
                    _ => ticket::Column::MergedIntoId,
                };
                ticket::Entity::update_many()
                    .col_expr(column, sea_orm::sea_query::Expr::value(*to))
                    .filter(ticket::Column::Id.eq(link.from))
                    .filter(column.is_null())
                    .exec(tx)
                    .await?;
            }
        }
        Ok(())
    }

    fn refuse(&mut self, line: u64, (column, why): No, value: &str) {
        self.report.refuse([Refused::cell(line, self.layout.column(column), value, why)]);
    }
}

impl Resolved {
    fn ticket(&self, import: &Import<'_>, number: String) -> Ticket {
        let (row, moments) = (&self.placed.row, &self.moments);
        // A reporter who is nobody's occupant is a caller.
        let caller = |own: &Option<String>, named: &Option<String>| {
            own.clone().or_else(|| named.clone().filter(|_| self.reporter.is_none()))
        };
        let happened = [
            moments.responded,
            moments.resolved,
            moments.rated,
            moments.ended,
            moments.major,
            moments.erased,
        ];
        let last = happened.into_iter().flatten().fold(moments.created, Ord::max);
        Ticket {
            id: import.domain.clock().id(),
            community_id: self.placed.community.id,
            number,
            kind: self.kind,
            status: row.status,
            priority: row.priority.or(self.category.and_then(|(_, own)| own)).unwrap_or(Priority::Normal),
            channel: row.channel.unwrap_or(Channel::Import),
            description: row.description.clone(),
            category_id: self.category.map(|(id, _)| id),
            building_id: self.placed.at.as_ref().and_then(|at| at.building),
            unit_id: self.unit,
            place: row.place.clone(),
            reporter_id: self.reporter,
            contact_name: caller(&row.contact_name, &row.reporter),
            contact_phone: caller(&row.contact_phone, &row.reporter_phone),
            filed_by_id: None,
            owner_id: self.owner,
            about_staff_id: self.about_staff,
            about_team_id: self.about_team,
            about_unit_id: self.about_unit,
            previous_id: None,
            repeat_of_id: None,
            merged_into_id: None,
            reopen_count: row.reopen_count,
            escalation_level: row.escalation_level,
            major_at: moments.major,
            responded_at: moments.responded,
            response_due_at: moments.created,
            resolution_due_at: moments.created,
            response_warn_at: None,
            resolution_warn_at: None,
            warned_at: None,
            hold_reason: row.hold_reason,
            held_at: moments.held,
            resume_at: moments.resume,
            resolution: row.resolution.clone(),
            resolved_at: moments.resolved,
            resolved_by_id: self.resolved_by,
            call_back: row.call_back,
            call_back_tries: row.call_back_tries,
            rating: row.rating,
            rating_comment: row.rating_comment.clone(),
            rated_at: moments.rated,
            ended_at: moments.ended,
            created_at: moments.created,
            updated_at: last,
            erased_at: moments.erased,
            version: 1,
            revision: 1,
        }
    }
}

/// The day and the counter of a ticket's number.
fn read_number(code: &str, number: &str) -> Option<(NaiveDate, i32)> {
    let (day, counter) = number.strip_prefix(code)?.strip_prefix('-')?.split_once('-')?;
    let day = NaiveDate::parse_from_str(day, "%Y%m%d").ok()?;
    let plain = counter.len() >= 4 && counter.chars().all(|c| c.is_ascii_digit());
    Some((day, counter.parse().ok().filter(|_| plain)?))
}

fn searched(row: &Ticket) -> String {
    grams::of_ticket(&row.number, &row.description, row.place.as_deref(), row.contact_name.as_deref())
}
