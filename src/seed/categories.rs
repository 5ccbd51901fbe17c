//! What can be wrong, as the estate names it.

use crate::domain::TeamKind;
use crate::domain::ticket::{Kind, Priority};

/// Code, Chinese, English, for which kind of ticket, how fast, whose work.
pub(super) type Category =
    (&'static str, &'static str, &'static str, Option<Kind>, Option<Priority>, Option<TeamKind>);

pub(super) const CATEGORIES: [Category; 15] = [
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
    (
        "AIRCON",
        "空调通风",
        "Air conditioning",
        Some(Kind::Repair),
        Some(Priority::Normal),
        Some(TeamKind::Engineering),
    ),
    (
        "HEATING",
        "热水供暖",
        "Hot water and heating",
        Some(Kind::Repair),
        Some(Priority::High),
        Some(TeamKind::Engineering),
    ),
    (
        "FIRE",
        "消防设施",
        "Fire safety",
        Some(Kind::Repair),
        Some(Priority::High),
        Some(TeamKind::Engineering),
    ),
    (
        "PUBLIC",
        "公共设施",
        "Common places",
        Some(Kind::Repair),
        Some(Priority::Normal),
        Some(TeamKind::Engineering),
    ),
    ("HOUSEHOLD", "便民服务", "Services", Some(Kind::Service), Some(Priority::Low), Some(TeamKind::Cleaning)),
];
