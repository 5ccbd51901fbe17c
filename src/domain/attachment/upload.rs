//! A file comes in: looked at, written anew if it is a picture, and put into the store.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use sha2::{Digest, Sha256};

use super::content::{MediaType, is_whole_pdf, sniff};
use super::{Attachment, Kind, Status, Variant, name, picture};
use crate::base::id::AttachmentId;
use crate::domain::{Domain, Error, Field, Once, Refusal, Result, Tx, Viewer};
use crate::storage::attachment::{Column, Entity};

/// The most files of one account that hang on nothing.
const PENDING_MAX: u64 = 100;

/// A file as it was sent.
#[derive(Clone)]
pub struct File {
    /// What its sender calls it.
    pub name: Option<String>,
    /// What it holds.
    pub content: Bytes,
}

impl std::fmt::Debug for File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("File").field("bytes", &self.content.len()).finish_non_exhaustive()
    }
}

/// A file made fit to be kept.
struct Fit {
    media_type: MediaType,
    size: Option<(u32, u32)>,
    file: Bytes,
    thumbnail: Option<Bytes>,
    sha256: String,
}

/// Takes a file that will be attached later. The same key again gives the same one.
///
/// # Errors
/// When it is refused, or the store or the database fails.
pub async fn upload(domain: &Domain, viewer: &Viewer, file: File, once: Option<&Once>) -> Result<Attachment> {
    if let Some(before) = domain.made(viewer, once).await? {
        return load(domain, viewer, before).await;
    }
    check_room(domain, viewer).await?;
    let row = store(domain, viewer, file, "input.file".into()).await?;
    let done = write(domain, viewer, &row, once).await;
    if matches!(done, Err(Error::Refused(_))) {
        discard(domain, row.id).await;
    }
    done
}

async fn write(
    domain: &Domain,
    viewer: &Viewer,
    row: &Attachment,
    once: Option<&Once>,
) -> Result<Attachment> {
    let tx = domain.begin().await?;
    if let Some(before) = tx.claim(viewer, once, row.id.uuid()).await? {
        drop(tx);
        discard(domain, row.id).await;
        return load(domain, viewer, before).await;
    }
    let row = row.clone().into_active_model().insert(&tx.db).await?;
    tx.commit().await?;
    Ok(row)
}

/// Who uploads without end and attaches nothing fills the store.
async fn check_room(domain: &Domain, viewer: &Viewer) -> Result<()> {
    let waiting = Entity::pending_of(viewer.account.id).count(domain.db.read()).await?;
    if waiting < PENDING_MAX {
        return Ok(());
    }
    let message = format!("{waiting} files of yours hang on nothing yet; attach some of them first");
    Err(Refusal::invalid("input.file", message).into())
}

async fn load(domain: &Domain, viewer: &Viewer, id: uuid::Uuid) -> Result<Attachment> {
    let id = AttachmentId::new(id);
    let seen = Entity::visible_to(&viewer.scope, viewer.account.id, domain.db.backend());
    let found = seen.filter(Column::Id.eq(id)).one(domain.db.write()).await?;
    found.ok_or_else(|| Refusal::not_found("input.idempotencyKey", id).into())
}

/// Puts a file into the store. The row that tells of it is still to be written.
pub(super) async fn store(domain: &Domain, viewer: &Viewer, file: File, field: Field) -> Result<Attachment> {
    let name = file.name.clone();
    let fit = make_fit(domain, file, field).await?;
    let id = domain.clock.id();
    if let Some(thumbnail) = fit.thumbnail {
        domain.files.blobs.put(id, Variant::Thumbnail, thumbnail).await?;
    }
    let row = Attachment {
        id,
        community_id: None,
        uploaded_by_id: viewer.account.id,
        kind: fit.media_type.kind(),
        status: Status::Pending,
        media_type: fit.media_type.essence().to_owned(),
        file_name: name.and_then(|given| name::cleaned(&given, fit.media_type)),
        bytes: fit.file.len().try_into().unwrap_or(i32::MAX),
        width: fit.size.map(|(width, _)| width.cast_signed()),
        height: fit.size.map(|(_, height)| height.cast_signed()),
        sha256: Some(fit.sha256),
        ticket_id: None,
        ticket_event_id: None,
        visibility: None,
        document_id: None,
        finding_id: None,
        spot_check_id: None,
        rectification_of_id: None,
        place: 0,
        created_at: domain.clock.now(),
        attached_at: None,
        redacted_at: None,
        removed_at: None,
    };
    domain.files.blobs.put(id, Variant::File, fit.file).await?;
    Ok(row)
}

/// Pictures are worked on beside the requests, a few at a time.
async fn make_fit(domain: &Domain, file: File, field: Field) -> Result<Fit> {
    let refuse = |message: String| Error::from(Refusal::invalid(field, message));
    let media_type = match sniff(&file.content) {
        Ok(media_type) => media_type,
        Err(message) => return Err(refuse(message)),
    };
    let pixels = domain.files.limits.pixels;
    let _turn = domain.files.workers.acquire().await;
    let work = tokio::task::spawn_blocking(move || fit(file.content, media_type, pixels));
    match work.await {
        Ok(Ok(fit)) => Ok(fit),
        Ok(Err(message)) => Err(refuse(message)),
        // The decoder gave up on it.
        Err(error) => {
            tracing::warn!(%error, "a file could not be worked on");
            Err(refuse("the file cannot be read; send it again, or another one".to_owned()))
        }
    }
}

fn fit(content: Bytes, media_type: MediaType, pixels: u64) -> Result<Fit, String> {
    if media_type.kind() == Kind::Document {
        if !is_whole_pdf(&content) {
            return Err("the PDF is not whole; send it again".to_owned());
        }
        let sha256 = hash(&content);
        return Ok(Fit { media_type, size: None, file: content, thumbnail: None, sha256 });
    }
    let picture = picture::rewrite(&content, media_type, pixels)?;
    Ok(Fit {
        media_type: picture.media_type,
        size: Some((picture.width, picture.height)),
        sha256: hash(&picture.file),
        file: picture.file,
        thumbnail: Some(picture.thumbnail),
    })
}

fn hash(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Takes out of the store what nobody will be told of. What stays is swept.
pub(super) async fn discard(domain: &Domain, id: AttachmentId) {
    if let Err(error) = domain.files.blobs.remove(id).await {
        tracing::warn!(%error, %id, "a file that nobody needs could not be removed; it will be swept");
    }
}

/// Writes the row of a file that is attached at once.
pub(super) async fn insert(tx: &Tx<'_>, row: Attachment) -> Result<()> {
    Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&tx.db).await?;
    Ok(())
}

/// When a file that hangs on nothing is let go of.
pub(super) fn stale_before(domain: &Domain) -> DateTime<Utc> {
    domain.clock.now() - domain.files.limits.pending_for
}
