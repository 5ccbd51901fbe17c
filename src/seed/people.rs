//! The people of the estate: a full staff in each community, and residents of every sort.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use futures_util::future::try_join_all;

use super::chance::Chance;
use super::names;
use super::places::{Places, SITES};
use super::{Estate, PASSWORD, SignIn};
use crate::auth::Whom;
use crate::base::id::{OccupantId, StaffId, TeamId};
use crate::domain::{
    Change, OccupancyKind, OccupantKind, Result, Role, TeamKind, UnitUsage, Viewer, charge, occupancy,
    occupant, post, staff, team,
};

/// Everybody who acts.
pub(super) struct People {
    /// By their login.
    staff: HashMap<String, Employed>,
    /// By community and name.
    pub(super) teams: HashMap<(usize, &'static str), TeamId>,
    pub(super) residents: Vec<Resident>,
}

/// Somebody on the staff, and what they may.
pub(super) struct Employed {
    pub(super) id: StaffId,
    pub(super) viewer: Viewer,
}

/// Somebody who lives or works on the estate.
pub(super) struct Resident {
    pub(super) id: OccupantId,
    /// Where in the list of units.
    pub(super) unit: usize,
    login: Option<String>,
    /// Those who use the app; the others call.
    pub(super) viewer: Option<Viewer>,
}

/// Login, name in each community, title, role, team.
type Employee = (&'static str, [&'static str; 3], &'static str, Role, Option<&'static str>);

const STAFF: [Employee; 15] = [
    ("head", ["周国栋", "蒋卫东", "曹志远"], "管理处主任", Role::ProjectHead, None),
    ("manager", ["许文慧", "韩雪梅", "邓丽华"], "客户服务部经理", Role::ServiceManager, None),
    ("supervisor", ["李建平", "谢永强", "唐海波"], "物业主管", Role::Supervisor, None),
    ("center", ["吴晓燕", "宋佳", "冯倩"], "客户服务中心主管", Role::CenterSupervisor, None),
    ("assistant", ["陈思思", "罗婷", "彭程"], "物业助理", Role::Assistant, None),
    ("assistant2", ["何俊", "梁宇", "曾丹"], "物业助理", Role::Assistant, None),
    ("desk", ["刘敏", "萧然", "田甜"], "前台", Role::FrontDesk, None),
    ("desk2", ["马丽", "董洁", "袁媛"], "前台", Role::FrontDesk, None),
    ("worker", ["张师傅", "潘师傅", "于师傅"], "维修工", Role::Worker, Some("工程部")),
    ("worker2", ["孙师傅", "蔡师傅", "余师傅"], "水电工", Role::Worker, Some("工程部")),
    ("lift", ["贺工", "康工", "毛工"], "电梯维保员", Role::Worker, Some("电梯维保单位")),
    ("guard", ["赵队长", "杜队长", "叶队长"], "保安队长", Role::Worker, Some("保安部")),
    ("cleaner", ["王阿姨", "程阿姨", "苏阿姨"], "保洁员", Role::Worker, Some("保洁部")),
    ("gardener", ["魏师傅", "吕师傅", "丁师傅"], "绿化工", Role::Worker, Some("绿化部")),
    ("cashier", ["任会计", "沈会计", "姚会计"], "收费员", Role::FrontDesk, None),
];

/// Login, name, title, role of those who have all communities in their care.
const OFFICE: [(&str, &str, &str, Role); 4] = [
    ("group", "郑楠", "集团客户服务中心", Role::GroupService),
    ("quality", "冯洁", "全面质量管理办公室", Role::QualityOffice),
    ("executive", "沈总", "公司分管领导", Role::Executive),
    ("personnel", "钟琴", "人事培训部", Role::Personnel),
];

/// Name, what it does, whether it is an outside firm, and the login of who leads it.
const TEAMS: [(&str, TeamKind, bool, &str); 6] = [
    ("工程部", TeamKind::Engineering, false, "worker"),
    ("电梯维保单位", TeamKind::Engineering, true, "lift"),
    ("保安部", TeamKind::Security, false, "guard"),
    ("保洁部", TeamKind::Cleaning, false, "cleaner"),
    ("绿化部", TeamKind::Greening, false, "gardener"),
    ("客户服务部", TeamKind::CustomerService, false, "manager"),
];

/// So many in a hundred of the other residents have the app.
const USE_THE_APP: u32 = 20;

/// Login, name, telephone, where, as what.
type Named = (&'static str, &'static str, &'static str, &'static str, OccupancyKind);

const RESIDENTS: [&[Named]; 3] = [
    &[
        ("resident", "林晓雨", "13800138001", "1栋1单元101", OccupancyKind::Owner),
        ("family", "林建国", "13800138002", "1栋1单元101", OccupancyKind::Family),
        ("owner", "周淑芬", "13800138003", "1栋2单元302", OccupancyKind::Owner),
        ("tenant", "陈浩", "13800138004", "1栋2单元302", OccupancyKind::Tenant),
        ("neighbour", "黄伟", "13800138005", "1栋1单元201", OccupancyKind::Owner),
        ("resident2", "杨帆", "13800138006", "2栋1单元502", OccupancyKind::Owner),
        ("office", "星航科技", "13800138007", "星河中心304", OccupancyKind::Tenant),
        ("shop", "老灶面馆", "13800138008", "星河里商业街103", OccupancyKind::Tenant),
        ("stall", "阿梅水果档", "13800138009", "星河集市105", OccupancyKind::Tenant),
    ],
    &[
        ("resident-dong", "方静怡", "13800138011", "1栋1单元301", OccupancyKind::Owner),
        ("shop-dong", "邻里便利店", "13800138012", "东苑邻里街102", OccupancyKind::Tenant),
    ],
    &[
        ("resident-nan", "高志鹏", "13800138021", "1栋2单元402", OccupancyKind::Owner),
        ("office-nan", "远图设计", "13800138022", "南苑大厦203", OccupancyKind::Tenant),
        ("stall-nan", "老秦豆腐档", "13800138023", "南苑集市103", OccupancyKind::Tenant),
    ],
];

/// One sign-in for each post, and a few residents of every sort.
pub(super) fn sign_ins() -> Vec<SignIn> {
    let admin = SignIn { login: "admin".to_owned(), name: "系统管理员", role: "ADMIN", at: None };
    let office = OFFICE.iter().map(|(login, name, role, _)| SignIn {
        login: (*login).to_owned(),
        name,
        role,
        at: None,
    });
    let sites = SITES.iter().enumerate().flat_map(|(at, site)| {
        let of = move |login: &str, name, role| SignIn {
            login: login.to_owned(),
            name,
            role,
            at: Some(site.name),
        };
        let staff = STAFF
            .iter()
            .map(move |(login, names, title, ..)| of(&format!("{login}{}", site.suffix), names[at], title));
        staff.chain(RESIDENTS[at].iter().map(move |(login, name, _, home, _)| of(login, name, home)))
    });
    [admin].into_iter().chain(office).chain(sites).collect()
}

/// Hires the staff and moves the residents in.
pub(super) async fn settle(estate: &Estate, places: &Places, chance: &mut Chance) -> Result<People> {
    let since = estate.clock.now().date_naive().checked_sub_days(Days::new(700)).unwrap_or(NaiveDate::MIN);
    let mut hall =
        Hall { estate, places, since, teams: HashMap::new(), hired: Vec::new(), residents: Vec::new() };
    for (site, row) in SITES.iter().enumerate() {
        hall.found_teams(site).await?;
        for (login, names, title, role, team) in STAFF {
            hall.hire(format!("{login}{}", row.suffix), (names[site], title), role, Some((site, team)))
                .await?;
        }
        hall.name_leads(site, row.suffix).await?;
    }
    for (login, name, title, role) in OFFICE {
        hall.hire(login.to_owned(), (name, title), role, None).await?;
    }
    for (site, named) in RESIDENTS.iter().enumerate() {
        for (login, name, phone, home, kind) in *named {
            let Some(unit) = places.unit_named(site, home) else { continue };
            hall.move_in(unit, name, phone, *kind, Some((*login).to_owned())).await?;
        }
    }
    hall.fill(chance).await?;
    hall.open().await
}

/// Where people are received, until all are there and their accounts are opened.
struct Hall<'a> {
    estate: &'a Estate,
    places: &'a Places,
    since: NaiveDate,
    teams: HashMap<(usize, &'static str), TeamId>,
    hired: Vec<(String, StaffId)>,
    residents: Vec<Resident>,
}

impl Hall<'_> {
    async fn found_teams(&mut self, site: usize) -> Result<()> {
        for (name, kind, contractor, _) in TEAMS {
            let community = self.places.communities[site];
            let input = team::New { community, kind, name: name.to_owned(), lead: None, contractor };
            let made = team::create(&self.estate.domain, &self.places.admin, input, None).await?;
            self.teams.insert((site, name), made.id);
        }
        Ok(())
    }

    /// Work orders that are late go to who leads the team.
    async fn name_leads(&self, site: usize, suffix: &str) -> Result<()> {
        for (name, _, _, login) in TEAMS {
            let login = format!("{login}{suffix}");
            let lead = self.hired.iter().find(|(own, _)| *own == login).map(|(_, id)| *id);
            let patch = team::Patch { lead: Change::Set(lead), ..team::Patch::default() };
            let id = self.teams[&(site, name)];
            team::update(&self.estate.domain, &self.places.admin, id, None, patch).await?;
        }
        Ok(())
    }

    async fn hire(
        &mut self,
        login: String,
        (name, title): (&str, &str),
        role: Role,
        at: Option<(usize, Option<&'static str>)>,
    ) -> Result<()> {
        // An executive has communities in their care; the other offices are the whole group's.
        let mut posts = match (at, role) {
            (Some((site, team)), _) => vec![self.post(role, Some(site), team)],
            (None, Role::Executive | Role::Personnel) => {
                (0..SITES.len()).map(|site| self.post(role, Some(site), None)).collect()
            }
            (None, _) => vec![self.post(role, None, None)],
        };
        let input = staff::New {
            name: name.to_owned(),
            phone: Some(format!("137001380{:02}", self.hired.len())),
            title: Some(title.to_owned()),
            manager: None,
            deputy: None,
            post: posts.pop(),
        };
        let made = staff::create(&self.estate.domain, &self.places.admin, input, None).await?;
        for post in posts {
            post::grant(&self.estate.domain, &self.places.admin, made.id, post, None).await?;
        }
        self.hired.push((login, made.id));
        Ok(())
    }

    fn post(&self, role: Role, site: Option<usize>, team: Option<&'static str>) -> post::Grant {
        let team = site.zip(team).and_then(|place| self.teams.get(&place).copied());
        let community = site.map(|site| self.places.communities[site]);
        post::Grant { role, community, team, from_on: self.since, to_on: None }
    }

    async fn move_in(
        &mut self,
        unit: usize,
        name: &str,
        phone: &str,
        kind: OccupancyKind,
        login: Option<String>,
    ) -> Result<()> {
        let home = &self.places.units[unit];
        let company = home.usage != UnitUsage::Residence;
        let input = occupant::New {
            community: self.places.communities[home.site],
            kind: if company { OccupantKind::Company } else { OccupantKind::Person },
            name: name.to_owned(),
            phone: Some(phone.to_owned()),
        };
        let made = occupant::create(&self.estate.domain, &self.places.admin, input, None).await?;
        let input = occupancy::MoveIn { unit: home.id, occupant: made.id, kind, from_on: self.since };
        occupancy::move_in(&self.estate.domain, &self.places.admin, input, None).await?;
        self.residents.push(Resident { id: made.id, unit, login, viewer: None });
        Ok(())
    }

    /// Moves somebody into most of the units that are empty; a few of them use the app.
    async fn fill(&mut self, chance: &mut Chance) -> Result<()> {
        for (at, unit) in self.places.units.iter().enumerate() {
            if self.residents.iter().any(|resident| resident.unit == at) || chance.percent(35) {
                continue;
            }
            let name = names::draw(unit.usage, chance);
            let phone = format!("139{}{:07}", unit.site, chance.within(0..10_000_000));
            let kind = match unit.usage {
                UnitUsage::Residence if chance.percent(75) => OccupancyKind::Owner,
                _ => OccupancyKind::Tenant,
            };
            let login = chance.percent(USE_THE_APP).then(|| phone.clone());
            self.move_in(at, &name, &phone, kind, login).await?;
        }
        Ok(())
    }

    /// Gives everybody their account. The hashes take longest, and are made at once.
    async fn open(self) -> Result<People> {
        let Self { estate, places, teams, hired, mut residents, .. } = self;
        let open = async |login: &str, whom| {
            let account = estate.auth.grant_login(whom, login, PASSWORD).await?;
            estate.viewer(account).await
        };
        let viewers = try_join_all(hired.iter().map(|(login, id)| open(login, Whom::Staff(*id)))).await?;
        let staff = hired.into_iter().zip(viewers);
        let staff = staff.map(|((login, id), viewer)| (login, Employed { id, viewer })).collect();
        let with_login =
            residents.iter().enumerate().filter_map(|(at, one)| Some((at, one.login.clone()?, one.id)));
        let with_login = with_login.collect::<Vec<_>>();
        let viewers = with_login.iter().map(|(_, login, id)| open(login, Whom::Occupant(*id)));
        for ((at, ..), viewer) in with_login.iter().zip(try_join_all(viewers).await?) {
            residents[*at].viewer = Some(viewer);
        }
        let mut people = People { staff, teams, residents };
        people.give_charges(estate, places).await?;
        Ok(people)
    }
}

impl People {
    /// Who does this work in a community; in the whole group where no community has it done.
    pub(super) fn at(&self, site: usize, login: &str) -> &Employed {
        let here = format!("{login}{}", SITES[site].suffix);
        self.staff.get(&here).unwrap_or_else(|| &self.staff[login])
    }

    /// The resident with this login.
    pub(super) fn named(&self, login: &str) -> Option<usize> {
        self.residents.iter().position(|one| one.login.as_deref() == Some(login))
    }

    /// Puts each building into the charge of its assistant.
    async fn give_charges(&mut self, estate: &Estate, places: &Places) -> Result<()> {
        for building in &places.buildings {
            let assistant = self.at(building.site, building.assistant).id;
            let giver = &self.at(building.site, "supervisor").viewer;
            charge::grant(&estate.domain, giver, assistant, building.id, None).await?;
        }
        for employed in self.staff.values_mut() {
            employed.viewer = estate.viewer(employed.viewer.account.id).await?;
        }
        Ok(())
    }
}
