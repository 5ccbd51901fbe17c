//! Where photos and documents are kept, and how much is taken of them.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Config, duration, secret::Secret};

/// `[files]`: photos and documents that people attach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// `s3://BUCKET` or `s3://BUCKET/PREFIX`. Default none: the folder `files` in `data_dir`. Several gateways share one
    /// bucket, or a `data_dir` that all of them see. A store belongs to one database: what that one does not know of is
    /// swept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// S3 only: the region. Default `us-east-1`, which stores other than Amazon's take for any.
    pub region: String,
    /// S3 only: the address of a store other than Amazon's, `https://minio.example.com`. Default none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// S3 only: the id of the access key. Default none: the role of the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
    /// S3 only: the secret that goes with `key_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<Secret>,
    /// Largest file, in bytes. Default 10,485,760 (10 MiB): a phone's photo has 3 to 6.
    pub file_bytes: usize,
    /// Most files in one request, and with one act. Default 9: as many as people are used to choose at once.
    pub at_once: usize,
    /// Longest request with files, in bytes. Default 67,108,864 (64 MiB): nine photos as they come from a phone.
    pub request_bytes: usize,
    /// All requests with files that are under way, in bytes; who comes when it is used up waits. Default 268,435,456
    /// (256 MiB): what a small machine can spare.
    pub memory_bytes: usize,
    /// Time for a request with files to come whole. Default 2m: nine photos over a mobile line.
    #[serde(with = "duration")]
    pub upload_timeout: Duration,
    /// Most pixels of a picture. Default 32,000,000: what phones take, unless told to take more; one with so many
    /// takes up to 300 MB while it is worked on.
    pub pixels: u64,
    /// Pictures that are worked on at the same time. Default 2: the rest of the machine goes on answering.
    pub workers: usize,
    /// How long a file may hang on nothing before it is let go of. Default 24h: a draft that is finished tomorrow.
    #[serde(with = "duration")]
    pub pending_for: Duration,
}

impl Default for Files {
    fn default() -> Self {
        Self {
            url: None,
            region: "us-east-1".into(),
            endpoint: None,
            key_id: None,
            secret: None,
            file_bytes: 10 * 1024 * 1024,
            at_once: 9,
            request_bytes: 64 * 1024 * 1024,
            memory_bytes: 256 * 1024 * 1024,
            upload_timeout: Duration::from_secs(2 * 60),
            pixels: 32_000_000,
            workers: 2,
            pending_for: Duration::from_secs(24 * 60 * 60),
        }
    }
}

impl Config {
    /// The folder in which files are kept when no bucket is set.
    #[must_use]
    pub fn files_folder(&self) -> PathBuf {
        self.data_dir.join("files")
    }
}

impl Files {
    /// The bucket and the prefix within it; `None` when none is set, or `url` names none.
    #[must_use]
    pub fn bucket(&self) -> Option<(&str, &str)> {
        let named = self.url.as_deref()?.strip_prefix("s3://")?;
        let (bucket, prefix) = named.split_once('/').unwrap_or((named, ""));
        let fit = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
        let is_fit = !bucket.is_empty() && bucket.chars().all(fit);
        is_fit.then(|| (bucket, prefix.trim_matches('/')))
    }
}
