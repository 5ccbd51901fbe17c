//! A client that goes on where it was, whatever happens to its connection.

use futures_util::SinkExt;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message;

use crate::support::Actor;
use crate::support::ws::{Got, Ws};

const QUERY: &str = "subscription($after: String) {
    complaintFeed(after: $after, filter: { acts: [FILE] }) {
        ... on TicketChanged { cursor ticket { number description } }
        ... on FeedCaughtUp { cursor }
        ... on FeedGap { reason }
    }
}";

pub struct Listener {
    actor: Actor,
    /// Where the gateway is now.
    gateway: watch::Receiver<String>,
    /// So many it hears before it is cut off.
    stay: usize,
    ws: Ws,
    cursor: Option<String>,
    heard: Heard,
}

pub struct Heard {
    /// Number and words of each complaint.
    pub told: Vec<(String, String)>,
    pub connected: usize,
}

impl Listener {
    /// Listens, from now on.
    pub async fn open(actor: Actor, mut gateway: watch::Receiver<String>, stay: usize) -> Self {
        let url = gateway.borrow_and_update().clone();
        let ws = connect(&actor, &url, None).await.unwrap();
        let mut listener =
            Self { actor, gateway, stay, ws, cursor: None, heard: Heard { told: Vec::new(), connected: 1 } };
        while listener.cursor.is_none() {
            let Got::Message(message) = listener.ws.next().await else { continue };
            listener.take(&message);
        }
        listener
    }

    /// Hears so many complaints, and then as much as comes before everything has been heard.
    pub async fn hear(mut self, count: usize) -> Heard {
        let mut since = 0;
        while self.heard.told.len() < count {
            if since == self.stay {
                since = 0;
                self.reconnect().await;
            }
            match self.ws.next().await {
                Got::Message(message) => since += usize::from(self.take(&message)),
                Got::Ping => {}
                Got::Close(..) | Got::Dropped => self.reconnect().await,
            }
        }
        self.heard
    }

    async fn reconnect(&mut self) {
        loop {
            let url = self.gateway.borrow_and_update().clone();
            if let Some(ws) = connect(&self.actor, &url, self.cursor.as_deref()).await {
                self.ws = ws;
                self.heard.connected += 1;
                return;
            }
            self.gateway.changed().await.unwrap();
        }
    }

    /// Whether it was a complaint.
    fn take(&mut self, message: &Value) -> bool {
        let update = &message["payload"]["data"]["complaintFeed"];
        assert!(update.is_object() && update["reason"].is_null(), "{message}");
        if let Some(cursor) = update["cursor"].as_str() {
            self.cursor = Some(cursor.to_owned());
        }
        let ticket = &update["ticket"];
        let (Some(number), Some(words)) = (ticket["number"].as_str(), ticket["description"].as_str()) else {
            return false;
        };
        self.heard.told.push((number.to_owned(), words.to_owned()));
        true
    }
}

/// `None` when the gateway is going away; it comes back somewhere else.
async fn connect(actor: &Actor, url: &str, cursor: Option<&str>) -> Option<Ws> {
    let mut ws = Ws::try_ready(url, actor.token.as_deref().unwrap()).await?;
    let payload = json!({ "query": QUERY, "variables": { "after": cursor } });
    let subscribe = json!({ "id": "1", "type": "subscribe", "payload": payload });
    ws.0.send(Message::text(subscribe.to_string())).await.ok()?;
    Some(ws)
}
