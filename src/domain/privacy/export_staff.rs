//! All that is kept of a member of staff. What they wrote and did at work is the company's record and not in it.

use std::collections::HashMap;

use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value as Json, json};

use super::export::{attached, sessions, shown_account, shown_file, sign_ins};
use crate::base::id::StaffId;
use crate::domain::{Domain, Refusal, Result};
use crate::storage::{account, among, attachment, building, charge, community, post, staff};

pub(super) async fn collect(domain: &Domain, id: StaffId) -> Result<Json> {
    let db = domain.db.read();
    let found = staff::Entity::find_by_id(id).one(db).await?;
    let person = found.ok_or_else(|| Refusal::not_found("input.id", id))?;
    let of_them = account::Entity::find().filter(account::Column::StaffId.eq(id));
    let accounts = of_them.order_by_asc(account::Column::Id).all(db).await?;
    let ids = accounts.iter().map(|row| row.id).collect::<Vec<_>>();
    let by = among(domain.db.backend(), attachment::Column::UploadedById, ids.iter().copied());
    Ok(json!({
        "exportedAt": domain.clock.now(),
        "staff": {
            "id": id.to_string(),
            "name": person.name,
            "phone": person.phone,
            "title": person.title,
            "awayFrom": person.away_from,
            "awayUntil": person.away_until,
            "registeredAt": person.created_at,
            "updatedAt": person.updated_at,
            "closedAt": person.closed_at,
            "erasedAt": person.erased_at,
        },
        "posts": posts(domain, id).await?,
        "charges": charges(domain, id).await?,
        "accounts": accounts.iter().map(shown_account).collect::<Vec<_>>(),
        "sessions": sessions(domain, &ids).await?,
        "signIns": sign_ins(domain, &ids).await?,
        "uploads": attached(domain, by).await?.iter().map(shown_file).collect::<Vec<_>>(),
    }))
}

async fn posts(domain: &Domain, id: StaffId) -> Result<Vec<Json>> {
    let (db, backend) = (domain.db.read(), domain.db.backend());
    let rows = post::Entity::find().filter(post::Column::StaffId.eq(id));
    let rows = rows.order_by_asc(post::Column::FromOn).order_by_asc(post::Column::Id).all(db).await?;
    let places = rows.iter().filter_map(|row| row.community_id);
    let places = community::Entity::find().filter(among(backend, community::Column::Id, places));
    let places: HashMap<_, _> = places.all(db).await?.into_iter().map(|row| (row.id, row.name)).collect();
    let shown = rows.iter().map(|row| {
        json!({
            "role": row.role.to_value(),
            "community": row.community_id.and_then(|id| places.get(&id)),
            "fromOn": row.from_on,
            "toOn": row.to_on,
        })
    });
    Ok(shown.collect())
}

async fn charges(domain: &Domain, id: StaffId) -> Result<Vec<Json>> {
    let (db, backend) = (domain.db.read(), domain.db.backend());
    let rows = charge::Entity::find().filter(charge::Column::StaffId.eq(id));
    let rows = rows.order_by_asc(charge::Column::CreatedAt).order_by_asc(charge::Column::Id).all(db).await?;
    let houses = rows.iter().map(|row| row.building_id);
    let houses = building::Entity::find().filter(among(backend, building::Column::Id, houses));
    let houses: HashMap<_, _> = houses.all(db).await?.into_iter().map(|row| (row.id, row.name)).collect();
    let shown = rows.iter().map(|row| {
        json!({ "building": houses.get(&row.building_id), "since": row.created_at, "until": row.closed_at })
    });
    Ok(shown.collect())
}
