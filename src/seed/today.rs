//! How it stands now: whenever the estate is opened, somebody is waiting, somebody is on the way, and something is late.

use chrono::{DateTime, TimeDelta, Utc};

use super::matters::{Almanac, By, Matter};
use super::story::{DAY, Step};
use crate::domain::UnitUsage;
use crate::domain::ticket::{Channel, HoldReason, Kind};

/// A matter that is under way: how many minutes ago it was raised, and what has happened since.
type Open = (i64, Kind, &'static str, UnitUsage, &'static str, &'static [(i64, Step)]);

const UNDER_WAY: &[Open] = &[
    (9, Kind::Complaint, "NOISE", UnitUsage::Residence, "楼上又在敲东西，孩子刚睡着，麻烦来看一下。", &[]),
    (
        26,
        Kind::Complaint,
        "CLEANING",
        UnitUsage::Residence,
        "电梯口的垃圾袋破了，汤水流了一地。",
        &[(4, Step::Acknowledge("desk"))],
    ),
    (
        48,
        Kind::Repair,
        "WATER",
        UnitUsage::Residence,
        "厨房水管爆了，总阀已经关了，急等师傅！",
        &[
            (2, Step::Assign("desk", "assistant")),
            (6, Step::Dispatch("desk", "工程部", "水管爆裂，带管件上门")),
            (15, Step::Take("worker")),
        ],
    ),
    (
        200,
        Kind::Service,
        "HOUSEHOLD",
        UnitUsage::Residence,
        "想约今天把旧冰箱搬下楼，谢谢。",
        &[
            (20, Step::Assign("desk", "assistant")),
            (30, Step::Appoint("desk", "保洁部", "帮住户搬旧冰箱下楼", 260, 380)),
            (50, Step::Take("cleaner")),
        ],
    ),
    (
        30 * 60,
        Kind::Complaint,
        "NOISE",
        UnitUsage::Residence,
        "隔壁空置房水泵整夜响，报了一天还没有人管。",
        &[
            (25, Step::Acknowledge("desk2")),
            (40, Step::Assign("desk2", "supervisor")),
            (27 * 60, Step::Hurry),
        ],
    ),
    (
        3 * DAY,
        Kind::Repair,
        "DOOR",
        UnitUsage::Residence,
        "阳台推拉门轨道变形，关不上。",
        &[
            (60, Step::Assign("desk", "assistant")),
            (80, Step::Dispatch("desk", "工程部", "测量并更换轨道")),
            (200, Step::Take("worker")),
            (260, Step::Note("worker", "轨道是定制尺寸，要下单")),
            (300, Step::Hold("assistant", HoldReason::AwaitingParts, 6)),
        ],
    ),
];

/// Adds them in each community, not all at the same minute.
pub(super) fn add(almanac: &mut Almanac<'_>, now: DateTime<Utc>) {
    for site in 0..almanac.places.communities.len() {
        for open in UNDER_WAY {
            let minutes = open.0 + almanac.chance.within(0..6);
            let at = now - TimeDelta::minutes(minutes);
            let Some(reporter) = almanac.at_home(site, open.3) else { continue };
            let unit = &almanac.places.units[almanac.people.residents[reporter].unit];
            let has_app = almanac.people.residents[reporter].viewer.is_some();
            let owner = almanac.places.buildings[unit.building].assistant;
            almanac.matters.push(Matter {
                at,
                site,
                by: if has_app { By::Reporter } else { By::Staff("desk", Channel::Phone) },
                reporter: Some(reporter),
                kind: open.1,
                category: open.2,
                unit: Some(unit.id),
                building: None,
                place: None,
                words: open.4.to_owned(),
                about: None,
                then: open.5.iter().map(|(after, step)| (*after, in_charge(*step, owner))).collect(),
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
