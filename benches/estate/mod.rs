//! An estate of many tickets, written past the gateway; the same in every run.

use chrono::{Days, TimeDelta};
use concierge::app::Opened;
use concierge::auth::Whom;
use concierge::base::Id;
use concierge::base::id::*;
use concierge::storage::post::Role;
use concierge::storage::{
    building, community, occupancy, occupant, post, search, staff, team, ticket, unit, work_order,
};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, TransactionTrait};
use serde_json::json;

const BUILDINGS: usize = 60;
const UNITS: usize = 20_000;
const AT_ONCE: usize = 200;

const PLACES: [&str; 10] =
    ["地下室", "三楼走廊", "电梯", "大堂门口", "厨房", "卫生间", "阳台", "停车场B2", "天台", "楼道"];
const PROBLEMS: [&str; 12] = [
    "水管漏水",
    "灯不亮",
    "噪音很大",
    "门锁坏了",
    "有异味",
    "下水道堵塞",
    "墙面渗水",
    "空调不制冷",
    "垃圾没人清理",
    "网络断了",
    "电梯困人",
    "漏水到楼下",
];
const ENDINGS: [&str; 6] = [
    "请尽快处理",
    "已经三天了，没有人来",
    "业主很着急",
    "白天家里有人，可以上门",
    "昨晚开始的",
    "第二次报修了",
];
const SURNAMES: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何",
    "林", "高", "罗",
];
const NAMES: [&str; 25] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超",
    "秀英", "霞", "平", "刚", "桂英", "建国", "志强", "晓东",
];

/// A fixed sequence that looks like chance.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// In how many communities all of it is.
fn how_many_communities() -> usize {
    std::env::var("BENCH_COMMUNITIES").map_or(5, |many| many.parse().unwrap())
}

/// Fills a migrated database; gives the accounts of those who search.
pub(crate) async fn build(opened: &Opened, tickets: usize) -> Vec<(&'static str, AccountId)> {
    let (clock, mut dice, in_all) = (opened.domain.clock(), Dice(1), how_many_communities());
    let now = clock.now();
    let db = opened.db.write();
    let communities = (0..in_all).map(|n| community::Model {
        id: clock.id(),
        code: format!("C{n}"),
        name: format!("小区{n}"),
        time_zone: "Asia/Shanghai".into(),
        service_hours: json!({ "week": [[], [], [], [], [], [], []], "holidays": [] }),
        clock_targets: json!({}),
        created_at: now,
        updated_at: now,
        closed_at: None,
        version: 1,
    });
    let communities = communities.collect::<Vec<_>>();
    let buildings = (0..BUILDINGS).map(|n| building::Model {
        id: clock.id(),
        community_id: communities[n % in_all].id,
        name: format!("{n}栋"),
        kind: building::Kind::Residential,
        address: None,
        created_at: now,
        updated_at: now,
        closed_at: None,
        version: 1,
    });
    let buildings = buildings.collect::<Vec<_>>();
    let units = (0..UNITS).map(|n| unit::Model {
        id: clock.id(),
        community_id: buildings[n % BUILDINGS].community_id,
        building_id: Some(buildings[n % BUILDINGS].id),
        entrance_id: None,
        number: format!("{}-{}{:02}", n % 3 + 1, n / BUILDINGS / 12 + 1, n / BUILDINGS % 12 + 1),
        floor: None,
        usage: unit::Usage::Residence,
        layout: None,
        orientation: None,
        area_dm2: None,
        created_at: now,
        updated_at: now,
        closed_at: None,
        version: 1,
    });
    let units = units.collect::<Vec<_>>();
    let people = (0..UNITS).map(|n| occupant::Model {
        id: clock.id(),
        community_id: units[n].community_id,
        kind: occupant::Kind::Person,
        name: format!("{}{}", dice.one(&SURNAMES), dice.one(&NAMES)),
        phone: Some(format!("139{n:08}")),
        created_at: now,
        updated_at: now,
        closed_at: None,
        erased_at: None,
        version: 1,
    });
    let people = people.collect::<Vec<_>>();
    let homes = (0..UNITS).map(|n| occupancy::Model {
        id: clock.id(),
        community_id: units[n].community_id,
        unit_id: units[n].id,
        occupant_id: people[n].id,
        kind: occupancy::Kind::Owner,
        from_on: now.date_naive() - Days::new(900),
        to_on: None,
        created_at: now,
        updated_at: now,
    });
    let homes = homes.collect::<Vec<_>>();
    let matters = (0..tickets).map(|n| {
        let home = dice.below(UNITS);
        let mut row = ticket_of(&units[home]);
        let community = home % BUILDINGS % in_all;
        row.number = format!("{}-{:08}-{:04}", communities[community].code, 20_240_101 + n / 200, n % 200);
        row.id = clock.id();
        row.reporter_id = Some(people[home].id);
        row.created_at = now - TimeDelta::minutes(10 * (tickets - n) as i64);
        row.updated_at = row.created_at;
        row.response_due_at = row.created_at;
        row.resolution_due_at = row.created_at + TimeDelta::days(3);
        if n < tickets - tickets / 33 {
            (row.status, row.ended_at) = (ticket::Status::Closed, Some(row.created_at));
        }
        let words = (dice.one(&PLACES), dice.one(&PROBLEMS), dice.one(&ENDINGS));
        let rare = if n % (tickets / 20) == 7 { "，要灭蟑" } else { "" };
        let gate = if row.community_id != communities[0].id && n % 3 == 0 { "，在北门边" } else { "" };
        row.description =
            format!("{}{}，{}{rare}{gate}。联系编号{}", words.0, words.1, words.2, dice.below(100_000));
        row
    });
    let matters = matters.collect::<Vec<_>>();
    insert::<community::Entity>(db, communities.clone()).await;
    insert::<building::Entity>(db, buildings).await;
    insert::<unit::Entity>(db, units.clone()).await;
    insert::<occupant::Entity>(db, people.clone()).await;
    insert::<occupancy::Entity>(db, homes).await;
    insert::<ticket::Entity>(db, matters.clone()).await;
    let tx = db.begin().await.unwrap();
    let of_units = units.iter().map(|row| (row.id, grams::of_unit(&row.number))).collect::<Vec<_>>();
    search::keep(&tx, &of_units).await.unwrap();
    let of_people = people.iter().map(|row| (row.id, grams::of_occupant(&row.name))).collect::<Vec<_>>();
    search::keep(&tx, &of_people).await.unwrap();
    let of_tickets =
        matters.iter().map(|row| (row.id, grams::of_ticket(&row.number, &row.description, None, None)));
    search::keep(&tx, &of_tickets.collect::<Vec<_>>()).await.unwrap();
    tx.commit().await.unwrap();
    let busy = hire(opened, "busy", Role::Worker, Some(communities[0].id), None).await;
    ticket::Entity::update_many()
        .col_expr(ticket::Column::FiledById, Expr::value(busy))
        .filter(ticket::Column::CommunityId.eq(communities[0].id))
        .filter(ticket::Column::Number.lt("C0-20240351"))
        .exec(db)
        .await
        .unwrap();
    let crew = team_at(opened, communities[0].id).await;
    let given = matters
        .iter()
        .filter(|row| row.community_id == communities[0].id && row.id.uuid().as_u128() % 4 != 0);
    insert::<work_order::Entity>(db, given.map(|row| order_of(row, crew, clock.id())).collect()).await;
    if opened.db.backend() == sea_orm::DbBackend::Postgres {
        // As the server does by itself within a minute or two.
        sea_orm::ConnectionTrait::execute_unprepared(db, "VACUUM ANALYZE").await.unwrap();
    }
    let worker = hire(opened, "worker", Role::Worker, Some(communities[0].id), None).await;
    ticket::Entity::update_many()
        .col_expr(ticket::Column::FiledById, Expr::value(worker))
        .filter(ticket::Column::Number.ends_with("-0042"))
        .exec(db)
        .await
        .unwrap();
    vec![
        ("group", hire(opened, "group", Role::GroupService, None, None).await),
        ("desk", hire(opened, "desk", Role::FrontDesk, Some(communities[0].id), None).await),
        ("worker", worker),
        ("busy", busy),
        ("crew", hire(opened, "crew", Role::Worker, Some(communities[0].id), Some(crew)).await),
        (
            "owner",
            opened.auth.grant_login(Whom::Occupant(people[7].id), "owner", "open-sesame-1").await.unwrap(),
        ),
    ]
}

async fn team_at(opened: &Opened, at: CommunityId) -> TeamId {
    let now = opened.domain.clock().now();
    let team = team::Model {
        id: opened.domain.clock().id(),
        community_id: at,
        kind: team::Kind::Engineering,
        name: "工程部".into(),
        lead_id: None,
        contractor: false,
        created_at: now,
        updated_at: now,
        closed_at: None,
        version: 1,
    };
    team.into_active_model().insert(opened.db.write()).await.unwrap().id
}

fn order_of(ticket: &ticket::Model, team: TeamId, id: WorkOrderId) -> work_order::Model {
    work_order::Model {
        id,
        community_id: ticket.community_id,
        ticket_id: ticket.id,
        team_id: team,
        worker_id: None,
        status: work_order::Status::Done,
        task: "上门".into(),
        due_at: None,
        late_at: None,
        appointment_from: None,
        appointment_to: None,
        appointment_outcome: None,
        result: None,
        taken_at: None,
        ended_at: Some(ticket.created_at),
        created_at: ticket.created_at,
        updated_at: ticket.created_at,
        version: 1,
    }
}

async fn hire(
    opened: &Opened,
    login: &str,
    role: Role,
    at: Option<CommunityId>,
    team: Option<TeamId>,
) -> AccountId {
    let (clock, db) = (opened.domain.clock(), opened.db.write());
    let now = clock.now();
    let member = staff::Model {
        id: clock.id(),
        name: "员工".into(),
        phone: None,
        title: None,
        manager_id: None,
        deputy_id: None,
        away_from: None,
        away_until: None,
        created_at: now,
        updated_at: now,
        closed_at: None,
        erased_at: None,
        version: 1,
    };
    let member = member.into_active_model().insert(db).await.unwrap();
    let held = post::Model {
        id: clock.id(),
        staff_id: member.id,
        role,
        community_id: at,
        team_id: team,
        from_on: now.date_naive() - Days::new(30),
        to_on: None,
        created_at: now,
        updated_at: now,
    };
    held.into_active_model().insert(db).await.unwrap();
    opened.auth.grant_login(Whom::Staff(member.id), login, "open-sesame-1").await.unwrap()
}

fn ticket_of(unit: &unit::Model) -> ticket::Model {
    let now = unit.created_at;
    ticket::Model {
        id: Id::new(uuid::Uuid::nil()),
        community_id: unit.community_id,
        number: String::new(),
        kind: ticket::Kind::Repair,
        status: ticket::Status::New,
        priority: ticket::Priority::Normal,
        channel: ticket::Channel::App,
        description: String::new(),
        category_id: None,
        building_id: unit.building_id,
        unit_id: Some(unit.id),
        place: None,
        reporter_id: None,
        contact_name: None,
        contact_phone: None,
        filed_by_id: None,
        owner_id: None,
        about_staff_id: None,
        about_team_id: None,
        about_unit_id: None,
        previous_id: None,
        repeat_of_id: None,
        merged_into_id: None,
        reopen_count: 0,
        escalation_level: 0,
        major_at: None,
        responded_at: None,
        response_due_at: now,
        resolution_due_at: now,
        response_warn_at: None,
        resolution_warn_at: None,
        warned_at: None,
        hold_reason: None,
        held_at: None,
        resume_at: None,
        resolution: None,
        resolved_at: None,
        resolved_by_id: None,
        call_back: None,
        call_back_tries: 0,
        rating: None,
        rating_comment: None,
        rated_at: None,
        ended_at: None,
        created_at: now,
        updated_at: now,
        erased_at: None,
        version: 1,
        revision: 1,
    }
}

async fn insert<E>(db: &sea_orm::DatabaseConnection, rows: Vec<E::Model>)
where
    E: EntityTrait<Model: IntoActiveModel<E::ActiveModel>>,
    E::ActiveModel: Send,
{
    let tx = db.begin().await.unwrap();
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
    while rows.peek().is_some() {
        let some = rows.by_ref().take(AT_ONCE).collect::<Vec<_>>();
        E::insert_many(some).exec_without_returning(&tx).await.unwrap();
    }
    tx.commit().await.unwrap();
}
