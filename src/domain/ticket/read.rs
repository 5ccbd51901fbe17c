//! Tickets as lists, counts and single ones, always within what the viewer sees.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveEnum, ColumnTrait, Condition, Iterable, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
};

use super::chain::Chain;
use super::lifecycle;
use super::policy::{self, Relation};
use super::search::Search;
use super::within::Within;
use crate::base::Page;
use crate::base::id::{BuildingId, CategoryId, CommunityId, OccupantId, StaffId, UnitId};
use crate::domain::{Domain, Result, Viewer, viewer};
use crate::storage::ticket::{Act, Column, Entity, Kind, Model as Ticket, Priority, Status};
use crate::storage::{Order, Rows, among, page, staff, work_order};

/// Which tickets; every part that is set narrows the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of one of these communities.
    pub communities: Option<Vec<CommunityId>>,
    /// Of one of these buildings.
    pub buildings: Option<Vec<BuildingId>>,
    /// Of one of these units.
    pub units: Option<Vec<UnitId>>,
    /// Of one of these kinds.
    pub kinds: Option<Vec<Kind>>,
    /// In one of these statuses.
    pub statuses: Option<Vec<Status>>,
    /// With one of these priorities.
    pub priorities: Option<Vec<Priority>>,
    /// Of one of these categories.
    pub categories: Option<Vec<CategoryId>>,
    /// Owned by one of these.
    pub owners: Option<Vec<StaffId>>,
    /// Reported by one of these.
    pub reporters: Option<Vec<OccupantId>>,
    /// With an owner, or without.
    pub owned: Option<bool>,
    /// Answered for the first time, or not yet.
    pub responded: Option<bool>,
    /// With work still to come, or not.
    pub open: Option<bool>,
    /// Open and past a due time, or not.
    pub overdue: Option<bool>,
    /// Open, not past a due time, and near one; or not.
    pub due_soon: Option<bool>,
    /// Filed at or after.
    pub created_from: Option<DateTime<Utc>>,
    /// Filed before.
    pub created_until: Option<DateTime<Utc>>,
    /// Found by number, words, unit, name or telephone number.
    pub search: Option<String>,
}

/// The order of a list of tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// Greatest first.
    pub descending: bool,
}

/// By what a list of tickets is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortBy {
    /// When it was filed.
    Created,
    /// When it last changed.
    Updated,
    /// When its resolution is due.
    Due,
}

/// How many tickets stand where.
pub type Counts = Vec<(Status, u64)>;

impl Filter {
    /// Whether nothing but the search narrows the list.
    fn only_searches(&self) -> bool {
        *self == Self { search: self.search.clone(), ..Self::default() }
    }

    /// Whether all that it leaves are open.
    pub(super) fn only_open(&self) -> bool {
        let asked = [self.open, self.overdue, self.due_soon];
        let statuses = self.statuses.as_ref();
        asked.contains(&Some(true))
            || statuses.is_some_and(|statuses| statuses.iter().all(|status| lifecycle::is_open(*status)))
    }

    fn condition(&self, domain: &Domain) -> Condition {
        let backend = domain.db.backend();
        let now = domain.clock.now();
        let ids = |ids: &Option<Vec<_>>, column| {
            ids.as_ref().map(|ids: &Vec<crate::base::Id<_>>| among(backend, column, ids.iter().copied()))
        };
        let units = self.units.as_ref().map(|ids| among(backend, Column::UnitId, ids.iter().copied()));
        let buildings =
            self.buildings.as_ref().map(|ids| among(backend, Column::BuildingId, ids.iter().copied()));
        let categories =
            self.categories.as_ref().map(|ids| among(backend, Column::CategoryId, ids.iter().copied()));
        let owners = self.owners.as_ref().map(|ids| among(backend, Column::OwnerId, ids.iter().copied()));
        let reporters =
            self.reporters.as_ref().map(|ids| among(backend, Column::ReporterId, ids.iter().copied()));
        let present = |column: Column, set: bool| if set { column.is_not_null() } else { column.is_null() };
        let parts: [Option<Expr>; 17] = [
            ids(&self.communities, Column::CommunityId),
            buildings,
            units,
            categories,
            owners,
            reporters,
            self.kinds.as_ref().map(|kinds| Column::Kind.is_in(kinds.iter().copied())),
            self.statuses.as_ref().map(|statuses| Column::Status.is_in(statuses.iter().copied())),
            self.priorities.as_ref().map(|priorities| Column::Priority.is_in(priorities.iter().copied())),
            self.owned.map(|owned| present(Column::OwnerId, owned)),
            self.responded.map(|responded| present(Column::RespondedAt, responded)),
            self.only_open().then(is_open),
            self.open.filter(|open| !open).map(|_| is_open().not()),
            self.overdue.map(|overdue| if overdue { is_overdue(now) } else { is_overdue(now).not() }),
            self.due_soon.map(|soon| if soon { is_due_soon(now) } else { is_due_soon(now).not() }),
            self.created_from.map(|from| Column::CreatedAt.gte(from)),
            self.created_until.map(|until| Column::CreatedAt.lt(until)),
        ];
        let mut all = Condition::all();
        for part in parts.into_iter().flatten() {
            all = all.add(part);
        }
        all
    }
}

/// Open, and its first response or its resolution is late. On hold the resolution clock stands.
fn is_overdue(now: DateTime<Utc>) -> Expr {
    let response = Column::RespondedAt.is_null().and(Column::ResponseDueAt.lt(now));
    let resolution = Column::ResolutionDueAt.lt(now).and(Column::Status.ne(Status::OnHold));
    is_open().and(response.or(resolution))
}

/// Open and not overdue, and most of the time for its first response or its resolution has gone.
fn is_due_soon(now: DateTime<Utc>) -> Expr {
    // A moment that an earlier release left out is no answer: it must be told from one that has not come.
    let gone = |at: Column| at.is_not_null().and(at.lte(now));
    let response = Column::RespondedAt.is_null().and(gone(Column::ResponseWarnAt));
    let resolution = gone(Column::ResolutionWarnAt).and(Column::Status.ne(Status::OnHold));
    is_open().and(response.or(resolution)).and(is_overdue(now).not())
}

/// In the words of the index of open tickets (`ticket_open`), by which both databases know that they can go by it.
pub(super) fn is_open() -> Expr {
    let open = Status::iter().filter(|status| lifecycle::is_open(*status));
    Expr::col(Column::Status.as_column_ref())
        .is_in(open.map(|status| Expr::Constant(status.to_value().into())))
}

fn visible(domain: &Domain, viewer: &Viewer, filter: &Filter) -> Select<Entity> {
    Entity::visible_to(&viewer.scope, domain.db.backend()).filter(filter.condition(domain))
}

/// All of them that a search leaves, to be counted.
fn found(
    domain: &Domain,
    tickets: Select<Entity>,
    search: Option<Search<'_>>,
    within: &Within,
) -> Select<Entity> {
    match search {
        Some(search) => search.all_of(tickets),
        None => within.all(domain.db.backend(), tickets),
    }
}

impl Sort {
    /// The order as storage knows it.
    #[must_use]
    pub fn order(self) -> Order<Entity> {
        let column = match self.by {
            SortBy::Created => Column::CreatedAt,
            SortBy::Updated => Column::UpdatedAt,
            SortBy::Due => Column::ResolutionDueAt,
        };
        Order { column, id: Column::Id, descending: self.descending }
    }
}

/// A page of the tickets that the viewer sees.
///
/// # Errors
/// When the page is asked for wrongly or the database fails.
pub async fn list(
    domain: &Domain,
    viewer: &Viewer,
    filter: &Filter,
    sort: Sort,
    window: &Page,
) -> Result<Rows<Ticket>> {
    let (within, tickets) = (Within::of(domain, viewer, filter).await?, visible(domain, viewer, filter));
    let tickets = match Search::of(domain, viewer, filter, &within).await? {
        Some(search) => search.some_of(domain, tickets).await?,
        None => within.in_order(domain.db.backend(), tickets),
    };
    Ok(page(domain.db.read(), tickets, sort.order(), window).await?)
}

/// How many of them there are.
///
/// # Errors
/// When the database fails.
pub async fn count(domain: &Domain, viewer: &Viewer, filter: &Filter) -> Result<u64> {
    let within = Within::of(domain, viewer, filter).await?;
    let search = Search::of(domain, viewer, filter, &within).await?;
    if let Some(search) = search.as_ref().filter(|_| filter.only_searches())
        && let Some(count) = search.how_many(domain).await?
    {
        return Ok(count);
    }
    let all = found(domain, visible(domain, viewer, filter), search, &within);
    // Their ids alone, which stand in the indexes.
    Ok(all.select_only().column(Column::Id).count(domain.db.read()).await?)
}

/// How many of them stand where, in the order of a ticket's life; a status without any is left out.
///
/// # Errors
/// When the database fails.
pub async fn counts(domain: &Domain, viewer: &Viewer, filter: &Filter) -> Result<Counts> {
    let within = Within::of(domain, viewer, filter).await?;
    let search = Search::of(domain, viewer, filter, &within).await?;
    let grouped = found(domain, visible(domain, viewer, filter), search, &within)
        .select_only()
        .column(Column::Status)
        .column_as(Column::Id.count(), "count")
        .group_by(Column::Status);
    let found = grouped.into_tuple::<(Status, i64)>().all(domain.db.read()).await?;
    let found: HashMap<_, _> = found.into_iter().collect();
    let in_order = Status::iter().filter_map(|status| found.get(&status).map(|count| (status, *count)));
    Ok(in_order.map(|(status, count)| (status, u64::try_from(count).unwrap_or(0))).collect())
}

/// The longest text that is looked for as a number.
const NUMBER_MAX: usize = 64;

/// The ticket with this number, if the viewer sees it.
///
/// # Errors
/// When the text cannot be a number or the database fails.
pub async fn by_number(domain: &Domain, viewer: &Viewer, number: &str) -> Result<Option<Ticket>> {
    let Some(number) = crate::domain::clean("number", Some(number), NUMBER_MAX)? else {
        return Ok(None);
    };
    let seen = Entity::visible_to(&viewer.scope, domain.db.backend());
    Ok(seen.filter(Column::Number.eq(number.to_uppercase())).one(domain.db.read()).await?)
}

/// To whom the viewer can give a ticket: staff with a post at its community, today, in a role that can own; those who
/// must not know of it are left out. Empty when the viewer may not assign.
///
/// # Errors
/// When the database fails.
pub async fn assignable(domain: &Domain, viewer: &Viewer, ticket: &Ticket) -> Result<Vec<staff::Model>> {
    let relation = Relation::of(viewer, ticket, &[]);
    if !policy::may(&relation, Act::Assign) {
        return Ok(Vec::new());
    }
    let db = domain.db.read();
    let today = viewer::today(domain, ticket.community_id).await?;
    let chain = Chain::of(db, ticket.community_id, today).await?;
    let subject = chain.subject(db, ticket).await?;
    let able = chain.owners(&subject);
    let seen = staff::Entity::visible_to(&viewer.scope, domain.db.backend());
    let seen = seen
        .filter(among(domain.db.backend(), staff::Column::Id, able))
        .filter(staff::Column::ClosedAt.is_null());
    Ok(seen.order_by_asc(staff::Column::Name).order_by_asc(staff::Column::Id).all(db).await?)
}

/// What the viewer can do to a ticket now: what they may, as far as it is possible.
#[must_use]
pub fn actions(viewer: &Viewer, ticket: &Ticket, orders: &[work_order::Model]) -> Vec<Act> {
    let relation = Relation::of(viewer, ticket, orders);
    lifecycle::all_possible(ticket, orders).filter(|act| policy::may(&relation, *act)).collect()
}
