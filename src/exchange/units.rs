//! The units that a batch of rows names: loaded with one statement a kind of place, told apart by place and number.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, DbErr, QueryFilter, QueryOrder};

use crate::base::Scope;
use crate::base::id::{BuildingId, CommunityId, EntranceId};
use crate::domain::Unit;
use crate::storage::{among, among_texts, unit};

/// Where a unit is, and its number there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) community: CommunityId,
    pub(crate) building: Option<BuildingId>,
    pub(crate) entrance: Option<EntranceId>,
    pub(crate) number: String,
}

impl Key {
    fn of(unit: &Unit) -> Self {
        Self {
            community: unit.community_id,
            building: unit.building_id,
            entrance: unit.entrance_id,
            number: unit.number.clone(),
        }
    }
}

/// The units that are called so; of several the one that is open.
pub(crate) async fn load(
    tx: &DatabaseTransaction,
    scope: &Scope,
    keys: impl Iterator<Item = Key>,
) -> Result<HashMap<Key, Unit>, DbErr> {
    let (mut entrances, mut buildings, mut communities) = (Vec::new(), Vec::new(), Vec::new());
    let (mut in_buildings, mut alone) = (Vec::new(), Vec::new());
    for key in keys {
        match (key.entrance, key.building) {
            (Some(entrance), _) => entrances.push(entrance),
            (None, Some(building)) => {
                buildings.push(building);
                in_buildings.push(key.number);
            }
            (None, None) => {
                communities.push(key.community);
                alone.push(key.number);
            }
        }
    }
    entrances.sort();
    entrances.dedup();
    buildings.sort();
    buildings.dedup();
    communities.sort();
    communities.dedup();
    let backend = sea_orm::ConnectionTrait::get_database_backend(tx);
    let places = [
        (!entrances.is_empty()).then(|| {
            Condition::all().add(unit::Column::EntranceId.is_not_null()).add(among(
                backend,
                unit::Column::EntranceId,
                entrances,
            ))
        }),
        (!buildings.is_empty()).then(|| {
            Condition::all()
                .add(unit::Column::EntranceId.is_null())
                .add(unit::Column::BuildingId.is_not_null())
                .add(among(backend, unit::Column::BuildingId, buildings))
                .add(among_texts(backend, unit::Column::Number, in_buildings))
        }),
        (!communities.is_empty()).then(|| {
            Condition::all()
                .add(unit::Column::BuildingId.is_null())
                .add(among(backend, unit::Column::CommunityId, communities))
                .add(among_texts(backend, unit::Column::Number, alone))
        }),
    ];
    let mut found = HashMap::new();
    for place in places.into_iter().flatten() {
        let seen = unit::Entity::visible_to(scope, backend).filter(place);
        for row in seen.order_by_desc(unit::Column::ClosedAt.is_not_null()).all(tx).await? {
            found.insert(Key::of(&row), row);
        }
    }
    Ok(found)
}
