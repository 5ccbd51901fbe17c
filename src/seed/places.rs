//! The places of the estate: three communities with their buildings, units, facilities, and the categories of what can
//! be wrong with them.

use std::collections::{BTreeMap, HashMap};

use super::categories::{CATEGORIES, Category};
use super::{Estate, PASSWORD, calendar};
use crate::base::id::{BuildingId, CategoryId, CommunityId, EntranceId, UnitId};
use crate::domain::{
    BuildingKind, FacilityKind, Result, Role, UnitUsage, Viewer, building, category, community, entrance,
    facility, sla, unit,
};

/// A community: its code, its name, what its staff have behind their login, and its buildings.
pub(super) struct Site {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) suffix: &'static str,
    /// For so many days its buildings have been patrolled by plan.
    pub(super) patrolled: i64,
    houses: &'static [House],
}

/// A building. One without entrances has its units in itself.
struct House {
    name: &'static str,
    kind: BuildingKind,
    usage: UnitUsage,
    entrances: &'static [&'static str],
    floors: i32,
    on_floor: i32,
    assistant: &'static str,
}

const fn homes(name: &'static str, assistant: &'static str) -> House {
    House {
        name,
        kind: BuildingKind::Residential,
        usage: UnitUsage::Residence,
        entrances: &["1单元", "2单元"],
        floors: 6,
        on_floor: 2,
        assistant,
    }
}

const fn rooms(
    name: &'static str,
    usage: UnitUsage,
    (floors, on_floor): (i32, i32),
    assistant: &'static str,
) -> House {
    let kind = if matches!(usage, UnitUsage::Office) { BuildingKind::Office } else { BuildingKind::Retail };
    House { name, kind, usage, entrances: &[], floors, on_floor, assistant }
}

pub(super) const SITES: [Site; 3] = [
    Site {
        code: "XH",
        name: "星河·国际",
        suffix: "",
        patrolled: 400,
        houses: &[
            homes("1栋", "assistant"),
            homes("2栋", "assistant2"),
            rooms("星河中心", UnitUsage::Office, (5, 4), "assistant2"),
            rooms("星河里商业街", UnitUsage::Shop, (1, 8), "assistant2"),
            rooms("星河集市", UnitUsage::Stall, (1, 10), "assistant"),
        ],
    },
    Site {
        code: "XHD",
        name: "星河·国际东苑",
        suffix: "-dong",
        patrolled: 90,
        houses: &[
            homes("1栋", "assistant"),
            homes("2栋", "assistant2"),
            rooms("东苑邻里街", UnitUsage::Shop, (1, 6), "assistant2"),
        ],
    },
    Site {
        code: "XHN",
        name: "星河·国际南苑",
        suffix: "-nan",
        patrolled: 90,
        houses: &[
            homes("1栋", "assistant"),
            rooms("南苑大厦", UnitUsage::Office, (4, 4), "assistant2"),
            rooms("南苑集市", UnitUsage::Stall, (1, 8), "assistant2"),
        ],
    },
];

/// What has been built.
pub(super) struct Places {
    pub(super) admin: Viewer,
    pub(super) communities: Vec<CommunityId>,
    pub(super) buildings: Vec<Building>,
    pub(super) units: Vec<Unit>,
    pub(super) categories: HashMap<&'static str, CategoryId>,
}

/// A building, and which assistant has it in their charge.
pub(super) struct Building {
    pub(super) id: BuildingId,
    pub(super) site: usize,
    pub(super) name: &'static str,
    pub(super) usage: UnitUsage,
    pub(super) assistant: &'static str,
}

/// A unit, by the name that people give it.
pub(super) struct Unit {
    pub(super) id: UnitId,
    pub(super) building: usize,
    pub(super) site: usize,
    pub(super) name: String,
    pub(super) entrance: &'static str,
    pub(super) usage: UnitUsage,
}

/// Builds the estate; the first ADMIN does it.
pub(super) async fn build(estate: &Estate) -> Result<Places> {
    let account = estate.auth.create("admin", "系统管理员", PASSWORD, &[Role::Admin]).await?;
    let admin = estate.viewer(account).await?;
    let mut places = Places {
        admin,
        communities: Vec::new(),
        buildings: Vec::new(),
        units: Vec::new(),
        categories: HashMap::new(),
    };
    for (site, row) in SITES.iter().enumerate() {
        places.found(estate, row).await?;
        for house in row.houses {
            places.raise(estate, site, house).await?;
        }
        places.equip(estate, site).await?;
    }
    for (position, row) in (0..).zip(CATEGORIES) {
        places.name(estate, position, row).await?;
    }
    Ok(places)
}

impl Places {
    /// The buildings of a community.
    pub(super) fn buildings_of(&self, site: usize) -> impl Iterator<Item = (usize, &Building)> {
        self.buildings.iter().enumerate().filter(move |(_, building)| building.site == site)
    }

    /// The unit of a community that people call so.
    pub(super) fn unit_named(&self, site: usize, name: &str) -> Option<usize> {
        self.units.iter().position(|unit| unit.site == site && unit.name == name)
    }

    async fn found(&mut self, estate: &Estate, site: &Site) -> Result<()> {
        let today = estate.clock.now().date_naive();
        let hours =
            sla::ServiceHours { holidays: calendar::holidays(today, 800), ..sla::ServiceHours::default() };
        let input = community::New {
            code: site.code.to_owned(),
            name: site.name.to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            service_hours: Some(hours),
            clock_targets: Vec::new(),
        };
        self.communities.push(community::create(&estate.domain, &self.admin, input, None).await?.id);
        Ok(())
    }

    async fn raise(&mut self, estate: &Estate, site: usize, house: &'static House) -> Result<()> {
        let input = building::New {
            community: self.communities[site],
            name: house.name.to_owned(),
            kind: house.kind,
            address: None,
        };
        let id = building::create(&estate.domain, &self.admin, input, None).await?.id;
        let House { name, usage, assistant, .. } = *house;
        self.buildings.push(Building { id, site, name, usage, assistant });
        if house.entrances.is_empty() {
            return self.fit_out(estate, house, None).await;
        }
        for stair in house.entrances {
            let input = entrance::New { building: id, name: (*stair).to_owned() };
            let entrance = entrance::create(&estate.domain, &self.admin, input, None).await?;
            self.fit_out(estate, house, Some((stair, entrance.id))).await?;
        }
        Ok(())
    }

    /// Adds the units of the building that was raised last.
    async fn fit_out(
        &mut self,
        estate: &Estate,
        house: &'static House,
        stair: Option<(&'static str, EntranceId)>,
    ) -> Result<()> {
        let building = self.buildings.len().saturating_sub(1);
        let (id, site) = (self.buildings[building].id, self.buildings[building].site);
        let at_home = house.usage == UnitUsage::Residence;
        let on_floor = |floor| (1..=house.on_floor).map(move |place| (floor, place));
        for (floor, place) in (1..=house.floors).flat_map(on_floor) {
            let number = format!("{floor}{place:02}");
            let input = unit::New {
                community: None,
                building: Some(id),
                entrance: stair.map(|(_, id)| id),
                number: number.clone(),
                floor: Some(floor),
                usage: house.usage,
                layout: at_home.then(|| "三室两厅".to_owned()),
                orientation: Some(if place % 2 == 1 { "南北" } else { "东南" }.to_owned()),
                area: Some(if house.usage == UnitUsage::Stall { 9.5 } else { 80.0 + 5.5 * f64::from(place) }),
            };
            let made = unit::create(&estate.domain, &self.admin, input, None).await?;
            let entrance = stair.map(|(stair, _)| stair).unwrap_or_default();
            self.units.push(Unit {
                id: made.id,
                building,
                site,
                name: format!("{}{entrance}{number}", house.name),
                entrance,
                usage: house.usage,
            });
        }
        Ok(())
    }

    /// What all use, and what is there for a fire.
    async fn equip(&self, estate: &Estate, site: usize) -> Result<()> {
        let community = self.communities[site];
        let mut wanted = vec![
            (None, FacilityKind::Shared, "生活水泵房", "地下一层", "二次供水"),
            (None, FacilityKind::FireSafety, "消防控制室", "值班室旁", "火灾报警与联动控制"),
        ];
        for (_, building) in self.buildings_of(site) {
            wanted.push((Some(building.id), FacilityKind::FireSafety, "消火栓系统", "各层走道", "灭火"));
            if building.usage == UnitUsage::Residence || building.usage == UnitUsage::Office {
                wanted.push((Some(building.id), FacilityKind::Shared, "客梯", "大堂", "上下楼"));
            }
        }
        for (building, kind, name, place, purpose) in wanted {
            let input = facility::New {
                community: building.is_none().then_some(community),
                building,
                kind,
                name: name.to_owned(),
                place: Some(place.to_owned()),
                purpose: Some(purpose.to_owned()),
                next_check_on: None,
            };
            facility::create(&estate.domain, &self.admin, input, None).await?;
        }
        Ok(())
    }

    async fn name(&mut self, estate: &Estate, position: i32, row: Category) -> Result<()> {
        let (code, chinese, english, ticket_kind, priority, team_kind) = row;
        let names = [("zh-CN", chinese), ("en", english)];
        let input = category::New {
            parent: None,
            code: code.to_owned(),
            names: BTreeMap::from(names.map(|(language, name)| (language.to_owned(), name.to_owned()))),
            ticket_kind,
            priority,
            team_kind,
            position,
        };
        let made = category::create(&estate.domain, &self.admin, input, None).await?;
        self.categories.insert(code, made.id);
        Ok(())
    }
}
