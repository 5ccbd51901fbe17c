use serde_json::{Value, json};

use super::{round, start};
use crate::on_both;
use crate::support::App;

const COUNTS: &str = "{ patrolPlans { totalCount } checkpoints { totalCount } patrols { totalCount } findings { totalCount } spotChecks { totalCount } }";

async fn counts(app: &App, login: &str) -> Value {
    let answer = app.actor(login).await.ask(COUNTS).await;
    ["patrolPlans", "checkpoints", "patrols", "findings", "spotChecks"]
        .map(|list| answer.at(&format!("/data/{list}/totalCount")).clone())
        .into_iter()
        .collect()
}

on_both! {
    async fn each_sees_what_is_theirs(app) {
        round(app).await;
        let (assistant, supervisor) = (app.actor("assistant").await, app.actor("supervisor").await);
        for (actor, house) in [(&assistant, &app.world.a), (&supervisor, &app.world.b)] {
            let patrol = start(actor, house).await;
            let input = json!({ "patrolId": patrol, "what": "脏", "severity": "MINOR", "mendedOnSpot": true });
            actor.act("findingReport", input, "").await.done();
        }
        let check = json!({ "buildingId": app.world.a, "score": 90, "remarks": "好" });
        let check = supervisor.act("spotCheckCreate", check, "spotCheck { id }").await.done().text("/spotCheck/id");
        let found = json!({ "spotCheckId": check, "what": "灰", "severity": "MINOR", "mendedOnSpot": true });
        supervisor.act("findingReport", found, "").await.done();
        for login in ["supervisor", "center", "manager", "head", "group", "quality", "executive"] {
            assert_eq!(counts(app, login).await, json!([1, 3, 2, 3, 1]), "{login}");
        }
        assert_eq!(counts(app, "assistant").await, json!([1, 2, 1, 1, 0]));
        let none = json!([0, 0, 0, 0, 0]);
        for login in ["desk", "worker", "assistant2", "lin-yi", "personnel", "admin", "yunshan-head"] {
            assert_eq!(counts(app, login).await, none, "{login}");
        }
        supervisor.act("spotCheckPublish", json!({ "id": check }), "").await.done();
        assert_eq!(counts(app, "assistant").await, json!([1, 2, 1, 2, 1]));
        for login in ["desk", "worker", "assistant2"] {
            assert_eq!(counts(app, login).await, json!([0, 0, 0, 1, 1]), "{login}");
        }
        for login in ["lin-yi", "personnel", "admin", "yunshan-head"] {
            assert_eq!(counts(app, login).await, none, "{login}");
        }
    }

    async fn each_thing_is_found_again_by_those_who_see_it(app) {
        round(app).await;
        let supervisor = app.actor("supervisor").await;
        let patrol = start(&supervisor, &app.world.a).await;
        let finding = json!({ "patrolId": patrol, "what": "脏", "severity": "MINOR" });
        let finding = supervisor.act("findingReport", finding, "finding { id }").await.done().text("/finding/id");
        let check = json!({ "teamId": app.world.cleaning, "score": 60, "remarks": "差" });
        let check = supervisor.act("spotCheckCreate", check, "spotCheck { id }").await.done().text("/spotCheck/id");
        let lists = supervisor.ask("{ patrolPlans { nodes { id } } checkpoints(first: 1) { nodes { id } } }").await;
        let (plan, point) = (lists.text("/data/patrolPlans/nodes/0/id"), lists.text("/data/checkpoints/nodes/0/id"));
        for id in [patrol, finding, check, plan, point] {
            let query = format!("{{ node(id: \"{id}\") {{ id }} }}");
            assert_eq!(supervisor.ask(&query).await.at("/data/node"), &json!({ "id": id }));
            for login in ["lin-yi", "desk", "yunshan-head"] {
                assert_eq!(app.actor(login).await.ask(&query).await.at("/data"), &json!({ "node": null }), "{login}, {id}");
            }
        }
    }
}
