//! What hostile requests cost the process in memory, while a second client is served.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use reqwest::Client;
use serde_json::{Value, json};

use crate::cli::process::Home;
use crate::support::Actor;

/// So much more than what light requests took may be held at most, in megabytes. Any one of these requests would take
/// hundreds if it were expanded, copied, or read to its end before it is refused.
const MORE: u64 = 64;

/// So many of each are sent, and so many at once.
const EACH: usize = 40;
const AT_ONCE: usize = 8;

/// What should never be taken at its word: a name, and the body that is sent.
fn hostile() -> Vec<(&'static str, String)> {
    let query =
        |query: String, variables: Value| json!({ "query": query, "variables": variables }).to_string();
    let fragments =
        (0..20).map(|n| format!("fragment F{n} on Query {{ ...F{next} ...F{next} }}", next = n + 1));
    let fragments = fragments.collect::<String>();
    let spread = (0..900).map(|n| format!("a{n}(x: $v) ")).collect::<String>();
    let listed = "community { tickets(first: 100) { nodes { ".repeat(3);
    vec![
        (
            "a bomb of fragments",
            query(format!("{{ ...F0 }} {fragments} fragment F20 on Query {{ a }}"), json!({})),
        ),
        ("brackets without an end", query(format!("{{ a(x: {}", "[".repeat(30_000)), json!({}))),
        (
            "a value copied over and over",
            query(format!("query($v: [Int]) {{ {spread} }}"), json!({ "v": vec![1; 20_000] })),
        ),
        (
            "lists within lists",
            query(
                format!("{{ tickets(first: 100) {{ nodes {{ {listed} id {} }} }} }}", " } } }".repeat(3)),
                json!({}),
            ),
        ),
        ("a body too large", format!("{{\"query\":\"{}\"}}", "x".repeat(20 << 20))),
        ("a body nested deep", format!("{{\"variables\":{}", "[".repeat(200_000))),
    ]
}

async fn refused(client: &Client, url: &str, name: &str, body: String) {
    let request = client.post(format!("{url}/graphql")).header("content-type", "application/json").body(body);
    let request = request.header("accept", "application/graphql-response+json");
    // Whose body is not read to its end may find the connection closed.
    let Ok(response) = request.send().await else { return };
    assert!((400..500).contains(&response.status().as_u16()), "{name}: {}", response.status());
    let answer = response.bytes().await.unwrap_or_default();
    assert!(answer.len() < 2_000, "{name}: {} bytes are answered", answer.len());
}

/// Asks light questions until `all` has ended; each must be answered, the last one too.
async fn beside(actor: &Actor, all: impl Future<Output = ()>) {
    let ended = AtomicBool::new(false);
    let asking = async {
        while !ended.load(Ordering::Relaxed) {
            let answer = actor.ask("{ viewer { login } }").await;
            assert_eq!(answer.at("/data/viewer/login"), "me", "{answer:?}");
        }
    };
    tokio::join!(asking, async {
        all.await;
        ended.store(true, Ordering::Relaxed);
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_request_makes_the_process_large() {
    let home = Home::new().with("CONCIERGE_RATE__VIEWER", "off").with("CONCIERGE_RATE__ADDRESS", "off");
    home.done(&["account", "create", "--login", "me"]);
    let token = home.done(&["token", "--login", "me"]);
    let gateway = home.serve();
    let client = Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
    let mut actor = Actor::nobody(&gateway.url, &client);
    actor.token = Some(token.trim_end().to_owned());
    for _ in 0..100 {
        actor.ask("{ viewer { login } tickets(first: 20) { nodes { id } } }").await;
    }
    let Some(before) = gateway.most_memory() else {
        eprintln!("this system does not tell what memory a process has held: it was not looked at");
        return;
    };
    for (name, body) in hostile() {
        let all = stream::iter(0..EACH)
            .for_each_concurrent(AT_ONCE, |_| refused(&client, &gateway.url, name, body.clone()));
        beside(&actor, all).await;
        let after = gateway.most_memory().unwrap();
        assert!(after < before + MORE, "{name}: {before} MB before, {after} MB since");
    }
    let (code, log) = gateway.terminate();
    assert_eq!(code, Some(0), "{log}");
}
