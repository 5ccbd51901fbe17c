//! The wire: GraphQL over HTTP, in one answer or as a stream, and over WebSocket; health, metrics.
//!
//! The way of a request: [`serve`] reads its head within a time-out → `observe` names it, opens its span and
//! catches what panics → `graphql` negotiates, authenticates, decodes → `operation` parses, chooses and
//! runs it → `response` gives the answer its media type and status, or `streams` tells the results as they come. A
//! WebSocket leaves that road at `graphql` for `ws`, and meets it again at `operation`.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::http::{Method, StatusCode};
use axum::middleware::map_response;
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::auth::{Auth, FILES_PATH, SHEETS_PATH};
use crate::config::{self, HttpLimits, Limits};
use crate::domain::Domain;
use crate::graphql::Gateway;

mod accept;
mod authentication;
mod client;
mod documents;
mod files;
mod graphql;
mod health;
pub mod limits;
pub mod metrics;
mod observe;
mod once;
mod operation;
mod origin;
pub mod probe;
mod rate;
mod request;
mod response;
mod seats;
mod server;
mod sheets;
mod shield;
mod streams;
mod turns;
mod uploads;
mod ws;

pub use documents::{Documents, ManifestError};
pub use server::serve;

use rate::Rates;
use response::Refusal;
use seats::Seats;
use turns::Turns;
use uploads::Room;

/// Where GraphQL is served: POST, GET, streams and the WebSocket.
pub const GRAPHQL_PATH: &str = "/graphql";

/// What the wire takes and from whom.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Connections, bodies and sockets.
    pub http: HttpLimits,
    /// What one request may ask for.
    pub limits: Limits,
    /// Requests with files.
    pub files: config::Files,
    /// The largest file of rows, in bytes.
    pub sheet_bytes: usize,
    /// How often somebody may ask.
    pub rate: config::Rate,
    /// The pages that may call.
    pub origins: config::Origins,
}

/// What the handlers share.
pub struct State {
    gateway: Gateway,
    auth: Auth,
    domain: Domain,
    documents: Documents,
    settings: Settings,
    metrics: PrometheusHandle,
    shutdown: CancellationToken,
    turns: Turns,
    rates: Rates,
    /// How much may lie in memory of all requests with files.
    room: Room,
    /// The WebSockets and streams that are open: their tasks outlive the connections they came from, and shutdown waits
    /// for them.
    sockets: TaskTracker,
    /// How many of them somebody has.
    seats: Arc<Seats>,
}

impl State {
    /// Ties the handlers to what they serve. When `shutdown` is cancelled, [`serve`] and every socket begin to end.
    ///
    /// # Errors
    /// When no thread can be begun for what is dear.
    pub fn new(
        gateway: Gateway,
        auth: Auth,
        domain: Domain,
        documents: Documents,
        settings: Settings,
        metrics: PrometheusHandle,
        shutdown: CancellationToken,
    ) -> io::Result<Arc<Self>> {
        let (room, sockets) = (Room::new(&settings.files), TaskTracker::new());
        let (seats, turns) = (Seats::new(&settings.http), Turns::new(&settings.limits)?);
        let rates = Rates::new(&settings.rate, domain.clock());
        Ok(Arc::new(Self {
            gateway,
            auth,
            domain,
            documents,
            settings,
            metrics,
            shutdown,
            rates,
            turns,
            room,
            sockets,
            seats,
        }))
    }
}

/// All routes: `/graphql`, `/files/{id}`, `/files/transfers/{id}`, `/healthz`, `/readyz`, `/metrics`.
pub fn router(state: Arc<State>) -> Router {
    let cors = origin::cors(&state.settings.origins);
    let observe = axum::middleware::from_fn_with_state(Arc::clone(&state), observe::observe);
    let router = Router::new()
        .route(GRAPHQL_PATH, get(graphql::get).post(graphql::post).layer(map_response(graphql::varies)))
        .route(&format!("{FILES_PATH}/{{id}}"), get(files::get))
        .route(&format!("{SHEETS_PATH}/{{id}}"), get(sheets::get))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::render))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(state);
    // Outside stands what names the request, so that a preflight and a refusal carry an id too; and what guards every answer.
    match cors {
        Some(cors) => router.layer(cors),
        None => router,
    }
    .layer(observe)
    .layer(map_response(shield::shield))
}

async fn not_found() -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        "NOT_FOUND",
        format!("Nothing is served here. GraphQL is at {GRAPHQL_PATH}."),
    )
}

/// axum adds the `Allow` header of the route.
async fn method_not_allowed(method: Method) -> Refusal {
    let message = format!("{method} is not served here; the Allow header says what is.");
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message)
}
