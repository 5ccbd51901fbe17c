//! GraphQL over WebSocket, by the sub-protocol graphql-transport-ws.
//!
//! `protocol` knows the messages and close codes, `operations` what runs on a socket, `socket` ties them to the wire:
//! one task a socket, which takes from its operations only what its peer has room for.

use std::sync::Arc;

use axum::extract::ws::WebSocketUpgrade;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use super::State;
use super::authentication::authorization;
use super::observe::RequestId;
use super::request::Parameters;
use super::response::Refusal;
use crate::base::Origin;

mod operations;
mod pace;
mod protocol;
mod socket;

use socket::Socket;

/// Taken for each socket when it opens; messages are small, and sockets are many.
const READ_BUFFER_BYTES: usize = 4 * 1024;

/// What is gathered into one write. With the outgoing queue it is all that a peer that does not read can make us keep.
const WRITE_BUFFER_BYTES: usize = 16 * 1024;

/// What a message brings that could run, if it is one.
pub(super) fn probe(text: &str) -> Result<Option<Parameters>, String> {
    match protocol::ClientMessage::parse(text) {
        Ok(protocol::ClientMessage::Subscribe { parameters, .. }) => Ok(Some(parameters)),
        Ok(_) => Ok(None),
        Err(close) => Err(close.reason.into_owned()),
    }
}

/// Answers the handshake. A client that does not offer our sub-protocol is let in only to be told so by close code:
/// a browser shows its page nothing of a refused handshake. Who has too many sockets is not let in: it is to cost nothing.
pub(super) fn upgrade(
    state: Arc<State>,
    upgrade: WebSocketUpgrade,
    headers: &HeaderMap,
    request_id: RequestId,
) -> Response {
    let seat = match state.seats.of_address() {
        Ok(seat) => seat,
        Err(full) => return Refusal::from(full).into_response(),
    };
    let upgrade = upgrade
        .protocols([protocol::SUBPROTOCOL])
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        .max_frame_size(state.settings.http.ws_frame_bytes)
        .max_message_size(state.settings.http.ws_frame_bytes);
    let authorization = authorization(headers).map(str::to_owned);
    // Taken before the connection's own task can end, so that shutdown never sees neither of them.
    let running = state.sockets.token();
    let span = tracing::Span::current();
    let origin = Origin::current();
    upgrade.on_upgrade(move |websocket| {
        async move {
            origin.scope(Socket { state, authorization, request_id }.run(websocket)).await;
            drop((running, seat));
        }
        .instrument(span)
    })
}
