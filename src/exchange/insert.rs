//! Many rows written at once. Every row that an import makes goes through here; what is searched of it is kept beside,
//! by `search::keep`.

use std::collections::HashMap;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, Iterable,
    ModelTrait, QueryFilter,
};
use uuid::Uuid;

use crate::base::Id;
use crate::storage::{among, external_ref};

/// So many values go in one statement at most; the smaller of the two databases' limits is 32,766.
const VALUES_MAX: usize = 30_000;

/// Writes new rows.
pub(super) async fn insert<E>(db: &impl ConnectionTrait, rows: Vec<E::Model>) -> Result<(), DbErr>
where
    E: EntityTrait<Model: IntoActiveModel<E::ActiveModel>>,
    E::ActiveModel: Send,
{
    let at_once = VALUES_MAX / E::Column::iter().count().max(1);
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some = rows.by_ref().take(at_once).map(IntoActiveModel::into_active_model).collect::<Vec<_>>();
        E::insert_many(some).exec_without_returning(db).await?;
    }
    Ok(())
}

/// Writes the columns of a row that have changed.
pub(super) async fn update<E>(db: &impl ConnectionTrait, was: &E::Model, row: &E::Model) -> Result<(), DbErr>
where
    E: EntityTrait<Model: IntoActiveModel<E::ActiveModel>>,
    E::ActiveModel: Send,
{
    let mut change = was.clone().into_active_model();
    for column in E::Column::iter() {
        let value = row.get(column);
        if value != was.get(column) {
            change.set(column, value);
        }
    }
    // Not `E::update`, which would leave what is searched as it was.
    change.update(db).await.map(|_| ())
}

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
    let found = external_ref::Entity::find()
        .filter(external_ref::Column::Kind.eq(kind))
        .filter(external_ref::Column::Reference.is_in(references));
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
