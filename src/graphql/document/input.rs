//! What documents are made of and what is changed of them.

use async_graphql::{Context, ID, InputObject, MaybeUndefined};

use super::enums::{DocumentCategory, DocumentConfidentiality};
use crate::domain::Result;
use crate::domain::document::{Category, Confidentiality, New, Patch};
use crate::graphql::attachment::given;
use crate::graphql::error::maybe_id;
use crate::graphql::scalar::Date;
use crate::graphql::upload::Upload;

/// A new document of an occupant, of a unit, or of an occupant about a unit.
#[derive(Clone, Debug, InputObject)]
pub(super) struct DocumentFileInput {
    /// Sent again with the same key, the same document is answered and none is filed.
    pub(super) idempotency_key: Option<String>,
    /// The occupant that it is about.
    occupant_id: Option<ID>,
    /// The unit that it is about; one of the two at least.
    unit_id: Option<ID>,
    /// What it is.
    category: DocumentCategory,
    /// Who may read it; the viewer must be one of them.
    #[graphql(default_with = "DocumentConfidentiality::Normal")]
    confidentiality: DocumentConfidentiality,
    /// What it is called; at most 200 characters.
    title: String,
    /// The day that stands on it.
    dated_on: Option<Date>,
    /// What the company has to say of it, at most 2,000 characters; the occupant is not shown it.
    note: Option<String>,
    /// Files that were uploaded before with `attachmentUpload`, by the viewer; with `files` 1 to 9.
    attachment_ids: Option<Vec<ID>>,
    /// Files that come with this request, which is then a `multipart/form-data` one.
    files: Option<Vec<Upload>>,
}

impl DocumentFileInput {
    pub(super) fn read(self, ctx: &Context<'_>) -> Result<New> {
        Ok(New {
            unit: maybe_id("input.unitId", self.unit_id.as_ref())?,
            occupant: maybe_id("input.occupantId", self.occupant_id.as_ref())?,
            category: self.category.into(),
            confidentiality: self.confidentiality.into(),
            title: self.title,
            dated_on: self.dated_on.map(|day| day.0),
            note: self.note,
            files: given(ctx, self.attachment_ids.as_deref(), self.files.as_deref())?,
        })
    }
}

/// What is to change of a document; what is left out stays as it is. Its files never change: file a newer one and
/// withdraw the old.
#[derive(Clone, Debug, InputObject)]
pub(super) struct DocumentUpdateInput {
    /// The document.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
    /// What it is.
    category: Option<DocumentCategory>,
    /// Who may read it; the viewer must be one of them.
    confidentiality: Option<DocumentConfidentiality>,
    /// What it is called.
    title: Option<String>,
    /// The day that stands on it; `null` removes it.
    dated_on: MaybeUndefined<Date>,
    /// What the company has to say of it; `null` removes it.
    note: MaybeUndefined<String>,
}

impl From<DocumentUpdateInput> for Patch {
    fn from(input: DocumentUpdateInput) -> Self {
        Self {
            category: input.category.map(Category::from).into(),
            confidentiality: input.confidentiality.map(Confidentiality::from).into(),
            title: input.title.into(),
            dated_on: input.dated_on.map_value(|day| day.0).into(),
            note: input.note.into(),
        }
    }
}

/// What is to be withdrawn: a document.
#[derive(Clone, Debug, InputObject)]
pub(super) struct DocumentWithdrawInput {
    /// The document.
    pub(super) id: ID,
    /// The version that was shown to the person; when somebody was faster, the answer is a CONFLICT.
    pub(super) expected_version: Option<i32>,
}
