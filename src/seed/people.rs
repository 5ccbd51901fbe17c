//! The people of the estate: a full staff, and residents of every sort.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};

use super::places::Places;
use super::{Estate, PASSWORD, SignIn};
use crate::auth::Whom;
use crate::base::id::{OccupantId, StaffId, TeamId};
use crate::domain::{
    OccupancyKind, OccupantKind, Result, Role, TeamKind, Viewer, charge, occupancy, occupant, post, staff,
    team,
};

/// Everybody who acts, by their login.
pub(super) struct People {
    pub(super) viewers: HashMap<&'static str, Viewer>,
    pub(super) staff: HashMap<&'static str, StaffId>,
    pub(super) occupants: HashMap<&'static str, OccupantId>,
    pub(super) teams: HashMap<&'static str, TeamId>,
}

/// Login, name, title, role, team.
type Employee = (&'static str, &'static str, &'static str, Role, Option<&'static str>);

const STAFF: [Employee; 15] = [
    ("head", "周国栋", "管理处主任", Role::ProjectHead, None),
    ("manager", "许文慧", "客户服务部经理", Role::ServiceManager, None),
    ("supervisor", "李建平", "物业主管", Role::Supervisor, None),
    ("center", "吴晓燕", "客户服务中心主管", Role::CenterSupervisor, None),
    ("assistant", "陈思思", "物业助理", Role::Assistant, None),
    ("assistant2", "何俊", "物业助理", Role::Assistant, None),
    ("desk", "刘敏", "前台", Role::FrontDesk, None),
    ("desk2", "马丽", "前台", Role::FrontDesk, None),
    ("worker", "张师傅", "维修工", Role::Worker, Some("工程部")),
    ("worker2", "孙师傅", "水电工", Role::Worker, Some("工程部")),
    ("guard", "赵队长", "保安队长", Role::Worker, Some("保安部")),
    ("cleaner", "王阿姨", "保洁员", Role::Worker, Some("保洁部")),
    ("group", "郑楠", "集团客户服务中心", Role::GroupService, None),
    ("quality", "冯洁", "全面质量管理办公室", Role::QualityOffice, None),
    ("executive", "沈总", "公司分管领导", Role::Executive, None),
];

const TEAMS: [(&str, TeamKind); 4] = [
    ("工程部", TeamKind::Engineering),
    ("保安部", TeamKind::Security),
    ("保洁部", TeamKind::Cleaning),
    ("绿化部", TeamKind::Greening),
];

/// Login, name, telephone, where, as what.
type Resident = (&'static str, &'static str, &'static str, &'static str, OccupancyKind);

const RESIDENTS: [Resident; 8] = [
    ("resident", "林晓雨", "13800138001", "1栋1单元101", OccupancyKind::Owner),
    ("family", "林建国", "13800138002", "1栋1单元101", OccupancyKind::Family),
    ("owner", "周淑芬", "13800138003", "1栋2单元302", OccupancyKind::Owner),
    ("tenant", "陈浩", "13800138004", "1栋2单元302", OccupancyKind::Tenant),
    ("neighbour", "黄伟", "13800138005", "1栋1单元201", OccupancyKind::Owner),
    ("resident2", "杨帆", "13800138006", "2栋1单元502", OccupancyKind::Owner),
    ("office", "星航科技", "13800138007", "星河中心304", OccupancyKind::Tenant),
    ("shop", "老灶面馆", "13800138008", "星河里商业街103", OccupancyKind::Tenant),
];

/// One sign-in for each role, and a few residents more.
pub(super) fn sign_ins() -> Vec<SignIn> {
    let admin = SignIn { login: "admin", name: "系统管理员", role: "ADMIN" };
    let staff = STAFF.iter().map(|(login, name, title, ..)| SignIn { login, name, role: title });
    let residents = RESIDENTS.iter().map(|(login, name, _, home, _)| SignIn { login, name, role: home });
    [admin].into_iter().chain(staff).chain(residents).collect()
}

/// Hires the staff and moves the residents in.
pub(super) async fn settle(estate: &Estate, places: &Places) -> Result<People> {
    let mut people = People {
        viewers: HashMap::new(),
        staff: HashMap::new(),
        occupants: HashMap::new(),
        teams: HashMap::new(),
    };
    let since = estate.clock.now().date_naive().checked_sub_days(Days::new(700)).unwrap_or(NaiveDate::MIN);
    for (name, kind) in TEAMS {
        let input = team::New {
            community: places.community,
            kind,
            name: name.to_owned(),
            lead: None,
            contractor: false,
        };
        let made = team::create(&estate.domain, &places.admin, input, None).await?;
        people.teams.insert(name, made.id);
    }
    for employee in STAFF {
        people.hire(estate, places, since, employee).await?;
    }
    people.give_charge(estate, places).await?;
    for resident in RESIDENTS {
        people.move_in(estate, places, since, resident).await?;
    }
    Ok(people)
}

impl People {
    async fn hire(
        &mut self,
        estate: &Estate,
        places: &Places,
        since: NaiveDate,
        (login, name, title, role, team): Employee,
    ) -> Result<()> {
        let in_group = matches!(role, Role::GroupService | Role::QualityOffice);
        let grant = post::Grant {
            role,
            community: (!in_group).then_some(places.community),
            team: team.and_then(|team| self.teams.get(team).copied()),
            from_on: since,
            to_on: None,
        };
        let input = staff::New {
            name: name.to_owned(),
            phone: None,
            title: Some(title.to_owned()),
            manager: None,
            deputy: None,
            post: Some(grant),
        };
        let made = staff::create(&estate.domain, &places.admin, input, None).await?;
        self.staff.insert(login, made.id);
        let account = estate.auth.grant_login(Whom::Staff(made.id), login, PASSWORD).await?;
        self.viewers.insert(login, estate.viewer(account).await?);
        Ok(())
    }

    async fn give_charge(&mut self, estate: &Estate, places: &Places) -> Result<()> {
        let charges = [
            ("assistant", "1栋"),
            ("assistant2", "2栋"),
            ("assistant2", "星河中心"),
            ("assistant2", "星河里商业街"),
        ];
        for (login, building) in charges {
            let giver = &self.viewers["supervisor"];
            charge::grant(&estate.domain, giver, self.staff[login], places.buildings[building], None).await?;
        }
        for login in ["assistant", "assistant2"] {
            let account = self.viewers[login].account.id;
            self.viewers.insert(login, estate.viewer(account).await?);
        }
        Ok(())
    }

    async fn move_in(
        &mut self,
        estate: &Estate,
        places: &Places,
        since: NaiveDate,
        (login, name, phone, home, kind): Resident,
    ) -> Result<()> {
        let company = matches!(login, "office" | "shop");
        let input = occupant::New {
            community: places.community,
            kind: if company { OccupantKind::Company } else { OccupantKind::Person },
            name: name.to_owned(),
            phone: Some(phone.to_owned()),
        };
        let made = occupant::create(&estate.domain, &places.admin, input, None).await?;
        self.occupants.insert(login, made.id);
        let input = occupancy::MoveIn { unit: places.units[home], occupant: made.id, kind, from_on: since };
        occupancy::move_in(&estate.domain, &places.admin, input, None).await?;
        let account = estate.auth.grant_login(Whom::Occupant(made.id), login, PASSWORD).await?;
        self.viewers.insert(login, estate.viewer(account).await?);
        Ok(())
    }
}
