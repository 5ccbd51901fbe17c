//! `kill -9` while many write: what was answered as done is there, and what is there is delivered, once.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sea_orm::{EntityTrait, QuerySelect};
use serde_json::{Value, json};

use super::Screen;
use crate::support::Actor;
use crate::support::database::{self, TestDatabase};
use crate::support::ws::{Got, Ws};
use concierge::storage::ticket;

const WRITERS: usize = 8;
/// So many are answered before the gateway is killed.
const ENOUGH: usize = 60;

/// The real program on a database; it is killed when it is dropped.
struct Gateway {
    process: Child,
    url: String,
}

impl Gateway {
    fn serve(database: &TestDatabase) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_concierge"))
            .arg("serve")
            .env("CONCIERGE_LISTEN", "127.0.0.1:0")
            .env("CONCIERGE_AUTH__SECRET", "a secret of tests that is long enough to be one")
            .env("DATABASE_URL", &database.url)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let url = loop {
            let line = lines.next().expect("it ended before it served").unwrap();
            if let Some((_, rest)) = line.split_once("serving GraphQL at ") {
                break rest.split_once("/graphql").unwrap().0.to_owned();
            }
        };
        // Nobody reads what it says from here on; it must not wait for that.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, url }
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        // SIGKILL: it gets no chance to put anything in order.
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// Files one after the other until the gateway is gone; the numbers that were answered as done.
async fn write(client: reqwest::Client, desk: Actor, unit: String, done: Arc<AtomicUsize>) -> Vec<String> {
    let query = "mutation($input: TicketFileInput!) { ticketFile(input: $input) { ticket { number } userErrors { message } } }";
    let input = json!({ "kind": "COMPLAINT", "unitId": unit, "description": "楼上太吵" });
    let body = json!({ "query": query, "variables": { "input": input } });
    let mut numbers = Vec::new();
    loop {
        let request = client
            .post(format!("{}/graphql", desk.url))
            .bearer_auth(desk.token.as_ref().unwrap())
            .json(&body);
        let Ok(response) = request.send().await else { return numbers };
        let Ok(answer) = response.json::<Value>().await else { return numbers };
        let number = answer.pointer("/data/ticketFile/ticket/number").and_then(Value::as_str);
        numbers.push(number.unwrap_or_else(|| panic!("refused: {answer}")).to_owned());
        done.fetch_add(1, Ordering::SeqCst);
    }
}

/// Hears complaints until the gateway is gone, or until `count` have been heard in all.
async fn listen(desk: &Actor, cursor: &mut String, heard: &mut Vec<String>, count: Option<usize>) {
    let mut ws = Ws::ready(&desk.url, desk.token.as_deref()).await;
    let query = "subscription($after: String) { complaintFeed(after: $after) { ... on TicketChanged { cursor ticket { number } } } }";
    ws.subscribe_with("1", query, json!({ "after": cursor })).await;
    while count.is_none_or(|count| heard.len() < count) {
        let message = match ws.next().await {
            Got::Message(message) => message,
            Got::Ping => continue,
            Got::Close(..) | Got::Dropped => return,
        };
        let update = &message["payload"]["data"]["complaintFeed"];
        if let (Some(at), Some(number)) = (update["cursor"].as_str(), update["ticket"]["number"].as_str()) {
            at.clone_into(cursor);
            heard.push(number.to_owned());
        }
    }
}

async fn all_numbers(database: &TestDatabase) -> Vec<String> {
    let db = sea_orm::Database::connect(&database.url).await.unwrap();
    let numbers = ticket::Entity::find().select_only().column(ticket::Column::Number);
    let mut numbers = numbers.into_tuple::<String>().all(&db).await.unwrap();
    db.close().await.unwrap();
    numbers.sort();
    numbers
}

async fn run(database: TestDatabase) {
    let unit = crate::support::world::World::default().a101;
    let client = reqwest::Client::new();
    let mut gateway = Gateway::serve(&database);
    let mut desk = Actor::sign_in(&gateway.url, &client, "desk", crate::support::world::PASSWORD).await;
    let mut cursor = Screen::open(&desk, "complaintFeed").await.cursor;
    let (mut done, mut heard) = (Vec::new(), Vec::new());
    for _ in 0..2 {
        let answered = Arc::new(AtomicUsize::new(0));
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| tokio::spawn(write(client.clone(), desk.clone(), unit.clone(), Arc::clone(&answered))))
            .collect();
        let killing = async {
            while answered.load(Ordering::SeqCst) < ENOUGH {
                tokio::task::yield_now().await;
            }
            drop(gateway);
        };
        tokio::join!(killing, listen(&desk, &mut cursor, &mut heard, None));
        for writer in writers {
            done.extend(writer.await.unwrap());
        }
        gateway = Gateway::serve(&database);
        desk = desk.at(&gateway.url);
        let there = all_numbers(&database).await;
        assert!(done.iter().all(|number| there.contains(number)), "answered as done, and not there");
        listen(&desk, &mut cursor, &mut heard, Some(there.len())).await;
        let mut sorted = heard.clone();
        sorted.sort();
        assert_eq!(sorted, there, "each that is there is delivered, once");
        eprintln!("killed after {} answers; {} are there and were delivered", done.len(), there.len());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    run(database::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    let Some(database) = database::postgres().await else { return };
    run(database).await;
}
