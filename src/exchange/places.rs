//! The places that rows name: communities, buildings and entrances, each found once and remembered; made where the
//! import may make them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, QueryFilter, QueryOrder};

use super::refusal::Why;
use super::report::{Noun, Report};
use crate::base::Scope;
use crate::base::id::{BuildingId, CommunityId, EntranceId};
use crate::domain::community::check_hours;
use crate::domain::sla::ServiceHours;
use crate::domain::{Building, BuildingKind, Community, Domain, Entrance, UnitUsage};
use crate::storage::{building, community, entrance, insert_many, update};

/// What a row says of a community.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CommunityPart<'a> {
    pub(crate) code: &'a str,
    pub(crate) name: Option<&'a str>,
    pub(crate) time_zone: Option<&'a str>,
}

/// What a row says of a building.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct BuildingPart<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: Option<BuildingKind>,
    pub(crate) address: Option<&'a str>,
    /// What a unit in it is used for, from which the kind of a new one follows.
    pub(crate) usage: Option<UnitUsage>,
}

/// What has been found and made so far.
pub(crate) struct Places<'a> {
    domain: &'a Domain,
    scope: &'a Scope,
    zone: Tz,
    now: DateTime<Utc>,
    communities: HashMap<String, Option<Arc<Community>>>,
    /// Of several with one name the one that is open.
    buildings: HashMap<(CommunityId, String), Building>,
    entrances: HashMap<(BuildingId, String), Entrance>,
    known: HashSet<CommunityId>,
}

/// What a look for a place comes to: the row's fault, or the database's.
pub(crate) type Looked<T> = Result<Result<T, Why>, DbErr>;

impl<'a> Places<'a> {
    /// `zone` is the time zone of new communities that name none.
    pub(crate) fn new(domain: &'a Domain, scope: &'a Scope, zone: Tz) -> Self {
        Self {
            domain,
            scope,
            zone,
            now: domain.clock().now(),
            communities: HashMap::new(),
            buildings: HashMap::new(),
            entrances: HashMap::new(),
            known: HashSet::new(),
        }
    }

    /// The community with a code; made where it is not there, has a name and may be.
    pub(crate) async fn community(
        &mut self,
        tx: &DatabaseTransaction,
        part: CommunityPart<'_>,
        may_make: bool,
        report: &mut Report,
    ) -> Looked<Arc<Community>> {
        let code = part.code;
        if code.is_empty() {
            return Ok(Err(Why::NoCommunity { code: String::new() }));
        }
        if !self.communities.contains_key(code) {
            let seen = community::Entity::visible_to(self.scope, self.domain.db.backend());
            let found = seen.filter(community::Column::Code.eq(code)).one(tx).await?.map(Arc::new);
            self.communities.insert(code.to_owned(), found);
        }
        if let Some(Some(found)) = self.communities.get(code) {
            return Ok(self.open(found.closed_at).map(|()| Arc::clone(found)));
        }
        let Some(name) = part.name else {
            let code = code.to_owned();
            return Ok(Err(if may_make {
                Why::CommunityNeedsName { code }
            } else {
                Why::NoCommunity { code }
            }));
        };
        if !may_make {
            return Ok(Err(Why::NoCommunity { code: code.to_owned() }));
        }
        let made = Community {
            id: self.domain.clock().id(),
            code: code.to_owned(),
            name: name.to_owned(),
            time_zone: part.time_zone.map_or_else(|| self.zone.name().to_owned(), str::to_owned),
            service_hours: check_hours(ServiceHours::default()).unwrap_or_default(),
            clock_targets: serde_json::json!({}),
            created_at: self.now,
            updated_at: self.now,
            closed_at: None,
            version: 1,
        };
        insert_many::<community::Entity>(tx, vec![made.clone()]).await?;
        report.of(Noun::Community).new += 1;
        self.known.insert(made.id);
        let made = Arc::new(made);
        self.communities.insert(code.to_owned(), Some(Arc::clone(&made)));
        Ok(Ok(made))
    }

    /// The building of a name; made where it is not there and may be, changed where the row says more than is known.
    pub(crate) async fn building(
        &mut self,
        tx: &DatabaseTransaction,
        community: CommunityId,
        part: BuildingPart<'_>,
        may_make: bool,
        report: &mut Report,
    ) -> Looked<Building> {
        self.learn(tx, community).await?;
        let key = (community, part.name.to_owned());
        let Some(found) = self.buildings.get(&key) else {
            if !may_make {
                return Ok(Err(Why::NoBuilding { building: part.name.to_owned() }));
            }
            let made = self.new_building(community, part);
            insert_many::<building::Entity>(tx, vec![made.clone()]).await?;
            report.of(Noun::Building).new += 1;
            self.buildings.insert(key, made.clone());
            return Ok(Ok(made));
        };
        if let Err(why) = self.open(found.closed_at) {
            return Ok(Err(why));
        }
        let mut building = found.clone();
        building.kind = part.kind.unwrap_or(building.kind);
        building.address = part.address.map(str::to_owned).or(building.address);
        if building != *found && may_make {
            building.version += 1;
            building.updated_at = self.now;
            update::<building::Entity>(tx, found, &building).await?;
            report.of(Noun::Building).updated += 1;
            self.buildings.insert(key, building.clone());
        }
        Ok(Ok(building))
    }

    fn new_building(&self, community: CommunityId, part: BuildingPart<'_>) -> Building {
        let kind = part.kind.unwrap_or(match part.usage {
            Some(UnitUsage::Office) => BuildingKind::Office,
            Some(UnitUsage::Shop | UnitUsage::Stall) => BuildingKind::Retail,
            Some(UnitUsage::Residence) => BuildingKind::Residential,
            None => BuildingKind::Mixed,
        });
        Building {
            id: self.domain.clock().id(),
            community_id: community,
            name: part.name.to_owned(),
            kind,
            address: part.address.map(str::to_owned),
            created_at: self.now,
            updated_at: self.now,
            closed_at: None,
            version: 1,
        }
    }

    /// The entrance of a name; made where it is not there and may be.
    pub(crate) async fn entrance(
        &mut self,
        tx: &DatabaseTransaction,
        building: &Building,
        name: &str,
        may_make: bool,
        report: &mut Report,
    ) -> Looked<EntranceId> {
        let key = (building.id, name.to_owned());
        if let Some(found) = self.entrances.get(&key) {
            return Ok(self.open(found.closed_at).map(|()| found.id));
        }
        if !may_make {
            return Ok(Err(Why::NoEntrance { entrance: name.to_owned() }));
        }
        let made = Entrance {
            id: self.domain.clock().id(),
            community_id: building.community_id,
            building_id: building.id,
            name: name.to_owned(),
            created_at: self.now,
            updated_at: self.now,
            closed_at: None,
            version: 1,
        };
        let id = made.id;
        self.entrances.insert(key, made.clone());
        insert_many::<entrance::Entity>(tx, vec![made]).await?;
        report.of(Noun::Entrance).new += 1;
        Ok(Ok(id))
    }

    /// The buildings and entrances of a community, loaded when it is first named; a group has some thousands.
    async fn learn(&mut self, tx: &DatabaseTransaction, community: CommunityId) -> Result<(), DbErr> {
        if !self.known.insert(community) {
            return Ok(());
        }
        let backend = self.domain.db.backend();
        let buildings = building::Entity::visible_to(self.scope, backend)
            .filter(building::Column::CommunityId.eq(community))
            .order_by_desc(building::Column::ClosedAt.is_not_null());
        for row in buildings.all(tx).await? {
            self.buildings.insert((community, row.name.clone()), row);
        }
        let entrances = entrance::Entity::visible_to(self.scope, backend)
            .filter(entrance::Column::CommunityId.eq(community))
            .order_by_desc(entrance::Column::ClosedAt.is_not_null());
        for row in entrances.all(tx).await? {
            self.entrances.insert((row.building_id, row.name.clone()), row);
        }
        Ok(())
    }

    fn open(&self, closed_at: Option<DateTime<Utc>>) -> Result<(), Why> {
        closed_at.map_or(Ok(()), |at| Err(Why::closed(at.with_timezone(&self.zone).date_naive())))
    }
}
