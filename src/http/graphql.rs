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

use super::authentication::{authorization, caller};
use super::metrics::Transport;
use super::observe::RequestId;
use super::operation::{Context, Operation};
use super::request::{Parameters, read_body, require_json};
use super::response::{Media, Refusal, error, request_error};
use super::{State, ws};
use crate::auth::{Caller, RefreshCookie};

/// `POST /graphql`: queries and mutations.
pub(super) async fn post(
    Shared(state): Shared<Arc<State>>,
    Extension(request_id): Extension<RequestId>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let Some(media) = Media::accepted(&headers) else { return not_acceptable() };
    let answered = async {
        require_json(&headers)?;
        // Who is not let in need not send a body.
        let caller = caller(&state.auth, authorization(&headers)).await?;
        let limits = &state.limits;
        let body = read_body(body, limits.body_bytes, limits.body_timeout).await?;
        let parameters = Parameters::from_json(&body)?;
        drop(body);
        let cookie = refresh_cookie(&headers);
        answer(&state, &request_id, caller, parameters, media, (Method::Post, cookie)).await
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
        return match upgrade {
            Ok(upgrade) => ws::upgrade(state, upgrade, &headers, request_id),
            Err(rejection) => not_upgradable(&rejection),
        };
    }
    let Some(media) = Media::accepted(&headers) else { return not_acceptable() };
    let answered = async {
        let caller = caller(&state.auth, authorization(&headers)).await?;
        let parameters = Parameters::from_uri(&uri)?;
        answer(&state, &request_id, caller, parameters, media, (Method::Get, None)).await
    };
    answered.await.unwrap_or_else(|refusal| media.refuse(refusal))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    Get,
    Post,
}

async fn answer(
    state: &State,
    request_id: &RequestId,
    caller: Caller,
    parameters: Parameters,
    media: Media,
    (method, cookie): (Method, Option<RefreshCookie>),
) -> Result<Response, Refusal> {
    let operation = match Operation::parse(parameters) {
        Ok(operation) => operation,
        Err(error) => return Ok(media.answer(&request_error(error))),
    };
    match operation.kind() {
        OperationType::Mutation if method == Method::Get => {
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
    let operation = match cookie {
        Some(cookie) => operation.with(cookie),
        None => operation,
    };
    Ok(media.answer(&operation.execute(context).await))
}

/// The refresh token that a browser keeps. Only a POST brings it, whose JSON no other site's page can send.
fn refresh_cookie(headers: &HeaderMap) -> Option<RefreshCookie> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.filter_map(RefreshCookie::find).next()
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
