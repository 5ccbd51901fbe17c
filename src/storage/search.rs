//! What is searched: of each ticket, unit and occupant a row with the grams of its texts, and how it is asked. FTS5 on
//! SQLite and GIN on PostgreSQL find the rows by it; both answer alike, since the grams are ours.

use std::fmt::Write;

use grams::Pattern;
use sea_orm::sea_query::{
    Alias, Asterisk, CommonTableExpression, Expr, ExprTrait, JoinType, Query, SelectStatement, SubQueryOper,
    WithClause,
};
use sea_orm::{
    ActiveValue, ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, QuerySelect, Select, Statement,
    Value,
};
use uuid::Uuid;

use super::ticket;
use crate::base::Id;

/// So many rows are written in a statement at most.
const AT_ONCE: usize = 3_000;

/// What an id is called where it stands for a thing.
pub const SUBJECT: &str = "subject_id";

/// Keeps what is searched of things, as the `grams` crate makes it. The rows of tickets, units and occupants call it
/// before they are saved; who writes many of them in one statement calls it too, in the same transaction.
///
/// # Errors
/// When the database fails.
pub async fn keep<K>(db: &impl ConnectionTrait, things: &[(Id<K>, String)]) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    for things in things.chunks(AT_ONCE) {
        let statement = match backend {
            DbBackend::Postgres => from_arrays(things),
            _ => from_values(things),
        };
        db.execute_raw(statement).await?;
    }
    Ok(())
}

fn from_arrays<K>(things: &[(Id<K>, String)]) -> Statement {
    let sql = "INSERT INTO search_text (subject_id, grams) \
               SELECT id, CAST(grams AS tsvector) FROM UNNEST($1, $2) AS thing (id, grams) \
               ON CONFLICT (subject_id) DO UPDATE SET grams = excluded.grams";
    let (ids, grams): (Vec<Uuid>, Vec<String>) =
        things.iter().map(|(id, grams)| (id.uuid(), numbered(grams))).unzip();
    Statement::from_sql_and_values(DbBackend::Postgres, sql, [ids.into(), grams.into()])
}

/// Each gram with its place, as `to_tsvector('simple', …)` would number them after it had looked for words, which these
/// are already.
fn numbered(grams: &str) -> String {
    let mut numbered = String::with_capacity(2 * grams.len());
    for (place, gram) in (1_u32..).zip(grams.split_whitespace()) {
        let _ = write!(numbered, "{gram}:{place} ");
    }
    numbered
}

fn from_values<K>(things: &[(Id<K>, String)]) -> Statement {
    let sql = format!(
        "INSERT INTO search_text (subject_id, grams) VALUES {} \
         ON CONFLICT (subject_id) DO UPDATE SET grams = excluded.grams",
        vec!["(?, ?)"; things.len()].join(", ")
    );
    let values = things.iter().flat_map(|(id, grams)| [id.uuid().into(), grams.as_str().into()]);
    Statement::from_sql_and_values(DbBackend::Sqlite, sql, values.collect::<Vec<Value>>())
}

/// A value that is searched; it must be known when another one changes.
pub(super) fn known<V: Into<Value> + Clone>(value: &ActiveValue<V>) -> Result<V, DbErr> {
    let missing =
        || DbErr::Custom("a thing that is searched is saved with all of its searched columns".into());
    value.try_as_ref().cloned().ok_or_else(missing)
}

/// What the index is asked for: one question, however many words.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Each of them by one of its patterns.
    pub words: Vec<Vec<Pattern>>,
    /// Of tickets, those of the communities with these codes, and perhaps some others; none: those of all.
    pub codes: Vec<String>,
}

/// The ids of what is asked for.
#[must_use]
pub fn having(backend: DbBackend, asked: &Asked) -> SelectStatement {
    let mut select = Query::select();
    select.column((text(), SUBJECT)).from(text());
    match backend {
        DbBackend::Postgres => select.and_where(matches(asked)),
        _ => {
            let row = Expr::col(("search_fts", "rowid")).equals(("search_text", "no"));
            select.inner_join("search_fts", row).and_where(fts(asked))
        }
    };
    select.take()
}

/// Whether anything at all has one of the patterns. PostgreSQL is asked for all that have it, and stops at the first.
/// Asked whether there is one, it reads the table row by row when it takes the pattern for common, and finds at the end of
/// it that nothing has it: 100 ms among 140,000 rows.
pub fn anything_has(backend: DbBackend, patterns: &[Pattern]) -> Expr {
    let all = having(backend, &Asked::word(patterns));
    if backend != DbBackend::Postgres {
        return Expr::exists(all);
    }
    let mut found = CommonTableExpression::from_select(all);
    found.table_name("found").materialized(true);
    let first = Query::select().expr(Expr::value(1)).from("found").take();
    let first = first.with(WithClause::new().cte(found).to_owned());
    Expr::SubQuery(Some(SubQueryOper::Exists), Box::new(first.into()))
}

/// Of these tickets those that are asked for, each once: the same as [`having`] says, for who counts many. On SQLite who
/// sees a ticket stands in the index that is gone into (`ticket_found`), and the rows themselves are not looked at.
#[must_use]
pub fn written_on(
    backend: DbBackend,
    mut tickets: Select<ticket::Entity>,
    asked: &Asked,
) -> Select<ticket::Entity> {
    let select = QuerySelect::query(&mut tickets);
    match backend {
        DbBackend::Postgres => {
            from_found(select.from_clear().from(text()), text()).and_where(matches(asked));
        }
        _ => {
            let row = Expr::col(("search_fts", "rowid")).equals((ticket::Entity, "search_no"));
            first(select.from_clear().from("search_fts"), row).and_where(fts(asked));
        }
    }
    tickets
}

/// Of these tickets those with one of these ids, each called [`SUBJECT`], as often as it is there. Who wants some has the
/// first before all are found.
#[must_use]
pub fn found_among(
    backend: DbBackend,
    mut tickets: Select<ticket::Entity>,
    mut ids: SelectStatement,
) -> Select<ticket::Entity> {
    let select = QuerySelect::query(&mut tickets);
    select.from_clear();
    match backend {
        DbBackend::Postgres => from_found(select.from_subquery(ids, "found"), Alias::new("found")),
        _ => {
            let row = Expr::col(("found", SUBJECT)).equals((ticket::Entity, ticket::Column::Id));
            // With a limit it is not taken apart.
            first(select.from_subquery(ids.limit(i64::MAX.unsigned_abs()).take(), "found"), row)
        }
    };
    tickets
}

/// Each of these ids once.
#[must_use]
pub fn once(ids: SelectStatement) -> SelectStatement {
    Query::select().distinct().column(SUBJECT).from_subquery(ids, "ids").take()
}

/// What is found comes first, then its tickets: CROSS JOIN keeps this order. SQLite takes whatever else narrows a list, a
/// status or a community, for the better beginning, and then asks the search index anew for each ticket: 20 s among 100,000.
fn first(found: &mut SelectStatement, row: Expr) -> &mut SelectStatement {
    found.cross_join(ticket::Entity).and_where(row)
}

/// From what is found one by one to the ticket: a row that is looked up with a limit cannot be had in another way.
/// PostgreSQL takes every question to the index for one that finds 700 rows among 100,000 tickets, and rather reads all of
/// these, however few or many it finds.
fn from_found(select: &mut SelectStatement, found: Alias) -> &mut SelectStatement {
    let mut one = Query::select();
    let row = Expr::col((ticket::Entity, ticket::Column::Id)).equals((found, SUBJECT));
    one.column(Asterisk).from(ticket::Entity).and_where(row).limit(1);
    select.join_lateral(JoinType::InnerJoin, one.take(), ticket::Entity, Expr::value(true))
}

/// On PostgreSQL: how many are asked for, of these tickets alone or of all, whose ids are not `hidden`, which are few. The
/// rows of tickets are not gone into.
#[must_use]
pub fn how_many_of(asked: &Asked, of: Option<SelectStatement>, hidden: SelectStatement) -> SelectStatement {
    let id = || Expr::col((text(), SUBJECT));
    let of = of.map(|of| id().in_subquery(of));
    let counted = Condition::all().add(matches(asked)).add_option(of).add(id().not_in_subquery(hidden));
    Query::select().expr(Expr::cust("COUNT(*)")).from(text()).cond_where(counted).take()
}

/// Whether the thing with this id has one of the patterns: asked of one row at a time, for what most rows have. It is a
/// value rather than an EXISTS: PostgreSQL may look for all that an EXISTS is true of before it asks the first row, and
/// does so whenever it takes a run of common grams for rare.
pub fn has<C: ColumnTrait>(backend: DbBackend, id: C, patterns: &[Pattern]) -> Expr {
    let has = match backend {
        DbBackend::Postgres => matches(&Asked::word(patterns)),
        _ => patterns
            .iter()
            .map(|pattern| Expr::cust_with_values("instr(search_text.grams, ?) > 0", [pattern.piece()]))
            .fold(Condition::any(), Condition::add)
            .into(),
    };
    let mut one = Query::select();
    one.expr(has).from(text()).and_where(Expr::col((text(), SUBJECT)).equals(id.as_column_ref()));
    Expr::SubQuery(None, Box::new(one.take().into()))
}

/// On PostgreSQL: one of these ids, which are all found first and then looked up. It takes each set of them for one of 1,750
/// among 350,000, however few there are, and would rather ask everything in a list's order whether it is found.
pub fn looked_up<C: ColumnTrait>(id: C, ids: SelectStatement) -> Expr {
    let ids = Expr::SubQuery(None, Box::new(ids.into()));
    Expr::cust_with_exprs("$1 = ANY(ARRAY($2))", [Expr::col(id.as_column_ref()), ids])
}

/// The ids of what has all words of a search; none when there is nothing to look for.
pub fn ids(backend: DbBackend, search: &str, patterns: fn(&str) -> Vec<Pattern>) -> Option<SelectStatement> {
    let words = grams::words_of_search(search).iter().map(|word| patterns(word)).collect::<Vec<_>>();
    (!words.is_empty()).then(|| having(backend, &Asked { words, codes: Vec::new() }))
}

fn text() -> Alias {
    Alias::new("search_text")
}

/// What is asked is read once, in a SELECT of its own: as a value of the statement PostgreSQL reads it anew for each row
/// whose run of grams it looks at, which took two thirds of the time of a count.
fn matches(asked: &Asked) -> Expr {
    let asked = asked.expression(Pattern::tsquery, " | ", " & ");
    Expr::cust_with_values("search_text.grams @@ (SELECT to_tsquery('simple', $1))", [asked])
}

fn fts(asked: &Asked) -> Expr {
    let asked = asked.expression(Pattern::fts5, " OR ", " AND ");
    Expr::cust_with_values("search_fts MATCH ?", [asked])
}

impl Asked {
    fn word(patterns: &[Pattern]) -> Self {
        Self { words: vec![patterns.to_vec()], codes: Vec::new() }
    }

    fn expression(&self, pattern: fn(&Pattern) -> String, or: &str, and: &str) -> String {
        let any = |of: Vec<String>| format!("({})", of.join(or));
        let words = self.words.iter().map(|word| any(word.iter().map(pattern).collect()));
        let code = |code: &String| format!("({})", grams::of_community(code).join(and));
        let codes = (!self.codes.is_empty()).then(|| any(self.codes.iter().map(code).collect()));
        words.chain(codes).collect::<Vec<_>>().join(and)
    }
}
