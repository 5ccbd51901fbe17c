//! Photos of findings, of spot checks, and of what was put right.

use super::TEXT_MAX;
use super::policy::{self, Act, Relation};
use crate::base::id::BuildingId;
use crate::domain::attachment::{self, Attachment, Status, Which};
use crate::domain::{Domain, Refusal, Result, Viewer, find, required};

/// Takes away what a photo shows that hangs on an inspection and on no ticket: whoever makes spot checks there.
///
/// # Errors
/// When it is refused or the database fails.
pub async fn redact(domain: &Domain, viewer: &Viewer, photo: Attachment, reason: &str) -> Result<Attachment> {
    required("input.reason", reason, TEXT_MAX)?;
    let building = building_of(domain, viewer, &photo).await?;
    let community = photo.community_id.ok_or_else(|| Refusal::not_found("input.id", photo.id))?;
    policy::check(&Relation::of(viewer, community, building, None), Act::SpotCheck)?;
    if photo.status == Status::Redacted {
        return Ok(photo);
    }
    let tx = domain.begin().await?;
    let redacted = attachment::redact(domain, &tx, Which::One(photo.id)).await?;
    tx.commit().await?;
    redacted.remove(domain).await;
    let found = attachment::find(domain, viewer, &[photo.id]).await?.remove(&photo.id);
    found.ok_or_else(|| Refusal::not_found("input.id", photo.id).into())
}

async fn building_of(domain: &Domain, viewer: &Viewer, photo: &Attachment) -> Result<Option<BuildingId>> {
    if let Some(id) = photo.finding_id {
        let found = find::findings(domain, viewer, &[id]).await?.remove(&id);
        return Ok(found.and_then(|row| row.building_id));
    }
    let Some(id) = photo.spot_check_id.or(photo.rectification_of_id) else { return Ok(None) };
    let found = find::spot_checks(domain, viewer, &[id]).await?.remove(&id);
    Ok(found.and_then(|row| row.building_id))
}
