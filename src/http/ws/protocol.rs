//! The messages and close codes of graphql-transport-ws.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::ServerError;
use axum::extract::ws::{CloseFrame, Message};
use serde::Deserialize;
use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::http::request::Parameters;
use crate::http::response::to_json;

pub(super) const SUBPROTOCOL: &str = "graphql-transport-ws";

/// What a client may say.
#[derive(Debug)]
pub(super) enum ClientMessage<'a> {
    ConnectionInit { authorization: Option<String> },
    Ping { payload: Option<&'a RawValue> },
    Pong,
    Subscribe { id: String, parameters: Parameters },
    Complete { id: String },
}

/// Every message's outside. What is inside the payload depends on the type, so it is looked at after.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    id: Option<String>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
struct InitPayload {
    #[serde(alias = "Authorization")]
    authorization: Option<String>,
}

impl<'a> ClientMessage<'a> {
    /// Whatever is not exactly a message of the protocol closes the socket with 4400.
    pub(super) fn parse(text: &'a str) -> Result<Self, Close> {
        if !is_object(text) {
            return Err(Close::invalid("a message is a JSON object"));
        }
        let Envelope { kind, id, payload } = serde_json::from_str(text).map_err(|error| explain(&error))?;
        match kind.as_ref() {
            "connection_init" => {
                let payload = object(payload)?.map(|json| serde_json::from_str::<InitPayload>(json.get()));
                let payload = payload.transpose().map_err(|_| {
                    Close::invalid("`payload.authorization` must be a string, null or absent")
                })?;
                let payload = payload.unwrap_or_default();
                Ok(Self::ConnectionInit { authorization: payload.authorization })
            }
            "ping" => Ok(Self::Ping { payload: object(payload)? }),
            "pong" => object(payload).map(|_| Self::Pong),
            "subscribe" => {
                let id = required(id)?;
                let payload = payload.ok_or_else(|| Close::invalid("`subscribe` needs a payload"))?;
                let parameters = Parameters::from_json(payload.get().as_bytes());
                let parameters = parameters.map_err(|refusal| Close::invalid(refusal.message()))?;
                Ok(Self::Subscribe { id, parameters })
            }
            "complete" => Ok(Self::Complete { id: required(id)? }),
            _ => Err(Close::invalid("a client sends no message of this type")),
        }
    }
}

/// serde would read an array as a struct's fields in their order.
fn is_object(json: &str) -> bool {
    json.trim_ascii_start().starts_with('{')
}

/// Why a message's outside cannot be read. serde's own words would give back what was sent, however long.
fn explain(error: &serde_json::Error) -> Close {
    match error.classify() {
        Category::Data => Close::invalid("`type` must be a string, `id` a string or absent, each given once"),
        _ => Close::invalid(format_args!("no JSON at line {}, column {}", error.line(), error.column())),
    }
}

fn object(payload: Option<&RawValue>) -> Result<Option<&RawValue>, Close> {
    match payload {
        Some(payload) if !is_object(payload.get()) => {
            Err(Close::invalid("`payload` must be an object, or absent"))
        }
        payload => Ok(payload),
    }
}

fn required(id: Option<String>) -> Result<String, Close> {
    id.filter(|id| !id.is_empty()).ok_or_else(|| Close::invalid("`id` must be a string that is not empty"))
}

pub(super) fn connection_ack() -> Message {
    Message::text(r#"{"type":"connection_ack"}"#)
}

pub(super) fn pong(payload: Option<&RawValue>) -> Message {
    Message::text(match payload {
        None => r#"{"type":"pong"}"#.to_owned(),
        Some(payload) => format!(r#"{{"type":"pong","payload":{payload}}}"#),
    })
}

/// The messages of one operation. Its id is made JSON once, then put around each result, which is not touched.
#[derive(Clone, Debug)]
pub(super) struct Envelopes {
    /// `{"id":"…","type":"`
    start: Arc<str>,
}

impl Envelopes {
    pub(super) fn of(id: &str) -> Self {
        Self { start: format!(r#"{{"id":{},"type":""#, to_json(&id)).into() }
    }

    /// `result` is the JSON of an execution result.
    pub(super) fn next(&self, result: &str) -> Message {
        Message::text([&self.start, r#"next","payload":"#, result, "}"].concat())
    }

    /// Ends the operation: no `complete` comes after it.
    pub(super) fn error(&self, errors: &[ServerError]) -> Message {
        Message::text([&self.start, r#"error","payload":"#, &to_json(&errors), "}"].concat())
    }

    pub(super) fn complete(&self) -> Message {
        Message::text([&self.start, r#"complete"}"#].concat())
    }
}

/// Why a socket is closed from this side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Close {
    pub(super) code: u16,
    pub(super) reason: Cow<'static, str>,
}

impl Close {
    /// All that fits into a control frame beside the code.
    const REASON_BYTES: usize = 123;

    /// The process ends; another takes the client back.
    pub(super) const GOING_AWAY: Self = Self::new(1001, "Server is shutting down");
    pub(super) const PROTOCOL_ERROR: Self = Self::new(1002, "WebSocket protocol error");
    pub(super) const NOT_UTF8: Self = Self::new(1007, "Text is not UTF-8");
    /// More messages than a peer may send: a client that says so much would do it again, and takes this for its end.
    /// 4429 would tell it of `connection_init`.
    pub(super) const TOO_FAST: Self = Self::new(1008, "Too many messages");
    pub(super) const TOO_BIG: Self = Self::new(1009, "Message too big");
    /// Not the client's fault: it may come back.
    pub(super) const TRY_AGAIN_LATER: Self = Self::new(1013, "Try again later");
    /// The viewer has as many sockets as they may: clients try again, and one may have been closed by then.
    pub(super) const TOO_MANY_SOCKETS: Self = Self::new(1013, "Too many sockets");
    /// `subscribe` before `connection_ack`.
    pub(super) const UNAUTHORIZED: Self = Self::new(4401, "Unauthorized");
    /// The token is not valid. Clients try again after it, and may then bring a fresh one.
    pub(super) const FORBIDDEN: Self = Self::new(4403, "Forbidden");
    /// The token was valid, and is so no more.
    pub(super) const SESSION_ENDED: Self = Self::new(4403, "Session ended");
    pub(super) const SUBPROTOCOL: Self = Self::new(4406, "Subprotocol not acceptable");
    pub(super) const INIT_TIMEOUT: Self = Self::new(4408, "Connection initialisation timeout");
    pub(super) const TOO_MANY_INITS: Self = Self::new(4429, "Too many initialisation requests");

    const fn new(code: u16, reason: &'static str) -> Self {
        Self { code, reason: Cow::Borrowed(reason) }
    }

    pub(super) fn invalid(why: impl std::fmt::Display) -> Self {
        Self { code: 4400, reason: format!("Invalid message: {why}").into() }
    }

    pub(super) fn duplicate(id: &str) -> Self {
        Self { code: 4409, reason: format!("Subscriber for {id} already exists").into() }
    }
}

impl From<Close> for Message {
    fn from(Close { code, reason }: Close) -> Self {
        let end = reason.floor_char_boundary(Close::REASON_BYTES);
        Self::Close(Some(CloseFrame { code, reason: reason[..end].into() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str) -> String {
        let close = ClientMessage::parse(text).unwrap_err();
        assert_eq!(close.code, 4400, "{text}");
        close.reason.into_owned()
    }

    #[test]
    fn messages_of_the_protocol() {
        let init = |text: &str| match ClientMessage::parse(text) {
            Ok(ClientMessage::ConnectionInit { authorization }) => authorization,
            other => panic!("{other:?}"),
        };
        assert_eq!(init(r#"{"type":"connection_init"}"#), None);
        assert_eq!(init(r#"{"type":"connection_init","payload":null}"#), None);
        assert_eq!(init(r#"{"type":"connection_init","payload":{"lang":"zh"}}"#), None);
        for key in ["Authorization", "authorization"] {
            let text = format!(r#"{{"payload":{{"{key}":"Bearer x"}},"type":"connection_init"}}"#);
            assert_eq!(init(&text).as_deref(), Some("Bearer x"));
        }
        let ping = ClientMessage::parse(r#"{"type":"ping","payload":{"n":1}}"#);
        assert!(matches!(ping, Ok(ClientMessage::Ping { payload: Some(_) })));
        assert!(matches!(ClientMessage::parse(r#"{"type":"pong"}"#), Ok(ClientMessage::Pong)));
        assert!(matches!(
            ClientMessage::parse(r#"{"type":"complete","id":"1"}"#),
            Ok(ClientMessage::Complete { id }) if id == "1"
        ));
        assert!(matches!(
            ClientMessage::parse(r#"{"id":"é\"","type":"subscribe","payload":{"query":"{a}","variables":null}}"#),
            Ok(ClientMessage::Subscribe { id, parameters }) if id == "é\"" && parameters.query.as_deref() == Some("{a}")
        ));
    }

    #[test]
    fn all_else_is_4400() {
        for text in [
            "",
            "nonsense",
            "[]",
            r#"["ping",null,null]"#,
            "{}",
            r#"{"type":1}"#,
            r#"{"type":{"ping":null}}"#,
            r#"{"type":"ping"}{"#,
            r#"{"type":"start"}"#,
            r#"{"type":"connection_ack"}"#,
            r#"{"type":"next","id":"1","payload":{}}"#,
            r#"{"type":"connection_init","payload":[]}"#,
            r#"{"type":"connection_init","payload":{"authorization":1}}"#,
            r#"{"type":"ping","payload":"x"}"#,
            r#"{"type":"pong","payload":0}"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"complete","id":7}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"1","payload":["{a}"]}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":0}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","operationName":1}}"#,
        ] {
            assert!(reason(text).starts_with("Invalid message: "), "{text}");
        }
    }

    #[test]
    fn nothing_is_given_back_of_what_cannot_be_read() {
        let long = "x".repeat(5_000);
        let outside = "`type` must be a string, `id` a string or absent, each given once";
        let token = "`payload.authorization` must be a string, null or absent";
        for (text, why) in [
            (format!(r#"{{"type":{{"{long}":1}}}}"#), outside),
            (format!(r#"{{"type":"ping","type":"{long}"}}"#), outside),
            (format!(r#"{{"type":"ping","id":["{long}"]}}"#), outside),
            (format!(r#"{{"type":"connection_init","payload":{{"authorization":{{"{long}":1}}}}}}"#), token),
            (r#"{"type":"ping",}"#.to_owned(), "no JSON at line 1, column 16"),
        ] {
            assert_eq!(reason(&text), format!("Invalid message: {why}"));
        }
    }

    #[test]
    fn results_are_wrapped_as_they_are() {
        let envelopes = Envelopes::of("a\"1");
        assert_eq!(
            envelopes.next(r#"{"data":null}"#).into_text().unwrap().as_str(),
            r#"{"id":"a\"1","type":"next","payload":{"data":null}}"#
        );
        assert_eq!(
            envelopes.error(&[ServerError::new("no", None)]).into_text().unwrap().as_str(),
            r#"{"id":"a\"1","type":"error","payload":[{"message":"no"}]}"#
        );
        assert_eq!(envelopes.complete().into_text().unwrap().as_str(), r#"{"id":"a\"1","type":"complete"}"#);
    }

    #[test]
    fn a_reason_fits_its_frame() {
        let Message::Close(Some(frame)) = Message::from(Close::duplicate(&"标".repeat(99))) else {
            panic!()
        };
        assert_eq!((frame.code, frame.reason.len() <= 123), (4409, true));
    }
}
