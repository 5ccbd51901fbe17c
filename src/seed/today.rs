//! How it stands now: whenever the estate is opened, somebody is waiting, somebody is on the way, and something is late.

use chrono::{DateTime, TimeDelta, Utc};

use super::matters::{Almanac, By, Matter};
use super::story::{DAY, Step};
use crate::domain::UnitUsage;
use crate::domain::ticket::{Channel, HoldReason, Kind};

/// A matter that is under way: how many minutes ago it was raised, and what has happened since.
type Open = (i64, Kind, &'static str, &'static str, &'static [(i64, Step)]);

const TAKEN_UP: &[(i64, Step)] = &[(4, Step::Acknowledge("desk"))];

const ON_THE_WAY: &[(i64, Step)] = &[
    (2, Step::Assign("desk", "assistant")),
    (6, Step::Dispatch("desk", "工程部", "带管件和排水泵，马上到场")),
    (15, Step::Take("worker")),
];

const EXPECTED: &[(i64, Step)] = &[
    (20, Step::Assign("desk", "assistant")),
    (30, Step::Appoint("desk", "保洁部", "按约定时间上门", 260, 380)),
    (50, Step::Take("cleaner")),
];

const LATE: &[(i64, Step)] =
    &[(25, Step::Acknowledge("desk2")), (40, Step::Assign("desk2", "supervisor")), (27 * 60, Step::Hurry)];

const WAITING: &[(i64, Step)] = &[
    (60, Step::Assign("desk", "assistant")),
    (80, Step::Dispatch("desk", "工程部", "测量尺寸，订购配件")),
    (200, Step::Take("worker")),
    (260, Step::Note("worker", "尺寸特殊，要向厂家下单")),
    (300, Step::Hold("assistant", HoldReason::AwaitingParts, 6)),
];

/// What is under way in each community.
const UNDER_WAY: [&[Open]; 3] = [
    &[
        (9, Kind::Complaint, "NOISE", "楼上又在敲东西，孩子刚睡着，麻烦来看一下。", &[]),
        (26, Kind::Complaint, "CLEANING", "电梯口的垃圾袋破了，汤水流了一地。", TAKEN_UP),
        (48, Kind::Repair, "WATER", "厨房水管爆了，总阀已经关了，急等师傅！", ON_THE_WAY),
        (200, Kind::Service, "HOUSEHOLD", "想约今天把旧冰箱搬下楼，谢谢。", EXPECTED),
        (30 * 60, Kind::Complaint, "NOISE", "隔壁空置房水泵整夜响，报了一天还没有人管。", LATE),
        (3 * DAY, Kind::Repair, "DOOR", "阳台推拉门轨道变形，关不上。", WAITING),
    ],
    &[
        (14, Kind::Complaint, "PARKING", "有车堵在单元门口，电话打不通，我的车出不去。", &[]),
        (37, Kind::Repair, "WATER", "卫生间反水，已经漫到走廊了！", ON_THE_WAY),
        (215, Kind::Service, "HOUSEHOLD", "老人要去医院，想请人帮忙抬一下轮椅下楼。", EXPECTED),
        (2 * DAY + 90, Kind::Repair, "DOOR", "入户门的猫眼和门铃都坏了，型号比较老。", WAITING),
    ],
    &[
        (6, Kind::Complaint, "CLEANING", "大堂地面全是泥水，保洁一上午没见到人。", &[]),
        (19, Kind::Complaint, "NOISE", "对面工地还在打桩，能不能帮我们去说一声？", TAKEN_UP),
        (190, Kind::Service, "HOUSEHOLD", "约好今天擦玻璃，请带上安全绳。", EXPECTED),
        (29 * 60, Kind::Complaint, "NOISE", "楼顶风机响了一夜，昨天就报了。", LATE),
    ],
];

/// Adds them, each somebody's.
pub(super) fn add(almanac: &mut Almanac<'_>, now: DateTime<Utc>) {
    for (site, open) in UNDER_WAY.iter().enumerate() {
        for (ago, kind, category, words, then) in *open {
            let at = now - TimeDelta::minutes(*ago) - TimeDelta::seconds(almanac.chance.within(0..60));
            let Some(reporter) = almanac.at_home(site, UnitUsage::Residence) else { continue };
            let unit = &almanac.places.units[almanac.people.residents[reporter].unit];
            let has_app = almanac.people.residents[reporter].viewer.is_some();
            let owner = almanac.places.buildings[unit.building].assistant;
            almanac.matters.push(Matter {
                at,
                site,
                by: if has_app { By::Reporter } else { By::Staff("desk", Channel::Phone) },
                reporter: Some(reporter),
                kind: *kind,
                category,
                unit: Some(unit.id),
                building: None,
                place: None,
                words: (*words).to_owned(),
                about: None,
                then: then.iter().map(|(after, step)| (*after, in_charge(*step, owner))).collect(),
            });
        }
    }
}

/// The assistant who has the building in their charge, whichever the table says.
fn in_charge(step: Step, owner: &'static str) -> Step {
    match step {
        Step::Assign(by, "assistant") => Step::Assign(by, owner),
        Step::Hold("assistant", reason, days) => Step::Hold(owner, reason, days),
        other => other,
    }
}
