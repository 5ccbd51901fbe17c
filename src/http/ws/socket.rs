//! One socket, from its handshake to its last frame.

use std::convert::Infallible;
use std::error::Error as _;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout, timeout_at};
use tungstenite::Error as WsError;
use tungstenite::error::ProtocolError;

use super::operations::{On, Operations};
use super::pace::Pace;
use super::protocol::{ClientMessage, Close, SUBPROTOCOL, connection_ack, pong};
use crate::auth::{AuthError, Caller};
use crate::http::State;
use crate::http::authentication;
use crate::http::metrics::{self, Counted};
use crate::http::observe::RequestId;
use crate::http::seats::Seat;

/// How long a peer has to take the close frame, and then to answer it.
const CLOSE_PATIENCE: Duration = Duration::from_secs(2);

/// What a socket is opened with.
pub(super) struct Socket {
    pub(super) state: Arc<State>,
    /// The upgrade request's own, for clients whose `connection_init` brings none.
    pub(super) authorization: Option<String>,
    pub(super) request_id: RequestId,
}

/// Why a socket ends.
enum End {
    /// We close it.
    Close(Close),
    /// The peer closed it.
    Left,
    /// The peer is not there to be told; the word is for logs and metrics.
    Gone(&'static str),
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

type Outbox = mpsc::Sender<Message>;

impl Socket {
    /// Runs until either side ends it. Reading and writing go on beside each other in one task, joined by a queue of
    /// bounded length: when the peer does not read, the queue fills and everything behind it waits.
    pub(super) async fn run(self, websocket: WebSocket) {
        let _counted = Counted::socket();
        let speaks_ours = websocket.protocol().is_some_and(|chosen| chosen == SUBPROTOCOL);
        let limits = &self.state.settings.http;
        let (sink, stream) = websocket.split();
        let (outbox, queue) = mpsc::channel(limits.ws_queue);
        let mut peer = Peer::new(stream, limits.ws_messages_per_second);
        let mut writing = pin!(write(sink, queue, limits.ws_idle_after));

        let end = tokio::select! {
            gone = &mut writing => gone.err().unwrap_or(End::Gone("broken")),
            () = self.state.shutdown.cancelled() => Close::GOING_AWAY.into(),
            end = Box::pin(self.converse(speaks_ours, &mut peer, &outbox)) => match end {
                Err(end) => end,
            },
        };
        match end {
            End::Left => {
                tracing::debug!("socket left");
                metrics::socket_closed("left");
                // Their close frame wants its answer, which goes out while reading on.
                let _ = timeout(CLOSE_PATIENCE, peer.drain()).await;
            }
            End::Gone(how) => {
                tracing::debug!(how, "socket gone");
                metrics::socket_closed(how);
            }
            End::Close(close) => {
                tracing::debug!(code = close.code, reason = %close.reason, "socket closed");
                metrics::socket_closed(&close.code.to_string());
                let saying = async {
                    // What was queued before goes out before; then the queue ends, and with it the writing.
                    let _ = outbox.send(close.into()).await;
                    drop(outbox);
                };
                let _ = timeout(CLOSE_PATIENCE, async { tokio::join!(saying, writing) }).await;
                // Closed with something unread, TCP would reset, and the peer never see our close frame.
                let _ = timeout(CLOSE_PATIENCE, peer.drain()).await;
            }
        }
    }

    async fn converse(&self, speaks_ours: bool, peer: &mut Peer, outbox: &Outbox) -> Result<Infallible, End> {
        if !speaks_ours {
            return Err(Close::SUBPROTOCOL.into());
        }
        let (caller, _seat) = self.admit(peer, outbox).await?;
        self.serve(caller, peer, outbox).await
    }

    /// Waits for `connection_init` and acknowledges it, if the viewer may have one socket more.
    async fn admit(&self, peer: &mut Peer, outbox: &Outbox) -> Result<(Caller, Option<Seat>), End> {
        let deadline = Instant::now() + self.state.settings.http.ws_init_timeout;
        loop {
            let Ok(heard) = timeout_at(deadline, peer.hear()).await else {
                return Err(Close::INIT_TIMEOUT.into());
            };
            let Some(text) = heard? else { continue };
            match ClientMessage::parse(&text)? {
                ClientMessage::ConnectionInit { authorization } => {
                    let caller = self.authenticate(authorization.as_deref()).await?;
                    let seat = self.state.seats.of_viewer(&caller).map_err(|_| Close::TOO_MANY_SOCKETS)?;
                    say(outbox, connection_ack()).await?;
                    return Ok((caller, seat));
                }
                ClientMessage::Subscribe { .. } => return Err(Close::UNAUTHORIZED.into()),
                ClientMessage::Ping { payload } => say(outbox, pong(payload)).await?,
                ClientMessage::Pong | ClientMessage::Complete { .. } => {}
            }
        }
    }

    async fn authenticate(&self, in_payload: Option<&str>) -> Result<Caller, Close> {
        let authorization = in_payload.or(self.authorization.as_deref());
        authentication::caller(&self.state.auth, authorization).await.map_err(|error| match error {
            AuthError::Invalid => Close::FORBIDDEN,
            AuthError::Unavailable => Close::TRY_AGAIN_LATER,
        })
    }

    /// Serves an admitted caller. Nothing is taken from the peer or from an operation before there is room for what
    /// it may lead to.
    async fn serve(&self, caller: Caller, peer: &mut Peer, outbox: &Outbox) -> Result<Infallible, End> {
        let limits = &self.state.settings.http;
        let on = On {
            state: Arc::clone(&self.state),
            caller: caller.clone(),
            request_id: self.request_id.clone(),
        };
        let mut operations = Operations::default();
        let mut ended = pin!(caller.ended());
        let mut ping = interval_at(Instant::now() + limits.ws_ping_every, limits.ws_ping_every);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let room = tokio::select! {
                () = &mut ended => return Err(Close::SESSION_ENDED.into()),
                room = outbox.reserve() => room.map_err(|_| End::Gone("broken"))?,
            };
            let message = tokio::select! {
                // In this order, so that no one is called silent whose pong lies there unread, and no pings are left
                // out for a stream that never pauses. A peer that chatters without end holds up only itself.
                biased;
                () = &mut ended => return Err(Close::SESSION_ENDED.into()),
                heard = peer.hear() => match heard? {
                    Some(text) => react(&text, &on, &mut operations)?,
                    None => None,
                },
                _ = ping.tick() => match peer.heard.elapsed() {
                    silence if silence >= limits.ws_idle_after => return Err(End::Gone("silent")),
                    _ => Some(Message::Ping(Bytes::new())),
                },
                Some(message) = operations.next() => Some(message),
            };
            if let Some(message) = message {
                room.send(message);
            }
        }
    }
}

/// What a message of an admitted client leads to at once.
fn react(text: &str, on: &On, operations: &mut Operations) -> Result<Option<Message>, Close> {
    match ClientMessage::parse(text)? {
        ClientMessage::ConnectionInit { .. } => Err(Close::TOO_MANY_INITS),
        ClientMessage::Ping { payload } => Ok(Some(pong(payload))),
        ClientMessage::Pong => Ok(None),
        ClientMessage::Subscribe { id, parameters } => operations.start(on, id, parameters),
        ClientMessage::Complete { id } => {
            operations.stop(&id);
            Ok(None)
        }
    }
}

async fn say(outbox: &Outbox, message: Message) -> Result<(), End> {
    outbox.send(message).await.map_err(|_| End::Gone("broken"))
}

/// The reading half.
struct Peer {
    stream: SplitStream<WebSocket>,
    /// When anything at all came last.
    heard: Instant,
    pace: Pace,
}

impl Peer {
    fn new(stream: SplitStream<WebSocket>, messages_per_second: u32) -> Self {
        let now = Instant::now();
        Self { stream, heard: now, pace: Pace::new(messages_per_second, now) }
    }

    /// The next frame's text; `None` for a ping or pong frame, which the WebSocket layer has answered already. Safe to
    /// drop before it is ready.
    async fn hear(&mut self) -> Result<Option<Utf8Bytes>, End> {
        let message = match self.stream.next().await {
            None => return Err(End::Gone("broken")),
            Some(Ok(Message::Close(_))) => return Err(End::Left),
            Some(Err(error)) => return Err(broken(&error)),
            Some(Ok(message)) => message,
        };
        self.heard = Instant::now();
        if !self.pace.admits(self.heard) {
            return Err(Close::TOO_FAST.into());
        }
        match message {
            Message::Text(text) => Ok(Some(text)),
            Message::Binary(_) => Err(Close::invalid("a message is text, not binary").into()),
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) => Ok(None),
        }
    }

    /// Reads to the end, so that the closing handshake completes.
    async fn drain(&mut self) {
        while let Some(Ok(_)) = self.stream.next().await {}
    }
}

/// What a reading error means for the socket.
fn broken(error: &axum::Error) -> End {
    match error.source().and_then(|source| source.downcast_ref::<WsError>()) {
        Some(WsError::Capacity(_)) => Close::TOO_BIG.into(),
        Some(WsError::Utf8(_)) => Close::NOT_UTF8.into(),
        Some(WsError::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => End::Gone("broken"),
        Some(WsError::Protocol(_)) => Close::PROTOCOL_ERROR.into(),
        _ => End::Gone("broken"),
    }
}

/// The writing half: until the queue ends. What is queued together goes out together. A peer that takes nothing for
/// `patience` is gone.
async fn write(
    mut sink: SplitSink<WebSocket, Message>,
    mut queue: mpsc::Receiver<Message>,
    patience: Duration,
) -> Result<(), End> {
    while let Some(message) = queue.recv().await {
        let written = async {
            sink.feed(message).await?;
            if queue.is_empty() { sink.flush().await } else { Ok(()) }
        };
        match timeout(patience, written).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Err(End::Gone("broken")),
            Err(_) => return Err(End::Gone("stalled")),
        }
    }
    Ok(())
}
