//! Which document a request means, and whether it may run: one that it brings, or one that is known by its hash, since
//! a manifest has it or a client has registered it (Apollo's automatic persisted queries).

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::ServerError;
use async_graphql::parser::types::ExecutableDocument;
use moka::sync::Cache;

use super::request::Parameters;
use super::response::error;
use crate::config;

mod hash;
mod introspection;
mod manifest;
mod named;
mod weight;

pub use manifest::ManifestError;

pub(super) use hash::Hash;

use named::Named;

/// All documents that are known, and the rules for those that are not.
#[derive(Debug)]
pub struct Documents {
    /// Those of the manifests.
    trusted: HashMap<Hash, Arc<Document>>,
    /// Those that clients have registered. Bounded by what they weigh, so that nobody fills the memory.
    registered: Cache<Hash, Arc<Document>>,
    trusted_only: bool,
    introspection: bool,
}

/// A document that parses.
#[derive(Clone, Debug)]
pub(super) struct Document {
    pub(super) text: String,
    pub(super) parsed: ExecutableDocument,
}

/// The document that a request means.
#[derive(Debug)]
pub(super) enum Meant {
    /// It was here before.
    Known(Arc<Document>),
    /// It comes with the request. With a hash, which is its own, the client wants it to be known from now on.
    Sent {
        /// As it was sent.
        text: String,
        /// Under which to register it.
        register_as: Option<Hash>,
    },
}

impl Documents {
    /// Reads the manifests. What of them no longer fits the schema is logged and kept: an installed app may send
    /// nothing else of it.
    ///
    /// # Errors
    /// When a manifest cannot be read, or a document of one does not parse or has another hash than the one it is
    /// listed under.
    pub async fn open(settings: &config::Documents) -> Result<Self, ManifestError> {
        Ok(Self::new(manifest::read_all(&settings.manifests).await?, settings))
    }

    pub(super) fn new(trusted: HashMap<Hash, Arc<Document>>, settings: &config::Documents) -> Self {
        let registered = Cache::builder()
            .max_capacity(settings.cache_bytes)
            .weigher(|_, document: &Arc<Document>| weight::of(&document.text))
            .build();
        let config::Documents { trusted_only, introspection, .. } = *settings;
        Self { trusted, registered, trusted_only, introspection }
    }

    /// The document that a request means, by its text or by its hash.
    pub(super) fn find(&self, parameters: &mut Parameters) -> Result<Meant, ServerError> {
        let named = Named::of(parameters)?;
        // Some clients send an empty text beside a hash.
        let text = parameters.query.take().filter(|text| !text.is_empty() || named.is_none());
        match (text, named) {
            (Some(text), named) => self.sent(text, named.as_ref()),
            (None, Some(named)) => self.known(&named),
            (None, None) => Err(error("BAD_REQUEST", "The parameter `query` is missing.")),
        }
    }

    /// The text of the document that a request means, as far as it is known; nothing is taken from the request.
    pub(super) fn text_of<'a>(&self, parameters: &'a Parameters) -> Option<Cow<'a, str>> {
        match parameters.query.as_deref().filter(|text| !text.is_empty()) {
            Some(text) => Some(text.into()),
            None => match self.known(&Named::of(parameters).ok()??) {
                Ok(Meant::Known(document)) => Some(document.text.clone().into()),
                _ => None,
            },
        }
    }

    fn sent(&self, text: String, named: Option<&Named>) -> Result<Meant, ServerError> {
        if named.is_none() && !self.trusted_only {
            return Ok(Meant::Sent { text, register_as: None });
        }
        let hash = Hash::of(&text);
        if let Some(named) = named.filter(|named| named.hash != hash) {
            return Err(named.mismatch());
        }
        match self.trusted.get(&hash) {
            Some(document) => Ok(Meant::Known(Arc::clone(document))),
            None if self.trusted_only => Err(not_trusted(hash)),
            None => Ok(Meant::Sent { text, register_as: Some(hash) }),
        }
    }

    fn known(&self, named: &Named) -> Result<Meant, ServerError> {
        let trusted = self.trusted.get(&named.hash).cloned();
        match trusted.or_else(|| self.registered.get(&named.hash)) {
            Some(document) => Ok(Meant::Known(document)),
            None if self.trusted_only => Err(not_trusted(named.hash)),
            None => Err(named.not_found()),
        }
    }

    /// Remembers a document that has run; the caller has found it to be good.
    pub(super) fn register(&self, hash: Hash, document: Document) {
        self.registered.insert(hash, Arc::new(document));
        // Left to itself the cache makes room only after some hundred more, each as long as a request may be.
        self.registered.run_pending_tasks();
    }

    /// Refuses what asks for the schema where that is not told.
    pub(super) fn admit(&self, document: &ExecutableDocument) -> Result<(), ServerError> {
        if self.introspection || !introspection::is_asked_by(document) {
            return Ok(());
        }
        let message = "The schema is not told here: `__schema` and `__type` are switched off. `__typename` may be asked.";
        Err(error("INTROSPECTION_DISABLED", message))
    }
}

fn not_trusted(hash: Hash) -> ServerError {
    let message = format!(
        "Only the documents of the frontends' manifests run here, and {hash} is in none of them. Nothing can be \
         registered either."
    );
    error("DOCUMENT_NOT_TRUSTED", message)
}

#[cfg(test)]
mod tests;
