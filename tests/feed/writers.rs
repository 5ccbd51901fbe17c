//! Many write at once: no event is lost, doubled or before its cause, and nobody is refused.

use std::collections::HashMap;

use concierge::live::Cursor;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;

use super::{Filed, Screen, act, assign, file};
use crate::support::{Actor, App};

const WRITERS: usize = 16;
const ROUNDS: usize = 5;
/// File, acknowledge, comment, assign, start; and a comment on the one ticket that all of them write on.
const EVENTS: usize = WRITERS * ROUNDS * 6;

/// One event as a listener heard it.
struct Heard {
    seq: i64,
    ticket: String,
    act: String,
    revision: i64,
    /// The ticket's, at delivery.
    shown: i64,
}

async fn comment(actor: &Actor, ticket: &Filed) {
    let input = json!({ "id": ticket.id, "text": "在跟进", "visibility": "PUBLIC" });
    actor.act("ticketComment", input, "").await.done();
}

async fn write(desk: Actor, owner: Actor, owner_id: String, unit: String, common: &Filed) {
    for _ in 0..ROUNDS {
        let ticket = file(&desk, "COMPLAINT", ("unitId", &unit)).await;
        act(&desk, "ticketAcknowledge", &ticket).await;
        comment(&desk, &ticket).await;
        comment(&desk, common).await;
        assign(&desk, &ticket, &owner_id).await;
        act(&owner, "ticketStart", &ticket).await;
    }
}

/// Hears `count` events, going away and coming back after every `stay` of them.
async fn listen(actor: Actor, after: String, count: usize, stay: usize) -> Vec<Heard> {
    let mut heard = Vec::new();
    let mut cursor = after;
    while heard.len() < count {
        let mut screen = Screen::resume(&actor, &cursor).await;
        let until = (heard.len() + stay).min(count);
        while heard.len() < until {
            let update = screen.update().await;
            match update["__typename"].as_str().unwrap() {
                "FeedCaughtUp" => {}
                "TicketChanged" => heard.push(Heard {
                    seq: Cursor::parse(&screen.cursor).unwrap().seq,
                    ticket: update["ticket"]["id"].as_str().unwrap().to_owned(),
                    act: update["act"].as_str().unwrap().to_owned(),
                    revision: update["revision"].as_i64().unwrap(),
                    shown: update["ticket"]["revision"].as_i64().unwrap(),
                }),
                other => panic!("{other}"),
            }
        }
        cursor = screen.cursor;
    }
    heard
}

fn check(heard: &[Heard], first: i64) {
    let seqs: Vec<_> = heard.iter().map(|event| event.seq).collect();
    let expected: Vec<_> = (first..).take(EVENTS).collect();
    assert_eq!(seqs, expected, "each once, in order, without a gap");
    let mut revisions: HashMap<&str, i64> = HashMap::new();
    for event in heard {
        let before = revisions.insert(&event.ticket, event.revision);
        match before {
            Some(before) => assert_eq!(event.revision, before + 1, "{} before its cause", event.act),
            None => assert!(event.act == "FILE" || event.act == "COMMENT", "{} is the first", event.act),
        }
        assert!(event.shown >= event.revision, "{} is shown older than it was", event.act);
    }
}

async fn run(app: &App, urls: &[&str]) {
    let (desk, owner) = (app.actor("desk").await, app.actor("supervisor").await);
    let mut screen = Screen::open(&desk, "complaintFeed").await;
    let common = file(&desk, "COMPLAINT", ("unitId", &app.world.b201)).await;
    assert_eq!(screen.told().await, format!("FILE {}", common.number));
    let start = screen.cursor;
    let first = Cursor::parse(&start).unwrap().seq + 1;
    let mut listeners = Vec::new();
    for url in urls {
        for stay in [EVENTS, 50] {
            listeners.push(tokio::spawn(listen(desk.at(url), start.clone(), EVENTS, stay)));
        }
    }
    let owner_id = app.world.staff("supervisor");
    let writers = (0..WRITERS).map(|writer| {
        let url = urls[writer % urls.len()];
        write(desk.at(url), owner.at(url), owner_id.clone(), app.world.a101.clone(), &common)
    });
    let begun = std::time::Instant::now();
    futures_util::future::join_all(writers).await;
    let written = begun.elapsed();
    for listener in listeners {
        check(&listener.await.unwrap(), first);
    }
    eprintln!(
        "{EVENTS} events by {WRITERS} writers in {written:?}, heard by all after {:?}",
        begun.elapsed()
    );
    let outside = app.outside().await;
    let count = Statement::from_string(
        outside.get_database_backend(),
        format!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM event WHERE seq >= {first} OR seq IS NULL"),
    );
    let row = outside.query_one_raw(count).await.unwrap().unwrap();
    assert_eq!(row.try_get::<i64>("", "n").unwrap(), i64::try_from(EVENTS).unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite() {
    let app = App::on_sqlite().await;
    run(&app, &[&app.url]).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_with_two_gateways() {
    let Some(app) = App::on_postgres().await else { return };
    let (second, url) = app.second().await;
    run(&app, &[&app.url, &url]).await;
    second.stop().await;
    app.stop().await;
}
