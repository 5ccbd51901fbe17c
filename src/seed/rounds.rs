//! The rounds of a life: when each building is patrolled and what is found there, and what spot checks show. Nothing here
//! touches the database.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

use super::calendar::{self, Day};
use super::chance::Chance;
use super::matters::{By, Matter, ZONE};
use super::places::{Places, SITES};
use super::{Life, story};
use crate::domain::inspection::Severity;
use crate::domain::ticket::Kind;
use crate::domain::viewer::start_of_day;

/// How often a week each building is to be patrolled.
pub(super) const TIMES_A_WEEK: i32 = 3;

/// Where the codes of a building hang.
pub(super) const CHECKPOINTS: [&str; 3] = ["入口", "设备间", "天台"];

/// One patrol of one building.
pub(super) struct Round {
    pub(super) at: DateTime<Utc>,
    pub(super) minutes: i64,
    pub(super) building: usize,
    /// Of the checkpoints so many were passed; all but for those who are in a hurry.
    pub(super) passed: usize,
    pub(super) remarks: Option<&'static str>,
    pub(super) finding: Option<Finding>,
}

/// What a patrol came across.
pub(super) struct Finding {
    pub(super) what: &'static str,
    pub(super) place: &'static str,
    pub(super) severity: Severity,
    pub(super) category: &'static str,
    /// The matter that it raises; none: it was mended on the spot.
    pub(super) matter: Option<usize>,
    /// When somebody looks again.
    pub(super) checked_at: Option<DateTime<Utc>>,
}

/// What, where, how bad, of which category; team, worker, task and result.
type Fault = (
    &'static str,
    &'static str,
    Severity,
    &'static str,
    (&'static str, &'static str, &'static str, &'static str),
);

const FAULTS: &[Fault] = &[
    (
        "应急灯不亮",
        "三层走道",
        Severity::Major,
        "FIRE",
        ("工程部", "worker2", "更换应急灯", "应急灯已更换，断电测试点亮。"),
    ),
    (
        "灭火器压力不足",
        "设备间",
        Severity::Danger,
        "FIRE",
        ("保安部", "guard", "更换灭火器", "灭火器已换新，标签已贴。"),
    ),
    (
        "天台排水口被落叶堵住",
        "天台",
        Severity::Major,
        "WATER",
        ("工程部", "worker", "清理天台排水口", "已清理，放水试验通畅。"),
    ),
    (
        "楼梯扶手松动",
        "二层楼梯",
        Severity::Major,
        "PUBLIC",
        ("工程部", "worker", "加固扶手", "扶手重新打膨胀螺丝。"),
    ),
    (
        "外墙砖起鼓，可能掉落",
        "东侧外墙",
        Severity::Danger,
        "PUBLIC",
        ("工程部", "worker", "围挡并铲除空鼓", "空鼓砖已铲除，围挡撤去。"),
    ),
    (
        "大堂玻璃门地弹簧漏油",
        "入口",
        Severity::Minor,
        "DOOR",
        ("工程部", "worker", "更换地弹簧", "地弹簧已更换。"),
    ),
    ("走道灯管闪烁", "一层走道", Severity::Minor, "POWER", ("工程部", "worker2", "更换灯管", "灯管已更换。")),
    (
        "水泵房地面有积水",
        "地下一层",
        Severity::Major,
        "WATER",
        ("工程部", "worker", "查漏并排水", "机械密封已换，地面干燥。"),
    ),
];

const MENDED: &[(&str, &str)] = &[
    ("消防通道堆放纸箱，已当场请住户搬走", "一层楼梯间"),
    ("垃圾桶未盖，已盖好", "入口"),
    ("小广告贴在门上，已撕除", "单元门"),
    ("窗户未关，已关好", "三层走道"),
];

const REMARKS: &[Option<&str>] = &[
    None,
    None,
    None,
    Some("一切正常。"),
    Some("卫生良好，灯具齐全。"),
    Some("有住户反映车位紧张，已记录。"),
];

/// One spot check and what became of it.
pub(super) struct Check {
    pub(super) at: DateTime<Utc>,
    pub(super) site: usize,
    pub(super) by: &'static str,
    pub(super) subject: Subject,
    pub(super) score: i32,
    pub(super) remarks: &'static str,
    /// It is published, and asks for something: who puts it right, and how.
    pub(super) rectified: Option<(&'static str, &'static str)>,
}

/// What is looked at.
pub(super) enum Subject {
    Building(usize),
    Team(&'static str),
}

const GOOD: &[&str] = &[
    "现场整洁，记录齐全，住户评价好。",
    "巡查到位，设施完好。",
    "着装规范，应答及时。",
    "抽查十户，八户表示满意。",
];

/// Whose service, what is wrong with it, who puts it right and how.
const POOR: &[(&str, &str, &str, &str)] = &[
    (
        "保洁部",
        "三处楼道有积尘，垃圾房未及时冲洗。",
        "cleaner",
        "三处楼道已重新清洁，垃圾房改为每日冲洗两次。",
    ),
    (
        "保安部",
        "夜间门岗两次应答超过五分钟，登记有漏项。",
        "guard",
        "已重新排班并培训登记，连续一周自查无漏项。",
    ),
    ("工程部", "维修后未清场，工单回填不及时。", "worker", "全员学习完工标准，补填工单十一张。"),
    ("绿化部", "花坛枯死苗木未补种。", "gardener", "枯苗已全部更换，加装滴灌。"),
];

/// Everything that is walked in a life; what is found raises matters, which are added.
pub(super) fn walk(
    places: &Places,
    matters: &mut Vec<Matter>,
    life: Life,
    now: DateTime<Utc>,
    chance: &mut Chance,
) -> Vec<Round> {
    let mut rounds = Vec::new();
    for day in calendar::days_from(life.first_day(now), u64::from(life.days) + 1) {
        for (building, row) in places.buildings.iter().enumerate() {
            if day < first_patrol(row.site, now) || !is_patrolled(day, building, row.assistant, chance) {
                continue;
            }
            let minute = chance.within(8 * 60 + 30..17 * 60);
            let mut round = Round {
                at: start_of_day(day, ZONE) + TimeDelta::minutes(minute),
                minutes: chance.within(18..50),
                building,
                passed: if chance.percent(96) { CHECKPOINTS.len() } else { 1 },
                remarks: chance.pick(REMARKS),
                finding: None,
            };
            if chance.percent(14) {
                round.finding = Some(come_across(&round, places, matters, chance));
            }
            rounds.push(round);
        }
    }
    rounds
}

/// The day on which the patrols of a community begin.
pub(super) fn first_patrol(site: usize, now: DateTime<Utc>) -> NaiveDate {
    (now - TimeDelta::days(SITES[site].patrolled)).with_timezone(&ZONE).date_naive()
}

/// Three days of the week are each building's own. One assistant has more to do than they manage, and on holidays many
/// a patrol is left out.
fn is_patrolled(day: NaiveDate, building: usize, assistant: &str, chance: &mut Chance) -> bool {
    let weekday = day.weekday().num_days_from_monday() as usize;
    let due = [0, 2, 4].iter().any(|own| (own + building) % 7 == weekday);
    let left_out = match (calendar::sort_of(day), assistant) {
        (Day::Holiday, _) => 45,
        (_, "assistant2") => 10,
        _ => 2,
    };
    let walked = !chance.percent(left_out);
    due && walked
}

fn come_across(round: &Round, places: &Places, matters: &mut Vec<Matter>, chance: &mut Chance) -> Finding {
    if chance.percent(35) {
        let (what, place) = chance.pick(MENDED);
        let severity = Severity::Minor;
        return Finding { what, place, severity, category: "PUBLIC", matter: None, checked_at: None };
    }
    let (what, place, severity, category, mended) = chance.pick(FAULTS);
    let building = &places.buildings[round.building];
    let at = round.at + TimeDelta::minutes(round.minutes);
    let then = story::found(building.assistant, mended, chance);
    let last = then.last().map_or(0, |(after, _)| *after);
    let checked_at = chance.percent(90).then(|| at + TimeDelta::minutes(last + chance.within(600..3_000)));
    matters.push(Matter {
        at,
        site: building.site,
        by: By::Patrol,
        reporter: None,
        kind: Kind::Repair,
        category,
        unit: None,
        building: Some(building.id),
        place: Some(place.to_owned()),
        words: what.to_owned(),
        about: None,
        then,
    });
    Finding { what, place, severity, category, matter: Some(matters.len() - 1), checked_at }
}

/// The spot checks of a life: in each community some three a month.
pub(super) fn look(places: &Places, life: Life, now: DateTime<Utc>, chance: &mut Chance) -> Vec<Check> {
    let mut checks = Vec::new();
    for day in calendar::days_from(life.first_day(now), u64::from(life.days) + 1) {
        for site in 0..SITES.len() {
            if calendar::sort_of(day) != Day::Work || !chance.percent(14) {
                continue;
            }
            let at = start_of_day(day, ZONE) + TimeDelta::minutes(chance.within(9 * 60..17 * 60));
            let by = chance.pick(&["supervisor", "supervisor", "manager", "center", "head"]);
            checks.push(if chance.percent(30) {
                let (team, remarks, who, how) = chance.pick(POOR);
                let (subject, score) = (Subject::Team(team), score(chance, 66..84));
                Check { at, site, by, subject, score, remarks, rectified: Some((who, how)) }
            } else {
                let own = places.buildings_of(site).map(|(building, _)| building).collect::<Vec<_>>();
                let subject = Subject::Building(chance.pick(&own));
                let remarks = chance.pick(GOOD);
                Check { at, site, by, subject, score: score(chance, 86..100), remarks, rectified: None }
            });
        }
    }
    checks
}

fn score(chance: &mut Chance, within: std::ops::Range<i64>) -> i32 {
    i32::try_from(chance.within(within)).unwrap_or_default()
}
