//! What happens in the first community in the last ten days, as somebody wrote it down: who raises what, and what becomes
//! of it.

use chrono::{DateTime, TimeDelta, Utc};

use super::matters::{By, Matter, ZONE};
use super::people::People;
use super::places::Places;
use super::story::{DAY, Step};
use crate::domain::ticket::{Channel, HoldReason, Kind};
use crate::domain::viewer::start_of_day;
use Step::{
    Acknowledge, Answer, Assign, CallBack, Confirm, Dispatch, Escalate, Finish, Hold, Hurry, Note, Reject,
    Reopen, Resolve, Say, Start, Take,
};

/// One matter: the day counted from the beginning, the hour and minute in the community's time, and what followed.
struct Scene {
    day: i64,
    time: (i64, i64),
    /// The login of who raises it; a call is taken by the desk for a resident.
    by: &'static str,
    reporter: Option<&'static str>,
    kind: Kind,
    category: &'static str,
    unit: Option<&'static str>,
    place: Option<&'static str>,
    words: &'static str,
    /// Each step with the minutes after it was raised.
    then: &'static [(i64, Step)],
}

/// The scenes end on the day that it is now.
const DAYS: i64 = 10;

/// The scenes as matters.
pub(super) fn all(places: &Places, people: &People, now: DateTime<Utc>) -> Vec<Matter> {
    let first = (now - TimeDelta::days(DAYS)).with_timezone(&ZONE).date_naive();
    let matter = |scene: &'static Scene| {
        let (hour, minute) = scene.time;
        let by_staff = scene.by.starts_with("desk");
        let reporter = if by_staff { scene.reporter } else { Some(scene.by) };
        let at = TimeDelta::days(scene.day) + TimeDelta::hours(hour) + TimeDelta::minutes(minute);
        Matter {
            at: start_of_day(first, ZONE) + at,
            site: 0,
            by: if by_staff { By::Staff(scene.by, Channel::Phone) } else { By::Reporter },
            reporter: reporter.and_then(|login| people.named(login)),
            kind: scene.kind,
            category: scene.category,
            unit: scene.unit.and_then(|name| places.unit_named(0, name)).map(|unit| places.units[unit].id),
            building: None,
            place: scene.place.map(str::to_owned),
            words: scene.words.to_owned(),
            about: None,
            then: scene.then.to_vec(),
        }
    };
    SCENES.iter().map(matter).collect()
}

const SCENES: &[Scene] = &[
    Scene {
        day: 0,
        time: (8, 40),
        by: "resident",
        reporter: None,
        kind: Kind::Repair,
        category: "WATER",
        unit: Some("1栋1单元101"),
        place: None,
        words: "厨房水槽下面的水管在滴水，已经用盆接了一夜。",
        then: &[
            (6, Acknowledge("desk")),
            (9, Assign("desk", "assistant")),
            (12, Dispatch("assistant", "工程部", "检查并更换厨房下水管接头")),
            (25, Take("worker")),
            (95, Finish("worker", "更换了老化的接头，通水试验二十分钟无渗漏")),
            (110, Resolve("assistant", "水管接头已更换，试水正常。若再渗漏请随时联系我。")),
            (300, Confirm(5, "师傅很快就到了，谢谢")),
        ],
    },
    Scene {
        day: 0,
        time: (22, 15),
        by: "neighbour",
        reporter: None,
        kind: Kind::Complaint,
        category: "NOISE",
        unit: Some("1栋1单元201"),
        place: None,
        words: "楼上十点以后还在装修打孔，孩子没法睡。",
        then: &[
            (4, Acknowledge("desk2")),
            (8, Assign("desk2", "assistant")),
            (10, Dispatch("assistant", "保安部", "上门劝止夜间施工")),
            (15, Take("guard")),
            (35, Finish("guard", "已劝停，装修负责人签了承诺书")),
            (40, Resolve("assistant", "已劝停夜间施工，并书面告知装修时间为 8:00–12:00、14:00–18:00。")),
            (DAY, CallBack("desk", 4)),
        ],
    },
    Scene {
        day: 1,
        time: (7, 55),
        by: "desk",
        reporter: Some("resident2"),
        kind: Kind::Repair,
        category: "LIFT",
        unit: Some("2栋1单元502"),
        place: Some("2栋1单元客梯"),
        words: "来电：客梯停在四楼不动，里面没有人。",
        then: &[
            (1, Acknowledge("desk")),
            (2, Assign("desk", "assistant2")),
            (4, Dispatch("assistant2", "工程部", "客梯停梯，联系维保单位到场")),
            (9, Take("worker2")),
            (70, Finish("worker2", "门机皮带断裂，维保单位已更换")),
            (80, Resolve("assistant2", "客梯已恢复运行，维保单位将于本周复查。")),
            (400, Confirm(4, "恢复得还算快")),
        ],
    },
    Scene {
        day: 2,
        time: (19, 30),
        by: "tenant",
        reporter: None,
        kind: Kind::Repair,
        category: "DOOR",
        unit: Some("1栋2单元302"),
        place: None,
        words: "入户门锁锁芯转不动，要用很大力气。",
        then: &[
            (20, Assign("desk2", "assistant")),
            (DAY, Start("assistant")),
            (DAY + 10, Hold("assistant", HoldReason::AwaitingParts, 5)),
            (DAY + 12, Say("assistant", "同型号锁芯需要向厂家订货，预计三天到。")),
        ],
    },
    Scene {
        day: 3,
        time: (12, 10),
        by: "shop",
        reporter: None,
        kind: Kind::Complaint,
        category: "PARKING",
        unit: Some("星河里商业街103"),
        place: None,
        words: "中午高峰外来车辆堵住店门口，客人进不来。",
        then: &[
            (30, Acknowledge("desk")),
            (50, Assign("desk", "assistant2")),
            (DAY, Hurry),
            (DAY + 30, Escalate("desk", "商户二次催办，影响经营")),
            (DAY + 60, Start("assistant2")),
            (DAY + 200, Resolve("assistant2", "已增设中午时段疏导岗，并重新划线。")),
            (DAY + 600, Reopen("今天中午又被堵了，没有看到疏导的人。")),
            (DAY + 640, Assign("supervisor", "supervisor")),
        ],
    },
    Scene {
        day: 4,
        time: (10, 5),
        by: "resident",
        reporter: None,
        kind: Kind::Enquiry,
        category: "FEES",
        unit: Some("1栋1单元101"),
        place: None,
        words: "请问下半年的物业费什么时候可以开票？",
        then: &[
            (35, Answer("desk", "每季度首月 15 日起可在前台开票，也可以预约电子发票。")),
            (200, Confirm(5, "")),
        ],
    },
    Scene {
        day: 5,
        time: (9, 20),
        by: "desk2",
        reporter: None,
        kind: Kind::Complaint,
        category: "CLEANING",
        unit: None,
        place: Some("1栋地下车库入口"),
        words: "来访者反映车库入口积水发臭。",
        then: &[
            (3, Assign("desk2", "supervisor")),
            (20, Dispatch("supervisor", "保洁部", "清理积水并消毒")),
            (40, Take("cleaner")),
            (120, Finish("cleaner", "已清理，地漏疏通")),
            (130, Resolve("supervisor", "积水已清理，地漏已疏通。")),
        ],
    },
    Scene {
        day: 6,
        time: (15, 45),
        by: "office",
        reporter: None,
        kind: Kind::Repair,
        category: "POWER",
        unit: Some("星河中心304"),
        place: None,
        words: "办公区一半的灯不亮，影响加班。",
        then: &[
            (15, Acknowledge("desk")),
            (18, Assign("desk", "assistant2")),
            (25, Dispatch("assistant2", "工程部", "检查照明回路")),
            (60, Take("worker2")),
            (62, Note("worker2", "怀疑是配电箱空开老化，需要停电十分钟")),
        ],
    },
    Scene {
        day: 7,
        time: (20, 50),
        by: "owner",
        reporter: None,
        kind: Kind::Suggestion,
        category: "GREEN",
        unit: None,
        place: Some("中心花园"),
        words: "建议花园东侧多种些遮阴的树，夏天孩子们没地方躲太阳。",
        then: &[(DAY, Answer("manager", "谢谢建议，已列入明年春季绿化计划，届时公示方案。"))],
    },
    Scene {
        day: 8,
        time: (11, 0),
        by: "family",
        reporter: None,
        kind: Kind::Complaint,
        category: "PARKING",
        unit: Some("1栋1单元101"),
        place: None,
        words: "要求物业禁止邻居家的狗进小区。",
        then: &[
            (40, Assign("desk", "supervisor")),
            (90, Reject("supervisor", "依法登记并牵绳的犬只可以进出，我们会加强牵绳巡查，请您理解。")),
        ],
    },
    Scene {
        day: 8,
        time: (18, 25),
        by: "resident2",
        reporter: None,
        kind: Kind::Complaint,
        category: "STAFF",
        unit: Some("2栋1单元502"),
        place: None,
        words: "报修电话打了三次才有人接，而且没有回音。",
        then: &[(12, Acknowledge("center")), (15, Assign("center", "manager"))],
    },
    Scene {
        day: 9,
        time: (7, 30),
        by: "neighbour",
        reporter: None,
        kind: Kind::Complaint,
        category: "NOISE",
        unit: Some("1栋1单元201"),
        place: None,
        words: "楼上又在早上七点半敲墙，上次承诺的时间没有遵守。",
        then: &[(10, Acknowledge("desk"))],
    },
    Scene {
        day: 9,
        time: (8, 20),
        by: "tenant",
        reporter: None,
        kind: Kind::Complaint,
        category: "CLEANING",
        unit: Some("1栋2单元302"),
        place: None,
        words: "楼道里堆了两天的装修垃圾没人清。",
        then: &[],
    },
];
