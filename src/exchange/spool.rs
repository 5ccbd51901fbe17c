//! Where files lie while they are read and written: a workbook is read from several places at once, which no store can.

use std::path::{Path, PathBuf};

use futures_util::TryStreamExt;
use tokio::io::AsyncWriteExt;

use crate::base::Id;
use crate::domain::transfer::{Claimed, is_claimed};
use crate::domain::{Domain, Result};
use crate::storage::blob::{Blob, BlobError};

/// The file of one import or export while a gateway works on it; gone with the value.
pub(super) struct Spool(PathBuf);

impl Spool {
    /// A place in `folder` for what is worked on.
    pub(super) async fn new(folder: &Path, claimed: &Claimed) -> Result<Self, BlobError> {
        tokio::fs::create_dir_all(folder).await.map_err(BlobError::Copy)?;
        let of = |attempt: i32| folder.join(format!("{}-{attempt}", claimed.row.id.uuid()));
        for attempt in 1..claimed.row.attempts {
            // Left by a gateway that was killed, if it shared this folder.
            let _ = tokio::fs::remove_file(of(attempt)).await;
        }
        Ok(Self(of(claimed.row.attempts)))
    }

    /// Copies a file out of the store, a piece at a time.
    pub(super) async fn fill(&self, blob: Blob) -> Result<(), BlobError> {
        let mut file = tokio::fs::File::create(&self.0).await.map_err(BlobError::Copy)?;
        let mut content = blob.content;
        while let Some(piece) = content.try_next().await? {
            file.write_all(&piece).await.map_err(BlobError::Copy)?;
        }
        file.flush().await.map_err(BlobError::Copy)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // It may never have been made.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Removes what gateways that were killed left in `folder`: whatever nobody works on under that number.
pub(super) async fn tidy(domain: &Domain, folder: &Path) -> Result<()> {
    let Ok(mut entries) = tokio::fs::read_dir(folder).await else { return Ok(()) };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let name = entry.file_name();
        let Some((id, attempts)) = name.to_str().and_then(|name| name.rsplit_once('-')) else { continue };
        let (Ok(id), Ok(attempts)) = (id.parse::<uuid::Uuid>(), attempts.parse()) else { continue };
        if !is_claimed(domain, Id::new(id), attempts).await? {
            let _ = tokio::fs::remove_file(entry.path()).await;
        }
    }
    Ok(())
}
