//! Around every request: its id, its span, and what is left of it when a handler panics.

use std::any::Any;
use std::fmt;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use axum::extract::{ConnectInfo, Request, State as Shared};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use tracing::{Instrument, field};

use super::metrics::Counted;
use super::origin::Page;
use super::response::Refusal;
use super::{State, client};
use crate::base::Origin;

/// The header that carries a request's id, both ways.
pub(super) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The name under which a request is logged. One that the client gave is kept, so that a trail through proxies holds.
#[derive(Clone, Debug)]
pub(super) struct RequestId(HeaderValue);

impl RequestId {
    const MAX_LEN: usize = 64;

    fn of(headers: &HeaderMap) -> Self {
        headers
            .get(X_REQUEST_ID)
            .filter(|value| Self::is_fit(value.as_bytes()))
            .cloned()
            .map_or_else(Self::next, Self)
    }

    /// What goes into logs and back into headers is short and plain.
    fn is_fit(value: &[u8]) -> bool {
        (1..=Self::MAX_LEN).contains(&value.len())
            && value.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
    }

    /// Random for the process, counted within it: unique without asking anyone, and in order.
    fn next() -> Self {
        static PROCESS: LazyLock<u64> = LazyLock::new(rand::random);
        static COUNT: AtomicU64 = AtomicU64::new(1);
        let id = format!("{:016x}-{:x}", *PROCESS, COUNT.fetch_add(1, Ordering::Relaxed));
        Self(HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static("unnamed")))
    }

    pub(super) fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The outermost layer. Of a request it logs method, path and id, never its query, headers or body.
pub(super) async fn observe(Shared(state): Shared<Arc<State>>, mut request: Request, next: Next) -> Response {
    let id = RequestId::of(request.headers());
    request.extensions_mut().insert(id.clone());
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let address = peer.map(|peer| client::address(peer, request.headers(), &state.settings.http));
    let origin = Origin { request_id: Some(id.as_str().to_owned()), address };
    let span = tracing::info_span!(
        "http", request_id = %id, method = %request.method(), path = request.uri().path(), frontend = field::Empty,
    );
    if let Page::Frontend(name) = Page::of(request.headers(), &state.settings.origins) {
        span.record("frontend", name);
    }
    async move {
        let (started, _counted) = (Instant::now(), Counted::request());
        let answered = AssertUnwindSafe(origin.scope(next.run(request))).catch_unwind().await;
        let mut response = answered.unwrap_or_else(|panic| {
            tracing::error!(panic = panic_message(&*panic), "a handler panicked");
            let message = format!("Something went wrong on our side. Name request {id} when you report it.");
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", message).into_response()
        });
        tracing::debug!(status = response.status().as_u16(), elapsed = ?started.elapsed(), "answered");
        response.headers_mut().insert(X_REQUEST_ID, id.0);
        response
    }
    .instrument(span)
    .await
}

/// The words of a panic, for the log.
pub(super) fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without words")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_kept_when_fit_and_made_when_not() {
        let given =
            |value| RequestId::of(&HeaderMap::from_iter([(X_REQUEST_ID, HeaderValue::from_static(value))]));
        assert_eq!(given("edge-7.a_B").as_str(), "edge-7.a_B");
        for unfit in
            ["", "a b", "a\"b", "0123456789012345678901234567890123456789012345678901234567890123456789"]
        {
            assert_ne!(given(unfit).as_str(), unfit);
        }
        assert_ne!(RequestId::next().as_str(), RequestId::next().as_str());
    }
}
