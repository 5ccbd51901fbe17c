//! What one viewer's heaviest requests cost another one's light ones: `cargo bench --bench fairness`. The light ones'
//! p99, alone and while eight connections of somebody else ask the dearest that is taken, over and over.
//!
//! The gateway and each of the two have threads of their own, as they have machines of their own elsewhere. Here they
//! share the processors, so what the greedy one's client reads is paid by the other one too.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

mod database;
mod estate;
mod wire;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use wire::{Client, Gateway, LIGHT, heavy};

const TIMES: usize = 2_000;
const CONNECTIONS: usize = 8;

fn one_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

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

/// Asks on and on, on all connections, until it is told to stop; gives how often it was answered.
fn crowd(client: &Client, query: &str, stop: &AtomicBool) -> u64 {
    let asked = AtomicU64::new(0);
    let each = || async {
        while !stop.load(Ordering::Relaxed) {
            client.ask(query).await;
            asked.fetch_add(1, Ordering::Relaxed);
        }
    };
    one_thread().block_on(futures_util::future::join_all((0..CONNECTIONS).map(|_| each())));
    asked.into_inner()
}

fn main() {
    let (serving, asking) = (Runtime::new().unwrap(), one_thread());
    let gateway = serving.block_on(Gateway::open());
    let heavy = heavy();
    for (who, query) in [(gateway.client(), heavy.as_str()), (gateway.other(), LIGHT)] {
        let answer = one_thread().block_on(who.answer(query));
        assert!(answer.get("errors").is_none(), "{}", answer["errors"]);
        println!("cost {}", answer["extensions"]["cost"]["requested"]);
    }
    let other = gateway.other();
    asking.block_on(light(&other));
    for round in 1..=3 {
        let alone = asking.block_on(light(&other));
        let stop = Arc::new(AtomicBool::new(false));
        let greedy = thread::spawn({
            let (client, heavy, stop) = (gateway.client(), heavy.clone(), Arc::clone(&stop));
            move || crowd(&client, &heavy, &stop)
        });
        let beside = asking.block_on(light(&other));
        stop.store(true, Ordering::Relaxed);
        let (asked, before, after) = (greedy.join().unwrap(), p(&alone, 99), p(&beside, 99));
        println!(
            "round {round}: p50 {:.2} -> {:.2} ms, p99 {before:.2} -> {after:.2} ms, {:.2} times; {asked} heavy ones meanwhile",
            p(&alone, 50),
            p(&beside, 50),
            after / before,
        );
    }
    serving.block_on(gateway.close());
}
