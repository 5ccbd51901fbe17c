//! What is pushed.

mod agreement;
mod complaint_feed;
mod cursor;
mod desk;
mod killed;
mod mine;
mod pace;
mod rights;
mod screen;
mod sharing;
mod writers;

use serde_json::json;

use crate::support::Actor;

pub use screen::{Screen, UPDATE, in_short};

/// A ticket that a test has filed.
pub struct Filed {
    pub id: String,
    pub number: String,
}

/// Files a ticket of a unit or a building, by the name of the field that gives its place.
pub async fn file(actor: &Actor, kind: &str, place: (&str, &str)) -> Filed {
    let input = json!({ "kind": kind, place.0: place.1, "description": "楼上太吵" });
    let filed = actor.act("ticketFile", input, "ticket { id number }").await.done();
    Filed { id: filed.text("/ticket/id"), number: filed.text("/ticket/number") }
}

/// An act that takes nothing but the ticket.
pub async fn act(actor: &Actor, name: &str, ticket: &Filed) {
    actor.act_as(name, "TicketActInput", json!({ "id": ticket.id }), "").await.done();
}

pub async fn assign(actor: &Actor, ticket: &Filed, owner: &str) {
    actor.act("ticketAssign", json!({ "id": ticket.id, "ownerId": owner }), "").await.done();
}

/// Gives a piece of the ticket's work to a team and answers with the work order's id.
pub async fn dispatch(actor: &Actor, ticket: &Filed, team: &str) -> String {
    let input = json!({ "id": ticket.id, "teamId": team, "task": "去看看" });
    actor.act("workOrderDispatch", input, "workOrder { id }").await.done().text("/workOrder/id")
}
