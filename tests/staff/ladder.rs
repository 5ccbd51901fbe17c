//! Nobody grants a role to themselves, or one at or above their own rung.

use serde_json::{Value, json};

use super::{node, why};
use crate::on_both;
use crate::support::App;

/// Everybody who works at 星河 and the group, with their role.
const GRANTERS: [(&str, &str); 12] = [
    ("desk", "FRONT_DESK"),
    ("worker", "WORKER"),
    ("assistant", "ASSISTANT"),
    ("supervisor", "SUPERVISOR"),
    ("center", "CENTER_SUPERVISOR"),
    ("manager", "SERVICE_MANAGER"),
    ("head", "PROJECT_HEAD"),
    ("group", "GROUP_SERVICE"),
    ("quality", "QUALITY_OFFICE"),
    ("executive", "EXECUTIVE"),
    ("personnel", "PERSONNEL"),
    ("admin", "ADMIN"),
];

const OF_GROUP: [&str; 5] = ["GROUP_SERVICE", "QUALITY_OFFICE", "EXECUTIVE", "PERSONNEL", "ADMIN"];

/// What somebody is told who grants a role to another; none: it is done.
fn told(granter: &str, role: &str) -> Value {
    let forbidden = |message: &str| json!(["FORBIDDEN", null, message]);
    match (granter, role) {
        ("ADMIN", _) => Value::Null,
        (_, role) if OF_GROUP.contains(&role) => {
            forbidden(&format!("{role} is granted and ended by ADMIN only"))
        }
        ("PROJECT_HEAD", "PROJECT_HEAD") => {
            forbidden("PROJECT_HEAD is not below your own rung; ADMIN grants and ends it")
        }
        ("PROJECT_HEAD", _) => Value::Null,
        _ => forbidden("roles are granted and ended by the community's PROJECT_HEAD and by ADMIN"),
    }
}

fn grant(app: &App, staff: &str, role: &str, month: usize) -> Value {
    json!({
        "staffId": staff,
        "role": role,
        "communityId": app.world.xinghe,
        "teamId": (role == "WORKER").then_some(&app.world.engineering),
        "fromOn": format!("2027-{month:02}-01"),
        "toOn": format!("2027-{month:02}-28"),
    })
}

on_both! {
    async fn every_role_grants_what_is_below_it_and_nothing_else(app) {
        let admin = app.actor("admin").await;
        let past = json!({ "role": "ASSISTANT", "communityId": app.world.xinghe, "fromOn": "2020-01-01", "toOn": "2020-12-31" });
        let other = admin.act("staffCreate", json!({ "name": "候选人", "post": past }), "staff { id }").await.done();
        let other = other.text("/staff/id");
        for (place, (login, granter)) in GRANTERS.into_iter().enumerate() {
            let actor = app.actor(login).await;
            for (_, role) in GRANTERS {
                let answer = actor.act("postGrant", grant(app, &other, role, place + 1), "post { role }").await;
                // Workers read no staff and PERSONNEL no register: what is not there for them is told first.
                let unseen = |field: &str, kind: &str, id: &str| json!(["NOT_FOUND", field, format!("there is no {kind} {id}")]);
                let community = unseen("input.communityId", "community", &app.world.xinghe);
                let expected = match login {
                    "worker" => unseen("input.staffId", "staff", &other),
                    "personnel" => community.clone(),
                    _ => told(granter, role),
                };
                if expected.is_null() {
                    assert_eq!(answer.done().at("/post/role"), role, "{granter} grants {role}");
                } else {
                    assert_eq!(why(&answer.0), expected, "{granter} grants {role}");
                }
                let own = actor.act("postGrant", grant(app, &app.world.staff(login), role, place + 1), "").await;
                let expected = match login {
                    "personnel" => community,
                    _ => json!(["FORBIDDEN", null, "nobody grants or ends a role of their own"]),
                };
                assert_eq!(why(&own.0), expected, "{granter} grants {role} to themselves");
            }
        }
    }

    async fn whoever_may_grant_a_role_may_end_it_and_nobody_else(app) {
        let admin = app.actor("admin").await;
        let posts = GRANTERS.map(|(login, role)| (app.world.staff(login), role));
        for (login, granter) in GRANTERS {
            if ["worker", "head", "admin"].contains(&login) {
                continue;
            }
            let actor = app.actor(login).await;
            for (holder, role) in &posts {
                let post = node(&admin, holder, "Staff", "posts { id }").await["posts"][0]["id"].clone();
                let answer = actor.act("postEnd", json!({ "id": post, "toOn": "2026-12-31" }), "").await;
                let own = *holder == app.world.staff(login);
                let unseen = !OF_GROUP.contains(&granter) || granter == "EXECUTIVE";
                let unseen = unseen && OF_GROUP.contains(role) && *role != "EXECUTIVE";
                let code = if unseen && !own { "NOT_FOUND" } else { "FORBIDDEN" };
                assert_eq!(why(&answer.0)[0], code, "{granter} ends {role}");
            }
        }
        let head = app.actor("head").await;
        for (holder, role) in &posts {
            let post = node(&admin, holder, "Staff", "posts { id }").await["posts"][0]["id"].clone();
            let answer = head.act("postEnd", json!({ "id": post, "toOn": "2026-12-31" }), "").await;
            match *role {
                "PROJECT_HEAD" | "EXECUTIVE" => assert_eq!(why(&answer.0)[0], "FORBIDDEN", "{role}"),
                role if OF_GROUP.contains(&role) => assert_eq!(why(&answer.0)[0], "NOT_FOUND", "{role}"),
                _ => _ = answer.done(),
            }
        }
    }
}
