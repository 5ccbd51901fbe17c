//! One statement for each level of a list, however long the list.

mod audit;
mod inspection;
mod register;
mod staff;

use std::time::Duration;

use chrono::TimeDelta;
use concierge::config::Config;
use serde_json::json;

use crate::support::picture::PDF;
use crate::support::{Actor, Answer, App};

/// Nothing but the request reads meanwhile.
fn quiet(config: &mut Config) {
    config.feed.poll_every = Duration::from_secs(24 * 60 * 60);
    config.feed.heartbeat_every = Duration::from_secs(24 * 60 * 60);
    config.exchange.works = false;
}

/// What is selected of each ticket, and how many statements that adds to the list's own.
const FIELDS: [(&str, u64); 16] = [
    ("number", 0),
    ("community { name }", 1),
    ("building { name }", 1),
    ("unit { number }", 1),
    ("category { code }", 1),
    ("reporter { name }", 1),
    ("owner { name }", 1),
    ("handler { name title }", 1),
    ("timeline { act }", 1),
    ("timeline { actor { name } }", 2),
    ("workOrders { task team { name } worker { name } }", 3),
    ("attachments { fileName url thumbnailUrl }", 1),
    ("timeline { attachments { fileName url } }", 2),
    ("contactPhone", 1),
    ("viewerActions", 0),
    ("community { name } unit { number } building { name } reporter { name } contactName contactPhone", 4),
];

/// How often something is asked for its statements. What goes on beside a request only adds to them, and sooner or later
/// does not: a notice of the database may come late. What a request needs, it needs each time.
const ASKINGS: usize = 50;

/// Asks until it takes no more statements than expected, and says how many it took at last.
async fn counted(app: &App, viewer: &Actor, query: &str, expected: u64) -> (Answer, u64) {
    let mut askings = 0;
    loop {
        let before = app.running.domain.statements();
        let answer = viewer.ask(query).await;
        let spent = app.running.domain.statements() - before;
        askings += 1;
        if spent <= expected || askings == ASKINGS {
            return (answer, spent);
        }
    }
}

/// Like [`counted`], of a list: how many rows it has, and how many statements it took.
async fn list(app: &App, viewer: &Actor, list: &str, query: &str, expected: u64) -> (usize, u64) {
    let (answer, spent) = counted(app, viewer, query, expected).await;
    assert_eq!(answer.at("/errors"), &json!(null), "{query}");
    (answer.at(list).as_array().unwrap_or_else(|| panic!("{answer:?}")).len(), spent)
}

/// Until the feed has read all of it, more is read than a request asks for. What is filed last, in the other community,
/// is told last.
async fn settle(app: &App) {
    let desk = app.actor("yunshan-desk").await;
    let mut screen = app.socket(&desk).await;
    screen.subscribe("1", "subscription { complaintFeed { __typename } }").await;
    assert_eq!(screen.data("1").await["complaintFeed"]["__typename"], "FeedCaughtUp");
    let input = json!({
        "kind": "COMPLAINT", "unitId": app.world.c101, "reporterId": app.world.zhao_yuan, "description": "最后一件",
    });
    desk.act("ticketFile", input, "").await.done();
    assert_eq!(screen.data("1").await["complaintFeed"]["__typename"], "TicketChanged");
}

async fn check(app: &App) {
    let (desk, supervisor) = (app.actor("desk").await, app.actor("supervisor").await);
    let worker = app.actor("worker").await;
    let places = [(&app.world.a101, &app.world.lin_yi), (&app.world.b201, &app.world.chen_zu)];
    for place in 0..30 {
        app.advance(TimeDelta::seconds(1));
        let (unit, reporter) = places[place % places.len()];
        let photo = desk.upload("a.pdf", PDF).await;
        let input = json!({
            "kind": "REPAIR", "unitId": unit, "reporterId": reporter, "description": "坏了", "categoryId": app.world.lift,
            "attachmentIds": [photo],
        });
        let id = desk.act("ticketFile", input, "ticket { id }").await.done().text("/ticket/id");
        let owner = ["supervisor", "manager", "head"][place % 3];
        desk.act("ticketAssign", json!({ "id": id, "ownerId": app.world.staff(owner) }), "").await.done();
        let team = [&app.world.cleaning, &app.world.engineering][place % 2];
        let input = json!({ "id": id, "teamId": team, "task": "去看看" });
        let order =
            desk.act("workOrderDispatch", input, "workOrder { id }").await.done().text("/workOrder/id");
        if place % 2 == 1 {
            worker.act("workOrderTake", json!({ "id": order }), "").await.done();
        }
    }
    settle(app).await;
    for (fields, expected) in FIELDS {
        for first in [1, 30] {
            let query = format!("{{ tickets(first: {first}) {{ nodes {{ {fields} }} }} }}");
            let found = list(app, &supervisor, "/data/tickets/nodes", &query, 1 + expected).await;
            assert_eq!(found, (first, 1 + expected), "{fields}, of {first} tickets");
        }
    }
    let query = "{ tickets(first: 5) { totalCount nodes { number } } }";
    let (answer, spent) = counted(app, &supervisor, query, 2).await;
    assert_eq!(answer.at("/data/tickets/totalCount"), 30);
    assert_eq!(spent, 2, "the list is counted only when asked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    let app = App::with(quiet).await;
    check(&app).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    let Some(app) = App::on_postgres_with(quiet).await else { return };
    check(&app).await;
    app.stop().await;
}
