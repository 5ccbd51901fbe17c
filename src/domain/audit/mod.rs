//! The audit trail: who did what to whose data. A line is written in the transaction that did what it tells, holds
//! codes and ids and no names or words, and is never changed.
//!
//! Who may read it: an ADMIN of the group all of it; the PROJECT_HEAD of a community, and its ADMIN if it has one, what
//! concerns that community alone; nobody else any. Sign-ins belong to no community: they are the ADMIN's to read. A
//! person reads the lines about the reading of their own data in the export of their data.

mod readings;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{
    Asterisk, Expr, ExprTrait, JoinType, Order, Query, SelectStatement, WindowStatement,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select,
};
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

use super::list::listed;
use super::{Domain, Result, Tx, Viewer};
use crate::base::id::{AccountId, AuditId, CommunityId, DocumentId};
use crate::base::{Id, Kind, Origin};
use crate::storage::among;
use crate::storage::audit::{Column, Entity, address, append, last, subject};

pub use crate::storage::audit::{Action, Model as Line};
pub(super) use readings::note_shown;
pub use readings::{Read, Readings, Shown, What};

/// What the lines are called in a statement.
const LINE: &str = "line";

/// Who did it.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    /// Somebody who is signed in.
    Viewer(&'a Viewer),
    /// Somebody of whom no more than the account is known: at sign-in.
    Account(AccountId),
    /// Nobody who could be named: a job, or somebody at the command line. The code goes into the line's details.
    System(&'static str),
}

impl<'a> From<&'a Viewer> for By<'a> {
    fn from(viewer: &'a Viewer) -> Self {
        Self::Viewer(viewer)
    }
}

/// What a line tells besides who and when: `Note::of(Action::Imported).at(community).about(id).with("rows", 12)`.
#[derive(Clone, Debug)]
pub struct Note {
    action: Action,
    community: Option<CommunityId>,
    subjects: Vec<(&'static str, Uuid)>,
    details: Map<String, Json>,
    address: bool,
}

impl Note {
    /// That this was done.
    #[must_use]
    pub fn of(action: Action) -> Self {
        Self { action, community: None, subjects: Vec::new(), details: Map::new(), address: false }
    }

    /// It concerns this community alone: its PROJECT_HEAD may read it.
    #[must_use]
    pub fn at(mut self, community: impl Into<Option<CommunityId>>) -> Self {
        self.community = community.into();
        self
    }

    /// It is about this, too.
    #[must_use]
    pub fn about<K: Kind>(self, id: Id<K>) -> Self {
        self.about_any(K::NAME, id.uuid())
    }

    fn about_any(mut self, kind: &'static str, id: Uuid) -> Self {
        self.subjects.push((kind, id));
        self
    }

    /// A code, a number or an id. Never a name, a telephone number or somebody's words: nothing here can be erased.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }

    /// The address of the request is kept with it, for as long as `retention.addresses` says.
    #[must_use]
    pub fn with_address(mut self) -> Self {
        self.address = true;
        self
    }
}

/// Writes a line of the audit trail in the transaction that does what it tells.
///
/// # Errors
/// When the database fails.
pub(crate) async fn note<'a>(domain: &Domain, tx: &Tx<'_>, by: impl Into<By<'a>>, note: Note) -> Result<()> {
    let origin = Origin::current();
    let Note { action, community, subjects, mut details, address } = note;
    let (account_id, staff_id, occupant_id) = match by.into() {
        By::Viewer(viewer) => {
            (Some(viewer.account.id), viewer.staff_id(), viewer.occupant.as_ref().map(|own| own.id))
        }
        By::Account(id) => (Some(id), None, None),
        By::System(who) => {
            details.insert("by".to_owned(), who.into());
            (None, None, None)
        }
    };
    let line = Line {
        id: domain.clock.id(),
        at: domain.clock.now(),
        action,
        account_id,
        staff_id,
        occupant_id,
        community_id: community,
        details: Json::Object(details),
        request_id: origin.request_id,
    };
    let address = origin.address.filter(|_| address).map(|address| address.to_string());
    Ok(append(&tx.db, line, &subjects, address).await?)
}

/// Which lines; every part that is set narrows the list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of one of these actions.
    pub actions: Option<Vec<Action>>,
    /// Done by one of these accounts.
    pub accounts: Option<Vec<AccountId>>,
    /// About this, whatever it is.
    pub subject: Option<Uuid>,
    /// Concerning one of these communities alone.
    pub communities: Option<Vec<CommunityId>>,
    /// At this moment or later.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub until: Option<DateTime<Utc>>,
}

listed! {
    /// By when it was done.
    At => At,
}

fn visible(domain: &Domain, viewer: &Viewer, filter: &Filter) -> Select<Entity> {
    let backend = domain.db.backend();
    let narrowed = Condition::all()
        .add_option(filter.actions.as_ref().map(|actions| Column::Action.is_in(actions.iter().copied())))
        .add_option(
            filter.accounts.as_ref().map(|ids| among(backend, Column::AccountId, ids.iter().copied())),
        )
        .add_option(filter.subject.map(about))
        .add_option(
            filter.communities.as_ref().map(|ids| among(backend, Column::CommunityId, ids.iter().copied())),
        )
        .add_option(filter.from.map(|from| Column::At.gte(from)))
        .add_option(filter.until.map(|until| Column::At.lt(until)));
    Entity::visible_to(&viewer.scope, backend).filter(narrowed)
}

/// Lines about something.
pub(super) fn about(id: Uuid) -> Expr {
    let mut lines = subject::Entity::find()
        .select_only()
        .column(subject::Column::AuditId)
        .filter(subject::Column::SubjectId.eq(id));
    Column::Id.in_subquery(QuerySelect::query(&mut lines).take())
}

/// What lines are about, as ids that clients know, in the order in which it was told.
///
/// # Errors
/// When the database fails.
pub async fn subjects_of_lines(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[AuditId],
) -> Result<HashMap<AuditId, Vec<String>>> {
    let rows = subject::Entity::find()
        .filter(subject::Column::AuditId.in_subquery(seen(domain, viewer, ids)))
        .order_by_asc(subject::Column::AuditId)
        .order_by_asc(subject::Column::Position)
        .all(domain.db.read())
        .await?;
    let mut found: HashMap<_, Vec<_>> = ids.iter().map(|id| (*id, Vec::new())).collect();
    for row in rows {
        found.entry(row.audit_id).or_default().push(format!("{}:{}", row.kind, row.subject_id));
    }
    Ok(found)
}

/// A line with the one of its subjects by which it was found.
#[derive(sea_orm::FromQueryResult)]
struct Reading {
    #[sea_orm(nested)]
    line: Line,
    subject_id: Uuid,
}

/// The last readings of documents that the viewer sees in the trail, newest first.
///
/// # Errors
/// When the database fails.
pub async fn readings_of_documents(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[DocumentId],
    last: u64,
) -> Result<HashMap<DocumentId, Vec<Line>>> {
    let backend = domain.db.backend();
    let newest_first = WindowStatement::partition_by((subject::Entity, subject::Column::SubjectId))
        .order_by((Entity, Column::At), Order::Desc)
        .order_by((Entity, Column::Id), Order::Desc)
        .take();
    let mut seen = Entity::visible_to(&viewer.scope, backend)
        .filter(Column::Action.eq(Action::ArchiveRead))
        .filter(among(backend, subject::Column::SubjectId, ids.iter().copied()))
        .select_only();
    let on_line = Expr::col((subject::Entity, subject::Column::AuditId)).equals((Entity, Column::Id));
    let lines = QuerySelect::query(&mut seen)
        .column((Entity, Asterisk))
        .column((subject::Entity, subject::Column::SubjectId))
        .expr_window_as(Expr::cust("ROW_NUMBER()"), newest_first, "place")
        .join(JoinType::InnerJoin, subject::Entity, on_line)
        .take();
    let statement = Query::select()
        .column((LINE, Asterisk))
        .from_subquery(lines, LINE)
        .and_where(Expr::col((LINE, "place")).lte(std::cmp::min(last, i64::MAX as u64)))
        .order_by((LINE, Column::At), Order::Desc)
        .order_by((LINE, Column::Id), Order::Desc)
        .take();
    let found = Reading::find_by_statement(backend.build(&statement)).all(domain.db.read()).await?;
    let mut read: HashMap<_, Vec<_>> = ids.iter().map(|id| (*id, Vec::new())).collect();
    for Reading { line, subject_id } in found {
        read.entry(DocumentId::new(subject_id)).or_default().push(line);
    }
    Ok(read)
}

/// Where lines came from, as long as it is kept.
///
/// # Errors
/// When the database fails.
pub async fn addresses_of_lines(
    domain: &Domain,
    viewer: &Viewer,
    ids: &[AuditId],
) -> Result<HashMap<AuditId, Vec<String>>> {
    let rows = address::Entity::find()
        .filter(address::Column::AuditId.in_subquery(seen(domain, viewer, ids)))
        .all(domain.db.read())
        .await?;
    Ok(rows.into_iter().map(|row| (row.audit_id, vec![row.address])).collect())
}

/// Those of the lines that the viewer sees.
fn seen(domain: &Domain, viewer: &Viewer, ids: &[AuditId]) -> SelectStatement {
    let backend = domain.db.backend();
    let lines =
        Entity::visible_to(&viewer.scope, backend).filter(among(backend, Column::Id, ids.iter().copied()));
    QuerySelect::query(&mut lines.select_only().column(Column::Id)).take()
}

/// Notes which settings of the program have changed since the last start, by their names. `fingerprints` has a hash of
/// each value, which tells nothing of it.
///
/// # Errors
/// When the database fails.
pub async fn settings_in_effect(domain: &Domain, fingerprints: BTreeMap<String, String>) -> Result<()> {
    let tx = domain.begin().await?;
    let before = last(&tx.db, Action::SettingsChanged).await?;
    let known = before.as_ref().and_then(|line| line.details.get("fingerprints")).and_then(Json::as_object);
    let differs = |name: &str, value: Option<&String>| {
        known.and_then(|known| known.get(name)).and_then(Json::as_str) != value.map(String::as_str)
    };
    let gone = known.into_iter().flat_map(Map::keys).filter(|name| !fingerprints.contains_key(*name));
    let changed = fingerprints
        .iter()
        .filter(|(name, value)| differs(name, Some(value)))
        .map(|(name, _)| name)
        .chain(gone)
        .cloned()
        .collect::<Vec<_>>();
    if known.is_some() && changed.is_empty() {
        return Ok(());
    }
    let first = known.is_none();
    let changed = if first { Vec::new() } else { changed };
    let line = Note::of(Action::SettingsChanged)
        .with("first", first)
        .with("changed", changed)
        .with("fingerprints", serde_json::to_value(&fingerprints).unwrap_or_default());
    note(domain, &tx, By::System("START"), line).await?;
    tx.commit().await
}
