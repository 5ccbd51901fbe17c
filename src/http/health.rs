//! `/healthz`: the process lives. `/readyz`: it can answer, so a balancer may send it requests.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State as Shared;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::State;
use super::response::{RETRY_AFTER, Refusal};

/// A database that takes longer than this is not ready, whatever it would say in the end.
const PATIENCE: Duration = Duration::from_secs(3);

/// `GET /healthz`.
pub(super) async fn alive() -> Response {
    Json(json!({ "status": "alive" })).into_response()
}

/// `GET /readyz`. Not ready as soon as shutdown begins: what is not sent here need not be finished.
pub(super) async fn ready(Shared(state): Shared<Arc<State>>) -> Result<Response, Refusal> {
    if state.shutdown.is_cancelled() {
        return Err(unready("The gateway is shutting down."));
    }
    match tokio::time::timeout(PATIENCE, state.gateway.ready()).await {
        Ok(Ok(())) => Ok(Json(json!({ "status": "ready" })).into_response()),
        Ok(Err(reason)) => Err(unready(reason)),
        Err(_) => Err(unready(format!("The database did not answer within {} s.", PATIENCE.as_secs()))),
    }
}

fn unready(reason: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", reason)
        .with_header(header::RETRY_AFTER, RETRY_AFTER)
}
