//! What things are called in the system they came from.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::base::Id;
use crate::storage::{among, among_texts, external_ref};

/// The things of a kind that have these references.
pub(super) async fn referred(
    db: &impl ConnectionTrait,
    kind: external_ref::Kind,
    references: impl Iterator<Item = String>,
) -> Result<HashMap<String, Uuid>, DbErr> {
    let references = references.collect::<Vec<_>>();
    if references.is_empty() {
        return Ok(HashMap::new());
    }
    let found = external_ref::Entity::find().filter(external_ref::Column::Kind.eq(kind)).filter(among_texts(
        db.get_database_backend(),
        external_ref::Column::Reference,
        references,
    ));
    Ok(found.all(db).await?.into_iter().map(|row| (row.reference, row.thing_id)).collect())
}

/// The references of things; of several the first by the alphabet.
pub(super) async fn references<K>(
    db: &impl ConnectionTrait,
    kind: external_ref::Kind,
    things: impl Iterator<Item = Id<K>>,
) -> Result<HashMap<Uuid, String>, DbErr> {
    let things = things.collect::<Vec<_>>();
    let found = external_ref::Entity::find().filter(external_ref::Column::Kind.eq(kind)).filter(among(
        db.get_database_backend(),
        external_ref::Column::ThingId,
        things,
    ));
    let mut references: HashMap<Uuid, String> = HashMap::new();
    for row in found.all(db).await? {
        let first = references.entry(row.thing_id).or_insert_with(|| row.reference.clone());
        if row.reference < *first {
            *first = row.reference;
        }
    }
    Ok(references)
}
