//! All that is kept of a person, as one JSON document: it is made when it is asked for and kept nowhere.

use std::collections::HashMap;

use chrono::TimeDelta;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value as Json, json};

use super::{Kind, State, Subject, export_staff};
use crate::base::id::{AccountId, DocumentId, OccupantId, PrivacyRequestId, StaffId, TicketId};
use crate::domain::audit::{self, Action, By, Note};
use crate::domain::{Domain, Refusal, Result, Viewer};
use crate::storage::document::Confidentiality;
use crate::storage::ticket_event::Visibility;
use crate::storage::{
    account, among, attachment, audit as trail, building, community, document, external_ref, occupancy,
    occupant, privacy_request, session, staff, ticket, ticket_event, unit,
};

/// For how long a person can fetch the export that they asked for.
const FETCHED_WITHIN: TimeDelta = TimeDelta::days(14);

/// All that is kept of a person; the audit trail tells that it was handed out.
///
/// # Errors
/// When there is no such person or the database fails.
pub async fn export(domain: &Domain, by: By<'_>, whose: Subject) -> Result<Json> {
    let document = match whose {
        Subject::Occupant(id) => collect(domain, id).await?,
        Subject::Staff(id) => export_staff::collect(domain, id).await?,
    };
    let tx = domain.begin().await?;
    audit::note(domain, &tx, by, whose.noted(Note::of(Action::PersonalDataExported))).await?;
    tx.commit().await?;
    Ok(document)
}

/// The export that a person asked for and was granted; `None` when it is no such request, not theirs, or was granted
/// too long ago.
///
/// # Errors
/// When the database fails.
pub async fn export_own(domain: &Domain, viewer: &Viewer, id: PrivacyRequestId) -> Result<Option<Json>> {
    let Some(own) = viewer.occupant.as_ref().map(|own| own.id) else { return Ok(None) };
    let granted = privacy_request::Entity::visible_to(&viewer.scope, domain.db.backend())
        .filter(privacy_request::Column::Id.eq(id))
        .filter(privacy_request::Column::OccupantId.eq(own))
        .filter(privacy_request::Column::Kind.eq(Kind::Export))
        .filter(privacy_request::Column::State.eq(State::Done))
        .filter(privacy_request::Column::DecidedAt.gt(domain.clock.now() - FETCHED_WITHIN));
    match granted.one(domain.db.read()).await? {
        Some(_) => Ok(Some(export(domain, viewer.into(), Subject::Occupant(own)).await?)),
        None => Ok(None),
    }
}

/// What is kept elsewhere of a person is added here.
async fn collect(domain: &Domain, id: OccupantId) -> Result<Json> {
    let found = occupant::Entity::find_by_id(id).one(domain.db.read()).await?;
    let person = found.ok_or_else(|| Refusal::not_found("input.id", id))?;
    let of_them = account::Entity::find().filter(account::Column::OccupantId.eq(id));
    let accounts = of_them.order_by_asc(account::Column::Id).all(domain.db.read()).await?;
    let ids = accounts.iter().map(|row| row.id).collect::<Vec<_>>();
    Ok(json!({
        "exportedAt": domain.clock.now(),
        "occupant": {
            "id": id.to_string(),
            "kind": person.kind.to_value(),
            "name": person.name,
            "phone": person.phone,
            "registeredAt": person.created_at,
            "updatedAt": person.updated_at,
            "closedAt": person.closed_at,
            "erasedAt": person.erased_at,
            "references": references(domain, id).await?,
        },
        "occupancies": occupancies(domain, id).await?,
        "accounts": accounts.iter().map(shown_account).collect::<Vec<_>>(),
        "sessions": sessions(domain, &ids).await?,
        "signIns": sign_ins(domain, &ids).await?,
        "tickets": tickets(domain, id).await?,
        "documents": documents(domain, id).await?,
        "readings": readings(domain, id).await?,
        "privacyRequests": requests(domain, id).await?,
    }))
}

/// What they are called in the systems that they came from.
async fn references(domain: &Domain, id: OccupantId) -> Result<Vec<String>> {
    let of_them = external_ref::Entity::find()
        .filter(external_ref::Column::Kind.eq(external_ref::Kind::Occupant))
        .filter(external_ref::Column::ThingId.eq(id.uuid()));
    let rows = of_them.order_by_asc(external_ref::Column::Reference).all(domain.db.read()).await?;
    Ok(rows.into_iter().map(|row| row.reference).collect())
}

pub(super) fn shown_account(row: &account::Model) -> Json {
    json!({
        "id": row.id.to_string(),
        "login": row.login,
        "issuer": row.issuer,
        "subject": row.subject,
        "locale": row.locale,
        "createdAt": row.created_at,
        "closedAt": row.closed_at,
    })
}

async fn occupancies(domain: &Domain, id: OccupantId) -> Result<Vec<Json>> {
    let (db, backend) = (domain.db.read(), domain.db.backend());
    let rows = occupancy::Entity::find().filter(occupancy::Column::OccupantId.eq(id));
    let rows =
        rows.order_by_asc(occupancy::Column::FromOn).order_by_asc(occupancy::Column::Id).all(db).await?;
    let units =
        unit::Entity::find().filter(among(backend, unit::Column::Id, rows.iter().map(|row| row.unit_id)));
    let units: HashMap<_, _> = units.all(db).await?.into_iter().map(|row| (row.id, row)).collect();
    let houses = units.values().filter_map(|unit| unit.building_id);
    let houses = building::Entity::find().filter(among(backend, building::Column::Id, houses));
    let houses: HashMap<_, _> = houses.all(db).await?.into_iter().map(|row| (row.id, row.name)).collect();
    let places = community::Entity::find().filter(among(
        backend,
        community::Column::Id,
        rows.iter().map(|row| row.community_id),
    ));
    let places: HashMap<_, _> = places.all(db).await?.into_iter().map(|row| (row.id, row.name)).collect();
    let shown = rows.iter().map(|row| {
        let unit = units.get(&row.unit_id);
        json!({
            "community": places.get(&row.community_id),
            "building": unit.and_then(|unit| unit.building_id).and_then(|id| houses.get(&id)),
            "unit": unit.map(|unit| &unit.number),
            "kind": row.kind.to_value(),
            "fromOn": row.from_on,
            "toOn": row.to_on,
        })
    });
    Ok(shown.collect())
}

pub(super) async fn sessions(domain: &Domain, ids: &[AccountId]) -> Result<Vec<Json>> {
    let of_them = among(domain.db.backend(), session::Column::AccountId, ids.iter().copied());
    let rows = session::Entity::find().filter(of_them).order_by_asc(session::Column::CreatedAt);
    let rows = rows.order_by_asc(session::Column::Id).all(domain.db.read()).await?;
    let shown = rows.into_iter().map(|row| {
        json!({
            "client": row.client,
            "createdAt": row.created_at,
            "usedAt": row.used_at,
            "expiresAt": row.expires_at,
            "endedAt": row.ended_at,
            "endReason": row.end_reason,
        })
    });
    Ok(shown.collect())
}

/// What the audit trail tells of their accounts, with where they came from.
pub(super) async fn sign_ins(domain: &Domain, ids: &[AccountId]) -> Result<Vec<Json>> {
    let of_them = among(domain.db.backend(), trail::Column::AccountId, ids.iter().copied());
    let rows = trail::Entity::find()
        .find_also_related(trail::address::Entity)
        .filter(of_them)
        .order_by_asc(trail::Column::At)
        .order_by_asc(trail::Column::Id)
        .all(domain.db.read())
        .await?;
    let shown = rows.into_iter().map(|(line, from)| {
        json!({ "at": line.at, "action": line.action.to_value(), "address": from.map(|from| from.address) })
    });
    Ok(shown.collect())
}

async fn tickets(domain: &Domain, id: OccupantId) -> Result<Vec<Json>> {
    let (db, backend) = (domain.db.read(), domain.db.backend());
    let rows = ticket::Entity::find().filter(ticket::Column::ReporterId.eq(id));
    let rows = rows.order_by_asc(ticket::Column::CreatedAt).order_by_asc(ticket::Column::Id).all(db).await?;
    let ids = rows.iter().map(|row| row.id);
    let lines = ticket_event::Entity::find()
        .filter(among(backend, ticket_event::Column::TicketId, ids))
        .filter(ticket_event::Column::Visibility.eq(Visibility::Public))
        .order_by_asc(ticket_event::Column::TicketId)
        .order_by_asc(ticket_event::Column::Revision)
        .all(db)
        .await?;
    let mut files: HashMap<TicketId, Vec<Json>> = HashMap::new();
    let on = among(backend, attachment::Column::TicketId, rows.iter().map(|row| row.id));
    // As far as their reporter sees them.
    for row in attached(domain, on.and(attachment::Column::Visibility.eq(Visibility::Public))).await? {
        let Some(ticket) = row.ticket_id else { continue };
        files.entry(ticket).or_default().push(shown_file(&row));
    }
    let mut timelines: HashMap<TicketId, Vec<Json>> = HashMap::new();
    for line in lines {
        let shown = json!({
            "at": line.created_at,
            "act": line.act.to_value(),
            "byOccupant": line.staff_id.is_none() && line.occupant_id.is_some(),
            "text": line.text,
            "params": line.params,
        });
        timelines.entry(line.ticket_id).or_default().push(shown);
    }
    let shown = rows.into_iter().map(|row| {
        json!({
            "number": row.number,
            "kind": row.kind.to_value(),
            "status": row.status.to_value(),
            "priority": row.priority.to_value(),
            "channel": row.channel.to_value(),
            "description": row.description,
            "place": row.place,
            "contactName": row.contact_name,
            "contactPhone": row.contact_phone,
            "createdAt": row.created_at,
            "respondedAt": row.responded_at,
            "resolvedAt": row.resolved_at,
            "resolution": row.resolution,
            "rating": row.rating,
            "ratingComment": row.rating_comment,
            "endedAt": row.ended_at,
            "timeline": timelines.remove(&row.id).unwrap_or_default(),
            "attachments": files.remove(&row.id).unwrap_or_default(),
        })
    });
    Ok(shown.collect())
}

/// What the archives keep of them. Of what is secret they learn that it is there: what it says is not theirs to read. The
/// company's notes are the company's.
async fn documents(domain: &Domain, id: OccupantId) -> Result<Vec<Json>> {
    let rows = document::Entity::find().filter(document::Column::OccupantId.eq(id));
    let rows = rows.order_by_asc(document::Column::CreatedAt).order_by_asc(document::Column::Id);
    let rows = rows.all(domain.db.read()).await?;
    let ids = rows.iter().map(|row| row.id);
    let on = among(domain.db.backend(), attachment::Column::DocumentId, ids);
    let mut files: HashMap<DocumentId, Vec<Json>> = HashMap::new();
    for row in attached(domain, on).await? {
        let Some(document) = row.document_id else { continue };
        files.entry(document).or_default().push(shown_file(&row));
    }
    let shown = rows.into_iter().map(|row| {
        let readable = row.confidentiality != Confidentiality::Secret;
        json!({
            "category": row.category.to_value(),
            "confidentiality": row.confidentiality.to_value(),
            "title": readable.then_some(row.title),
            "datedOn": row.dated_on.filter(|_| readable),
            "filedAt": row.created_at,
            "withdrawnAt": row.withdrawn_at,
            "files": files.remove(&row.id).filter(|_| readable).unwrap_or_default(),
        })
    });
    Ok(shown.collect())
}

/// Attachments, the oldest first.
pub(super) async fn attached(
    domain: &Domain,
    on: sea_orm::sea_query::Expr,
) -> Result<Vec<attachment::Model>> {
    let rows = attachment::Entity::find().filter(on);
    let rows = rows.order_by_asc(attachment::Column::CreatedAt).order_by_asc(attachment::Column::Id);
    Ok(rows.all(domain.db.read()).await?)
}

/// A photo or document; what it holds is behind its link.
pub(super) fn shown_file(row: &attachment::Model) -> Json {
    json!({
        "id": row.id.to_string(),
        "status": row.status.to_value(),
        "mediaType": row.media_type,
        "fileName": row.file_name,
        "bytes": row.bytes,
        "uploadedAt": row.created_at,
    })
}

/// Who has read what of them.
async fn readings(domain: &Domain, id: OccupantId) -> Result<Vec<Json>> {
    let lines = trail::Entity::find()
        .filter(trail::Column::Action.is_in(Action::READINGS))
        .filter(audit::about(id.uuid()))
        .order_by_asc(trail::Column::At)
        .order_by_asc(trail::Column::Id)
        .all(domain.db.read())
        .await?;
    let readers = lines.iter().filter_map(|line| line.staff_id);
    let readers = staff::Entity::find().filter(among(domain.db.backend(), staff::Column::Id, readers));
    let readers: HashMap<StaffId, _> =
        readers.all(domain.db.read()).await?.into_iter().map(|row| (row.id, row)).collect();
    let shown = lines.iter().map(|line| {
        let reader = line.staff_id.and_then(|id| readers.get(&id));
        json!({
            "at": line.at,
            "what": line.details.get("what"),
            "name": reader.map(|reader| &reader.name),
            "title": reader.and_then(|reader| reader.title.as_ref()),
        })
    });
    Ok(shown.collect())
}

async fn requests(domain: &Domain, id: OccupantId) -> Result<Vec<Json>> {
    let rows = privacy_request::Entity::find()
        .filter(privacy_request::Column::OccupantId.eq(id))
        .order_by_asc(privacy_request::Column::CreatedAt)
        .order_by_asc(privacy_request::Column::Id)
        .all(domain.db.read())
        .await?;
    let shown = rows.into_iter().map(|row| {
        json!({
            "kind": row.kind.to_value(),
            "state": row.state.to_value(),
            "reason": row.reason,
            "requestedAt": row.created_at,
            "decidedAt": row.decided_at,
        })
    });
    Ok(shown.collect())
}
