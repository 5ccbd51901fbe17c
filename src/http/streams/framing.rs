//! How results are told over a response that goes on: Server-Sent Events, or Apollo's multipart.

use std::fmt::Display;

use async_graphql::ServerError;
use axum::body::Bytes;
use axum::http::HeaderValue;
use serde_json::json;

use crate::http::response::{error, to_json};

/// How results are told over a response that goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum Framing {
    /// GraphQL over Server-Sent Events, in distinct connections mode.
    EventStream,
    /// Apollo's multipart subscriptions. Its readers take a part for whole only when they see the boundary after it, so
    /// each part is sent with that.
    Multipart,
}

/// Why a stream ends before its subscription does. The client may come back, with a fresh token if need be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// The token was valid, and is so no more.
    SessionEnded,
    /// The process ends; another takes the client back.
    ShuttingDown,
}

impl Framing {
    pub(super) fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::EventStream => "text/event-stream; charset=utf-8",
            Self::Multipart => r#"multipart/mixed;boundary="graphql";subscriptionSpec="1.0""#,
        })
    }

    /// What goes out at once, so that whoever stands between passes the head on.
    pub(super) fn opening(self) -> Bytes {
        match self {
            Self::EventStream => self.heartbeat(),
            Self::Multipart => format!("\r\n--graphql{}", part("{}")).into(),
        }
    }

    /// All is well: what is silent for long is cut off on the way.
    pub(super) fn heartbeat(self) -> Bytes {
        match self {
            Self::EventStream => Bytes::from_static(b":\n\n"),
            Self::Multipart => part("{}").into(),
        }
    }

    /// A result, which is JSON on one line, and the place from which to go on after it.
    pub(super) fn next(self, result: &str, cursor: Option<&dyn Display>) -> Bytes {
        match (self, cursor) {
            (Self::EventStream, Some(cursor)) => format!("event: next\nid: {cursor}\ndata: {result}\n\n"),
            (Self::EventStream, None) => format!("event: next\ndata: {result}\n\n"),
            (Self::Multipart, _) => part(&format!(r#"{{"payload":{result}}}"#)),
        }
        .into()
    }

    /// A result that is nothing but errors.
    pub(super) fn failed(self, errors: &[ServerError]) -> Bytes {
        self.next(&to_json(&json!({ "errors": errors })), None)
    }

    /// The end of the operation. A browser's own reader passes over an event without a `data` line.
    pub(super) fn complete(self) -> Bytes {
        Bytes::from_static(match self {
            Self::EventStream => b"event: complete\ndata:\n\n",
            Self::Multipart => b"--\r\n",
        })
    }

    /// The end of the stream but not of the operation: without `complete` clients of Server-Sent Events come back by
    /// themselves, and the comment is for people; of a multipart's clients each decides by the code.
    pub(super) fn cut(self, cut: Cut) -> Bytes {
        match self {
            Self::EventStream => format!(": {}\n\n", cut.message()),
            Self::Multipart => {
                let errors = [error(cut.code(), cut.message())];
                format!("{}--\r\n", part(&to_json(&json!({ "payload": null, "errors": errors }))))
            }
        }
        .into()
    }
}

fn part(json: &str) -> String {
    format!("\r\nContent-Type: application/json\r\n\r\n{json}\r\n--graphql")
}

impl Cut {
    fn code(self) -> &'static str {
        match self {
            Self::SessionEnded => "UNAUTHENTICATED",
            Self::ShuttingDown => "UNAVAILABLE",
        }
    }

    fn message(self) -> &'static str {
        match self {
            Self::SessionEnded => "The session has ended, or the token has expired: go on with a fresh one.",
            Self::ShuttingDown => "The server is shutting down: go on at once, another takes you.",
        }
    }

    /// The word for logs and metrics.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SessionEnded => "session ended",
            Self::ShuttingDown => "shutdown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_stream() {
        let framing = Framing::EventStream;
        assert_eq!(
            framing.next(r#"{"data":{}}"#, Some(&"AB")),
            "event: next\nid: AB\ndata: {\"data\":{}}\n\n"
        );
        assert_eq!(framing.next(r#"{"data":{}}"#, None), "event: next\ndata: {\"data\":{}}\n\n");
        assert_eq!(framing.failed(&[]), "event: next\ndata: {\"errors\":[]}\n\n");
        assert_eq!(framing.complete(), "event: complete\ndata:\n\n");
        assert!(framing.cut(Cut::SessionEnded).starts_with(b": The session has ended"));
    }

    #[test]
    fn a_multipart() {
        let framing = Framing::Multipart;
        let whole = [
            framing.opening(),
            framing.next(r#"{"data":{}}"#, Some(&"AB")),
            framing.heartbeat(),
            framing.complete(),
        ]
        .concat();
        let head = "--graphql\r\nContent-Type: application/json\r\n\r\n";
        let expected = format!(
            "\r\n{head}{{}}\r\n{head}{{\"payload\":{{\"data\":{{}}}}}}\r\n{head}{{}}\r\n--graphql--\r\n"
        );
        assert_eq!(String::from_utf8(whole).unwrap(), expected);
        let cut = String::from_utf8(framing.cut(Cut::ShuttingDown).into()).unwrap();
        let error = r#"{"extensions":{"code":"UNAVAILABLE"},"message":"The server is shutting down"#;
        assert!(cut.contains(&format!(r#"{{"errors":[{error}"#)), "{cut}");
        assert!(cut.contains(r#""payload":null}"#), "{cut}");
        assert!(cut.ends_with("\r\n--graphql--\r\n"), "{cut}");
    }
}
