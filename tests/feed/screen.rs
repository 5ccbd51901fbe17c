//! A client with one subscription, as a front desk's screen has it.

use serde_json::{Value, json};

use crate::support::Actor;
use crate::support::ws::Ws;

/// What is selected of an update.
pub const UPDATE: &str = "__typename
    ... on TicketChanged { cursor act revision ticket { id number revision } }
    ... on TicketWithdrawn { cursor ticketId }
    ... on FeedGap { cursor reason }
    ... on FeedCaughtUp { cursor serverTime }
    ... on FeedHeartbeat { cursor serverTime }";

/// One subscription on a socket of its own.
pub struct Screen {
    pub ws: Ws,
    /// The last cursor that came.
    pub cursor: String,
}

impl Screen {
    /// Opens a feed, such as `complaintFeed(communityIds: […])`, and waits until it is live.
    pub async fn open(actor: &Actor, feed: &str) -> Self {
        let mut screen = Self::begin(actor, feed).await;
        assert_eq!(screen.told().await, "caught up");
        screen
    }

    /// Opens a feed.
    pub async fn begin(actor: &Actor, feed: &str) -> Self {
        Self::begin_with(actor, &format!("subscription {{ {feed} {{ {UPDATE} }} }}"), json!({})).await
    }

    /// Opens the complaints' feed behind a cursor.
    pub async fn resume(actor: &Actor, cursor: &str) -> Self {
        let query = format!("subscription($after: String) {{ complaintFeed(after: $after) {{ {UPDATE} }} }}");
        Self::begin_with(actor, &query, json!({ "after": cursor })).await
    }

    async fn begin_with(actor: &Actor, query: &str, variables: Value) -> Self {
        let mut ws = Ws::ready(&actor.url, actor.token.as_deref()).await;
        ws.subscribe_with("1", query, variables).await;
        Self { ws, cursor: String::new() }
    }

    /// The next update, whole.
    pub async fn update(&mut self) -> Value {
        let data = self.ws.data("1").await;
        let update = data.as_object().unwrap().values().next().unwrap().clone();
        update["cursor"].as_str().unwrap().clone_into(&mut self.cursor);
        update
    }

    /// The next update, in short.
    pub async fn told(&mut self) -> String {
        in_short(&self.update().await)
    }

    /// The next update that is not this one, in short.
    pub async fn told_but(&mut self, known: &str) -> String {
        loop {
            let told = self.told().await;
            if told != known {
                return told;
            }
        }
    }

    /// The next updates, in short.
    pub async fn told_next(&mut self, count: usize) -> Vec<String> {
        let mut told = Vec::with_capacity(count);
        for _ in 0..count {
            told.push(self.told().await);
        }
        told
    }

    /// The next updates on tickets, wherever the replay ends among them: on PostgreSQL what has just been committed may
    /// be numbered a moment later, and then comes live.
    pub async fn tickets(&mut self, count: usize) -> Vec<String> {
        let mut told = Vec::with_capacity(count);
        while told.len() < count {
            let next = self.told().await;
            if next != "caught up" {
                told.push(next);
            }
        }
        told
    }

    /// The error with which the subscription was refused.
    pub async fn refused(&mut self) -> Value {
        let message = self.ws.message().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!("1")), "{message}");
        message["payload"][0].clone()
    }
}

/// An update in short.
pub fn in_short(update: &Value) -> String {
    let text = |field: &Value| field.as_str().unwrap().to_owned();
    match text(&update["__typename"]).as_str() {
        "TicketChanged" => format!("{} {}", text(&update["act"]), text(&update["ticket"]["number"])),
        "TicketWithdrawn" => format!("- {}", text(&update["ticketId"])),
        "FeedGap" => format!("gap {}", text(&update["reason"])),
        "FeedCaughtUp" => "caught up".to_owned(),
        "FeedHeartbeat" => "heartbeat".to_owned(),
        other => panic!("{other}"),
    }
}
