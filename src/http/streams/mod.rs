//! Subscriptions over a response that goes on, for networks that break WebSockets.
//!
//! `framing` knows how results are told. One task a stream takes a result from its subscription only when the last one
//! has been taken by the connection: a peer that does not read holds back only itself, and is hung up on when it has
//! taken nothing for as long as a socket may.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};
use tracing::Instrument;

use super::State;
use super::metrics::{self, Counted};
use super::observe::RequestId;
use super::operation::panicked;
use super::response::{is_request_error, to_json};
use super::seats::Seat;
use super::server::Hangup;
use crate::auth::Caller;
use crate::base::Origin;
use crate::graphql::Update;

mod framing;

use framing::Cut;
pub(super) use framing::Framing;

/// Proxies that know it pass each event on at once.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// How long a peer has to take the last frame.
const LAST_PATIENCE: Duration = Duration::from_secs(2);

/// A subscription that has begun, and what its stream is told on.
pub(super) struct Stream {
    pub(super) state: Arc<State>,
    pub(super) caller: Caller,
    pub(super) request_id: RequestId,
    pub(super) framing: Framing,
    pub(super) updates: BoxStream<'static, Update>,
    /// Kept until the stream has ended.
    pub(super) seats: Vec<Seat>,
    /// Ends the connection of a peer that does not read.
    pub(super) hangup: Hangup,
}

/// Why a stream ended.
#[derive(Clone, Copy)]
enum End {
    /// The feed has ended.
    Complete,
    /// We cut it.
    Cut(Cut),
    /// The peer has closed the connection.
    Left,
    /// The peer takes nothing.
    Stalled,
}

impl End {
    /// The word for logs and metrics.
    fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Cut(cut) => cut.name(),
            Self::Left => "left",
            Self::Stalled => "stalled",
        }
    }
}

type Outbox = mpsc::Sender<Bytes>;

/// The response to an operation that has one result, or none since it is not executed: by the protocols both are told
/// where results are.
pub(super) fn single(framing: Framing, answer: &async_graphql::Response) -> Response {
    let told = match is_request_error(answer) {
        true => framing.failed(&answer.errors),
        false => framing.next(&to_json(answer), None),
    };
    let mut response = respond(framing, [framing.opening(), told, framing.complete()].concat().into());
    response.headers_mut().extend(answer.http_headers.clone());
    response
}

impl Stream {
    /// The response, whose body goes on until either side ends it.
    pub(super) fn respond(self) -> Response {
        let framing = self.framing;
        // One waits here; the connection holds a little more.
        let (outbox, told) = mpsc::channel(1);
        // Before anything can end the stream: what comes after makes sense only behind it.
        let _ = outbox.try_send(framing.opening());
        let sockets = self.state.sockets.clone();
        sockets.spawn(Origin::current().scope(self.run(outbox)).in_current_span());
        let body = stream::unfold(told, |mut told| async {
            told.recv().await.map(|frame| (Ok::<_, Infallible>(frame), told))
        });
        respond(framing, Body::from_stream(body))
    }

    async fn run(mut self, outbox: Outbox) {
        let _counted = (Counted::stream(), Counted::subscription());
        let _seats = std::mem::take(&mut self.seats);
        let (caller, shutdown) = (self.caller.clone(), self.state.shutdown.clone());
        let end = tokio::select! {
            () = outbox.closed() => End::Left,
            () = shutdown.cancelled() => End::Cut(Cut::ShuttingDown),
            () = caller.ended() => End::Cut(Cut::SessionEnded),
            end = self.tell(&outbox) => end,
        };
        match end {
            End::Complete => conclude(&outbox, self.framing.complete(), &self.hangup).await,
            End::Cut(cut) => conclude(&outbox, self.framing.cut(cut), &self.hangup).await,
            End::Left => {}
            End::Stalled => self.hangup.now(),
        }
        tracing::debug!(how = end.name(), "stream ended");
        metrics::stream_ended(end.name());
    }

    /// Tells results and heartbeats, until there are no more or nobody takes them.
    async fn tell(&mut self, outbox: &Outbox) -> End {
        let limits = &self.state.settings.http;
        let (every, patience) = (limits.ws_ping_every, limits.ws_idle_after);
        let mut heartbeat = interval_at(Instant::now() + every, every);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let frame = tokio::select! {
                next = AssertUnwindSafe(self.updates.next()).catch_unwind() => match next {
                    Ok(None) => break,
                    Ok(Some(Update { cursor, text })) => self.framing.next(&text, Some(&cursor)),
                    Err(panic) => {
                        // Its last word: what has panicked is not asked again.
                        self.updates = stream::empty().boxed();
                        self.framing.failed(&[panicked(&*panic, &self.request_id)])
                    }
                },
                _ = heartbeat.tick() => self.framing.heartbeat(),
            };
            match timeout(patience, outbox.send(frame)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return End::Left,
                Err(_) => return End::Stalled,
            }
        }
        // A subscription ends also when its caller may no longer listen: that is no end of what they asked for.
        match self.caller.renewed().await {
            Ok(None) => End::Cut(Cut::SessionEnded),
            Ok(Some(_)) | Err(_) => End::Complete,
        }
    }
}

/// Tells the last frame; who does not take it is hung up on.
async fn conclude(outbox: &Outbox, last: Bytes, hangup: &Hangup) {
    if timeout(LAST_PATIENCE, outbox.send(last)).await.is_err() {
        hangup.now();
    }
}

fn respond(framing: Framing, body: Body) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, framing.content_type());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_ACCEL_BUFFERING, HeaderValue::from_static("no"));
    response
}
