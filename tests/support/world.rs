//! The people and places of the tests: two communities, somebody in every role, and residents of every sort. The rows
//! are written directly, so that a test of the register does not depend on the register.

use chrono::{DateTime, NaiveDate, Utc};
use concierge::app::Opened;
use concierge::auth::Whom;
use concierge::base::id::*;
use concierge::storage::{
    building, category, charge, community, entrance, occupancy, occupant, post, post::Role, staff, team,
    ticket, unit,
};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ConnectionTrait};
use serde_json::json;
use uuid::Uuid;

/// Monday, 23 November 2026, 10:00 in Shanghai.
pub const START: DateTime<Utc> = DateTime::from_timestamp(1_795_399_200, 0).unwrap();

pub const PASSWORD: &str = "open-sesame-1";

/// The ids of the world, the same in every run.
pub struct World {
    /// 星河·国际.
    pub xinghe: String,
    /// 云山苑.
    pub yunshan: String,
    /// 星河's A栋, in the assistant's charge, with two entrances.
    pub a: String,
    /// 星河's B栋.
    pub b: String,
    /// 云山's C栋.
    pub c: String,
    /// A栋 1单元 101: 林一 owns it and lives there with 林二.
    pub a101: String,
    /// A栋 2单元 101: 王邻's.
    pub a2_101: String,
    /// B栋 201: 周主 owns it, 陈租 rents it.
    pub b201: String,
    /// 云山's C栋 101: 赵远's.
    pub c101: String,
    pub lin_yi: String,
    pub lin_er: String,
    pub wang_lin: String,
    pub zhou_zhu: String,
    pub chen_zu: String,
    pub zhao_yuan: String,
    /// 星河's 工程部, the worker's team.
    pub engineering: String,
    /// 星河's 保洁部.
    pub cleaning: String,
    /// 云山's 工程部.
    pub yunshan_engineering: String,
    /// Noise, for COMPLAINTs.
    pub noise: String,
    /// The lift, for REPAIRs, URGENT.
    pub lift: String,
}

/// The id of a thing of the world, from its name alone.
fn uuid(name: &str) -> Uuid {
    let mut bytes = [0_u8; 16];
    for (place, byte) in name.bytes().enumerate() {
        bytes[place % 16] = bytes[place % 16].wrapping_mul(31).wrapping_add(byte);
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The id of a thing of the world, as clients know it.
pub fn shown(kind: &str, name: &str) -> String {
    format!("{kind}:{}", uuid(name))
}

/// The id of the member of staff who signs in with this login.
pub fn staff_id(login: &str) -> String {
    shown("staff", &format!("staff {login}"))
}

impl Default for World {
    fn default() -> Self {
        Self {
            xinghe: shown("community", "xinghe"),
            yunshan: shown("community", "yunshan"),
            a: shown("building", "a"),
            b: shown("building", "b"),
            c: shown("building", "c"),
            a101: shown("unit", "a101"),
            a2_101: shown("unit", "a2 101"),
            b201: shown("unit", "b201"),
            c101: shown("unit", "c101"),
            lin_yi: shown("occupant", "lin-yi"),
            lin_er: shown("occupant", "lin-er"),
            wang_lin: shown("occupant", "wang-lin"),
            zhou_zhu: shown("occupant", "zhou-zhu"),
            chen_zu: shown("occupant", "chen-zu"),
            zhao_yuan: shown("occupant", "zhao-yuan"),
            engineering: shown("team", "engineering"),
            cleaning: shown("team", "cleaning"),
            yunshan_engineering: shown("team", "yunshan engineering"),
            noise: shown("category", "noise"),
            lift: shown("category", "lift"),
        }
    }
}

impl World {
    /// The member of staff who signs in with this login.
    pub fn staff(&self, login: &str) -> String {
        staff_id(login)
    }
}

fn id<K>(name: &str) -> Id<K> {
    Id::new(uuid(name))
}

use concierge::base::Id;

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap()
}

/// Fills a migrated database.
pub async fn build(opened: &Opened) {
    let db = opened.db.write();
    places(db).await;
    people(opened).await;
    workforce(opened).await;
    categories(db).await;
}

async fn places(db: &impl ConnectionTrait) {
    for (name, code, title) in [("xinghe", "XH", "星河·国际"), ("yunshan", "YS", "云山苑")] {
        let row = community::ActiveModel {
            id: Set(id(name)),
            code: Set(code.into()),
            name: Set(title.into()),
            time_zone: Set("Asia/Shanghai".into()),
            service_hours: Set(json!({
                "week": [[["09:00:00", "18:00:00"]], [["09:00:00", "18:00:00"]], [["09:00:00", "18:00:00"]],
                    [["09:00:00", "18:00:00"]], [["09:00:00", "18:00:00"]], [["09:00:00", "18:00:00"]], []],
                "holidays": [],
            })),
            clock_targets: Set(json!({})),
            created_at: Set(START),
            updated_at: Set(START),
            closed_at: Set(None),
            version: Set(1),
        };
        row.insert(db).await.unwrap();
    }
    for (name, place, title) in [("a", "xinghe", "A栋"), ("b", "xinghe", "B栋"), ("c", "yunshan", "C栋")] {
        let row = building::ActiveModel {
            id: Set(id(name)),
            community_id: Set(id(place)),
            name: Set(title.into()),
            kind: Set(building::Kind::Residential),
            address: Set(None),
            created_at: Set(START),
            updated_at: Set(START),
            closed_at: Set(None),
            version: Set(1),
        };
        row.insert(db).await.unwrap();
    }
    for (name, title) in [("a1", "1单元"), ("a2", "2单元")] {
        let row = entrance::ActiveModel {
            id: Set(id(name)),
            community_id: Set(id("xinghe")),
            building_id: Set(id("a")),
            name: Set(title.into()),
            created_at: Set(START),
            updated_at: Set(START),
            closed_at: Set(None),
            version: Set(1),
        };
        row.insert(db).await.unwrap();
    }
    let units = [
        ("a101", "xinghe", "a", Some("a1"), "101"),
        ("a2 101", "xinghe", "a", Some("a2"), "101"),
        ("b201", "xinghe", "b", None, "201"),
        ("c101", "yunshan", "c", None, "101"),
    ];
    for (name, place, house, stair, number) in units {
        let row = unit::ActiveModel {
            id: Set(id(name)),
            community_id: Set(id(place)),
            building_id: Set(Some(id(house))),
            entrance_id: Set(stair.map(id)),
            number: Set(number.into()),
            floor: Set(Some(1)),
            usage: Set(unit::Usage::Residence),
            layout: Set(None),
            orientation: Set(None),
            area_dm2: Set(Some(8950)),
            created_at: Set(START),
            updated_at: Set(START),
            closed_at: Set(None),
            version: Set(1),
        };
        row.insert(db).await.unwrap();
    }
}

async fn people(opened: &Opened) {
    use occupancy::Kind::{Family, Owner, Tenant};
    let people = [
        ("lin-yi", "林一", "13800000001", "xinghe", "a101", Owner),
        ("lin-er", "林二", "13800000002", "xinghe", "a101", Family),
        ("wang-lin", "王邻", "13800000003", "xinghe", "a2 101", Owner),
        ("zhou-zhu", "周主", "13800000004", "xinghe", "b201", Owner),
        ("chen-zu", "陈租", "13800000005", "xinghe", "b201", Tenant),
        ("zhao-yuan", "赵远", "13800000006", "yunshan", "c101", Owner),
    ];
    let db = opened.db.write();
    for (login, name, phone, place, home, kind) in people {
        let row = occupant::ActiveModel {
            id: Set(id(login)),
            community_id: Set(id(place)),
            kind: Set(occupant::Kind::Person),
            name: Set(name.into()),
            phone: Set(Some(phone.into())),
            created_at: Set(START),
            updated_at: Set(START),
            closed_at: Set(None),
            erased_at: Set(None),
            version: Set(1),
        };
        row.insert(db).await.unwrap();
        let row = occupancy::ActiveModel {
            id: Set(id(&format!("{login} lives"))),
            community_id: Set(id(place)),
            unit_id: Set(id(home)),
            occupant_id: Set(id(login)),
            kind: Set(kind),
            from_on: Set(first_day()),
            to_on: Set(None),
            created_at: Set(START),
            updated_at: Set(START),
        };
        row.insert(db).await.unwrap();
        opened.auth.grant_login(Whom::Occupant(id(login)), login, PASSWORD).await.unwrap();
    }
}

/// Login, name, role, community (none: the whole group), team.
type Employee = (&'static str, &'static str, Role, Option<&'static str>, Option<&'static str>);

const STAFF: [Employee; 20] = [
    ("desk", "前台小刘", Role::FrontDesk, Some("xinghe"), None),
    ("desk2", "前台小马", Role::FrontDesk, Some("xinghe"), None),
    ("worker", "工程老张", Role::Worker, Some("xinghe"), Some("engineering")),
    ("worker2", "工程老孙", Role::Worker, Some("xinghe"), Some("engineering")),
    ("cleaner", "保洁阿姨", Role::Worker, Some("xinghe"), Some("cleaning")),
    ("assistant", "助理小陈", Role::Assistant, Some("xinghe"), None),
    ("assistant2", "助理小何", Role::Assistant, Some("xinghe"), None),
    ("supervisor", "主管老李", Role::Supervisor, Some("xinghe"), None),
    ("center", "中心主管", Role::CenterSupervisor, Some("xinghe"), None),
    ("manager", "客服经理", Role::ServiceManager, Some("xinghe"), None),
    ("head", "管理处主任", Role::ProjectHead, Some("xinghe"), None),
    ("group", "集团客服", Role::GroupService, None, None),
    ("quality", "品质办", Role::QualityOffice, None, None),
    ("executive", "分管领导", Role::Executive, Some("xinghe"), None),
    ("personnel", "人事", Role::Personnel, None, None),
    ("admin", "系统管理员", Role::Admin, None, None),
    ("yunshan-desk", "云山前台", Role::FrontDesk, Some("yunshan"), None),
    ("yunshan-worker", "云山工程", Role::Worker, Some("yunshan"), Some("yunshan engineering")),
    ("yunshan-supervisor", "云山主管", Role::Supervisor, Some("yunshan"), None),
    ("yunshan-head", "云山主任", Role::ProjectHead, Some("yunshan"), None),
];

async fn workforce(opened: &Opened) {
    let db = opened.db.write();
    let teams = [
        ("engineering", "xinghe", team::Kind::Engineering, "工程部"),
        ("cleaning", "xinghe", team::Kind::Cleaning, "保洁部"),
        ("yunshan engineering", "yunshan", team::Kind::Engineering, "工程部"),
    ];
    for (name, place, kind, title) in teams {
        let row = team::ActiveModel {
            id: Set(id(name)),
            community_id: Set(id(place)),
            kind: Set(kind),
            name: Set(title.into()),
            lead_id: Set(None),
            contractor: Set(false),
            created_at: Set(START),
            updated_at: Set(START),
            closed_at: Set(None),
            version: Set(1),
        };
        row.insert(db).await.unwrap();
    }
    for (login, name, role, place, crew) in STAFF {
        let member: StaffId = id(&format!("staff {login}"));
        let row = staff::ActiveModel {
            id: Set(member),
            name: Set(name.into()),
            phone: Set(Some("13900000000".into())),
            title: Set(Some(name.into())),
            manager_id: Set(None),
            deputy_id: Set(None),
            away_from: Set(None),
            away_until: Set(None),
            created_at: Set(START),
            updated_at: Set(START),
            closed_at: Set(None),
            erased_at: Set(None),
            version: Set(1),
        };
        row.insert(db).await.unwrap();
        let row = post::ActiveModel {
            id: Set(id(&format!("{login} post"))),
            staff_id: Set(member),
            role: Set(role),
            community_id: Set(place.map(id)),
            team_id: Set(crew.map(id)),
            from_on: Set(first_day()),
            to_on: Set(None),
            created_at: Set(START),
            updated_at: Set(START),
        };
        row.insert(db).await.unwrap();
        opened.auth.grant_login(Whom::Staff(member), login, PASSWORD).await.unwrap();
    }
    let row = charge::ActiveModel {
        id: Set(id("assistant charge")),
        community_id: Set(id("xinghe")),
        staff_id: Set(id("staff assistant")),
        building_id: Set(id("a")),
        created_at: Set(START),
        closed_at: Set(None),
    };
    row.insert(db).await.unwrap();
}

async fn categories(db: &impl ConnectionTrait) {
    let rows = [
        ("noise", "NOISE", "噪音", Some(ticket::Kind::Complaint), None),
        ("lift", "LIFT", "电梯", Some(ticket::Kind::Repair), Some(ticket::Priority::Urgent)),
    ];
    for (position, (name, code, title, kind, priority)) in rows.into_iter().enumerate() {
        let row = category::ActiveModel {
            id: Set(id(name)),
            parent_id: Set(None),
            code: Set(code.into()),
            names: Set(json!({ "zh-CN": title, "en": code })),
            ticket_kind: Set(kind),
            priority: Set(priority),
            team_kind: Set(None),
            position: Set(i32::try_from(position).unwrap()),
            created_at: Set(START),
            updated_at: Set(START),
            closed_at: Set(None),
            version: Set(1),
        };
        row.insert(db).await.unwrap();
    }
}
