//! What strangers send, read as the handlers read it, and nothing done with it: for fuzzing, and for the tests that
//! replay what it has found. The words are those that the sender would be told.

use std::sync::LazyLock;

use super::documents::Documents;
use super::operation::Operation;
use super::request::Parameters;
use super::ws;
use crate::config;

/// The body of a POST, up to the operation that would run.
///
/// # Errors
/// Why it is refused.
pub fn body(json: &[u8]) -> Result<(), String> {
    let parameters = Parameters::from_json(json).map_err(|refusal| refusal.message().to_owned())?;
    operation(parameters)
}

/// A document, up to the operation that would run.
///
/// # Errors
/// Why it is refused.
pub fn document(text: &str) -> Result<(), String> {
    operation(Parameters { query: Some(text.to_owned()), ..Parameters::default() })
}

/// A message of a WebSocket.
///
/// # Errors
/// The reason that the socket would be closed with.
pub fn message(text: &str) -> Result<(), String> {
    ws::probe(text)?.map_or(Ok(()), operation)
}

fn operation(parameters: Parameters) -> Result<(), String> {
    static DOCUMENTS: LazyLock<Documents> =
        LazyLock::new(|| Documents::new(Default::default(), &config::Documents::default()));
    Operation::parse(parameters, &DOCUMENTS, &config::Limits::default())
        .map(|_| ())
        .map_err(|error| error.message)
}
