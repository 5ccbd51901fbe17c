//! Runs operations for callers: the one door from the wire to the schema.

use std::sync::Arc;

use async_graphql::{Request, Response, ValidationMode};
use futures_util::stream::BoxStream;

use super::batch::Batches;
use super::context::{Reads, Session, loaders};
use super::fanout::{Fanout, Update};
use super::{Schema, builder};
use crate::auth::{Auth, Caller};
use crate::base::Origin;
use crate::domain::Domain;
use crate::domain::audit::{Read, Readings};
use crate::live::Live;

/// The schema with all that its resolvers need. Cheap to clone.
#[derive(Clone)]
pub struct Gateway(Arc<Inner>);

struct Inner {
    schema: Schema,
    domain: Domain,
    live: Live,
    fanout: Fanout,
    readings: Readings,
    told: Told,
}

/// What is told of the schema to those who do not know it.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    /// Say which name may have been meant when one is wrong.
    pub suggestions: bool,
}

impl Told {
    /// The library keeps some suggestions though they are switched off.
    fn strip(self, answer: &mut Response) {
        if self.suggestions {
            return;
        }
        for error in &mut answer.errors {
            if let Some(end) = error.message.find(" Did you mean \"") {
                error.message.truncate(end);
            }
        }
    }
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gateway")
    }
}

impl Gateway {
    /// The gateway over an open domain and its feed; what is read of people's data goes to `readings`.
    #[must_use]
    pub fn new(domain: Domain, live: Live, auth: &Auth, readings: Readings, told: Told) -> Self {
        let build = |mode| {
            let builder = if told.suggestions { builder() } else { builder().disable_suggestions() };
            builder.validation_mode(mode).data(domain.clone()).data(live.clone()).data(auth.clone()).finish()
        };
        let schema = build(ValidationMode::Strict);
        // What a subscription renders was validated when it began.
        let fast = build(ValidationMode::Fast);
        let fanout = Fanout::new(schema.clone(), fast, domain.clone(), live.clone(), readings.clone());
        Self(Arc::new(Inner { schema, domain, live, fanout, readings, told }))
    }

    /// Runs a query or a mutation to its end.
    pub async fn execute(&self, request: Request, caller: Caller) -> Response {
        self.run(request, caller, &self.0.domain).await
    }

    /// The same for what is dear: it reads through connections apart.
    pub async fn execute_apart(&self, request: Request, caller: Caller) -> Response {
        let apart = self.0.domain.apart();
        // Resolvers find what a request brings before what the schema has.
        self.run(request.data(apart.clone()), caller, &apart).await
    }

    async fn run(&self, request: Request, caller: Caller, domain: &Domain) -> Response {
        let inner = &self.0;
        let batches = Batches::default();
        let (reader, reads) = (caller.clone(), Reads::default());
        let session =
            Session { caller, head: inner.live.head(), batches: batches.clone(), reads: reads.clone() };
        let request = attach(request, session, domain);
        let mut answer = batches.drive(inner.schema.execute(request)).await;
        inner.told.strip(&mut answer);
        note_reads(&inner.readings, &reader, &reads).await;
        answer
    }

    /// Begins a subscription. Its results are serialised, and shared between all who are sent the same. With a
    /// [`ResumeAfter`] among the request's data a feed goes on from there, whatever its `after` says.
    ///
    /// [`ResumeAfter`]: super::ResumeAfter
    ///
    /// # Errors
    /// The answer to an operation that is not valid or not allowed.
    pub async fn stream(
        &self,
        request: Request,
        caller: Caller,
    ) -> Result<BoxStream<'static, Update>, Box<Response>> {
        self.0.fanout.subscribe(request, caller).await.map_err(|mut refused| {
            self.0.told.strip(&mut refused);
            refused
        })
    }

    /// Answers when the database does.
    ///
    /// # Errors
    /// A text for operators that names no secret.
    pub async fn ready(&self) -> Result<(), String> {
        self.0.domain.ping().await.map_err(|error| error.to_string())
    }

    /// The pools of the database, by name: connections open, and those of them that nobody uses.
    #[must_use]
    pub fn pools(&self) -> Vec<(&'static str, u32, usize)> {
        self.0.domain.pools()
    }
}

/// Hands on what a request has shown of other people, to be written down.
pub(super) async fn note_reads(readings: &Readings, reader: &Caller, reads: &Reads) {
    if let Some(viewer) = reader.viewer() {
        let (viewer, origin) = (Arc::clone(viewer), Origin::current());
        readings.add(Read { viewer, origin, shown: reads.take() }).await;
    }
}

/// Gives a request its own data, and loaders if somebody is signed in.
pub(super) fn attach(request: Request, session: Session, domain: &Domain) -> Request {
    let loaders = session.caller.viewer().map(|viewer| loaders(domain, viewer, &session.batches));
    let request = request.data(session);
    match loaders {
        Some(loaders) => request.data(loaders),
        None => request,
    }
}
