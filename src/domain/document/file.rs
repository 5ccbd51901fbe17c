//! A document is filed, with its files in the same step.

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use super::{Category, Confidentiality, Document, NOTE_MAX, TITLE_MAX, check_may_keep, check_may_read};
use crate::base::id::{OccupantId, UnitId};
use crate::domain::attachment::{self, Given, Hook, On, Prepared};
use crate::domain::{Domain, Once, Refusal, Result, Tx, Viewer, clean, required, row, span};
use crate::storage::document::Entity;
use crate::storage::{occupant, unit};

/// What is filed.
#[derive(Clone, Debug)]
pub struct New {
    /// The unit that it is about.
    pub unit: Option<UnitId>,
    /// The occupant that it is about.
    pub occupant: Option<OccupantId>,
    /// What it is.
    pub category: Category,
    /// Who may read it.
    pub confidentiality: Confidentiality,
    /// What it is called.
    pub title: String,
    /// The day that stands on it.
    pub dated_on: Option<NaiveDate>,
    /// What the company has to say of it.
    pub note: Option<String>,
    /// What it holds; one file at least.
    pub files: Given,
}

/// Files a document of a unit, of an occupant, or of an occupant about a unit. The same key again gives the same one.
///
/// # Errors
/// When it is refused, or the store or the database fails.
pub async fn file(domain: &Domain, viewer: &Viewer, mut input: New, once: Option<&Once>) -> Result<Document> {
    // Asked first, so that what is sent again stores no file.
    if let Some(before) = domain.made(viewer, once).await? {
        let tx = domain.begin().await?;
        return row::made_before::<Entity>(domain, viewer, &tx, before).await;
    }
    let given = std::mem::take(&mut input.files);
    let document = draft(domain, viewer, input).await?;
    check_may_keep(domain, viewer, &document).await?;
    check_may_read(viewer, &document)?;
    if given.is_empty() {
        return Err(Refusal::invalid("input.files", "a document has one file at least").into());
    }
    attachment::with(domain, viewer, given, async |files| {
        let tx = domain.begin().await?;
        if let Some(before) = tx.claim(viewer, once, document.id.uuid()).await? {
            return row::made_before::<Entity>(domain, viewer, &tx, before).await;
        }
        let made = write(&tx, viewer, document, files).await?;
        tx.commit().await?;
        Ok(made)
    })
    .await
}

async fn draft(domain: &Domain, viewer: &Viewer, input: New) -> Result<Document> {
    let title = required("input.title", &input.title, TITLE_MAX)?;
    let note = clean("input.note", input.note.as_deref(), NOTE_MAX)?;
    let dated_on = check_day(input.dated_on)?;
    let db = domain.db.read();
    let home = row::find_named::<unit::Entity>(domain, viewer, db, "input.unitId", input.unit).await?;
    let person =
        row::find_named::<occupant::Entity>(domain, viewer, db, "input.occupantId", input.occupant).await?;
    let community = home.as_ref().map(|home| home.community_id);
    let community = community.or_else(|| person.as_ref().map(|person| person.community_id));
    let unnamed = || Refusal::invalid("input.occupantId", "name the occupant or the unit that it is about");
    let filed_by = viewer.staff_id();
    let now = domain.clock.now();
    Ok(Document {
        id: domain.clock.id(),
        community_id: community.ok_or_else(unnamed)?,
        building_id: home.as_ref().and_then(|home| home.building_id),
        unit_id: input.unit,
        occupant_id: input.occupant,
        category: input.category,
        confidentiality: input.confidentiality,
        title,
        dated_on,
        note,
        filed_by_id: filed_by.ok_or_else(|| Refusal::forbidden("only members of staff file documents"))?,
        created_at: now,
        updated_at: now,
        withdrawn_at: None,
        erased_at: None,
        version: 1,
    })
}

async fn write(tx: &Tx<'_>, viewer: &Viewer, document: Document, files: Prepared) -> Result<Document> {
    // Whose data are being erased, of them nothing is filed meanwhile.
    if let Some(occupant) = document.occupant_id {
        row::keep_open::<occupant::Entity>(tx, "input.occupantId", occupant).await?;
    }
    if let Some(unit) = document.unit_id {
        row::keep_open::<unit::Entity>(tx, "input.unitId", unit).await?;
    }
    let made = document.into_active_model().insert(&tx.db).await?;
    let hook = Hook { on: On::Document(made.id), community: made.community_id, at: made.created_at };
    files.attach(tx, viewer, hook).await?;
    Ok(made)
}

pub(super) fn check_day(day: Option<NaiveDate>) -> Result<Option<NaiveDate>> {
    if let Some(day) = day {
        span(("input.datedOn", day), ("input.datedOn", None))?;
    }
    Ok(day)
}
