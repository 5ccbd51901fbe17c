use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::{Actor, App};

/// The remarks of the spot checks that the filter leaves, by their score, as they are counted too.
async fn listed(actor: &Actor, filter: Value) -> Vec<String> {
    let query = "query($filter: SpotCheckFilter) { spotChecks(filter: $filter, orderBy: SCORE_ASC) { totalCount nodes { remarks } } }";
    let found = actor.ask_with(query, json!({ "filter": filter })).await.at("/data/spotChecks").clone();
    let names = found["nodes"].as_array().unwrap_or_else(|| panic!("{found}")).iter();
    let names = names.map(|node| node["remarks"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(found["totalCount"], names.len());
    names
}

async fn check(actor: &Actor, team: &str, (score, remarks): (i32, &str), by: Option<&str>) -> String {
    let input = json!({ "teamId": team, "score": score, "remarks": remarks });
    let id = actor.act("spotCheckCreate", input, "spotCheck { id }").await.done().text("/spotCheck/id");
    actor.act("spotCheckPublish", json!({ "id": id, "rectifyBy": by }), "").await.done();
    id
}

/// One to be put right today, one tomorrow, one that is put right, one that asks for nothing, one not yet published.
async fn several(app: &App) {
    let manager = app.actor("manager").await;
    check(&manager, &app.world.cleaning, (1, "今天"), Some("2026-11-23")).await;
    check(&manager, &app.world.engineering, (2, "明天"), Some("2026-11-24")).await;
    let done = check(&manager, &app.world.cleaning, (3, "已办"), Some("2026-11-23")).await;
    manager.act("spotCheckRectify", json!({ "id": done, "rectification": "扫了" }), "").await.done();
    check(&manager, &app.world.cleaning, (4, "不用"), None).await;
    let draft = json!({ "teamId": app.world.cleaning, "score": 5, "remarks": "未通报" });
    manager.act("spotCheckCreate", draft, "").await.done();
}

on_both! {
    async fn what_is_not_put_right_is_overdue_when_its_day_is_over_there(app) {
        several(app).await;
        // The last minute of the day in Shanghai, then the first of the next; in UTC it is the same day.
        app.advance(TimeDelta::minutes(13 * 60 + 59));
        assert_eq!(listed(&app.actor("manager").await, json!({ "overdue": true })).await, [""; 0]);
        app.advance(TimeDelta::minutes(1));
        for login in ["manager", "worker", "group", "assistant"] {
            assert_eq!(listed(&app.actor(login).await, json!({ "overdue": true })).await, ["今天"], "{login}");
        }
        let manager = app.actor("manager").await;
        let rest = ["明天", "已办", "不用", "未通报"];
        assert_eq!(listed(&manager, json!({ "overdue": false })).await, rest);
        app.advance(TimeDelta::days(1));
        let manager = app.actor("manager").await;
        assert_eq!(listed(&manager, json!({ "overdue": true })).await, ["今天", "明天"]);
        assert_eq!(listed(&manager, json!({ "overdue": true, "teamIds": [app.world.engineering] })).await, ["明天"]);
        assert_eq!(listed(&manager, json!({ "overdue": true, "communityIds": [app.world.yunshan] })).await, [""; 0]);
    }

    async fn what_is_due_before_a_day_is_listed(app) {
        several(app).await;
        let manager = app.actor("manager").await;
        for (day, expected) in [("2026-11-23", vec![]), ("2026-11-24", vec!["今天"]), ("2026-11-25", vec!["今天", "明天"])] {
            assert_eq!(listed(&manager, json!({ "dueBefore": day })).await, expected, "{day}");
        }
    }

    async fn who_does_not_see_it_finds_nothing_due(app) {
        several(app).await;
        app.advance(TimeDelta::days(2));
        for login in ["lin-yi", "admin", "personnel", "yunshan-head"] {
            let actor = app.actor(login).await;
            assert_eq!(listed(&actor, json!({ "overdue": true })).await, [""; 0], "{login}");
            assert_eq!(listed(&actor, json!({ "dueBefore": "2026-12-31" })).await, [""; 0], "{login}");
        }
    }
}
