//! The listener: accepts connections, gives each its time to speak, and ends them all in order.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
#[cfg(target_os = "linux")]
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{State, router};

/// The request line and headers together, in bytes. A query by GET must fit.
const HEAD_BYTES: usize = 64 * 1024;

/// When no file descriptor is left, accepting again at once would only burn the processor.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// So many times the patience with a peer that takes nothing passes before the network gives it up: we are first, who
/// can say why.
const NETWORK_PATIENCE: u32 = 2;

/// The network takes so much of what a peer has not made room for, in bytes; without a bound, megabytes. What is more
/// waits with us, so that a peer that takes nothing is noticed at once, and not only when all that room is full.
#[cfg(target_os = "linux")]
const UNSENT_BYTES: u32 = 128 * 1024;

/// Serves until the state's shutdown token is cancelled: then accepts no more, finishes the requests that run, closes
/// the sockets with 1001, and returns when all have ended or [`HttpLimits::shutdown_timeout`] is over.
///
/// HTTP/1.1 without TLS: what stands before it on the open internet speaks the rest.
///
/// [`HttpLimits::shutdown_timeout`]: crate::config::HttpLimits::shutdown_timeout
pub async fn serve(listener: TcpListener, state: Arc<State>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(state.settings.http.header_timeout)
        .max_buf_size(HEAD_BYTES);
    let service = TowerToHyperService::new(router(Arc::clone(&state)));
    let connections = TaskTracker::new();

    let patience = state.settings.http.ws_idle_after.saturating_mul(NETWORK_PATIENCE);
    while let Some((stream, peer)) = accept(&listener, &state.shutdown).await {
        tune(&stream, patience);
        connections.spawn(connection(http.clone(), stream, peer, service.clone(), state.shutdown.clone()));
    }
    drop(listener);

    connections.close();
    state.sockets.close();
    let ended = async { tokio::join!(connections.wait(), state.sockets.wait()) };
    if tokio::time::timeout(state.settings.http.shutdown_timeout, ended).await.is_err() {
        let (connections, sockets) = (connections.len(), state.sockets.len());
        tracing::warn!(connections, sockets, "not all had ended when the time for shutdown was over");
    }
}

/// The next connection; `None` when shutdown begins.
async fn accept(listener: &TcpListener, shutdown: &CancellationToken) -> Option<(TcpStream, SocketAddr)> {
    loop {
        let accepted = tokio::select! {
            biased;
            () = shutdown.cancelled() => return None,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok(connection) => return Some(connection),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Answers and events are written whole: waiting for more only delays them. And the peer of a stream says nothing: one that
/// has gone without a word shows only by never acknowledging what it is sent. The network begins to count as soon as the
/// peer makes no room, and so must we.
fn tune(stream: &TcpStream, patience: Duration) {
    let tuned = stream.set_nodelay(true);
    #[cfg(target_os = "linux")]
    let tuned = tuned.and_then(|()| {
        let socket = SockRef::from(stream);
        socket.set_tcp_user_timeout(Some(patience))?;
        socket.set_tcp_notsent_lowat(UNSENT_BYTES)
    });
    if let Err(error) = tuned {
        tracing::debug!(%error, ?patience, "a connection could not be tuned");
    }
}

/// Ends a connection at once, for who finds that its peer takes nothing any more: what waits to be written then keeps
/// the connection from hearing anything else. Clones end the same.
#[derive(Clone, Default)]
pub(super) struct Hangup(CancellationToken);

impl Hangup {
    pub(super) fn now(&self) {
        self.0.cancel();
    }
}

async fn connection(
    http: http1::Builder,
    stream: TcpStream,
    peer: SocketAddr,
    service: TowerToHyperService<Router>,
    shutdown: CancellationToken,
) {
    let hangup = Hangup::default();
    let hung_up = hangup.0.clone();
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(hangup.clone());
        service.call(request)
    });
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service).with_upgrades());
    let serving = async {
        tokio::select! {
            served = connection.as_mut() => served,
            () = shutdown.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        }
    };
    let Some(served) = hung_up.run_until_cancelled(serving).await else { return };
    if let Err(error) = served {
        tracing::debug!(%peer, %error, "a connection broke off");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_connection_is_tuned() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        tune(&stream, Duration::from_secs(120));
        assert!(stream.nodelay().unwrap());
        #[cfg(target_os = "linux")]
        assert_eq!(SockRef::from(&stream).tcp_user_timeout().unwrap(), Some(Duration::from_secs(120)));
        #[cfg(target_os = "linux")]
        assert_eq!(SockRef::from(&stream).tcp_notsent_lowat().unwrap(), UNSENT_BYTES);
    }
}
