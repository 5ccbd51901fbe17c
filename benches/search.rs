//! How long a search takes among 100,000 tickets, as a use case: without the wire. `make bench`; `BENCH_VIEWERS=desk,crew` for
//! some who search, `BENCH_COMMUNITIES=1` for a company's only estate.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

mod database;
mod estate;

use std::time::{Duration, Instant};

use concierge::app::{self, Opened};
use concierge::base::id::CommunityId;
use concierge::base::{Clock, Direction, Page};
use concierge::config::Config;
use concierge::domain::ticket::{self, Filter, Sort, SortBy};
use concierge::domain::{Viewer, occupant, viewer};
use concierge::storage::community;
use sea_orm::{EntityTrait, QueryOrder};

use self::database::{Folder, on_postgres};

const TICKETS: usize = 100_000;
const TIMES: usize = 100;

/// What is looked for, and how it is to be called in the table.
const SEARCHES: [(&str, &str); 13] = [
    ("rare word", "灭蟑"),
    ("common word", "漏水"),
    ("three characters", "水管漏"),
    ("one character", "水"),
    ("name", "张伟"),
    ("surname", "张"),
    ("unit", "1203"),
    ("two common words", "电梯 漏水"),
    ("two that never meet", "灭蟑 噪音"),
    ("last digits", "0042"),
    // What is common in the other communities than the desk's.
    ("elsewhere", "北门"),
    ("elsewhere, three", "北门边"),
    ("nothing", "鲲鹏"),
];

#[tokio::main]
async fn main() {
    let folder = Folder::of("search");
    Box::pin(measure("SQLite", &folder.config(&folder.sqlite()))).await;
    let work = async |url: &str| Box::pin(measure("PostgreSQL", &folder.config(url))).await;
    on_postgres("search", work).await;
}

async fn measure(database: &str, config: &Config) {
    let opened = app::open(config, Clock::system()).await.unwrap();
    let started = Instant::now();
    let accounts = estate::build(&opened, TICKETS).await;
    println!(
        "\n{database}: {TICKETS} tickets, made in {:.0?}; milliseconds, p50 / p99 of {TIMES}",
        started.elapsed()
    );
    println!("{:<22}{:<8}{:>16}{:>16}{:>8}", "search", "by", "first 20", "totalCount", "found");
    let communities =
        community::Entity::find().order_by_asc(community::Column::Code).all(opened.db.read()).await;
    let communities = communities.unwrap().iter().map(|row| row.id).collect::<Vec<_>>();
    let only = std::env::var("BENCH_VIEWERS").ok();
    for (who, account) in accounts {
        if only.as_ref().is_some_and(|only| !only.split(',').any(|name| name == who)) {
            continue;
        }
        let viewer = viewer::load(&opened.domain, account).await.unwrap().unwrap();
        for (what, search) in SEARCHES {
            println!("{what:<22}{who:<8}{}", measured(&opened, &viewer, &searching(search)).await);
        }
        for (what, filter) in beside(&communities) {
            println!("{what:<22}{who:<8}{}", measured(&opened, &viewer, &filter).await);
        }
        let people = repeat(TIMES, async || people(&opened, &viewer, "张").await).await;
        println!("{:<22}{who:<8}{people:>16}", "(occupants: 张)");
    }
    opened.db.close().await.unwrap();
}

fn page() -> Page {
    Page { size: 20, direction: Direction::Forward, after: None, before: None }
}

fn searching(search: &str) -> Filter {
    Filter { search: Some(search.to_owned()), ..Filter::default() }
}

/// What else narrows a list, beside a search and without one.
fn beside(communities: &[CommunityId]) -> [(&'static str, Filter); 7] {
    let (there, closed) = (|| Some(vec![communities[0]]), || Some(vec![ticket::Status::Closed]));
    [
        ("common word, open", Filter { open: Some(true), ..searching("漏水") }),
        ("common word, there", Filter { communities: there(), ..searching("漏水") }),
        ("one character, closed", Filter { statuses: closed(), ..searching("水") }),
        ("name, there, closed", Filter { communities: there(), statuses: closed(), ..searching("张伟") }),
        ("(no search)", Filter::default()),
        ("(no search, there)", Filter { communities: there(), ..Filter::default() }),
        ("(no search, open)", Filter { open: Some(true), ..Filter::default() }),
    ]
}

async fn measured(opened: &Opened, viewer: &Viewer, filter: &Filter) -> String {
    let list = repeat(TIMES, async || first(opened, viewer, filter).await).await;
    let count = repeat(TIMES / 5, async || count(opened, viewer, filter).await).await;
    format!("{list:>16}{count:>16}{:>8}", self::count(opened, viewer, filter).await)
}

async fn first(opened: &Opened, viewer: &Viewer, filter: &Filter) {
    let sort = Sort { by: SortBy::Created, descending: true };
    ticket::list(&opened.domain, viewer, filter, sort, &page()).await.unwrap();
}

async fn count(opened: &Opened, viewer: &Viewer, filter: &Filter) -> u64 {
    ticket::count(&opened.domain, viewer, filter).await.unwrap()
}

async fn people(opened: &Opened, viewer: &Viewer, search: &str) {
    let filter = occupant::Filter { search: Some(search.to_owned()), ..occupant::Filter::default() };
    let sort = occupant::Sort { by: occupant::SortBy::Name, descending: false };
    occupant::list(&opened.domain, viewer, &filter, sort, &page()).await.unwrap();
}

/// How long it took, mostly and at worst.
async fn repeat<T>(times: usize, ask: impl AsyncFn() -> T) -> String {
    for _ in 0..5 {
        ask().await;
    }
    let mut took = Vec::with_capacity(times);
    for _ in 0..times {
        let started = Instant::now();
        ask().await;
        took.push(started.elapsed());
    }
    took.sort_unstable();
    let shown = |time: Duration| format!("{:.1}", time.as_secs_f64() * 1_000.0);
    format!("{} / {}", shown(took[times / 2]), shown(took[(times * 99).div_ceil(100) - 1]))
}
