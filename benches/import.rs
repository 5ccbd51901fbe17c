//! How long a large register takes: `cargo bench --bench import`. SQLite in a folder of its own; PostgreSQL too, when
//! `BENCH_DATABASE_URL` names an empty database.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use concierge::app;
use concierge::base::{Clock, Scope};
use concierge::config::{Config, DatabaseUrl, Secret};
use concierge::exchange::{Export, Format, Import, Language, Map, register};

const BUILDINGS: usize = 100;
const ENTRANCES: usize = 10;
const FLOORS: usize = 25;
const ON_FLOOR: usize = 4;

/// 100,000 units with 240,000 people: two in most, three in some.
fn write_register(path: &Path) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    writeln!(out, "小区代码,小区名称,楼栋,单元,房号,楼层,用途,面积,姓名,电话,身份,入住日期").unwrap();
    let mut person = 0_u64;
    for unit in 0..BUILDINGS * ENTRANCES * FLOORS * ON_FLOOR {
        let (place, rest) = (unit % ON_FLOOR + 1, unit / ON_FLOOR);
        let (floor, rest) = (rest % FLOORS + 1, rest / FLOORS);
        let (entrance, building) = (rest % ENTRANCES + 1, rest / ENTRANCES + 1);
        let people = if unit % 5 < 2 { 3 } else { 2 };
        for (role, _) in ["业主", "家属", "租户"].into_iter().zip(0..people) {
            person += 1;
            writeln!(
                out,
                "BIG,万户城,{building}栋,{entrance}单元,{floor}{place:02},{floor},住宅,89.5,住户{person},{},{role},2020-03-01",
                13_000_000_000 + person
            )
            .unwrap();
        }
    }
}

/// The most memory that this process has ever held, in megabytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) / 1024
}

async fn measure(url: &str, folder: &Path) {
    let mut config = Config::default();
    config.auth.secret = Some(Secret::new("a secret for measuring that is long enough"));
    config.database.url = DatabaseUrl::new(url);
    let opened = app::open(&config, Clock::system()).await.unwrap();
    let scope = Scope::system("bench");
    let options = Import {
        map: Map::default(),
        sheet: None,
        community: None,
        dry_run: false,
        partial: false,
        language: Language::Chinese,
        time_zone: config.time_zone,
    };
    let name = url.split(':').next().unwrap_or_default();
    for run in ["first", "again"] {
        let start = Instant::now();
        let file = folder.join("register.csv");
        let report = register::import(&opened.domain, &scope, &file, &options, |_| {}).await.unwrap();
        assert_eq!((report.rows, report.refused_rows), (240_000, 0));
        println!("{name}: import, {run}: {:.1} s, peak {} MB", start.elapsed().as_secs_f64(), peak());
    }
    let options = Export {
        community: None,
        format: Format::Csv,
        language: Language::Chinese,
        time_zone: config.time_zone,
    };
    let start = Instant::now();
    let rows =
        register::export(&opened.domain, &scope, &folder.join("out.csv"), &options, |_| {}).await.unwrap();
    assert_eq!(rows, 240_000);
    println!("{name}: export: {:.1} s, peak {} MB", start.elapsed().as_secs_f64(), peak());
    opened.db.close().await.unwrap();
}

fn main() {
    let folder = std::env::temp_dir().join(format!("concierge-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    write_register(&folder.join("register.csv"));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        measure(&format!("sqlite://{}/concierge.db", folder.display()), &folder).await;
        if let Ok(url) = std::env::var("BENCH_DATABASE_URL") {
            measure(&url, &folder).await;
        }
    });
    std::fs::remove_dir_all(&folder).unwrap();
}
