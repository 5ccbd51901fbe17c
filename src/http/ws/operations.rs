//! The operations that run on one socket, merged into one stream of messages.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use axum::extract::ws::Message;
use futures_util::future::AbortHandle;
use futures_util::stream::{self, Abortable, BoxStream, SelectAll, StreamExt};

use super::protocol::{Close, Envelopes};
use crate::auth::Caller;
use crate::http::State;
use crate::http::metrics::{Counted, Transport};
use crate::http::observe::RequestId;
use crate::http::operation::{Context, Operation, panicked};
use crate::http::request::Parameters;
use crate::http::response::{error, is_request_error, to_json};

/// Runs what is subscribed to. They are polled only as far as [`Operations::next`] is: a peer that does not take its
/// messages holds its operations back, and nothing piles up.
#[derive(Default)]
pub(super) struct Operations {
    running: SelectAll<Abortable<BoxStream<'static, Event>>>,
    /// By id; gone as soon as the operation has ended, so that its id is free again.
    handles: HashMap<String, AbortHandle>,
}

struct Event {
    message: Message,
    /// Given with the operation's last message.
    ends: Option<String>,
}

impl Operations {
    /// Begins an operation, or gives the `error` that refuses it. A client may not use an id twice at a time.
    pub(super) fn start(
        &mut self,
        on: &On,
        id: String,
        parameters: Parameters,
    ) -> Result<Option<Message>, Close> {
        if self.handles.contains_key(&id) {
            return Err(Close::duplicate(&id));
        }
        let limit = on.state.settings.http.ws_subscriptions;
        if self.handles.len() >= limit {
            return Ok(Some(too_many(&id, limit)));
        }
        let (handle, registration) = AbortHandle::new_pair();
        let events = events(on.clone(), id.clone(), parameters);
        self.handles.insert(id, handle);
        self.running.push(Abortable::new(events, registration));
        Ok(None)
    }

    /// Ends an operation at the client's wish: no further message of it comes. An unknown id is one that has just ended.
    pub(super) fn stop(&mut self, id: &str) {
        if let Some(handle) = self.handles.remove(id) {
            handle.abort();
        }
    }

    /// The next message of any operation; `None` when there is none for now. Safe to drop before it is ready.
    pub(super) async fn next(&mut self) -> Option<Message> {
        let Event { message, ends } = self.running.next().await?;
        if let Some(id) = ends {
            self.handles.remove(&id);
        }
        Some(message)
    }
}

/// What every operation of a socket shares.
#[derive(Clone)]
pub(super) struct On {
    pub(super) state: Arc<State>,
    pub(super) caller: Caller,
    pub(super) request_id: RequestId,
}

/// All messages of one operation. A panic ends the operation, not the socket.
fn events(on: On, id: String, parameters: Parameters) -> BoxStream<'static, Event> {
    let (envelopes, request_id) = (Envelopes::of(&id), on.request_id.clone());
    let results = stream::once(run(on, envelopes.clone(), parameters)).flatten();
    let last = stream::once(std::future::ready(envelopes.complete()));
    AssertUnwindSafe(results)
        .catch_unwind()
        .map(move |result| {
            result.unwrap_or_else(|panic| Told::Failed(envelopes.error(&[panicked(&*panic, &request_id)])))
        })
        .chain(last.map(Told::Done))
        // `error` is an operation's last word: nothing after it, not even `complete`.
        .scan(false, |failed, told| {
            std::future::ready((!std::mem::replace(failed, told.failed())).then_some(told))
        })
        .map(move |told| match told {
            Told::Result(message) => Event { message, ends: None },
            Told::Failed(message) | Told::Done(message) => Event { message, ends: Some(id.clone()) },
        })
        .boxed()
}

enum Told {
    Result(Message),
    Failed(Message),
    Done(Message),
}

impl Told {
    fn failed(&self) -> bool {
        matches!(self, Self::Failed(_))
    }
}

async fn run(on: On, envelopes: Envelopes, parameters: Parameters) -> BoxStream<'static, Told> {
    if let Err(refused) = on.state.rates.operation(&on.caller) {
        return one(Told::Failed(envelopes.error(&[refused.into()])));
    }
    let operation = match Operation::parse(parameters, &on.state.documents, &on.state.settings.limits) {
        Ok(operation) => operation,
        Err(error) => return one(Told::Failed(envelopes.error(&[error]))),
    };
    let On { state, caller, request_id } = &on;
    let context = Context { state, caller: caller.clone(), transport: Transport::WebSocket, request_id };
    if operation.kind() != OperationType::Subscription {
        let answer = operation.execute(context).await;
        return one(match is_request_error(&answer) {
            true => Told::Failed(envelopes.error(&answer.errors)),
            false => Told::Result(envelopes.next(&to_json(&answer))),
        });
    }
    let counted = Counted::subscription();
    match operation.subscribe(context).await {
        Err(answer) => one(Told::Failed(envelopes.error(&answer.errors))),
        Ok(results) => results
            .map(move |update| {
                let _ = &counted;
                Told::Result(envelopes.next(&update.text))
            })
            .chain(stream::once(still_listening(caller.clone())).filter_map(std::future::ready))
            .boxed(),
    }
}

/// Nothing, unless the subscription has ended since its caller may no longer listen: then the socket is about to be
/// closed, and no `complete` shall tell that all was said.
async fn still_listening(caller: Caller) -> Option<Told> {
    if matches!(caller.renewed().await, Ok(None)) {
        std::future::pending::<()>().await;
    }
    None
}

fn one(told: Told) -> BoxStream<'static, Told> {
    stream::once(std::future::ready(told)).boxed()
}

fn too_many(id: &str, limit: usize) -> Message {
    let message =
        format!("{limit} operations run on this socket, and no more are taken: complete one first.");
    Envelopes::of(id).error(&[error("TOO_MANY_SUBSCRIPTIONS", message)])
}
