//! `/graphql` over HTTP, to the letter of the GraphQL-over-HTTP specification.

use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use axum::Extension;
use axum::body::Body;
use axum::extract::State as Shared;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::accept::Accepts;
use super::metrics::Transport;
use super::observe::RequestId;
use super::operation::{Context, Operation};
use super::origin::Page;
use super::rate::{admit, wait};
use super::request::{Parameters, read_body, require_json};
use super::response::{Media, Refusal, error, fault, request_error};
use super::server::Hangup;
use super::streams::{self, Framing, Stream};
use super::uploads::{Received, is_multipart, receive, require_signed_in};
use super::{State, ws};
use crate::auth::{Caller, RefreshCookie};
use crate::graphql::{ResumeAfter, Uploads};

/// `POST /graphql`: queries and mutations, and subscriptions as streams.
pub(super) async fn post(
    Shared(state): Shared<Arc<State>>,
    Extension(request_id): Extension<RequestId>,
    Extension(hangup): Extension<Hangup>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let accepts = Accepts::of(&headers);
    if accepts.nothing() {
        return not_acceptable();
    }
    let call = Call { state: &state, request_id: &request_id, headers: &headers, accepts, hangup };
    let answered = async {
        let has_files = is_multipart(&headers);
        if !has_files {
            require_json(&headers)?;
        }
        // Who is not let in need not send a body.
        let caller = admit(&state, &headers).await?;
        if has_files {
            require_signed_in(&caller)?;
            let Received { parameters, uploads, room } = receive(&state, &headers, body).await?;
            let answered = call.answer(caller, parameters, With::Files(uploads)).await;
            drop(room);
            return answered;
        }
        let limits = &state.settings.http;
        let body = read_body(body, limits.body_bytes, limits.body_timeout).await?;
        let parameters = Parameters::from_json(&body)?;
        drop(body);
        let cookie = refresh_cookie(&state, &headers);
        call.answer(caller, parameters, With::Cookie(cookie)).await
    };
    answered.await.unwrap_or_else(|refusal| accepts.refuse(refusal))
}

/// `GET /graphql`: queries, subscriptions as streams, and the way to the WebSocket.
pub(super) async fn get(
    Shared(state): Shared<Arc<State>>,
    Extension(request_id): Extension<RequestId>,
    Extension(hangup): Extension<Hangup>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let accepts = Accepts::of(&headers);
    if wants_websocket(&headers) {
        if let Err(refusal) = may_open_socket(&state, &headers) {
            return refusal.into_response();
        }
        return match upgrade {
            Ok(upgrade) => ws::upgrade(state, upgrade, &headers, request_id),
            Err(rejection) => not_upgradable(&rejection),
        };
    }
    if accepts.nothing() {
        return not_acceptable();
    }
    let call = Call { state: &state, request_id: &request_id, headers: &headers, accepts, hangup };
    let answered = async {
        let caller = admit(&state, &headers).await?;
        let parameters = Parameters::from_uri(&uri)?;
        call.answer(caller, parameters, With::Url).await
    };
    answered.await.unwrap_or_else(|refusal| accepts.refuse(refusal))
}

/// What is answered, and in which form, depends on what the client accepts.
pub(super) async fn varies(mut response: Response) -> Response {
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
    response
}

/// What is known of a request before its parameters.
struct Call<'a> {
    state: &'a Arc<State>,
    request_id: &'a RequestId,
    headers: &'a HeaderMap,
    accepts: Accepts,
    hangup: Hangup,
}

/// How a request came, and what came with it besides its parameters.
enum With {
    /// By GET, with nothing: what must not be cached or repeated is not done.
    Url,
    /// By POST, as JSON; a browser may have added a refresh token.
    Cookie(Option<RefreshCookie>),
    /// By POST, as a form.
    Files(Uploads),
}

impl Call<'_> {
    async fn answer(self, caller: Caller, parameters: Parameters, with: With) -> Result<Response, Refusal> {
        let framing = self.accepts.stream.filter(|_| self.accepts.once.is_none());
        let operation = match Operation::parse(parameters, &self.state.documents, &self.state.settings.limits)
        {
            Ok(operation) => operation,
            Err(error) => return Ok(self.tell(framing, &request_error(error))),
        };
        match operation.kind() {
            OperationType::Mutation if matches!(with, With::Url) => {
                let message = "A mutation changes something and must be sent by POST.";
                return Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message)
                    .with_header(header::ALLOW, HeaderValue::from_static("POST")));
            }
            OperationType::Subscription => return self.subscribe(caller, operation).await,
            OperationType::Query | OperationType::Mutation => {}
        }
        let operation = match with {
            With::Cookie(Some(cookie)) => operation.with(cookie),
            With::Files(uploads) => operation.with(uploads),
            With::Cookie(None) | With::Url => operation,
        };
        let answer = operation.execute(self.context(caller, framing)).await;
        Ok(self.tell(framing, &answer))
    }

    /// Begins a subscription as a stream, where the client has named one.
    async fn subscribe(self, caller: Caller, operation: Operation) -> Result<Response, Refusal> {
        let Some(framing) = self.accepts.stream else {
            let needs = request_error(error("SUBSCRIPTION_NEEDS_STREAM", SUBSCRIPTION_NEEDS_STREAM));
            return Ok(self.tell(None, &needs));
        };
        let seats = self.state.seats.of_stream(&caller)?;
        let operation = match last_event_id(self.headers) {
            Some(cursor) => operation.with(ResumeAfter(cursor)),
            None => operation,
        };
        match operation.subscribe(self.context(caller.clone(), Some(framing))).await {
            Err(answer) => Ok(self.tell(Some(framing), &answer)),
            Ok(updates) => {
                let (state, hangup) = (Arc::clone(self.state), self.hangup);
                let request_id = self.request_id.clone();
                Ok(Stream { state, caller, request_id, framing, updates, seats, hangup }.respond())
            }
        }
    }

    fn context(&self, caller: Caller, framing: Option<Framing>) -> Context<'_> {
        let transport = match framing {
            None => Transport::Http,
            Some(Framing::EventStream) => Transport::EventStream,
            Some(Framing::Multipart) => Transport::Multipart,
        };
        Context { state: self.state, caller, transport, request_id: self.request_id }
    }

    /// An answer that is all there is. What is our fault, or came too often, is told by its status, also where a stream
    /// was asked for: its client comes again.
    fn tell(&self, framing: Option<Framing>, answer: &async_graphql::Response) -> Response {
        let come_again = fault(&answer.errors).is_some() || wait(answer).is_some();
        match framing.filter(|_| !come_again) {
            Some(framing) => streams::single(framing, answer),
            None => self.accepts.once.unwrap_or(Media::Json).answer(answer),
        }
    }
}

const SUBSCRIPTION_NEEDS_STREAM: &str = "A subscription goes on. Open a WebSocket (graphql-transport-ws) at this path, \
     or send it here with `Accept: text/event-stream` (graphql-sse) or \
     `Accept: multipart/mixed;subscriptionSpec=1.0` (Apollo).";

/// Where the client of an event stream goes on: what it got last was told with this.
fn last_event_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get("last-event-id")?.as_bytes();
    (!id.is_empty()).then(|| String::from_utf8_lossy(id).into_owned())
}

/// The refresh token that a browser keeps. Only a POST of JSON brings it, which a browser sends for no other page than
/// those that may; and should one not ask first, it is not taken from others.
fn refresh_cookie(state: &State, headers: &HeaderMap) -> Option<RefreshCookie> {
    Page::of(headers, &state.settings.origins).require_known().ok()?;
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.filter_map(RefreshCookie::find).next()
}

/// A browser opens a socket for whatever page asks. Ours takes no cookie, so that a page without a token is nobody; but
/// what is not ours has no business here at all.
fn may_open_socket(state: &State, headers: &HeaderMap) -> Result<(), Refusal> {
    Page::of(headers, &state.settings.origins).require_known()?;
    Ok(state.rates.stranger()?)
}

/// Another upgrade, as to HTTP/2, may be passed over; this one may not.
fn wants_websocket(headers: &HeaderMap) -> bool {
    headers.get(header::UPGRADE).is_some_and(|upgrade| upgrade.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

fn not_acceptable() -> Response {
    let message = "Accept must allow application/graphql-response+json or application/json; for a stream, \
                   text/event-stream or multipart/mixed;subscriptionSpec=1.0.";
    Refusal::new(StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", message).into_response()
}

fn not_upgradable(rejection: &WebSocketUpgradeRejection) -> Response {
    Refusal::bad_request(format!("This is no WebSocket handshake: {rejection}.")).into_response()
}
