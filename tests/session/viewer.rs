use chrono::{NaiveDate, TimeDelta};
use concierge::storage::{post, staff};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Value, json};

use super::{device, refresh, sign_in};
use crate::on_both;
use crate::support::App;

const VIEWER: &str = "{ viewer {
    accountId login locale
    staff { name } occupant { name }
    posts { role community { name } }
    abilities
} }";

const TAKES_CALLS: &[&str] = &["FILE_TICKETS", "FILE_FOR_OTHERS", "READ_REGISTER", "READ_STAFF"];
const READS: &[&str] = &["READ_REGISTER", "READ_STAFF"];
const XINGHE: Option<&str> = Some("星河·国际");
const YUNSHAN: Option<&str> = Some("云山苑");

/// Login, name, role, where it is held (none: in the whole group), and what they may do.
const STAFF: &[(&str, &str, &str, Option<&str>, &[&str])] = &[
    ("desk", "前台小刘", "FRONT_DESK", XINGHE, TAKES_CALLS),
    ("worker", "工程老张", "WORKER", XINGHE, &["FILE_TICKETS", "READ_REGISTER"]),
    ("assistant", "助理小陈", "ASSISTANT", XINGHE, TAKES_CALLS),
    ("supervisor", "主管老李", "SUPERVISOR", XINGHE, TAKES_CALLS),
    ("center", "中心主管", "CENTER_SUPERVISOR", XINGHE, TAKES_CALLS),
    ("manager", "客服经理", "SERVICE_MANAGER", XINGHE, TAKES_CALLS),
    ("head", "管理处主任", "PROJECT_HEAD", XINGHE, TAKES_CALLS),
    ("group", "集团客服", "GROUP_SERVICE", None, TAKES_CALLS),
    ("quality", "品质办", "QUALITY_OFFICE", None, READS),
    ("executive", "分管领导", "EXECUTIVE", XINGHE, READS),
    ("personnel", "人事", "PERSONNEL", None, &["READ_STAFF"]),
    ("admin", "系统管理员", "ADMIN", None, &["READ_REGISTER", "READ_STAFF", "ADMINISTER"]),
    ("yunshan-desk", "云山前台", "FRONT_DESK", YUNSHAN, TAKES_CALLS),
];

async fn viewer(app: &App, login: &str) -> Value {
    let answer = app.actor(login).await.ask(VIEWER).await;
    assert_eq!(answer.at("/errors"), &Value::Null);
    let mut viewer = answer.at("/data/viewer").clone();
    let id = viewer.as_object_mut().unwrap().remove("accountId").unwrap();
    assert!(id.as_str().unwrap().starts_with("account:"), "{id}");
    viewer
}

on_both! {
    async fn a_viewer_is_told_who_they_are_and_what_they_may(app) {
        for (login, name, role, community, abilities) in STAFF {
            let community = community.map(|name| json!({ "name": name }));
            let expected = json!({
                "login": login,
                "locale": "zh-CN",
                "staff": { "name": name },
                "occupant": null,
                "posts": [{ "role": role, "community": community }],
                "abilities": abilities,
            });
            assert_eq!(viewer(app, login).await, expected, "{login}");
        }
        for (login, name) in [("lin-yi", "林一"), ("chen-zu", "陈租"), ("zhao-yuan", "赵远")] {
            let expected = json!({
                "login": login,
                "locale": "zh-CN",
                "staff": null,
                "occupant": { "name": name },
                "posts": [],
                "abilities": ["FILE_TICKETS"],
            });
            assert_eq!(viewer(app, login).await, expected, "{login}");
        }
        assert_eq!(app.nobody().ask(VIEWER).await.0, json!({ "data": { "viewer": null } }));
    }

    async fn a_post_ends_at_its_communitys_midnight(app) {
        let connection = sea_orm::Database::connect(app.database_url()).await.unwrap();
        let named = staff::Entity::find().filter(staff::Column::Name.eq("前台小刘"));
        let member = named.one(&connection).await.unwrap().unwrap();
        let held = post::Entity::find().filter(post::Column::StaffId.eq(member.id));
        let mut change = held.one(&connection).await.unwrap().unwrap().into_active_model();
        change.to_on = Set(NaiveDate::from_ymd_opt(2026, 11, 23));
        change.update(&connection).await.unwrap();
        connection.close().await.unwrap();

        let desk = sign_in(app, "desk").await;
        app.advance(TimeDelta::hours(14) - TimeDelta::seconds(1));
        let desk = device(app, &refresh(app, &desk.refresh).await.done());
        let posts = "{ viewer { posts { role } abilities } }";
        let before = desk.actor.ask(posts).await;
        assert_eq!(before.at("/data/viewer/posts"), &json!([{ "role": "FRONT_DESK" }]));
        app.advance(TimeDelta::seconds(1));
        let after = desk.actor.ask(posts).await;
        assert_eq!(after.at("/data/viewer"), &json!({ "posts": [], "abilities": [] }));
    }
}
