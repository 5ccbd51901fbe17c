//! What one viewer's heaviest requests cost another one's light ones: `cargo bench --bench fairness`. The light ones'
//! p99, alone and while eight connections of somebody else ask the dearest that is taken, over and over.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

mod estate;
mod wire;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use wire::{Client, Gateway, LIGHT, heavy};

const TIMES: usize = 2_000;
const CONNECTIONS: usize = 8;

/// The times of a light request, sorted.
async fn light(client: &Client) -> Vec<Duration> {
    let mut took = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let started = Instant::now();
        client.ask(LIGHT).await;
        took.push(started.elapsed());
    }
    took.sort_unstable();
    took
}

fn p(took: &[Duration], percent: usize) -> f64 {
    took[(took.len() * percent).div_ceil(100) - 1].as_secs_f64() * 1_000.0
}

#[tokio::main]
async fn main() {
    let gateway = Gateway::open().await;
    let (greedy, other, heavy) = (gateway.client(), gateway.other(), heavy());
    for (who, query) in [(&greedy, heavy.as_str()), (&other, LIGHT)] {
        let answer = who.answer(query).await;
        assert!(answer.get("errors").is_none(), "{}", answer["errors"]);
        println!("cost {}", answer["extensions"]["cost"]["requested"]);
    }
    light(&other).await;
    let (stop, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    for round in 1..=3 {
        let alone = light(&other).await;
        let crowd: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                let (greedy, heavy) = (greedy.clone(), heavy.clone());
                let (stop, asked) = (Arc::clone(&stop), Arc::clone(&asked));
                tokio::spawn(async move {
                    while !stop.load(Ordering::Relaxed) {
                        greedy.ask(&heavy).await;
                        asked.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        let beside = light(&other).await;
        stop.store(true, Ordering::Relaxed);
        for each in crowd {
            each.await.unwrap();
        }
        stop.store(false, Ordering::Relaxed);
        let (before, after) = (p(&alone, 99), p(&beside, 99));
        println!(
            "round {round}: p50 {:.2} -> {:.2} ms, p99 {before:.2} -> {after:.2} ms, {:.2} times; {} heavy ones meanwhile",
            p(&alone, 50),
            p(&beside, 50),
            after / before,
            asked.swap(0, Ordering::Relaxed),
        );
    }
    gateway.close().await;
}
