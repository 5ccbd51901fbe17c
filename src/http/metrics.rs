//! What is counted on the wire, and `/metrics`, where a Prometheus server reads it.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use axum::extract::State as Shared;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use metrics::{Gauge, counter, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder};

use super::State;
use crate::base::metric;

const OPERATIONS: &str = "concierge_graphql_operations_total";
const SECONDS: &str = "concierge_graphql_operation_seconds";
const REQUESTS: &str = "concierge_requests";
const SOCKETS: &str = "concierge_websockets";
const STREAMS: &str = "concierge_streams";
const STREAMS_ENDED: &str = "concierge_streams_ended_total";
const SUBSCRIPTIONS: &str = "concierge_subscriptions";
const RECEIVED: &str = "concierge_files_received_total";
const RECEIVED_BYTES: &str = "concierge_files_received_bytes_total";
const SERVED: &str = "concierge_files_served_total";
const CLOSED: &str = "concierge_websockets_closed_total";

/// Upper bounds in seconds: from a lookup by id to the request time-out.
const BUCKETS: [f64; 12] = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// The exporter with our buckets, for whoever starts the process to install; its handle is what [`State`] wants.
pub fn exporter() -> Result<PrometheusBuilder, BuildError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(SECONDS.to_owned()), &BUCKETS)?
        .set_buckets_for_metric(Matcher::Full(metric::FEED_LAG.to_owned()), &BUCKETS)
}

/// Says what each metric means; once, after the exporter is installed.
pub fn describe() {
    use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
    describe_counter!(OPERATIONS, "GraphQL operations answered, by transport, operation and outcome");
    describe_histogram!(
        SECONDS,
        Unit::Seconds,
        "From the parsed request to its answer, or to a subscription's start"
    );
    describe_gauge!(REQUESTS, "Requests being answered now, the one for this among them");
    describe_gauge!(SOCKETS, "WebSockets open now");
    describe_gauge!(STREAMS, "Event streams and multipart responses open now");
    describe_counter!(STREAMS_ENDED, "Event streams and multipart responses ended, by why");
    describe_gauge!(SUBSCRIPTIONS, "Subscriptions running now");
    describe_counter!(RECEIVED, "Files that came whole with requests");
    describe_counter!(RECEIVED_BYTES, Unit::Bytes, "How large those files were");
    describe_counter!(SERVED, "Requests for files, by status");
    describe_counter!(CLOSED, "WebSockets ended, by close code, or by how the peer went away");
    describe_counter!(metric::RATE_LIMITED, "What was refused because it came too often, by limit");
    describe_histogram!(
        metric::FEED_LAG,
        Unit::Seconds,
        "From an event's writing until this gateway told its listeners"
    );
    describe_gauge!(metric::FEED_HEAD, "The last place in the feed that this gateway has told");
    describe_counter!(metric::FEED_FAILURES, "Times the feed could not be read; it goes on where it was");
    describe_gauge!(
        metric::JOBS_DONE_AT,
        Unit::Seconds,
        "When what is due by the clock was last done, since 1970"
    );
    describe_counter!(
        metric::JOBS_FAILURES,
        "Times what is due by the clock could not be done; it is tried again"
    );
    describe_gauge!(
        metric::CONNECTIONS,
        "Connections to the database, by pool and by whether they are in use"
    );
}

/// What an operation came in by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transport {
    Http,
    WebSocket,
    EventStream,
    Multipart,
}

/// What became of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Ok,
    /// Executed, with errors in some fields.
    Errors,
    /// Not executed: it did not validate, or was not allowed to run.
    Refused,
    Timeout,
    /// Our own doing.
    Fault,
}

pub(super) fn operation(transport: Transport, kind: OperationType, outcome: Outcome, took: Duration) {
    let transport = match transport {
        Transport::Http => "http",
        Transport::WebSocket => "websocket",
        Transport::EventStream => "event-stream",
        Transport::Multipart => "multipart",
    };
    let kind = match kind {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    };
    let outcome = match outcome {
        Outcome::Ok => "ok",
        Outcome::Errors => "errors",
        Outcome::Refused => "refused",
        Outcome::Timeout => "timeout",
        Outcome::Fault => "fault",
    };
    tracing::info!(transport, operation = kind, outcome, ?took, "graphql");
    counter!(OPERATIONS, "transport" => transport, "operation" => kind, "outcome" => outcome).increment(1);
    histogram!(SECONDS, "transport" => transport, "operation" => kind, "outcome" => outcome)
        .record(took.as_secs_f64());
}

/// How a socket ended: a close code of ours, or a word for what the peer did.
pub(super) fn socket_closed(how: &str) {
    counter!(CLOSED, "how" => how.to_owned()).increment(1);
}

/// Why a stream ended.
pub(super) fn stream_ended(how: &'static str) {
    counter!(STREAMS_ENDED, "how" => how).increment(1);
}

/// A file came whole with a request.
pub(super) fn file_received(bytes: usize) {
    counter!(RECEIVED).increment(1);
    counter!(RECEIVED_BYTES).increment(bytes as u64);
}

/// A file was asked for.
pub(super) fn file_served(status: StatusCode) {
    counter!(SERVED, "status" => status.as_str().to_owned()).increment(1);
}

/// Counts one for as long as it lives.
pub(super) struct Counted(Gauge);

impl Counted {
    pub(super) fn request() -> Self {
        Self::on(gauge!(REQUESTS))
    }

    pub(super) fn socket() -> Self {
        Self::on(gauge!(SOCKETS))
    }

    pub(super) fn stream() -> Self {
        Self::on(gauge!(STREAMS))
    }

    pub(super) fn subscription() -> Self {
        Self::on(gauge!(SUBSCRIPTIONS))
    }

    fn on(gauge: Gauge) -> Self {
        gauge.increment(1);
        Self(gauge)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}

/// `GET /metrics`.
pub(super) async fn render(Shared(state): Shared<Arc<State>>) -> impl IntoResponse {
    // Without upkeep what histograms recorded piles up until somebody reads.
    state.metrics.run_upkeep();
    for (pool, open, idle) in state.gateway.pools() {
        let used = f64::from(open) - idle as f64;
        gauge!(metric::CONNECTIONS, "pool" => pool, "state" => "used").set(used.max(0.0));
        gauge!(metric::CONNECTIONS, "pool" => pool, "state" => "idle").set(idle as f64);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], state.metrics.render())
}
