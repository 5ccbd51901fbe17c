//! What goes back: the media type the client asked for, the status the specification wants, errors always as JSON.

use std::borrow::Cow;
use std::collections::BTreeMap;

use async_graphql::{ServerError, Value};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use super::rate;

/// When to come back, in seconds: what is out of order now is looked at again about then.
pub(super) const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// The media type of a GraphQL answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/json`: an answer to a well-formed request is 200, whatever it holds.
    Json,
    /// `application/graphql-response+json`: a request that was not executed is 4xx or 5xx.
    GraphqlResponse,
}

impl Media {
    pub(super) fn essence(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::GraphqlResponse => "application/graphql-response+json",
        }
    }

    fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        })
    }

    /// A GraphQL answer. What was not executed has no `data` entry.
    pub(super) fn answer(self, answer: &async_graphql::Response) -> Response {
        let mut response = if is_request_error(answer) {
            let body = RequestErrors { errors: &answer.errors, extensions: &answer.extensions };
            (self.status(&answer.errors), to_json(&body)).into_response()
        } else {
            (executed(answer), to_json(answer)).into_response()
        };
        if let Some(seconds) = rate::wait(answer) {
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        } else if answer.errors.iter().any(|error| code(error) == Some("UNAVAILABLE")) {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        let headers = response.headers_mut();
        headers.extend(answer.http_headers.clone());
        headers.insert(header::CONTENT_TYPE, self.content_type());
        // What one caller may see is no one else's, and is out of date at once.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    /// A refusal, in this media type.
    pub(super) fn refuse(self, refusal: Refusal) -> Response {
        let mut response = refusal.into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, self.content_type());
        response
    }

    fn status(self, errors: &[ServerError]) -> StatusCode {
        match (fault(errors), self) {
            (Some(fault), _) => fault,
            (None, Self::Json) => StatusCode::OK,
            (None, Self::GraphqlResponse) => StatusCode::BAD_REQUEST,
        }
    }
}

/// Our own faults keep their status however they are told: what watches from outside must see them.
pub(super) fn fault(errors: &[ServerError]) -> Option<StatusCode> {
    match errors.first().and_then(code)? {
        "INTERNAL" => Some(StatusCode::INTERNAL_SERVER_ERROR),
        "UNAVAILABLE" => Some(StatusCode::SERVICE_UNAVAILABLE),
        "TIMEOUT" => Some(StatusCode::GATEWAY_TIMEOUT),
        _ => None,
    }
}

/// What was executed is 200, as the specification has it wherever there is data. Where a fault of ours has left none, what
/// watches from outside must see it.
fn executed(answer: &async_graphql::Response) -> StatusCode {
    match answer.errors.first().and_then(code).filter(|_| answer.data == Value::Null) {
        Some("INTERNAL") => StatusCode::INTERNAL_SERVER_ERROR,
        Some("UNAVAILABLE") => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::OK,
    }
}

/// Whether the operation was refused before it was executed. An error of execution names the field it comes from.
pub(super) fn is_request_error(answer: &async_graphql::Response) -> bool {
    answer.data == Value::Null
        && !answer.errors.is_empty()
        && answer.errors.iter().all(|error| error.path.is_empty())
}

/// `extensions.code` of an error.
pub(super) fn code(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}

/// An error with `extensions.code`.
pub(super) fn error(code: &'static str, message: impl Into<String>) -> ServerError {
    let mut error = ServerError::new(message, None);
    error.extensions.get_or_insert_default().set("code", code);
    error
}

/// How much of a client's own words an error gives back: a name, and not what was sent in its place.
const ECHO_CHARS: usize = 64;

/// The longest message, whatever it quotes.
const MESSAGE_CHARS: usize = 512;

/// A client's own word, as far as it can be read.
pub(super) fn clip(word: &str) -> Cow<'_, str> {
    cut(word, ECHO_CHARS)
}

/// A message that quotes no word longer than it can be read: validation gives names back whole.
pub(super) fn brief(message: &str) -> String {
    let words: Vec<_> = message.split(' ').map(clip).collect();
    cut(&words.join(" "), MESSAGE_CHARS).into_owned()
}

fn cut(text: &str, chars: usize) -> Cow<'_, str> {
    match text.char_indices().nth(chars) {
        None => text.into(),
        Some((end, _)) => format!("{}…", &text[..end]).into(),
    }
}

/// The answer to an operation that is not executed.
pub(super) fn request_error(error: ServerError) -> async_graphql::Response {
    async_graphql::Response::from_errors(vec![error])
}

#[derive(Serialize)]
struct RequestErrors<'a> {
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, Value>,
}

/// JSON of what cannot fail to be JSON: its keys are strings.
pub(super) fn to_json(body: &impl Serialize) -> String {
    serde_json::to_string(body).unwrap_or_else(|error| {
        tracing::error!(%error, "an answer could not be written as JSON");
        r#"{"errors":[{"message":"The answer could not be written as JSON.","extensions":{"code":"INTERNAL"}}]}"#.into()
    })
}

/// A request that never became a GraphQL request, told in the shape of a GraphQL error.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: Cow<'static, str>,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, message: message.into(), header: None }
    }

    /// 400: what came is no GraphQL request.
    pub(super) fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
    }

    /// The one header that says what would be right.
    pub(super) fn with_header(self, name: HeaderName, value: HeaderValue) -> Self {
        Self { header: Some((name, value)), ..self }
    }

    /// After how many seconds it is worth another try.
    pub(super) fn with_retry_after(self, seconds: u64) -> Self {
        self.with_header(header::RETRY_AFTER, seconds.into())
    }

    fn retry_after(&self) -> Option<u64> {
        let (_, seconds) = self.header.as_ref().filter(|(name, _)| *name == header::RETRY_AFTER)?;
        seconds.to_str().ok()?.parse().ok()
    }

    pub(super) fn message(&self) -> &str {
        &self.message
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut extensions = json!({ "code": self.code });
        if let Some(seconds) = self.retry_after() {
            extensions["retryAfter"] = seconds.into();
        }
        let body = json!({ "errors": [{ "message": self.message, "extensions": extensions }] });
        let mut response = (self.status, to_json(&body)).into_response();
        response.headers_mut().extend(self.header);
        response.headers_mut().insert(header::CONTENT_TYPE, Media::Json.content_type());
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_quotes_no_name_that_nobody_can_read() {
        assert_eq!(
            brief("Unknown field \"标\" on type \"Query\"."),
            "Unknown field \"标\" on type \"Query\"."
        );
        let long = brief(&format!("Unknown field \"{}\" on type \"Query\".", "标".repeat(9_999)));
        assert_eq!(long, format!("Unknown field \"{}… on type \"Query\".", "标".repeat(63)));
        assert_eq!(brief(&"no ".repeat(9_999)).chars().count(), MESSAGE_CHARS + 1);
    }

    #[test]
    fn a_request_error_has_no_data_and_no_path() {
        let mut answer = request_error(error("X", "no"));
        assert!(is_request_error(&answer));
        answer.errors[0].path.push(async_graphql::PathSegment::Field("viewer".into()));
        assert!(!is_request_error(&answer), "a field failed up to the root: that was executed");
        assert!(!is_request_error(&async_graphql::Response::new(Value::Null)));
    }
}
