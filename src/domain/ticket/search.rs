//! Which tickets a search finds: by what was written, number, unit, or the reporter's name; by telephone number only
//! where the viewer sees it whole. Of units and people only those count that the viewer sees.

use grams::Pattern;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement, UnionType};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect, Select,
};

use super::read::Filter;
use super::within::Within;
use crate::base::id::TicketId;
use crate::domain::row::any;
use crate::domain::{Domain, Result, Viewer, phone};
use crate::storage::search::{Asked, anything_has, found_among, has, having, how_many_of, once, written_on};
use crate::storage::ticket::{Column, Entity};
use crate::storage::{among, community, occupant, unit};

/// Up to so many tickets are looked up by their ids. When more of those that the list is of are found, one after the
/// other is asked in the list's order: enough for a page are soon found. To PostgreSQL no more ids are sent than fit
/// into 8 KiB with the rest: what is larger sqlx 0.9.0 sends in pieces, of which the second waits 40 ms over TCP.
fn few(backend: DbBackend) -> u64 {
    match backend {
        DbBackend::Postgres => 350,
        _ => 1_000,
    }
}

/// A search, and who searches.
pub(super) struct Search<'a> {
    viewer: &'a Viewer,
    backend: DbBackend,
    /// All of them must be found, each anywhere.
    words: Vec<Word>,
    within: &'a Within,
    /// The whole search as a telephone number, if it can be one.
    phone: Option<String>,
}

/// A word that is looked for, and where else than in what is written on a ticket it has to be.
struct Word {
    written: Vec<Pattern>,
    /// In the number of the ticket's unit; none when no unit has it.
    unit: Option<Vec<Pattern>>,
    /// In the reporter's name; none when nobody has it.
    reporter: Option<Vec<Pattern>>,
}

/// The words, and in which of the other texts each is at all: mostly in none, and then those need not be asked.
async fn placed(domain: &Domain, words: &[String]) -> Result<Vec<Word>> {
    let backend = domain.db.backend();
    let mut asked = Query::select();
    for word in words {
        for patterns in [grams::in_unit(word), grams::in_occupant(word)] {
            asked.expr(anything_has(backend, &patterns));
        }
    }
    let Some(row) = domain.db.read().query_one(&asked).await? else { return Ok(Vec::new()) };
    let there = |column| row.try_get_by_index::<bool>(column);
    let word = |(at, word): (usize, &String)| {
        Ok(Word {
            written: grams::in_ticket(word),
            unit: there(2 * at)?.then(|| grams::in_unit(word)),
            reporter: there(2 * at + 1)?.then(|| grams::in_occupant(word)),
        })
    };
    words.iter().enumerate().map(word).collect()
}

impl<'a> Search<'a> {
    /// What the filter looks for; none when that is nothing.
    pub(super) async fn of(
        domain: &Domain,
        viewer: &'a Viewer,
        filter: &Filter,
        within: &'a Within,
    ) -> Result<Option<Search<'a>>> {
        let Some(text) = &filter.search else { return Ok(None) };
        let words = grams::words_of_search(text);
        if words.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self {
            viewer,
            backend: domain.db.backend(),
            words: placed(domain, &words).await?,
            within,
            phone: phone("search", Some(text)).ok().flatten(),
        }))
    }

    /// Of a list's tickets those that are found, for a page in order.
    pub(super) async fn some_of(&self, domain: &Domain, tickets: Select<Entity>) -> Result<Select<Entity>> {
        if self.within.are_few() {
            return Ok(self.each_asked(tickets));
        }
        let few = few(self.backend);
        // Of those tickets alone: what many have may be on none of them.
        let mut found = ids_of(self.each_of(tickets.clone()), Column::Id);
        let found = domain.db.read().query_all(found.limit(few + 1)).await?;
        if found.len() as u64 > few {
            return Ok(self.each_asked(tickets));
        }
        let ids =
            found.iter().map(|row| row.try_get_by_index::<TicketId>(0)).collect::<Result<Vec<_>, _>>()?;
        Ok(tickets.filter(among(self.backend, Column::Id, ids)))
    }

    /// Of a list's tickets those that are found, each once, to be counted.
    pub(super) fn all_of(&self, tickets: Select<Entity>) -> Select<Entity> {
        match (self.within.are_few(), self.is_written()) {
            (true, _) => self.each_asked(tickets),
            (false, true) => written_on(self.backend, tickets, &self.written()),
            (false, false) => found_among(self.backend, tickets, once(self.ids())),
        }
    }

    /// How many of all tickets are found, for who sees those of every community but a few, or none but their own; none when
    /// they must be counted one by one. On SQLite [`written_on`] goes into indexes alone as it is.
    pub(super) async fn how_many(&self, domain: &Domain) -> Result<Option<u64>> {
        let (db, scope) = (domain.db.read(), &self.viewer.scope);
        // What is hidden from somebody at work they may still see as a resident.
        let (few, as_resident) = (self.within.are_few(), scope.tickets.occupant.is_some());
        if self.backend != DbBackend::Postgres || !self.is_written() || few || as_resident {
            return Ok(None);
        }
        let own = self.within.own();
        if own.is_none() && any(db, community::Entity::out_of_sight_of(scope, self.backend)).await? {
            return Ok(None);
        }
        let hidden = ids_of(Entity::hidden_from(scope, self.backend), Column::Id);
        let row = db.query_one(&how_many_of(&self.written(), own.cloned(), hidden)).await?;
        let count = row.map(|row| row.try_get_by_index::<i64>(0)).transpose()?;
        Ok(count.map(i64::unsigned_abs))
    }

    /// Where the list's tickets are each is asked, however many others the words are on.
    fn each_asked(&self, tickets: Select<Entity>) -> Select<Entity> {
        self.within.in_order(self.backend, tickets).filter(self.asked_of_each())
    }

    /// Each of the tickets that is found, some of them twice: for who wants the first that come, some of which are there
    /// before all is found.
    fn each_of(&self, tickets: Select<Entity>) -> Select<Entity> {
        match self.is_written() {
            true => written_on(self.backend, tickets, &self.written()),
            false => found_among(self.backend, tickets, self.ids()),
        }
    }

    /// Mostly what is looked for can only be written on a ticket.
    fn is_written(&self) -> bool {
        let elsewhere = |word: &Word| word.unit.is_some() || word.reporter.is_some();
        self.phone.is_none() && !self.words.iter().any(elsewhere)
    }

    /// What is written on tickets.
    fn written(&self) -> Asked {
        let words = self.words.iter().map(|word| word.written.clone()).collect();
        Asked { words, codes: self.within.codes() }
    }

    /// The ids of what is found, some of them twice: where all is written on the ticket, one question to the index; where
    /// a word is in its unit's number or its reporter's name, those tickets, each asked for the other words.
    fn ids(&self) -> SelectStatement {
        let mut ids = having(self.backend, &self.written());
        for (at, word) in self.words.iter().enumerate() {
            for there in [self.in_units(word), self.by_reporters(word)].into_iter().flatten() {
                let others = self.words.iter().enumerate().filter(|(other, _)| *other != at);
                let others = others.map(|(_, other)| self.asks(other)).fold(Condition::all(), Condition::add);
                ids.union(UnionType::All, ids_of(there.filter(others), Column::Id));
            }
        }
        if let Some(phone) = &self.phone {
            let callers =
                ids_of(self.people().filter(occupant::Column::Phone.eq(phone)), occupant::Column::Id);
            // Each by an index of its own.
            for calling in [Column::ContactPhone.eq(phone), Column::ReporterId.in_subquery(callers)] {
                let calling = Entity::find().filter(self.sees_phone()).filter(calling);
                ids.union(UnionType::All, ids_of(calling, Column::Id));
            }
        }
        ids
    }

    /// The tickets of units that have the word.
    fn in_units(&self, word: &Word) -> Option<Select<Entity>> {
        let patterns = word.unit.clone()?;
        let units = self.units().filter(in_set(unit::Column::Id, self.backend, patterns));
        Some(Entity::find().filter(Column::UnitId.in_subquery(ids_of(units, unit::Column::Id))))
    }

    /// The tickets of people who have the word.
    fn by_reporters(&self, word: &Word) -> Option<Select<Entity>> {
        let patterns = word.reporter.clone()?;
        let people = self.people().filter(in_set(occupant::Column::Id, self.backend, patterns));
        Some(Entity::find().filter(Column::ReporterId.in_subquery(ids_of(people, occupant::Column::Id))))
    }

    /// The same, as a question to one ticket.
    fn asked_of_each(&self) -> Condition {
        let words = self.words.iter().map(|word| self.asks(word)).fold(Condition::all(), Condition::add);
        let any = Condition::any().add(words);
        let Some(phone) = &self.phone else { return any };
        let reporter = self.people().filter(same(occupant::Column::Id, Column::ReporterId));
        let calling = Condition::any()
            .add(Column::ContactPhone.eq(phone))
            .add(of_one(reporter, occupant::Column::Phone.eq(phone)));
        any.add(Condition::all().add(self.sees_phone()).add(calling))
    }

    fn asks(&self, word: &Word) -> Condition {
        let unit = word.unit.as_ref().map(|patterns| {
            let unit = self.units().filter(same(unit::Column::Id, Column::UnitId));
            of_one(unit, has(self.backend, unit::Column::Id, patterns))
        });
        let reporter = word.reporter.as_ref().map(|patterns| {
            let reporter = self.people().filter(same(occupant::Column::Id, Column::ReporterId));
            of_one(reporter, has(self.backend, occupant::Column::Id, patterns))
        });
        Condition::any()
            .add(has(self.backend, Column::Id, &word.written))
            .add_option(unit)
            .add_option(reporter)
    }

    fn units(&self) -> Select<unit::Entity> {
        unit::Entity::visible_to(&self.viewer.scope, self.backend)
    }

    fn people(&self) -> Select<occupant::Entity> {
        occupant::Entity::visible_to(&self.viewer.scope, self.backend)
    }

    /// The tickets of which the viewer sees whole telephone numbers.
    fn sees_phone(&self) -> Condition {
        let sight = &self.viewer.scope.phones;
        Condition::any()
            .add(Expr::value(sight.everywhere))
            .add(among(self.backend, Column::CommunityId, sight.communities.iter().copied()))
            .add(among(self.backend, Column::BuildingId, sight.buildings.iter().copied()))
    }
}

fn in_set<C: ColumnTrait>(id: C, backend: DbBackend, patterns: Vec<Pattern>) -> Expr {
    Expr::col(id.as_column_ref())
        .in_subquery(having(backend, &Asked { words: vec![patterns], ..Asked::default() }))
}

fn ids_of<E: EntityTrait>(select: Select<E>, id: E::Column) -> SelectStatement {
    QuerySelect::query(&mut select.select_only().column(id)).take()
}

/// What is asked of one row, which may not be there. It is a value rather than an EXISTS, as in [`has`].
fn of_one<E: EntityTrait>(row: Select<E>, asked: Expr) -> Expr {
    Expr::SubQuery(None, Box::new(QuerySelect::query(&mut row.select_only().expr(asked)).take().into()))
}

fn same(theirs: impl ColumnTrait, ours: Column) -> Expr {
    Expr::col(theirs.as_column_ref()).equals(ours.as_column_ref())
}
