//! How a request names a document that it need not bring: by `documentId`, as the GraphQL-over-HTTP specification has
//! it, or by `extensions.persistedQuery`, as Apollo's clients do.

use async_graphql::{ServerError, Value};
use serde::Deserialize;

use super::hash::Hash;
use crate::http::request::Parameters;
use crate::http::response::error;

const NOT_FOUND: &str = "PERSISTED_QUERY_NOT_FOUND";
const NOT_SUPPORTED: &str = "PERSISTED_QUERY_NOT_SUPPORTED";
const MISMATCH: &str = "PERSISTED_QUERY_MISMATCH";

/// The only version of Apollo's protocol that there is.
const VERSION: u32 = 1;

/// A document's name, and in which protocol it was given.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) hash: Hash,
    protocol: Protocol,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Protocol {
    DocumentId,
    Apollo,
}

/// `extensions.persistedQuery`
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PersistedQuery {
    version: u32,
    sha256_hash: String,
}

impl Named {
    /// The name that a request gives; `None` when it gives none.
    pub(super) fn of(parameters: &Parameters) -> Result<Option<Self>, ServerError> {
        if let Some(id) = &parameters.document_id {
            let hash = Hash::parse(id).ok_or_else(|| {
                let message = "No document is known by this `documentId`; it would be `sha256:` and the 64 hexadecimal \
                               digits, in lower case, of the SHA-256 of a document's text.";
                error(NOT_FOUND, message)
            })?;
            return Ok(Some(Self { hash, protocol: Protocol::DocumentId }));
        }
        let extension =
            parameters.extensions.as_ref().and_then(|extensions| extensions.0.get("persistedQuery"));
        match extension {
            None | Some(Value::Null) => Ok(None),
            Some(extension) => Self::of_apollo(extension).map(Some),
        }
    }

    fn of_apollo(extension: &Value) -> Result<Self, ServerError> {
        let malformed = || {
            let message = "`extensions.persistedQuery` must be an object with `version` 1 and `sha256Hash`, the 64 \
                           hexadecimal digits of the SHA-256 of the document's text.";
            error("BAD_REQUEST", message)
        };
        let persisted: PersistedQuery =
            async_graphql::from_value(extension.clone()).map_err(|_| malformed())?;
        if persisted.version != VERSION {
            return Err(error(NOT_SUPPORTED, "PersistedQueryNotSupported"));
        }
        let hash = Hash::parse(&persisted.sha256_hash).ok_or_else(malformed)?;
        Ok(Self { hash, protocol: Protocol::Apollo })
    }

    /// No such document, and its text has not come either.
    pub(super) fn not_found(&self) -> ServerError {
        match self.protocol {
            // Clients look for this very word, and then send the text.
            Protocol::Apollo => error(NOT_FOUND, "PersistedQueryNotFound"),
            Protocol::DocumentId => {
                error(NOT_FOUND, format!("No document is known as {}: send its text as `query`.", self.hash))
            }
        }
    }

    /// The text that came is another one.
    pub(super) fn mismatch(&self) -> ServerError {
        error(MISMATCH, format!("The document that was sent is not {}: its SHA-256 is another.", self.hash))
    }
}
