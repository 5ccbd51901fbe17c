//! Staff, teams, posts, charges and categories, through the front door.

mod category;
mod charge;
mod ladder;
mod leaving;
mod list;
mod member;
mod midnight;
mod node;
mod other_gateway;
mod post;
mod sight;
mod team;

use serde_json::{Value, json};

use crate::support::ws::Ws;
use crate::support::{Actor, App};

/// Code, path and message of the only user error.
fn why(payload: &Value) -> Value {
    let errors = payload["userErrors"].as_array().unwrap_or_else(|| panic!("{payload}"));
    assert_eq!(errors.len(), 1, "{payload}");
    let field = errors[0]["field"]
        .as_array()
        .map(|path| path.iter().map(|part| part.as_str().unwrap()).collect::<Vec<_>>().join("."));
    json!([errors[0]["code"], field, errors[0]["message"]])
}

/// Code and path of the only user error.
fn code(payload: &Value) -> Value {
    let Value::Array(mut why) = why(payload) else { unreachable!() };
    why.truncate(2);
    Value::Array(why)
}

/// The input with some of its values changed; null takes one out.
fn with(input: &Value, changes: &Value) -> Value {
    let mut input = input.clone();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => input.as_object_mut().unwrap().remove(name),
            value => input.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    input
}

/// The thing with this id, as the actor sees it.
async fn node(actor: &Actor, id: &str, kind: &str, fields: &str) -> Value {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {fields} }} }} }}");
    actor.ask_with(&query, json!({ "id": id })).await.at("/data/node").clone()
}

/// The newest post of somebody.
async fn post_of(app: &App, login: &str) -> String {
    let staff = node(&app.actor("admin").await, &app.world.staff(login), "Staff", "posts { id }").await;
    staff["posts"][0]["id"].as_str().unwrap().to_owned()
}

/// Files a complaint from a unit and gives its id.
async fn complaint(actor: &Actor, unit: &str, words: &str) -> String {
    let input = json!({ "kind": "COMPLAINT", "unitId": unit, "description": words });
    actor.act("ticketFile", input, "ticket { id }").await.done().text("/ticket/id")
}

/// Files a complaint from a unit about a member of staff and gives its id.
async fn complaint_about(app: &App, login: &str) -> String {
    let input = json!({
        "kind": "COMPLAINT", "unitId": app.world.a101, "description": "态度不好", "aboutStaffId": app.world.staff(login),
    });
    let resident = app.actor("lin-yi").await;
    resident.act("ticketFile", input, "ticket { id }").await.done().text("/ticket/id")
}

/// The words of the complaints that somebody sees, oldest first.
async fn seen(actor: &Actor) -> Value {
    let answer = actor.ask("{ tickets(orderBy: CREATED_ASC) { nodes { description } totalCount } }").await;
    let words: Vec<_> =
        answer.at("/data/tickets/nodes").as_array().unwrap_or_else(|| panic!("{answer:?}")).clone();
    assert_eq!(answer.at("/data/tickets/totalCount"), words.len());
    words.into_iter().map(|ticket| ticket["description"].clone()).collect()
}

const FEED: &str = "subscription { complaintFeed {
    __typename ... on TicketChanged { ticket { description } } ... on FeedGap { reason }
} }";

/// A screen that listens to complaints, caught up.
async fn screen(url: &str, actor: &Actor) -> Ws {
    let mut ws = Ws::ready(url, actor.token.as_deref()).await;
    ws.subscribe("1", FEED).await;
    assert_eq!(told(&mut ws).await, json!({ "__typename": "FeedCaughtUp" }));
    ws
}

/// What a screen is told next, heartbeats aside.
async fn told(ws: &mut Ws) -> Value {
    loop {
        let update = ws.data("1").await["complaintFeed"].take();
        if update["__typename"] != "FeedHeartbeat" {
            return update;
        }
    }
}

fn sight_changed() -> Value {
    json!({ "__typename": "FeedGap", "reason": "SIGHT_CHANGED" })
}

fn changed(words: &str) -> Value {
    json!({ "__typename": "TicketChanged", "ticket": { "description": words } })
}
