//! How long until it is on a screen: from the request that files a complaint to the message that tells of it; and from
//! the one that ends a session to the closing of its socket. On one gateway, and from one to another of the same
//! PostgreSQL. `cargo bench --bench live`.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

mod database;
mod estate;
mod socket;

use std::time::{Duration, Instant};

use concierge::app::{self, Running};
use concierge::base::Clock;
use concierge::config::Config;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use self::database::{Folder, on_postgres};
use self::socket::Socket;

const TICKETS: usize = 5_000;
const TIMES: usize = 200;

const FILE: &str = "mutation($c: ID!) { ticketFile(input: { kind: COMPLAINT, channel: PHONE, communityId: $c, \
    place: \"大堂\", description: \"电梯停了\" }) { ticket { id } userErrors { message } } }";
const SCREEN: &str = "subscription { complaintFeed { ... on TicketChanged { ticket { id } } } }";

#[tokio::main]
async fn main() {
    let folder = Folder::of("live");
    println!("milliseconds, p50 / p99 / most of {TIMES}");
    Box::pin(measure("SQLite, one gateway", &folder.config(&folder.sqlite()), 1)).await;
    let work = async |url: &str| {
        Box::pin(measure("PostgreSQL, from one gateway to another", &folder.config(url), 2)).await;
    };
    on_postgres("live", work).await;
}

async fn measure(what: &str, config: &Config, gateways: usize) {
    let opened = app::open(config, Clock::system()).await.unwrap();
    estate::build(&opened, TICKETS).await;
    let mut running = vec![serve(config, opened).await];
    for _ in 1..gateways {
        running.push(serve(config, app::open(config, Clock::system()).await.unwrap()).await);
    }
    let (first, last) = (&running[0], running.last().unwrap());
    println!("{what}");
    println!("  a complaint is on the screen  {}", shown(&told(first, last).await));
    println!("  a session's socket is closed  {}", shown(&closed(first, last).await));
    for running in running {
        running.stop().await;
    }
}

async fn serve(config: &Config, opened: app::Opened) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    app::start(config, opened, listener).await.unwrap()
}

async fn token(at: &Running) -> String {
    at.auth.open_for("desk").await.unwrap().access
}

async fn told(first: &Running, last: &Running) -> Vec<Duration> {
    let token = token(first).await;
    let communities = ask(first, &token, "{ viewer { posts { community { id } } } }", json!({})).await;
    let community = &communities["data"]["viewer"]["posts"][0]["community"]["id"];
    assert!(community.is_string(), "{communities}");
    let mut screen = open(last, &token).await;
    screen.subscribe(SCREEN, json!({})).await.unwrap();
    // Told that it is live.
    screen.next().await.unwrap();
    let mut took = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let started = Instant::now();
        let (filed, told) =
            tokio::join!(ask(first, &token, FILE, json!({ "c": community })), next_ticket(&mut screen));
        took.push(told - started);
        assert!(filed["data"]["ticketFile"]["ticket"]["id"].is_string(), "{filed}");
    }
    took
}

async fn closed(first: &Running, last: &Running) -> Vec<Duration> {
    let mut took = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let token = token(first).await;
        let mut socket = open(last, &token).await;
        let started = Instant::now();
        let ending =
            ask(first, &token, "mutation { sessionEnd(input: {}) { userErrors { message } } }", json!({}));
        let (ended, closed) = tokio::join!(ending, is_closed(&mut socket));
        took.push(closed - started);
        assert_eq!(ended["data"]["sessionEnd"]["userErrors"], json!([]), "{ended}");
    }
    took
}

async fn ask(at: &Running, token: &str, query: &str, variables: Value) -> Value {
    let request = reqwest::Client::new().post(format!("http://{}/graphql", at.address)).bearer_auth(token);
    let body = json!({ "query": query, "variables": variables });
    request.json(&body).send().await.unwrap().json().await.unwrap()
}

async fn open(at: &Running, token: &str) -> Socket {
    Socket::open(&at.address.to_string(), token).await.unwrap()
}

async fn next_ticket(screen: &mut Socket) -> Instant {
    loop {
        let message = screen.next().await.unwrap();
        if message.pointer("/payload/data/complaintFeed/ticket/id").is_some() {
            return Instant::now();
        }
    }
}

async fn is_closed(socket: &mut Socket) -> Instant {
    while socket.next().await.is_some() {}
    Instant::now()
}

fn shown(took: &[Duration]) -> String {
    let mut took = took.to_vec();
    took.sort_unstable();
    let at = |place: usize| took[place].as_secs_f64() * 1_000.0;
    let last = took.len() - 1;
    format!("{:.1} / {:.1} / {:.1}", at(took.len() / 2), at((took.len() * 99).div_ceil(100) - 1), at(last))
}
