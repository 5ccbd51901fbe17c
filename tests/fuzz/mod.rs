//! What the fuzz targets begin with and have found, replayed; and each of it changed a little, at random.

mod entry;

use std::panic::catch_unwind;
use std::path::Path;

use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

/// How often each file of the corpus is changed; CONCIERGE_TEST_MUTATIONS sets another number, for an hour of it.
const MUTATIONS: usize = 200;

/// What is put into the middle of things.
const PIECES: [&str; 16] = [
    "{",
    "}",
    "[",
    "]",
    "\"",
    ":",
    "...",
    "fragment A on Query { ...A }",
    "\u{0}",
    "\u{feff}",
    "é标",
    "$",
    "@",
    "\\u",
    "-1",
    "99999999999999999999",
];

fn replay(target: &str, entry: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{}", folder.display());
    let mutations = std::env::var("CONCIERGE_TEST_MUTATIONS").ok().and_then(|count| count.parse().ok());
    for file in files {
        let seed = std::fs::read(&file).unwrap();
        let mut random = StdRng::seed_from_u64(20_261_125);
        for round in 0..=mutations.unwrap_or(MUTATIONS) {
            let input = if round == 0 { seed.clone() } else { mutate(&seed, &mut random) };
            if catch_unwind(|| entry(&input)).is_err() {
                let kept = std::env::temp_dir().join(format!("concierge_fuzz_{target}_{round}"));
                std::fs::write(&kept, &input).unwrap();
                panic!("{}, changed {round} times: see {}", file.display(), kept.display());
            }
        }
    }
}

fn mutate(seed: &[u8], random: &mut impl Rng) -> Vec<u8> {
    let mut input = seed.to_vec();
    for _ in 0..random.random_range(1..=4) {
        let at = random.random_range(0..=input.len());
        let until = random.random_range(at..=input.len().min(at + 16));
        match random.random_range(0..5) {
            0 => _ = input.drain(at..until),
            1 => input.splice(at..at, PIECES[random.random_range(0..PIECES.len())].bytes()).for_each(drop),
            2 => {
                let copied = input[at..until].repeat(random.random_range(1..200));
                input.splice(at..at, copied).for_each(drop);
            }
            3 => input[at..until].fill_with(|| random.random()),
            _ => {
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << random.random_range(0..8);
                }
            }
        }
    }
    input
}

#[test]
fn documents() {
    replay("document", entry::document);
}

#[test]
fn bodies() {
    replay("body", entry::body);
}

#[test]
fn messages() {
    replay("message", entry::message);
}

#[test]
fn cursors() {
    replay("cursor", entry::cursor);
}

#[test]
fn ids() {
    replay("id", entry::id);
}

#[test]
fn tables() {
    replay("table", entry::table);
}
