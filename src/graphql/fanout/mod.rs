//! Subscriptions. Each subscriber has its own place in the feed and decides for itself, without asking anything, which
//! events it is told; what it is told is executed and serialised once for all who are told the same: the subscribers
//! with one document, one set of variables and one sight.

mod group;
mod selection;
mod subscriber;
mod template;

use std::sync::{Arc, Mutex};

use async_graphql::{Request, Response};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

pub(super) use group::{GapReason, Item, Stage};
pub(super) use selection::{Feed, Selection};

use self::group::Groups;
use self::subscriber::Subscriber;
use self::template::Template;
use super::Schema;
use super::batch::Batches;
use super::context::{Reads, Session};
use super::gateway::attach;
use crate::auth::Caller;
use crate::domain::Domain;
use crate::domain::audit::Readings;
use crate::live::{Cursor, Live};

/// What a subscriber is told.
#[derive(Clone, Debug)]
pub struct Update {
    /// The place in the feed from which to go on when this has come.
    pub cursor: Cursor,
    /// The JSON of the result, on one line; those who are told the same share it.
    pub text: Arc<str>,
}

/// All subscriptions of this process.
pub(super) struct Fanout {
    /// Validates strictly: what begins here.
    strict: Schema,
    domain: Domain,
    live: Live,
    groups: Arc<Groups>,
}

impl Fanout {
    pub(super) fn new(strict: Schema, fast: Schema, domain: Domain, live: Live, readings: Readings) -> Self {
        let groups = Arc::new(Groups::new(fast, domain.clone(), live.clone(), readings));
        Self { strict, domain, live, groups }
    }

    /// Begins a subscription: its resolver is run once to check the arguments and to say what it selects.
    pub(super) async fn subscribe(
        &self,
        mut request: Request,
        caller: Caller,
    ) -> Result<BoxStream<'static, Update>, Box<Response>> {
        let template = match Template::of(&mut request) {
            Ok(template) => template,
            Err(error) => return Err(Box::new(Response::from_errors(vec![error]))),
        };
        let opened = Arc::new(Mutex::new(None));
        let batches = Batches::default();
        let session = Session {
            caller: caller.clone(),
            head: self.live.head(),
            batches: batches.clone(),
            reads: Reads::default(),
        };
        let request = attach(request, session, &self.domain).data(Stage::Opening(Arc::clone(&opened)));
        // The opening resolver yields nothing when all is well.
        let mut answers = self.strict.execute_stream(request);
        if let Some(refused) = batches.drive(answers.next()).await {
            return Err(Box::new(request_error(refused)));
        }
        let selection = opened.lock().ok().and_then(|mut slot| slot.take());
        let Some(selection) = selection else {
            return Ok(stream::empty().boxed());
        };
        let listener = self.live.listen(selection.after);
        let subscriber = Subscriber::new(Arc::clone(&self.groups), template, selection, listener, caller);
        // One waits here while the next is made ready.
        let (teller, told) = mpsc::channel(1);
        let telling = AbortOnDropHandle::new(tokio::spawn(subscriber.run(teller)));
        Ok(stream::unfold((told, telling), next).boxed())
    }
}

/// What a subscriber's task tells next. Its end is the end; its panic is passed on, to be told as an error.
async fn next<T>(
    (mut told, telling): (mpsc::Receiver<T>, AbortOnDropHandle<()>),
) -> Option<(T, (mpsc::Receiver<T>, AbortOnDropHandle<()>))> {
    if let Some(text) = told.recv().await {
        return Some((text, (told, telling)));
    }
    if let Err(error) = telling.await
        && error.is_panic()
    {
        std::panic::resume_unwind(error.into_panic());
    }
    None
}

/// What refuses a subscription at its beginning is an error of the request: nothing was executed.
fn request_error(mut answer: Response) -> Response {
    for error in &mut answer.errors {
        error.path.clear();
    }
    Response::from_errors(answer.errors)
}
