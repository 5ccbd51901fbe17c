//! The places of the estate: its buildings, units and the categories of what can be wrong with them.

use std::collections::{BTreeMap, HashMap};

use super::{Estate, PASSWORD};
use crate::base::id::{BuildingId, CategoryId, CommunityId, EntranceId, UnitId};
use crate::domain::ticket::{Kind, Priority};
use crate::domain::{
    BuildingKind, Result, Role, TeamKind, UnitUsage, Viewer, building, category, community, entrance, unit,
};

/// The community's code.
pub(super) const CODE: &str = "XH";

/// What has been built, by the names that the rest of the seed uses.
pub(super) struct Places {
    pub(super) admin: Viewer,
    pub(super) community: CommunityId,
    pub(super) buildings: HashMap<&'static str, BuildingId>,
    pub(super) units: HashMap<String, UnitId>,
    pub(super) categories: HashMap<&'static str, CategoryId>,
}

/// Name, kind, entrances (none: the units are in the building itself), floors, units on a floor.
const BUILDINGS: [(&str, BuildingKind, &[&str], i32, i32); 4] = [
    ("1栋", BuildingKind::Residential, &["1单元", "2单元"], 6, 2),
    ("2栋", BuildingKind::Residential, &["1单元", "2单元"], 6, 2),
    ("星河中心", BuildingKind::Office, &[], 5, 4),
    ("星河里商业街", BuildingKind::Retail, &[], 1, 8),
];

/// Code, Chinese, English, for which kind of ticket, how fast, whose work.
type Category = (&'static str, &'static str, &'static str, Option<Kind>, Option<Priority>, Option<TeamKind>);

const CATEGORIES: [Category; 10] = [
    (
        "LIFT",
        "电梯故障",
        "Lift out of order",
        Some(Kind::Repair),
        Some(Priority::Urgent),
        Some(TeamKind::Engineering),
    ),
    (
        "WATER",
        "给排水",
        "Water and drains",
        Some(Kind::Repair),
        Some(Priority::High),
        Some(TeamKind::Engineering),
    ),
    (
        "POWER",
        "供电照明",
        "Power and light",
        Some(Kind::Repair),
        Some(Priority::Normal),
        Some(TeamKind::Engineering),
    ),
    (
        "DOOR",
        "门禁门窗",
        "Doors and locks",
        Some(Kind::Repair),
        Some(Priority::Normal),
        Some(TeamKind::Engineering),
    ),
    ("NOISE", "噪音扰民", "Noise", Some(Kind::Complaint), Some(Priority::High), Some(TeamKind::Security)),
    (
        "PARKING",
        "停车秩序",
        "Parking",
        Some(Kind::Complaint),
        Some(Priority::Normal),
        Some(TeamKind::Security),
    ),
    (
        "CLEANING",
        "环境卫生",
        "Cleanliness",
        Some(Kind::Complaint),
        Some(Priority::Normal),
        Some(TeamKind::Cleaning),
    ),
    ("STAFF", "服务态度", "Manners of staff", Some(Kind::Complaint), Some(Priority::High), None),
    ("FEES", "费用咨询", "Fees", Some(Kind::Enquiry), Some(Priority::Low), None),
    ("GREEN", "绿化建议", "Greenery", Some(Kind::Suggestion), Some(Priority::Low), Some(TeamKind::Greening)),
];

/// Builds the estate; the first ADMIN does it.
pub(super) async fn build(estate: &Estate) -> Result<Places> {
    let account = estate.auth.create("admin", "系统管理员", PASSWORD, &[Role::Admin]).await?;
    let admin = estate.viewer(account).await?;
    let input = community::New {
        code: CODE.to_owned(),
        name: "星河·国际".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        service_hours: None,
        clock_targets: Vec::new(),
    };
    let community = community::create(&estate.domain, &admin, input, None).await?.id;
    let mut places = Places {
        admin,
        community,
        buildings: HashMap::new(),
        units: HashMap::new(),
        categories: HashMap::new(),
    };
    for row in BUILDINGS {
        places.raise(estate, row).await?;
    }
    for (position, row) in (0..).zip(CATEGORIES) {
        places.name(estate, position, row).await?;
    }
    Ok(places)
}

impl Places {
    async fn raise(
        &mut self,
        estate: &Estate,
        (name, kind, entrances, floors, on_floor): (&'static str, BuildingKind, &[&str], i32, i32),
    ) -> Result<()> {
        let input = building::New { community: self.community, name: name.to_owned(), kind, address: None };
        let id = building::create(&estate.domain, &self.admin, input, None).await?.id;
        self.buildings.insert(name, id);
        if entrances.is_empty() {
            return self.fit_out(estate, (name, id, kind), None, (floors, on_floor)).await;
        }
        for stair in entrances {
            let input = entrance::New { building: id, name: (*stair).to_owned() };
            let entrance = entrance::create(&estate.domain, &self.admin, input, None).await?;
            self.fit_out(estate, (name, id, kind), Some((stair, entrance.id)), (floors, on_floor)).await?;
        }
        Ok(())
    }

    async fn fit_out(
        &mut self,
        estate: &Estate,
        (name, building, kind): (&str, BuildingId, BuildingKind),
        stair: Option<(&str, EntranceId)>,
        (floors, on_floor): (i32, i32),
    ) -> Result<()> {
        let usage = match kind {
            BuildingKind::Office => UnitUsage::Office,
            BuildingKind::Retail => UnitUsage::Shop,
            BuildingKind::Residential | BuildingKind::Mixed => UnitUsage::Residence,
        };
        for (floor, place) in (1..=floors).flat_map(|floor| (1..=on_floor).map(move |place| (floor, place))) {
            let number = format!("{floor}{place:02}");
            let input = unit::New {
                community: None,
                building: Some(building),
                entrance: stair.map(|(_, id)| id),
                number: number.clone(),
                floor: Some(floor),
                usage,
                layout: (usage == UnitUsage::Residence).then(|| "三室两厅".to_owned()),
                orientation: Some(if place % 2 == 1 { "南北" } else { "东南" }.to_owned()),
                area: Some(80.0 + 5.5 * f64::from(place)),
            };
            let made = unit::create(&estate.domain, &self.admin, input, None).await?;
            let stair = stair.map(|(stair, _)| stair).unwrap_or_default();
            self.units.insert(format!("{name}{stair}{number}"), made.id);
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
