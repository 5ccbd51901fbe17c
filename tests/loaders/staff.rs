use chrono::TimeDelta;
use serde_json::json;

use super::{list, quiet, settle};
use crate::support::App;

/// What is selected of each row, and how many statements that adds to the list's own.
const STAFF: [(&str, u64); 7] = [
    ("name title phone", 0),
    ("manager { name }", 1),
    ("deputy { name }", 1),
    ("posts { role fromOn }", 1),
    ("posts { community { name } team { name } staff { name } }", 4),
    ("charges { createdAt }", 1),
    ("charges { building { name } }", 2),
];

const TEAMS: [(&str, u64); 4] =
    [("kind name", 0), ("community { name }", 1), ("lead { name }", 1), ("members { name }", 2)];

/// All of them are in the list: what is below any is loaded at once, and once.
const CATEGORIES: [(&str, u64); 4] = [
    ("code name names { language name }", 0),
    ("parent { code }", 1),
    ("children { code }", 1),
    ("children { children { code } }", 1),
];

async fn fill(app: &App) {
    let (admin, head) = (app.actor("admin").await, app.actor("head").await);
    for place in 0..8 {
        app.advance(TimeDelta::seconds(1));
        let input = json!({ "communityId": app.world.xinghe, "kind": "OTHER", "name": format!("班组 {place}"), "leadId": app.world.staff("head") });
        let team = admin.act("teamCreate", input, "team { id }").await.done().text("/team/id");
        let post = json!({ "role": "WORKER", "communityId": app.world.xinghe, "teamId": team, "fromOn": "2026-11-01" });
        let input = json!({
            "name": format!("员工 {place}"), "managerId": app.world.staff("supervisor"), "deputyId": app.world.staff("manager"), "post": post,
        });
        let staff = admin.act("staffCreate", input, "staff { id }").await.done().text("/staff/id");
        let post = json!({ "staffId": staff, "role": "ASSISTANT", "communityId": app.world.xinghe, "fromOn": "2026-11-01" });
        admin.act("postGrant", post, "").await.done();
        let building = [&app.world.a, &app.world.b][place % 2];
        head.act("chargeGrant", json!({ "staffId": staff, "buildingId": building }), "").await.done();
        let name = json!([{ "language": "zh-CN", "name": "类" }]);
        let input = json!({ "parentId": app.world.lift, "code": format!("LIFT.{place}"), "names": name });
        admin.act("categoryCreate", input, "").await.done();
    }
}

async fn check(app: &App) {
    fill(app).await;
    let group = app.actor("group").await;
    settle(app).await;
    for (name, fields) in [("staffMembers", &STAFF[..]), ("teams", &TEAMS[..])] {
        for (fields, expected) in fields {
            // The youngest row has all that is asked for.
            for first in [1, 8] {
                let query =
                    format!("{{ {name}(first: {first}, orderBy: CREATED_DESC) {{ nodes {{ {fields} }} }} }}");
                let found = list(app, &group, &format!("/data/{name}/nodes"), &query, 1 + expected).await;
                assert_eq!(found, (first, 1 + expected), "{fields}, of {first} {name}");
            }
        }
    }
    for (fields, expected) in CATEGORIES {
        let query = format!("{{ categories {{ {fields} }} }}");
        let found = list(app, &group, "/data/categories", &query, 1 + expected).await;
        assert_eq!(found, (10, 1 + expected), "{fields}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    let app = App::with(quiet).await;
    check(&app).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    let Some(app) = App::on_postgres_with(quiet).await else { return };
    check(&app).await;
    app.stop().await;
}
