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

use super::metrics::Transport;
use super::observe::RequestId;
use super::operation::{Context, Operation};
use super::origin::Page;
use super::rate::admit;
use super::request::{Parameters, read_body, require_json};
use super::response::{Media, Refusal, error, request_error};
use super::uploads::{Received, is_multipart, receive, require_signed_in};
use super::{State, ws};
use crate::auth::{Caller, RefreshCookie};
use crate::graphql::Uploads;

/// `POST /graphql`: queries and mutations.
pub(super) async fn post(
    Shared(state): Shared<Arc<State>>,
    Extension(request_id): Extension<RequestId>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let Some(media) = Media::accepted(&headers) else { return not_acceptable() };
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
            let answered = answer(&state, &request_id, caller, parameters, media, With::Files(uploads)).await;
            drop(room);
            return answered;
        }
        let limits = &state.settings.http;
        let body = read_body(body, limits.body_bytes, limits.body_timeout).await?;
        let parameters = Parameters::from_json(&body)?;
        drop(body);
        let cookie = refresh_cookie(&state, &headers);
        answer(&state, &request_id, caller, parameters, media, With::Cookie(cookie)).await
    };
    answered.await.unwrap_or_else(|refusal| media.refuse(refusal))
}

/// `GET /graphql`: queries, and the way to the WebSocket.
pub(super) async fn get(
    Shared(state): Shared<Arc<State>>,
    Extension(request_id): Extension<RequestId>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if wants_websocket(&headers) {
        if let Err(refusal) = may_open_socket(&state, &headers) {
            return refusal.into_response();
        }
        return match upgrade {
            Ok(upgrade) => ws::upgrade(state, upgrade, &headers, request_id),
            Err(rejection) => not_upgradable(&rejection),
        };
    }
    let Some(media) = Media::accepted(&headers) else { return not_acceptable() };
    let answered = async {
        let caller = admit(&state, &headers).await?;
        let parameters = Parameters::from_uri(&uri)?;
        answer(&state, &request_id, caller, parameters, media, With::Url).await
    };
    answered.await.unwrap_or_else(|refusal| media.refuse(refusal))
}

/// What is answered, and in which form, depends on what the client accepts.
pub(super) async fn varies(mut response: Response) -> Response {
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
    response
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

async fn answer(
    state: &State,
    request_id: &RequestId,
    caller: Caller,
    parameters: Parameters,
    media: Media,
    with: With,
) -> Result<Response, Refusal> {
    let operation = match Operation::parse(parameters) {
        Ok(operation) => operation,
        Err(error) => return Ok(media.answer(&request_error(error))),
    };
    match operation.kind() {
        OperationType::Mutation if matches!(with, With::Url) => {
            let message = "A mutation changes something and must be sent by POST.";
            return Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message)
                .with_header(header::ALLOW, HeaderValue::from_static("POST")));
        }
        OperationType::Subscription => {
            let message = "A subscription needs a WebSocket (graphql-transport-ws) at the same path.";
            return Ok(media.answer(&request_error(error("SUBSCRIPTION_NEEDS_WEBSOCKET", message))));
        }
        OperationType::Query | OperationType::Mutation => {}
    }
    let context = Context { state, caller, transport: Transport::Http, request_id };
    let operation = match with {
        With::Cookie(Some(cookie)) => operation.with(cookie),
        With::Files(uploads) => operation.with(uploads),
        With::Cookie(None) | With::Url => operation,
    };
    Ok(media.answer(&operation.execute(context).await))
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
    let message = "Accept must allow application/graphql-response+json or application/json.";
    Refusal::new(StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", message).into_response()
}

fn not_upgradable(rejection: &WebSocketUpgradeRejection) -> Response {
    Refusal::bad_request(format!("This is no WebSocket handshake: {rejection}.")).into_response()
}
