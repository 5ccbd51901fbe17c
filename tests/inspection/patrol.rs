use chrono::TimeDelta;
use concierge::domain::inspection::run_due;
use serde_json::json;

use super::{code, hang, pass, round, start, walk, why};
use crate::on_both;

const ALL: &str =
    "patrol { building { name } plan { timesAWeek } walkedBy { name } state onDay startedAt finishedAt
    complete remarks steps { checkpoint { code } passedAt } missing { code } version }";

on_both! {
    async fn a_patrol_is_begun_passes_every_checkpoint_and_is_finished(app) {
        round(app).await;
        let assistant = app.actor("assistant").await;
        let id = start(&assistant, &app.world.a).await;
        app.advance(TimeDelta::minutes(5));
        pass(&assistant, &id, "A-ROOF").await;
        let shown = assistant.act("patrolPass", json!({ "patrolId": id, "code": " A-ROOF " }), ALL).await.done();
        let mut expected = json!({
            "building": { "name": "A栋" },
            "plan": { "timesAWeek": 3 },
            "walkedBy": { "name": "助理小陈" },
            "state": "UNDER_WAY",
            "onDay": "2026-11-23",
            "startedAt": "2026-11-23T02:00:00.000000Z",
            "finishedAt": null,
            "complete": false,
            "remarks": null,
            "steps": [{ "checkpoint": { "code": "A-ROOF" }, "passedAt": "2026-11-23T02:05:00.000000Z" }],
            "missing": [{ "code": "A-DOOR" }],
            "version": 1,
        });
        assert_eq!(shown.at("/patrol"), &expected);
        app.advance(TimeDelta::minutes(5));
        pass(&assistant, &id, "A-DOOR").await;
        let ended = assistant.act("patrolFinish", json!({ "patrolId": id, "expectedVersion": 1, "remarks": "一切正常" }), ALL);
        expected["state"] = json!("FINISHED");
        expected["finishedAt"] = json!("2026-11-23T02:10:00.000000Z");
        expected["complete"] = json!(true);
        expected["remarks"] = json!("一切正常");
        expected["steps"] = json!([
            { "checkpoint": { "code": "A-ROOF" }, "passedAt": "2026-11-23T02:05:00.000000Z" },
            { "checkpoint": { "code": "A-DOOR" }, "passedAt": "2026-11-23T02:10:00.000000Z" },
        ]);
        expected["missing"] = json!([]);
        expected["version"] = json!(2);
        assert_eq!(ended.await.done().at("/patrol"), &expected);
        app.advance(TimeDelta::seconds(1));
        hang(app, &app.world.a, "A-NEW", 3).await;
        let later = assistant.ask("{ patrols { nodes { complete missing { code } } } }").await;
        assert_eq!(later.at("/data/patrols/nodes"), &json!([{ "complete": true, "missing": [] }]), "what hangs there later is not missed");
    }

    async fn one_that_leaves_a_checkpoint_out_is_not_complete_and_says_which(app) {
        round(app).await;
        let supervisor = app.actor("supervisor").await;
        let id = start(&supervisor, &app.world.a).await;
        pass(&supervisor, &id, "A-ROOF").await;
        let ended = supervisor.act("patrolFinish", json!({ "patrolId": id }), "patrol { state complete missing { code } }").await.done();
        assert_eq!(ended.at("/patrol"), &json!({ "state": "FINISHED", "complete": false, "missing": [{ "code": "A-DOOR" }] }));
    }

    async fn a_wrong_code_is_refused_by_name(app) {
        round(app).await;
        let assistant = app.actor("assistant").await;
        let id = start(&assistant, &app.world.a).await;
        let cases = [
            ("B-DOOR", "the code B-DOOR hangs in B栋, which this patrol does not walk"),
            ("nowhere", "no checkpoint of this community has the code nowhere"),
            (" ", "a text is needed here; this one is empty"),
        ];
        for (scanned, message) in cases {
            let answer = assistant.act("patrolPass", json!({ "patrolId": id, "code": scanned }), "").await;
            assert_eq!(why(&answer.0), json!(["INVALID", "input.code", message]));
        }
    }

    async fn only_who_began_it_goes_on_and_only_while_it_is_under_way(app) {
        round(app).await;
        let (assistant, supervisor) = (app.actor("assistant").await, app.actor("supervisor").await);
        let id = start(&assistant, &app.world.a).await;
        for (act, input) in [("patrolPass", json!({ "patrolId": id, "code": "A-DOOR" })), ("patrolFinish", json!({ "patrolId": id }))] {
            assert_eq!(code(&supervisor.act(act, input, "").await.0), json!(["FORBIDDEN", null]));
        }
        let again = assistant.act("patrolStart", json!({ "buildingId": app.world.a }), "").await;
        assert_eq!(why(&again.0), json!(["DUPLICATE", "input.buildingId", "you are on a patrol of A栋 already; finish that one first"]));
        let stale = assistant.act("patrolFinish", json!({ "patrolId": id, "expectedVersion": 9 }), "").await;
        assert_eq!(stale.refusal(), "CONFLICT");
        assistant.act("patrolFinish", json!({ "patrolId": id }), "").await.done();
        let late = assistant.act("patrolPass", json!({ "patrolId": id, "code": "A-DOOR" }), "").await;
        assert_eq!(why(&late.0), json!(["INVALID", "input.patrolId", "the patrol is FINISHED and no longer under way; begin a new one"]));
    }

    async fn sent_twice_it_is_begun_once(app) {
        let supervisor = app.actor("supervisor").await;
        let input = json!({ "buildingId": app.world.b, "idempotencyKey": "k" });
        let first = supervisor.act("patrolStart", input.clone(), "patrol { id }").await.done();
        assert_eq!(supervisor.act("patrolStart", input, "patrol { id }").await.done(), first);
    }

    async fn one_that_is_never_finished_is_abandoned_after_a_day_once(app) {
        round(app).await;
        let id = start(&app.actor("assistant").await, &app.world.a).await;
        app.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
        assert_eq!(run_due(&app.running.domain).await.unwrap(), 0);
        app.advance(TimeDelta::seconds(1));
        let (one, two) = tokio::join!(run_due(&app.running.domain), run_due(&app.running.domain));
        assert_eq!(one.unwrap() + two.unwrap(), 1);
        assert_eq!(run_due(&app.running.domain).await.unwrap(), 0);
        let assistant = app.actor("assistant").await;
        let shown = assistant.ask("{ patrols(filter: { states: [ABANDONED] }) { totalCount nodes { id state complete } } }").await;
        assert_eq!(shown.at("/data/patrols"), &json!({ "totalCount": 1, "nodes": [{ "id": id, "state": "ABANDONED", "complete": false }] }));
        walk(&assistant, app).await;
    }

    async fn patrols_are_listed_newest_first_and_narrowed(app) {
        round(app).await;
        let (assistant, supervisor) = (app.actor("assistant").await, app.actor("supervisor").await);
        let first = walk(&assistant, app).await;
        app.advance(TimeDelta::minutes(1));
        let second = walk(&supervisor, app).await;
        app.advance(TimeDelta::minutes(1));
        let third = start(&supervisor, &app.world.b).await;
        let cases = [
            ("".to_owned(), vec![&third, &second, &first]),
            ("orderBy: STARTED_ASC, first: 2".to_owned(), vec![&first, &second]),
            ("filter: { complete: true }".to_owned(), vec![&second, &first]),
            (format!("filter: {{ staffIds: [\"{}\"] }}", app.world.staff("assistant")), vec![&first]),
            (format!("filter: {{ buildingIds: [\"{}\"] }}", app.world.b), vec![&third]),
            ("filter: { from: \"2026-11-24\" }".to_owned(), vec![]),
            ("filter: { states: [] }".to_owned(), vec![]),
        ];
        for (arguments, expected) in cases {
            let call = if arguments.is_empty() { String::new() } else { format!("({arguments})") };
            let answer = supervisor.ask(&format!("{{ patrols{call} {{ nodes {{ id }} }} }}")).await;
            let ids = answer.at("/data/patrols/nodes").as_array().unwrap_or_else(|| panic!("{answer:?}"));
            assert_eq!(ids.iter().map(|node| node["id"].as_str().unwrap()).collect::<Vec<_>>(), expected, "{arguments}");
        }
    }
}
