//! A client of streams, that reads exactly what comes.

use std::time::Duration;

use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use super::Actor;

/// Nothing a test waits for takes longer, so what hangs fails.
const PATIENCE: Duration = Duration::from_secs(20);

pub const EVENT_STREAM: &str = "text/event-stream";
pub const MULTIPART: &str = "multipart/mixed;boundary=\"graphql\";subscriptionSpec=\"1.0\", application/json";

/// A subscription, a query or a mutation, as somebody sends it by POST to have it told as a stream.
pub fn asked(actor: &Actor, accept: &str, query: &str, variables: &Value) -> RequestBuilder {
    let request = reqwest::Client::new().post(format!("{}/graphql", actor.url)).header("accept", accept);
    let request = request.json(&json!({ "query": query, "variables": variables }));
    actor.token.iter().fold(request, RequestBuilder::bearer_auth)
}

/// What comes, cut where its framing cuts it.
struct Pieces {
    response: Response,
    bytes: Vec<u8>,
}

impl Pieces {
    fn of(response: Response) -> Self {
        Self { response, bytes: Vec::new() }
    }

    /// What stands before the next `end`; `None` when the response ends there.
    async fn next(&mut self, end: &str) -> Option<String> {
        loop {
            if let Some(at) = self.bytes.windows(end.len()).position(|bytes| bytes == end.as_bytes()) {
                let rest = self.bytes.split_off(at + end.len());
                let mut piece = std::mem::replace(&mut self.bytes, rest);
                piece.truncate(at);
                return Some(String::from_utf8(piece).unwrap());
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk()).await.expect("nothing came");
            match chunk.expect("the stream broke off") {
                Some(chunk) => self.bytes.extend_from_slice(&chunk),
                None => {
                    assert!(self.bytes.is_empty(), "the response ends within a piece");
                    return None;
                }
            }
        }
    }
}

/// An event of an event stream, or the comment that stands in its place.
#[derive(Debug, Default, PartialEq)]
pub struct Event {
    pub comment: Option<String>,
    pub event: Option<String>,
    pub id: Option<String>,
    pub data: Option<String>,
}

/// A client of Server-Sent Events.
pub struct Events {
    pieces: Pieces,
    /// The last id that came.
    pub id: String,
}

impl Events {
    pub async fn open(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        assert!(!response.headers().contains_key("content-encoding"));
        Self { pieces: Pieces::of(response), id: String::new() }
    }

    /// The next event or comment; `None` at the end of the stream.
    pub async fn next(&mut self) -> Option<Event> {
        let piece = self.pieces.next("\n\n").await?;
        let mut event = Event::default();
        for line in piece.lines() {
            let (field, value) = line.split_once(':').unwrap();
            let value = Some(value.strip_prefix(' ').unwrap_or(value).to_owned());
            match field {
                "" => event.comment = value,
                "event" => event.event = value,
                "id" => event.id = value,
                "data" => event.data = value,
                other => panic!("{other}"),
            }
        }
        event.id.iter().for_each(|id| self.id.clone_from(id));
        Some(event)
    }

    /// The next result, whole; comments are passed over.
    pub async fn result(&mut self) -> Value {
        loop {
            let event = self.next().await.expect("the stream has ended");
            match event.event.as_deref() {
                None => assert!(event.comment.is_some(), "{event:?}"),
                Some(kind) => {
                    assert_eq!(kind, "next", "{event:?}");
                    return serde_json::from_str(&event.data.unwrap()).unwrap();
                }
            }
        }
    }

    /// Waits for the end; gives what came before it but heartbeats.
    pub async fn rest(mut self) -> Vec<Event> {
        let mut rest = Vec::new();
        while let Some(event) = self.next().await {
            if event.comment.as_deref() != Some("") {
                rest.push(event);
            }
        }
        rest
    }
}

/// A client of Apollo's multipart subscriptions. Like Apollo's own, it takes a part for whole when it sees the boundary
/// after it.
pub struct Parts {
    pieces: Pieces,
}

impl Parts {
    pub async fn open(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        let content_type = "multipart/mixed;boundary=\"graphql\";subscriptionSpec=\"1.0\"";
        assert_eq!(response.headers()["content-type"], content_type);
        assert_eq!(response.headers()["cache-control"], "no-store");
        let mut pieces = Pieces::of(response);
        assert_eq!(pieces.next("\r\n--graphql").await.as_deref(), Some(""), "no preamble");
        Self { pieces }
    }

    /// The next part; `None` after the last one.
    pub async fn next(&mut self) -> Option<Value> {
        // Behind a boundary stands `--` at the end, and else the line's own end.
        let last = self.pieces.next("\r\n").await.unwrap();
        if last == "--" {
            assert_eq!(self.pieces.next("\r\n").await, None, "no epilogue");
            return None;
        }
        assert_eq!(last, "");
        assert_eq!(self.pieces.next("\r\n\r\n").await.as_deref(), Some("Content-Type: application/json"));
        let body = self.pieces.next("\r\n--graphql").await.unwrap();
        Some(serde_json::from_str(&body).unwrap())
    }

    /// The next payload; heartbeats are passed over.
    pub async fn payload(&mut self) -> Value {
        loop {
            let part = self.next().await.expect("the stream has ended");
            if part != json!({}) {
                assert_eq!(part.as_object().unwrap().len(), 1, "{part}");
                return part["payload"].clone();
            }
        }
    }

    /// Waits for the end; gives what came before it but heartbeats.
    pub async fn rest(mut self) -> Vec<Value> {
        let mut rest = Vec::new();
        while let Some(part) = self.next().await {
            if part != json!({}) {
                rest.push(part);
            }
        }
        rest
    }
}
