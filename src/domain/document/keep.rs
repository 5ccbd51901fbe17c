//! What is said of a document changes, and a document is withdrawn. What it holds never changes: a newer one is filed,
//! and the old one withdrawn.

use chrono::NaiveDate;

use super::file::check_day;
use super::{Category, Confidentiality, Document, NOTE_MAX, TITLE_MAX, check_may_read, find_kept};
use crate::base::id::DocumentId;
use crate::domain::attachment::{self, Which};
use crate::domain::{Change, Domain, Refusal, Result, Tx, Viewer, clean, required, row};
use crate::storage::document::Entity;

/// What is to become of a document.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    /// What it is.
    pub category: Change<Category>,
    /// Who may read it.
    pub confidentiality: Change<Confidentiality>,
    /// What it is called.
    pub title: Change<String>,
    /// The day that stands on it.
    pub dated_on: Change<Option<NaiveDate>>,
    /// What the company has to say of it.
    pub note: Change<Option<String>>,
}

/// Changes what is said of a document.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn update(
    domain: &Domain,
    viewer: &Viewer,
    id: DocumentId,
    expected_version: Option<i32>,
    patch: Patch,
) -> Result<Document> {
    let title = patch.title.check(|title| required("input.title", &title, TITLE_MAX))?;
    let note = patch.note.check(|note| clean("input.note", note.as_deref(), NOTE_MAX))?;
    let dated_on = patch.dated_on.check(check_day)?;
    find_kept(domain, viewer, id).await?;
    let tx = domain.begin().await?;
    let was = lock(domain, viewer, &tx, id, expected_version).await?;
    let mut document = was.clone();
    patch.category.put(&mut document.category);
    patch.confidentiality.put(&mut document.confidentiality);
    title.put(&mut document.title);
    dated_on.put(&mut document.dated_on);
    note.put(&mut document.note);
    check_may_read(viewer, &document)?;
    let saved = row::save::<Entity>(domain, &tx, &was, document).await?;
    tx.commit().await?;
    Ok(saved)
}

/// Withdraws a document: its line stays, its content is taken away.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn withdraw(
    domain: &Domain,
    viewer: &Viewer,
    id: DocumentId,
    expected_version: Option<i32>,
) -> Result<Document> {
    find_kept(domain, viewer, id).await?;
    let tx = domain.begin().await?;
    let was = lock(domain, viewer, &tx, id, expected_version).await?;
    let document = Document { withdrawn_at: Some(domain.clock.now()), ..was.clone() };
    let saved = row::save::<Entity>(domain, &tx, &was, document).await?;
    let redacted = attachment::redact(domain, &tx, Which::OfDocument(id)).await?;
    tx.commit().await?;
    redacted.remove(domain).await;
    Ok(saved)
}

/// A document as the client saw it, which was not withdrawn.
async fn lock(
    domain: &Domain,
    viewer: &Viewer,
    tx: &Tx<'_>,
    id: DocumentId,
    expected_version: Option<i32>,
) -> Result<Document> {
    let was = row::lock::<Entity>(domain, viewer, tx, "input.id", id).await?;
    row::expect_version::<Entity>(&was, expected_version)?;
    match was.withdrawn_at {
        None => Ok(was),
        Some(at) => {
            let message = format!("it was withdrawn at {} already", at.to_rfc3339());
            Err(Refusal::invalid("input.id", message).into())
        }
    }
}
