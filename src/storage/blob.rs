//! What attachments hold: bytes in an object store, a local folder or S3, under the attachment's id. They are written
//! outside transactions and never overwritten; what no row knows of is swept.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{
    BackoffConfig, ClientOptions, Error as StoreError, ObjectStore, ObjectStoreExt, PutMode, PutPayload,
    RetryConfig,
};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use crate::base::id::{AttachmentId, DataTransferId};

/// The bytes of a file; clones share them.
pub type Bytes = bytes::Bytes;

/// Where files are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A folder of this machine, or one that all gateways share; it is made when missing.
    Folder(PathBuf),
    /// A bucket of S3, or of what speaks like it.
    S3(Bucket),
}

/// A bucket and how to get at it.
#[derive(Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// What every key begins with; empty for none.
    pub prefix: String,
    /// Its region.
    pub region: String,
    /// The address of a store other than Amazon's.
    pub endpoint: Option<String>,
    /// The access key's id and the secret that goes with it; none: the role of this machine.
    pub key: Option<(String, String)>,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bucket")
            .field("name", &self.name)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The folder cannot be made.
    #[error("cannot make the folder {}: {cause}; set data_dir, or files.url for S3", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why not.
        cause: std::io::Error,
    },
    /// A file could not be copied into the store or out of it.
    #[error("a file could not be copied: {0}")]
    Copy(#[source] std::io::Error),
    /// The store said no, or nothing.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which of an attachment's blobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// The file itself.
    File,
    /// A photo's small copy.
    Thumbnail,
}

/// Where all blobs are. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Blobs(Arc<dyn ObjectStore>);

/// A blob as it is read.
pub struct Blob {
    /// How many bytes will come.
    pub size: u64,
    /// The bytes.
    pub content: BoxStream<'static, Result<Bytes, BlobError>>,
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blob").field("size", &self.size).finish_non_exhaustive()
    }
}

impl Blobs {
    /// Opens the store; a bucket is not asked before it is used.
    ///
    /// # Errors
    /// When the folder cannot be made, or the bucket's settings cannot be.
    pub fn open(place: &Place) -> Result<Self, BlobError> {
        match place {
            Place::Folder(path) => {
                let made = std::fs::create_dir_all(path);
                made.map_err(|cause| BlobError::Folder { path: path.clone(), cause })?;
                Ok(Self(Arc::new(LocalFileSystem::new_with_prefix(path)?.with_fsync(true))))
            }
            Place::S3(bucket) => Ok(Self(Arc::new(PrefixStore::new(s3(bucket)?, bucket.prefix.as_str())))),
        }
    }

    /// A store that is gone with the process.
    #[must_use]
    pub fn in_memory() -> Self {
        Self(Arc::new(InMemory::new()))
    }

    /// Writes a blob.
    ///
    /// # Errors
    /// When the store fails, or there is such a blob already.
    pub async fn put(&self, id: AttachmentId, variant: Variant, content: Bytes) -> Result<(), BlobError> {
        let payload = PutPayload::from_bytes(content);
        self.0.put_opts(&key(id, variant), payload, PutMode::Create.into()).await?;
        Ok(())
    }

    /// Reads a blob; `None` when there is none.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn get(&self, id: AttachmentId, variant: Variant) -> Result<Option<Blob>, BlobError> {
        self.read(&key(id, variant)).await
    }

    async fn read(&self, at: &Path) -> Result<Option<Blob>, BlobError> {
        match self.0.get(at).await {
            Ok(found) => {
                let size = found.meta.size;
                Ok(Some(Blob { size, content: found.into_stream().map_err(BlobError::from).boxed() }))
            }
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes an attachment's blobs, as far as there are any.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn remove(&self, id: AttachmentId) -> Result<(), BlobError> {
        for variant in [Variant::Thumbnail, Variant::File] {
            self.remove_at(&key(id, variant)).await?;
        }
        Ok(())
    }

    async fn remove_at(&self, at: &Path) -> Result<(), BlobError> {
        match self.0.delete(at).await {
            Ok(()) | Err(StoreError::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The days on which blobs were written, in order.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn days(&self) -> Result<Vec<NaiveDate>, BlobError> {
        let listed = self.0.list_with_delimiter(None).await?;
        let mut days: Vec<_> =
            listed.common_prefixes.iter().filter_map(|prefix| prefix.as_ref().parse().ok()).collect();
        days.sort_unstable();
        Ok(days)
    }

    /// Of which attachments there are blobs that were written on a day. What is not ours is passed over.
    pub fn of_day(&self, day: NaiveDate) -> BoxStream<'static, Result<AttachmentId, BlobError>> {
        let listed = self.0.list(Some(&Path::from(day.to_string())));
        let ids = listed.try_filter_map(async |blob| {
            let name = blob.location.filename().unwrap_or_default();
            let name = name.strip_suffix(THUMBNAIL).unwrap_or(name);
            Ok(Uuid::try_parse(name).ok().map(AttachmentId::new))
        });
        ids.map_err(BlobError::from).boxed()
    }
}

/// Which of the files of an import or export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// The one that came in.
    In,
    /// The one that was written.
    Out,
}

/// Where the files of imports and exports are: apart from the days of attachments.
const SHEETS: &str = "transfers";

impl Blobs {
    /// Writes the file that an import is to read.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn put_sheet(&self, id: DataTransferId, content: Bytes) -> Result<(), BlobError> {
        self.0.put(&sheet(id, Sheet::In), PutPayload::from_bytes(content)).await?;
        Ok(())
    }

    /// Writes the file that an export has made, a piece at a time; gives its size.
    ///
    /// # Errors
    /// When the file cannot be read, or the store fails.
    pub async fn put_sheet_from(&self, id: DataTransferId, file: &std::path::Path) -> Result<u64, BlobError> {
        let mut from = tokio::fs::File::open(file).await.map_err(BlobError::Copy)?;
        let mut to = BufWriter::new(Arc::clone(&self.0), sheet(id, Sheet::Out));
        let bytes = tokio::io::copy(&mut from, &mut to).await.map_err(BlobError::Copy)?;
        to.shutdown().await.map_err(BlobError::Copy)?;
        Ok(bytes)
    }

    /// Reads a file of an import or export; `None` when there is none.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sheet(&self, id: DataTransferId, which: Sheet) -> Result<Option<Blob>, BlobError> {
        self.read(&sheet(id, which)).await
    }

    /// Removes the files of an import or export, as far as there are any.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn remove_sheets(&self, id: DataTransferId) -> Result<(), BlobError> {
        self.remove_at(&sheet(id, Sheet::In)).await?;
        self.remove_at(&sheet(id, Sheet::Out)).await
    }

    /// Of which imports and exports there are files, and since when. What is not ours is passed over.
    pub fn sheets(&self) -> BoxStream<'static, Result<(DataTransferId, DateTime<Utc>), BlobError>> {
        let listed = self.0.list(Some(&Path::from(SHEETS)));
        let ids = listed.try_filter_map(async |blob| {
            let name = blob.location.filename().unwrap_or_default();
            let id = name.split_once('.').and_then(|(id, _)| Uuid::try_parse(id).ok());
            Ok(id.map(|id| (DataTransferId::new(id), blob.last_modified)))
        });
        ids.map_err(BlobError::from).boxed()
    }
}

fn sheet(id: DataTransferId, which: Sheet) -> Path {
    let suffix = match which {
        Sheet::In => "in",
        Sheet::Out => "out",
    };
    Path::from(format!("{SHEETS}/{}.{suffix}", id.uuid()))
}

const THUMBNAIL: &str = ".thumbnail";

/// Ids tell their day, so that a day's blobs can be listed by themselves.
fn key(id: AttachmentId, variant: Variant) -> Path {
    let suffix = match variant {
        Variant::File => "",
        Variant::Thumbnail => THUMBNAIL,
    };
    Path::from(format!("{}/{}{suffix}", made_at(id).date_naive(), id.uuid()))
}

/// When the id was made.
#[must_use]
pub fn made_at(id: AttachmentId) -> DateTime<Utc> {
    let (seconds, nanos) = id.uuid().get_timestamp().map(|made| made.to_unix()).unwrap_or_default();
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, nanos))
        .unwrap_or_default()
}

fn s3(bucket: &Bucket) -> Result<impl ObjectStore, BlobError> {
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&bucket.name)
        .with_region(&bucket.region)
        // Ours go one by one, which every store understands.
        .with_disable_bulk_delete(true)
        .with_retry(patience())
        .with_client_options(
            ClientOptions::new()
                .with_timeout(Duration::from_secs(10))
                .with_connect_timeout(Duration::from_secs(3)),
        );
    if let Some(endpoint) = &bucket.endpoint {
        builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
    }
    if let Some((id, secret)) = &bucket.key {
        builder = builder.with_access_key_id(id).with_secret_access_key(secret);
    }
    Ok(builder.build()?)
}

/// Someone waits for the answer, and will try again.
fn patience() -> RetryConfig {
    RetryConfig { backoff: BackoffConfig::default(), max_retries: 2, retry_timeout: Duration::from_secs(10) }
}
