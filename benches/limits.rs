//! What the heaviest documents that are taken cost to read, count and run: `cargo bench --bench limits`. Each is as
//! large as one of the limits lets it be; beside them stands what a desk asks all day.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

mod database;
mod estate;
mod wire;

use std::time::{Duration, Instant};

use async_graphql::Variables;
use async_graphql::parser::parse_query;
use concierge::config::Limits;
use concierge::http::limits::{check, check_text};
use wire::{Gateway, LIGHT, heavy};

const TIMES: usize = 50;

#[tokio::main]
async fn main() {
    let gateway = Gateway::open().await;
    let client = gateway.client();
    println!(
        "milliseconds, the median of {TIMES}\n{:<28}{:>10}{:>10}{:>10}{:>10}",
        "document", "cost", "parse", "count", "whole"
    );
    for (what, document) in documents() {
        let limits = Limits::default();
        let parse = median(async || drop(parse_query(&document).unwrap())).await;
        let parsed = parse_query(&document).unwrap();
        let (_, operation) = parsed.operations.iter().next().unwrap();
        let counted = || {
            check_text(&document, &limits).unwrap();
            check(&parsed, &operation.node, &Variables::default(), &limits).unwrap()
        };
        let count = median(async || {
            counted();
        })
        .await;
        let whole = median(async || {
            client.ask(&document).await;
        })
        .await;
        println!("{what:<28}{:>10}{:>10}{:>10}{:>10}", counted(), shown(parse), shown(count), shown(whole));
    }
    gateway.close().await;
}

fn documents() -> Vec<(&'static str, String)> {
    let many =
        |count: usize, each: &dyn Fn(usize) -> String| (0..count).map(each).collect::<Vec<_>>().join(" ");
    vec![
        ("what a desk asks", LIGHT.to_owned()),
        ("as dear as may be", heavy()),
        ("one field under one name", format!("{{ viewer {{ {} }} }}", many(1_990, &|_| "__typename".into()))),
        ("fragments everywhere", {
            let spreads = many(15, &|n| format!("a{n}: viewer {{ ...F ...F }}"));
            format!("{{ {spreads} }} fragment F on Viewer {{ {} }}", many(60, &|_| "__typename".into()))
        }),
        ("inline within inline", {
            let inner = many(1_900, &|_| "__typename".into());
            format!("{{ viewer {{ {}{inner}{} }} }}", "... on Viewer { ".repeat(21), " }".repeat(21))
        }),
        (
            "names that are not there",
            format!("{{ {} }}", many(10, &|n| format!("{}{n}", "tickes".repeat(16)))),
        ),
        (
            "all that can be renamed",
            format!("{{ viewer {{ {} }} }}", many(60, &|n| format!("a{n}: __typename @skip(if: false)"))),
        ),
    ]
}

async fn median(run: impl AsyncFn()) -> Duration {
    let mut took = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let started = Instant::now();
        run().await;
        took.push(started.elapsed());
    }
    took.sort_unstable();
    took[TIMES / 2]
}

fn shown(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1_000.0)
}
