//! What the archives hold of a person goes with their data.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

use crate::base::id::{DocumentId, OccupantId};
use crate::domain::attachment::{self, Which};
use crate::domain::{Domain, Result, Tx};
use crate::storage::document::{Column, Entity};

/// Documents whose words are gone, and how many files are left to the sweep.
pub(in crate::domain) struct Words {
    pub(in crate::domain) documents: Vec<DocumentId>,
    pub(in crate::domain) files: u64,
}

/// Takes the words and the content of all documents of an occupant, those that were withdrawn among them; they are
/// withdrawn by it. The lines stay, with what they were and when.
pub(in crate::domain) async fn erase_of_occupant(
    domain: &Domain,
    tx: &Tx<'_>,
    id: OccupantId,
) -> Result<Words> {
    let now = domain.clock.now();
    let theirs = Entity::find().filter(Column::OccupantId.eq(id)).filter(Column::ErasedAt.is_null());
    let mut words = Words { documents: Vec::new(), files: 0 };
    for was in theirs.order_by_asc(Column::Id).all(&tx.db).await? {
        let redacted = attachment::redact(domain, tx, Which::OfDocument(was.id)).await?;
        words.files += redacted.left_to_the_sweep();
        words.documents.push(was.id);
        let (version, withdrawn) = (was.version + 1, was.withdrawn_at.or(Some(now)));
        let mut change = was.into_active_model();
        change.title = Set(String::new());
        change.note = Set(None);
        change.withdrawn_at = Set(withdrawn);
        change.erased_at = Set(Some(now));
        change.updated_at = Set(now);
        change.version = Set(version);
        change.update(&tx.db).await?;
    }
    Ok(words)
}
