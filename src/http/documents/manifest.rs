//! Manifests: files that list the documents of one release of a frontend.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_graphql::Name;
use async_graphql::parser::parse_query;
use async_graphql::parser::types::{DocumentOperations, ExecutableDocument};
use serde::Deserialize;

use super::Document;
use super::hash::Hash;
use crate::graphql::Validator;

/// A manifest that cannot be trusted.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The file cannot be read.
    #[error("cannot read the manifest {}: {cause}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        cause: io::Error,
    },
    /// It is neither of the forms that there are.
    #[error(
        "the manifest {} is none: {cause}; it must be {{\"<sha256>\": \"query …\"}} as graphql-codegen writes it, or an \
         apollo-persisted-query-manifest of version 1", path.display()
    )]
    Form {
        /// The file.
        path: PathBuf,
        /// What was read instead.
        cause: String,
    },
    /// A document does not parse, or is not what its hash says.
    #[error("the manifest {}: the document {document} {what}", path.display())]
    Document {
        /// The file.
        path: PathBuf,
        /// The name or hash it is listed under.
        document: String,
        /// What is wrong with it.
        what: String,
    },
}

/// What a manifest may look like.
#[derive(Deserialize)]
#[serde(untagged)]
enum Form {
    Apollo(Apollo),
    Codegen(BTreeMap<String, String>),
}

/// `apollo-persisted-query-manifest`
#[derive(Deserialize)]
struct Apollo {
    format: String,
    version: u32,
    operations: Vec<Operation>,
}

#[derive(Deserialize)]
struct Operation {
    id: String,
    name: String,
    body: String,
}

/// One document as it is listed.
struct Listed {
    hash: String,
    name: String,
    text: String,
}

/// All documents of all manifests. Those that no longer fit the schema are told by name, and kept.
pub(super) async fn read_all(paths: &[PathBuf]) -> Result<HashMap<Hash, Arc<Document>>, ManifestError> {
    let mut known = HashMap::new();
    if paths.is_empty() {
        return Ok(known);
    }
    let validator = Validator::default();
    for path in paths {
        let listed = read(path)?;
        let count = listed.len();
        for Listed { hash, name, text } in listed {
            let wrong = |what| ManifestError::Document { path: path.clone(), document: name.clone(), what };
            let (hash, document) = check(&hash, text).map_err(wrong)?;
            for fault in validator.faults(&document.text, document.parsed.clone()).await {
                tracing::warn!(
                    manifest = %path.display(), document = name_of(&document.parsed), %hash, fault,
                    "a document of a manifest no longer fits the schema"
                );
            }
            known.insert(hash, Arc::new(document));
        }
        tracing::info!(manifest = %path.display(), documents = count, "trusted documents");
    }
    Ok(known)
}

/// The name of its first operation.
fn name_of(document: &ExecutableDocument) -> &str {
    match &document.operations {
        DocumentOperations::Single(_) => "without a name",
        DocumentOperations::Multiple(operations) => {
            operations.keys().map(Name::as_str).min().unwrap_or_default()
        }
    }
}

fn read(path: &Path) -> Result<Vec<Listed>, ManifestError> {
    let json = std::fs::read(path).map_err(|cause| ManifestError::File { path: path.to_owned(), cause })?;
    parse(&json).map_err(|cause| ManifestError::Form { path: path.to_owned(), cause })
}

fn parse(json: &[u8]) -> Result<Vec<Listed>, String> {
    match serde_json::from_slice(json).map_err(|error| error.to_string())? {
        Form::Codegen(documents) => {
            Ok(documents.into_iter().map(|(hash, text)| Listed { name: hash.clone(), hash, text }).collect())
        }
        Form::Apollo(Apollo { format, version, .. })
            if format != "apollo-persisted-query-manifest" || version != 1 =>
        {
            Err(format!("its format is {format:?}, version {version}"))
        }
        Form::Apollo(Apollo { operations, .. }) => Ok(operations
            .into_iter()
            .map(|Operation { id, name, body }| Listed { hash: id, name, text: body })
            .collect()),
    }
}

/// A document is trusted by its text: a hash that is not its own would let another one run under its name.
fn check(listed: &str, text: String) -> Result<(Hash, Document), String> {
    let hash = Hash::of(&text);
    if Hash::parse(listed) != Some(hash) {
        return Err(format!(
            "is listed as {listed:?} and is {hash}; let the tool that writes the manifest use SHA-256 of the text itself"
        ));
    }
    let parsed = parse_query(&text).map_err(|error| {
        let place = error.positions().next();
        let place = place.map(|at| format!(" at line {}, column {}", at.line, at.column)).unwrap_or_default();
        format!("does not parse{place}")
    })?;
    Ok((hash, Document { text, parsed }))
}
