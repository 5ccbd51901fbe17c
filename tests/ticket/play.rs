//! People of the world who act on tickets.

use std::collections::HashMap;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::support::ws::Ws;
use crate::support::{Actor, App};

/// Where a ticket is to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    New,
    Assigned,
    InProgress,
    OnHold,
    Resolved,
    Closed,
    Reopened,
    Rejected,
    Cancelled,
    Merged,
}

/// The user errors with all that they carry.
const ERRORS: &str = "userErrors { __typename code field message \
    ... on IllegalMove { status legal } \
    ... on Conflict { current { __typename ... on Ticket { id version status } ... on WorkOrder { id version status } } } }";

/// All of a ticket that an act could change.
const STATE: &str = "id status version revision updatedAt respondedAt responseDueAt resolutionDueAt holdReason resumeAt \
    resolution resolvedAt callBack rating ratingComment endedAt reopenCount escalationLevel majorAt owner { id } \
    mergedInto { id } workOrders { id status version result } timeline { act text }";

/// Everybody signs in once.
pub struct Play<'a> {
    pub app: &'a App,
    cast: Mutex<HashMap<String, Actor>>,
}

impl<'a> Play<'a> {
    pub fn on(app: &'a App) -> Self {
        Self { app, cast: Mutex::default() }
    }

    pub async fn actor(&self, login: &str) -> Actor {
        if login == "nobody" {
            return self.app.nobody();
        }
        let mut cast = self.cast.lock().await;
        if !cast.contains_key(login) {
            cast.insert(login.to_owned(), self.app.actor(login).await);
        }
        cast[login].clone()
    }

    /// Time passes; whoever acts then signs in anew.
    pub async fn later(&self, step: TimeDelta) {
        self.app.advance(step);
        self.cast.lock().await.clear();
    }

    /// Does a mutation, selecting `fields`, and gives its payload, whatever it is.
    pub async fn does_with(&self, login: &str, mutation: &str, input: Value, fields: &str) -> Value {
        let query = format!(
            "mutation($input: {}!) {{ {mutation}(input: $input) {{ {fields} {ERRORS} }} }}",
            input_type(mutation)
        );
        let answer = self.actor(login).await.ask_with(&query, json!({ "input": input })).await;
        match answer.at(&format!("/data/{mutation}")) {
            Value::Null => answer.0,
            payload => payload.clone(),
        }
    }

    pub async fn does(&self, login: &str, mutation: &str, input: Value) -> Value {
        self.does_with(login, mutation, input, "").await
    }

    /// Like [`Play::does_with`], and nothing may be refused.
    pub async fn done_with(&self, login: &str, mutation: &str, input: Value, fields: &str) -> Value {
        let payload = self.does_with(login, mutation, input, fields).await;
        assert_eq!(payload["userErrors"], json!([]), "{login} {mutation}: {payload}");
        payload
    }

    pub async fn done(&self, login: &str, mutation: &str, input: Value) -> Value {
        self.done_with(login, mutation, input, "").await
    }

    /// Raises a matter and gives its id.
    pub async fn file(&self, login: &str, input: Value) -> String {
        let payload = self.done_with(login, "ticketFile", input, "ticket { id }").await;
        payload["ticket"]["id"].as_str().unwrap().to_owned()
    }

    /// 林一 raises a matter of this kind at home.
    pub async fn raise(&self, kind: &str) -> String {
        let unit = &self.app.world.a101;
        self.file("lin-yi", json!({ "kind": kind, "unitId": unit, "description": "水管漏水" })).await
    }

    /// 林一's matter, where it is to stand; the assistant owns it from ASSIGNED on.
    pub async fn at(&self, at: At, kind: &str) -> String {
        let id = self.raise(kind).await;
        let owner = self.app.world.staff("assistant");
        let steps: &[At] = match at {
            At::New => &[],
            At::Assigned => &[At::Assigned],
            At::InProgress => &[At::Assigned, At::InProgress],
            At::OnHold => &[At::Assigned, At::InProgress, At::OnHold],
            At::Resolved => &[At::Assigned, At::InProgress, At::Resolved],
            At::Closed => &[At::Assigned, At::InProgress, At::Resolved, At::Closed],
            At::Reopened => &[At::Assigned, At::InProgress, At::Resolved, At::Reopened],
            At::Rejected => &[At::Rejected],
            At::Cancelled => &[At::Cancelled],
            At::Merged => &[At::Merged],
        };
        for step in steps {
            match step {
                At::New => {}
                At::Assigned => {
                    self.done("desk", "ticketAssign", json!({ "id": id, "ownerId": owner })).await;
                }
                At::InProgress => {
                    self.done("assistant", "ticketStart", json!({ "id": id })).await;
                }
                At::OnHold => {
                    let hold =
                        json!({ "id": id, "reason": "AWAITING_PARTS", "resumeAt": "2026-11-25T02:00:00Z" });
                    self.done("assistant", "ticketHold", hold).await;
                }
                At::Resolved => {
                    self.done("assistant", "ticketResolve", json!({ "id": id, "resolution": "换了水管" }))
                        .await;
                }
                At::Closed => {
                    self.done("lin-yi", "ticketConfirm", json!({ "id": id })).await;
                }
                At::Reopened => {
                    self.done("lin-yi", "ticketReopen", json!({ "id": id, "reason": "还在漏" })).await;
                }
                At::Rejected => {
                    self.done("supervisor", "ticketReject", json!({ "id": id, "reply": "不属物业" })).await;
                }
                At::Cancelled => {
                    self.done("lin-yi", "ticketCancel", json!({ "id": id })).await;
                }
                At::Merged => {
                    let main = self.raise(kind).await;
                    self.done("desk", "ticketMerge", json!({ "id": id, "intoId": main })).await;
                }
            }
        }
        id
    }

    /// A work order to the engineers for 林一's matter, which is ASSIGNED: the ticket's id and the order's.
    pub async fn ordered(&self) -> (String, String) {
        let id = self.at(At::Assigned, "REPAIR").await;
        let order = self.dispatch(&id, &self.app.world.engineering).await;
        (id, order)
    }

    pub async fn dispatch(&self, ticket: &str, team: &str) -> String {
        let input = json!({ "id": ticket, "teamId": team, "task": "换水管" });
        let payload = self.done_with("desk", "workOrderDispatch", input, "workOrder { id }").await;
        payload["workOrder"]["id"].as_str().unwrap().to_owned()
    }

    /// What somebody sees of a ticket; null when they see none.
    pub async fn sees(&self, login: &str, id: &str, fields: &str) -> Value {
        let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on Ticket {{ {fields} }} }} }}");
        let answer = self.actor(login).await.ask_with(&query, json!({ "id": id })).await;
        assert_eq!(answer.at("/errors"), &Value::Null, "{answer:?}");
        answer.at("/data/node").clone()
    }

    /// Everything about a ticket, as the group sees it.
    pub async fn state(&self, id: &str) -> Value {
        self.sees("group", id, STATE).await
    }

    pub async fn version(&self, id: &str) -> i64 {
        self.sees("group", id, "version").await["version"].as_i64().unwrap()
    }

    /// A query's data.
    pub async fn asks(&self, login: &str, query: &str, variables: Value) -> Value {
        let answer = self.actor(login).await.ask_with(query, variables).await;
        assert_eq!(answer.at("/errors"), &Value::Null, "{answer:?}");
        answer.at("/data").clone()
    }

    /// Somebody's screen: all tickets that they see, of whatever kind.
    pub async fn screen(&self, login: &str) -> Screen {
        let kinds = "[COMPLAINT, REPAIR, SERVICE, ENQUIRY, SUGGESTION]";
        self.open(login, &format!("complaintFeed(filter: {{ kinds: {kinds} }})")).await
    }

    /// Somebody who listens to one ticket.
    pub async fn watching(&self, login: &str, id: &str) -> Screen {
        self.open(login, &format!("ticketChanged(id: \"{id}\")")).await
    }

    /// Somebody's own list.
    pub async fn own_list(&self, login: &str) -> Screen {
        self.open(login, "myTicketsChanged").await
    }

    async fn open(&self, login: &str, feed: &str) -> Screen {
        let old = self.revisions().await;
        let mut ws = self.app.socket(&self.actor(login).await).await;
        let selection = "__typename ... on TicketChanged { act revision ticket { id } } ... on TicketWithdrawn { ticketId }";
        ws.subscribe("1", &format!("subscription {{ told: {feed} {{ {selection} }} }}")).await;
        let mut screen = Screen { ws, old };
        assert_eq!(screen.next().await, json!({ "__typename": "FeedCaughtUp" }));
        screen
    }

    /// Every ticket's revision now.
    async fn revisions(&self) -> HashMap<String, i64> {
        let all = self.asks("group", "{ tickets(first: 100) { nodes { id revision } } }", json!({})).await;
        let nodes = all["tickets"]["nodes"].as_array().unwrap().iter();
        nodes
            .map(|node| (node["id"].as_str().unwrap().to_owned(), node["revision"].as_i64().unwrap()))
            .collect()
    }
}

/// A feed as somebody has it before them.
pub struct Screen {
    ws: Ws,
    /// What had happened before it was opened. Events get their places a little after their commits, so that the last
    /// of it may still be told.
    old: HashMap<String, i64>,
}

impl Screen {
    /// The next thing that is told, which must be this act on this ticket; gives the ticket's revision.
    pub async fn shows(&mut self, act: &str, id: &str) -> i64 {
        let mut told = self.next().await;
        let revision = told["revision"].take().as_i64().unwrap_or_default();
        let expected =
            json!({ "__typename": "TicketChanged", "act": act, "revision": null, "ticket": { "id": id } });
        assert_eq!(told, expected);
        revision
    }

    /// The next thing that is told, which must be that this ticket is seen no longer.
    pub async fn loses(&mut self, id: &str) {
        assert_eq!(self.next().await, json!({ "__typename": "TicketWithdrawn", "ticketId": id }));
    }

    async fn next(&mut self) -> Value {
        loop {
            let told = self.ws.data("1").await["told"].take();
            let known = told["ticket"]["id"].as_str().and_then(|id| self.old.get(id));
            let is_old = known.is_some_and(|known| told["revision"].as_i64().unwrap() <= *known);
            if !is_old && told["__typename"] != "FeedHeartbeat" {
                return told;
            }
        }
    }
}

/// The name of a mutation's input: acts that take the same share one.
fn input_type(mutation: &str) -> String {
    match mutation {
        "ticketAcknowledge" | "ticketTakeOver" | "ticketStart" | "ticketResume" | "ticketReceipt" => {
            "TicketActInput".to_owned()
        }
        "ticketHandBack" | "ticketReopen" | "ticketEscalate" | "ticketMarkMajor" => {
            "TicketReasonInput".to_owned()
        }
        "ticketsAcknowledge" => "TicketsActInput".to_owned(),
        other => format!("{}{}Input", other[..1].to_uppercase(), &other[1..]),
    }
}

/// The only user error of a payload: its code.
pub fn refusal(payload: &Value) -> &str {
    assert_eq!(payload["userErrors"].as_array().map(Vec::len), Some(1), "{payload}");
    payload["userErrors"][0]["code"].as_str().unwrap()
}

/// An id of this kind that nothing has.
pub fn unknown(kind: &str) -> String {
    format!("{kind}:0190c0de-0000-7000-8000-000000000000")
}
