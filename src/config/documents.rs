//! Which documents may run, and what is told of the schema.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::list;

/// `[documents]`: which documents run, and which are known before they come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Documents {
    /// Files that list the documents of the frontends, as graphql-codegen (`{"<sha256>": "query …"}`) or Apollo
    /// (`apollo-persisted-query-manifest`) writes them; one a frontend and release. Default none. An installed app goes
    /// on sending what its own release had: keep its manifest beside the new one for as long as it is in use. They are
    /// read when the gateway starts.
    #[serde(deserialize_with = "list::deserialize")]
    pub manifests: Vec<PathBuf>,
    /// Run nothing but the documents of the manifests. Default false: nobody has written any yet.
    pub trusted_only: bool,
    /// Answer `__schema` and `__type`. Default true: what builds the frontends reads the schema by them.
    pub introspection: bool,
    /// Say "Did you mean" when a name is wrong. Default true: it helps whoever writes a document by hand.
    pub suggestions: bool,
    /// Memory for documents that clients register by their hash, in bytes as they lie there parsed; what is used least
    /// makes room. Default 67,108,864 (64 MiB): a thousand documents of a hundred words.
    pub cache_bytes: u64,
}

impl Default for Documents {
    fn default() -> Self {
        Self {
            manifests: Vec::new(),
            trusted_only: false,
            introspection: true,
            suggestions: true,
            cache_bytes: 64 * 1024 * 1024,
        }
    }
}
