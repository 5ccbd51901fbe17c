//! How long a large register takes, how much memory, and how it is browsed afterwards: `cargo bench --bench import`.
//! SQLite in a folder of its own; PostgreSQL too, when one answers at `TEST_DATABASE_URL` or the usual place.
//!
//! Peaks of memory are those of the process so far: the smaller register is measured first, each database in a process of
//! its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

mod database;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use concierge::app::{self, Opened};
use concierge::auth::Whom;
use concierge::base::{Clock, Direction, Page, Scope};
use concierge::config::Config;
use concierge::domain::{Viewer, occupant, unit, viewer};
use concierge::exchange::{self, Between, Export, Format, Import, Language, Map, Mode, Of, Who};
use concierge::storage::{post, staff};
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use self::database::{Folder, on_postgres};

const ENTRANCES: usize = 10;
const FLOORS: usize = 25;
const ON_FLOOR: usize = 4;
const TIMES: usize = 100;

/// So many buildings of a thousand units each; two people in most units, three in some.
const SIZES: [usize; 2] = [10, 100];

fn write_register(path: &Path, buildings: usize) -> u64 {
    let mut out = BufWriter::new(File::create(path).unwrap());
    writeln!(out, "小区代码,小区名称,楼栋,单元,房号,楼层,用途,面积,姓名,电话,身份,入住日期").unwrap();
    let mut person = 0_u64;
    for unit in 0..buildings * ENTRANCES * FLOORS * ON_FLOOR {
        let (place, rest) = (unit % ON_FLOOR + 1, unit / ON_FLOOR);
        let (floor, rest) = (rest % FLOORS + 1, rest / FLOORS);
        let (entrance, building) = (rest % ENTRANCES + 1, rest / ENTRANCES + 1);
        let people = if unit % 5 < 2 { 3 } else { 2 };
        for (role, _) in ["业主", "家属", "租户"].into_iter().zip(0..people) {
            person += 1;
            writeln!(
                out,
                "B{buildings},万户城,{building}栋,{entrance}单元,{floor}{place:02},{floor},住宅,89.5,住户{person},{},{role},2020-03-01",
                13_000_000_000 + person
            )
            .unwrap();
        }
    }
    person
}

/// The most memory that this process has ever held, in megabytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) / 1024
}

async fn open(folder: &Folder, url: &str) -> (Config, Opened) {
    let config = folder.config(url);
    let opened = app::open(&config, Clock::system()).await.unwrap();
    (config, opened)
}

async fn measure(folder: &Folder, url: &str) {
    let (config, opened) = open(folder, url).await;
    let name = url.split(':').next().unwrap_or_default();
    let scope = Scope::system("bench");
    let who = Who::at_the_command_line(&scope);
    let file = folder.path().join("register.csv");
    for buildings in SIZES {
        let rows = write_register(&file, buildings);
        // Beside goes first, into a register without any of it, then again; Whole has only what is there to look at.
        for (how, mode) in
            [("beside", Mode::Beside), ("beside, again", Mode::Beside), ("whole, again", Mode::Whole)]
        {
            let options = Import {
                map: Map::default(),
                sheet: None,
                community: None,
                mode,
                clocks_from: None,
                language: Language::Chinese,
                time_zone: config.time_zone,
            };
            let start = Instant::now();
            let report =
                exchange::import(&opened.domain, Of::Register, who, &file, &options, |_| {}).await.unwrap();
            assert_eq!((report.rows, report.refused_rows), (rows, 0));
            let seconds = start.elapsed().as_secs_f64();
            println!("{name}: {buildings},000 units, {rows} rows, {how}: {seconds:.1} s, peak {} MB", peak());
        }
        let options = Export {
            community: Some(format!("B{buildings}")),
            format: Format::Csv,
            language: Language::Chinese,
            time_zone: config.time_zone,
            between: Between::default(),
        };
        let (start, out) = (Instant::now(), folder.path().join("out.csv"));
        let written =
            exchange::export(&opened.domain, Of::Register, who, &out, &options, |_| {}).await.unwrap();
        assert_eq!(written, rows);
        println!("{name}: export: {:.1} s, peak {} MB", start.elapsed().as_secs_f64(), peak());
    }
    browse(name, &opened).await;
    opened.db.close().await.unwrap();
}

/// The first whole import of all, as one transaction, into an empty database.
async fn measure_whole(folder: &Folder, url: &str) {
    let (config, opened) = open(folder, url).await;
    let name = url.split(':').next().unwrap_or_default();
    let scope = Scope::system("bench");
    let file = folder.path().join("register.csv");
    let rows = write_register(&file, SIZES[1]);
    let options = Import {
        map: Map::default(),
        sheet: None,
        community: None,
        mode: Mode::Whole,
        clocks_from: None,
        language: Language::Chinese,
        time_zone: config.time_zone,
    };
    let (start, who) = (Instant::now(), Who::at_the_command_line(&scope));
    let report = exchange::import(&opened.domain, Of::Register, who, &file, &options, |_| {}).await.unwrap();
    assert_eq!((report.rows, report.refused_rows), (rows, 0));
    println!("{name}: {rows} rows, whole, first: {:.1} s, peak {} MB", start.elapsed().as_secs_f64(), peak());
    opened.db.close().await.unwrap();
}

/// How the register is read afterwards, by somebody of the group: milliseconds, p50 and p99.
async fn browse(name: &str, opened: &Opened) {
    let viewer = reader(opened).await;
    let first = Page { size: 20, direction: Direction::Forward, after: None, before: None };
    let by_number = unit::Sort { by: unit::SortBy::Number, descending: false };
    let by_name = occupant::Sort { by: occupant::SortBy::Name, descending: false };
    let units = async |page: &Page, search: Option<&str>| {
        let filter = unit::Filter { search: search.map(str::to_owned), ..unit::Filter::default() };
        unit::list(&opened.domain, &viewer, &filter, by_number, page).await.unwrap()
    };
    let people = async |page: &Page, search: Option<&str>| {
        let filter = occupant::Filter { search: search.map(str::to_owned), ..occupant::Filter::default() };
        occupant::list(&opened.domain, &viewer, &filter, by_name, page).await.unwrap()
    };
    // A hundred pages of a hundred in.
    let (mut deep_units, mut deep_people) = (first.clone(), first.clone());
    let hundred = |page: &Page| Page { size: 100, ..page.clone() };
    for _ in 0..100 {
        deep_units.after = units(&hundred(&deep_units), None).await.rows.last().map(|(at, _)| at.clone());
        deep_people.after = people(&hundred(&deep_people), None).await.rows.last().map(|(at, _)| at.clone());
    }
    let told = |what: &str, times: String| println!("{name}: {what:<28}{times:>20}");
    told("units, first 20", repeat(async || drop(units(&first, None).await)).await);
    told("units, 10,000 in", repeat(async || drop(units(&deep_units, None).await)).await);
    told("units, search 2503", repeat(async || drop(units(&first, Some("2503")).await)).await);
    told("occupants, first 20", repeat(async || drop(people(&first, None).await)).await);
    told("occupants, 10,000 in", repeat(async || drop(people(&deep_people, None).await)).await);
    told("occupants, search 住户12345", repeat(async || drop(people(&first, Some("住户12345")).await)).await);
    told("occupants, by telephone", repeat(async || drop(people(&first, Some("13000123456")).await)).await);
}

async fn reader(opened: &Opened) -> Viewer {
    let (clock, db) = (opened.domain.clock(), opened.db.write());
    let (now, today) = (clock.now(), clock.now().date_naive());
    let member = staff::Model {
        id: clock.id(),
        name: "集团客服".into(),
        phone: None,
        title: None,
        manager_id: None,
        deputy_id: None,
        away_from: None,
        away_until: None,
        created_at: now,
        updated_at: now,
        closed_at: None,
        erased_at: None,
        version: 1,
    };
    let member = member.into_active_model().insert(db).await.unwrap();
    let held = post::Model {
        id: clock.id(),
        staff_id: member.id,
        role: post::Role::FrontDesk,
        community_id: None,
        team_id: None,
        from_on: today - chrono::Days::new(2),
        to_on: None,
        created_at: now,
        updated_at: now,
    };
    held.into_active_model().insert(db).await.unwrap();
    let whom = Whom::Staff(member.id);
    let account = opened.auth.grant_login(whom, "bench", "open-sesame-1").await.unwrap();
    viewer::load(&opened.domain, account).await.unwrap().unwrap()
}

async fn repeat(what: impl AsyncFn()) -> String {
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let start = Instant::now();
        what().await;
        times.push(start.elapsed());
    }
    times.sort();
    let shown = |time: Duration| time.as_secs_f64() * 1000.0;
    format!("{:.2} / {:.2} ms", shown(times[TIMES / 2]), shown(times[TIMES - 1]))
}

/// What one process measures.
async fn one(what: &str) {
    let folder = Folder::of("import");
    match what {
        "sqlite" => Box::pin(measure(&folder, &folder.sqlite())).await,
        "sqlite-whole" => Box::pin(measure_whole(&folder, &folder.sqlite())).await,
        "postgres" => on_postgres("all", async |url| Box::pin(measure(&folder, url)).await).await,
        _ => on_postgres("whole", async |url| Box::pin(measure_whole(&folder, url)).await).await,
    }
}

fn main() {
    let what = std::env::var("BENCH_IMPORT").ok();
    let Some(what) = what else {
        for what in ["sqlite-whole", "sqlite", "postgres-whole", "postgres"] {
            let own = std::env::current_exe().unwrap();
            assert!(Command::new(own).env("BENCH_IMPORT", what).status().unwrap().success());
        }
        return;
    };
    tokio::runtime::Runtime::new().unwrap().block_on(one(&what));
}
