//! Which tickets a search finds: by what was written, number, unit, or the reporter's name; by telephone number only
//! where the viewer sees it whole. Of units and people only those count that the viewer sees.

use grams::Pattern;
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition, Query, SelectStatement, UnionType};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect, Select,
};

use crate::base::id::TicketId;
use crate::domain::{Domain, Result, Viewer, phone};
use crate::storage::search::{has, having};
use crate::storage::ticket::{Column, Entity};
use crate::storage::{among, occupant, unit};

/// Up to so many tickets are looked up by their ids. What more have is asked of one ticket after the other in the
/// list's order: enough for a page are soon found.
const FEW: u64 = 1_000;

/// A search, and who searches.
struct Search<'a> {
    viewer: &'a Viewer,
    backend: DbBackend,
    /// All of them must be found, each anywhere.
    words: Vec<String>,
    /// The whole search as a telephone number, if it can be one.
    phone: Option<String>,
}

/// What is wanted of what a search finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A page of it, in order.
    Page,
    /// All of it, to be counted.
    All,
}

/// What a search leaves of all tickets. One without anything to look for leaves them all.
pub(super) async fn found_by(
    domain: &Domain,
    viewer: &Viewer,
    text: &str,
    wanted: Wanted,
) -> Result<Condition> {
    let search = Search {
        viewer,
        backend: domain.db.backend(),
        words: grams::words_of_search(text),
        phone: phone("search", Some(text)).ok().flatten(),
    };
    if search.words.is_empty() {
        return Ok(Condition::all());
    }
    if wanted == Wanted::All {
        return Ok(Column::Id.in_subquery(search.ids()).into_condition());
    }
    let found = domain.db.read().query_all(search.ids().limit(FEW + 1)).await?;
    if found.len() as u64 > FEW {
        return Ok(search.asked_of_each());
    }
    let ids = found.iter().map(|row| row.try_get_by_index::<TicketId>(0)).collect::<Result<Vec<_>, _>>()?;
    Ok(among(search.backend, Column::Id, ids).into_condition())
}

impl Search<'_> {
    /// The ids of what is found, some of them twice.
    fn ids(&self) -> SelectStatement {
        const FOUND: &str = "found";
        let id = || Expr::col((FOUND, "id"));
        let mut words = self.words.iter();
        let first = words.next().map(|word| self.having(word)).unwrap_or_default();
        let mut ids = Query::select().expr(id()).from_subquery(first, FOUND).take();
        for word in words {
            let having = Query::select().expr(id()).from_subquery(self.having(word), FOUND).take();
            ids.and_where(id().in_subquery(having));
        }
        if let Some(phone) = &self.phone {
            let calling = Condition::any()
                .add(Column::ContactPhone.eq(phone))
                .add(Column::ReporterId.in_subquery(ids_of(self.callers(phone), occupant::Column::Id)));
            let calling = Entity::find().filter(self.sees_phone()).filter(calling);
            ids.union(UnionType::All, ids_of(calling, Column::Id));
        }
        ids
    }

    /// The ids of the tickets that have the word.
    fn having(&self, word: &str) -> SelectStatement {
        let units = self.units().filter(in_set(unit::Column::Id, self.backend, &grams::in_unit(word)));
        let people =
            self.people().filter(in_set(occupant::Column::Id, self.backend, &grams::in_occupant(word)));
        let there = Entity::find().filter(Column::UnitId.in_subquery(ids_of(units, unit::Column::Id)));
        let theirs =
            Entity::find().filter(Column::ReporterId.in_subquery(ids_of(people, occupant::Column::Id)));
        let mut written = having(self.backend, &grams::in_ticket(word));
        written
            .clear_selects()
            .expr_as(Expr::col(("search_text", "subject_id")), "id")
            .union(UnionType::All, ids_of(there, Column::Id))
            .union(UnionType::All, ids_of(theirs, Column::Id))
            .take()
    }

    /// The same, as a question to one ticket.
    fn asked_of_each(&self) -> Condition {
        let words = self.words.iter().map(|word| self.asks(word)).fold(Condition::all(), Condition::add);
        let any = Condition::any().add(words);
        let Some(phone) = &self.phone else { return any };
        let caller = self.callers(phone).filter(same(occupant::Column::Id, Column::ReporterId));
        let calling = Condition::any()
            .add(Column::ContactPhone.eq(phone))
            .add(Expr::exists(ids_of(caller, occupant::Column::Id)));
        any.add(Condition::all().add(self.sees_phone()).add(calling))
    }

    fn asks(&self, word: &str) -> Condition {
        let unit = self.units().filter(same(unit::Column::Id, Column::UnitId)).filter(has(
            self.backend,
            unit::Column::Id,
            &grams::in_unit(word),
        ));
        let reporter = self.people().filter(same(occupant::Column::Id, Column::ReporterId)).filter(has(
            self.backend,
            occupant::Column::Id,
            &grams::in_occupant(word),
        ));
        Condition::any()
            .add(has(self.backend, Column::Id, &grams::in_ticket(word)))
            .add(Expr::exists(ids_of(unit, unit::Column::Id)))
            .add(Expr::exists(ids_of(reporter, occupant::Column::Id)))
    }

    fn units(&self) -> Select<unit::Entity> {
        unit::Entity::visible_to(&self.viewer.scope, self.backend)
    }

    fn people(&self) -> Select<occupant::Entity> {
        occupant::Entity::visible_to(&self.viewer.scope, self.backend)
    }

    fn callers(&self, phone: &str) -> Select<occupant::Entity> {
        self.people().filter(occupant::Column::Phone.eq(phone))
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

fn in_set<C: ColumnTrait>(id: C, backend: DbBackend, patterns: &[Pattern]) -> Expr {
    Expr::col(id.as_column_ref()).in_subquery(having(backend, patterns))
}

fn ids_of<E: EntityTrait>(select: Select<E>, id: E::Column) -> SelectStatement {
    QuerySelect::query(&mut select.select_only().column(id)).take()
}

fn same(theirs: impl ColumnTrait, ours: Column) -> Expr {
    Expr::col(theirs.as_column_ref()).equals(ours.as_column_ref())
}
