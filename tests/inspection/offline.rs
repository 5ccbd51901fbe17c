use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{code, round, start, why};
use crate::on_both;
use crate::support::App;

fn walked(app: &App) -> Value {
    json!({
        "clientId": "phone-7",
        "buildingId": app.world.a,
        "startedAt": "2026-11-23T16:00:00Z",
        "finishedAt": "2026-11-23T16:40:00Z",
        "steps": [
            { "code": "A-DOOR", "passedAt": "2026-11-23T16:10:00.123456789Z" },
            { "code": "A-ROOF", "passedAt": "2026-11-23T16:30:00Z" },
        ],
        "findings": [
            { "foundAt": "2026-11-23T16:20:00Z", "what": "灯坏", "severity": "MAJOR" },
            { "foundAt": "2026-11-23T16:35:00Z", "what": "门开", "severity": "MINOR", "mendedOnSpot": true },
        ],
    })
}

const ALL: &str =
    "patrol { id clientId state onDay startedAt finishedAt complete steps { checkpoint { code } passedAt }
    findings { what foundAt ticket { channel createdAt } } }";

/// The checkpoints hang since the day before the walk, which was after midnight in Shanghai.
async fn hung_long_ago(app: &App) {
    round(app).await;
    app.advance(TimeDelta::days(1));
}

on_both! {
    async fn a_patrol_walked_without_a_line_is_taken_in_whole_and_once(app) {
        hung_long_ago(app).await;
        let assistant = app.actor("assistant").await;
        let made = assistant.act("patrolSync", walked(app), ALL).await.done();
        let mut shown = made.at("/patrol").clone();
        shown.as_object_mut().unwrap().remove("id");
        assert_eq!(shown, json!({
            "clientId": "phone-7",
            "state": "FINISHED",
            "onDay": "2026-11-24",
            "startedAt": "2026-11-23T16:00:00.000000Z",
            "finishedAt": "2026-11-23T16:40:00.000000Z",
            "complete": true,
            "steps": [
                { "checkpoint": { "code": "A-DOOR" }, "passedAt": "2026-11-23T16:10:00.123456Z" },
                { "checkpoint": { "code": "A-ROOF" }, "passedAt": "2026-11-23T16:30:00.000000Z" },
            ],
            "findings": [
                { "what": "灯坏", "foundAt": "2026-11-23T16:20:00.000000Z",
                    "ticket": { "channel": "PATROL", "createdAt": "2026-11-24T02:00:00.000000Z" } },
                { "what": "门开", "foundAt": "2026-11-23T16:35:00.000000Z", "ticket": null },
            ],
        }));
        app.advance(TimeDelta::days(30));
        let assistant = app.actor("assistant").await;
        assert_eq!(assistant.act("patrolSync", walked(app), ALL).await.done(), made, "however late it is sent again");
        let mut other = walked(app);
        other["remarks"] = json!("另一次");
        assert_eq!(code(&assistant.act("patrolSync", other, "").await.0), json!(["KEY_REUSED", "input.clientId"]));
        let counts = assistant.ask("{ patrols { totalCount } findings { totalCount } tickets { totalCount } }").await;
        assert_eq!(counts.at("/data"), &json!({ "patrols": { "totalCount": 1 }, "findings": { "totalCount": 2 }, "tickets": { "totalCount": 1 } }));
    }

    async fn sent_by_two_lines_at_once_it_is_taken_in_once(app) {
        hung_long_ago(app).await;
        let assistant = app.actor("assistant").await;
        let send = || assistant.act("patrolSync", walked(app), "patrol { id }");
        let (one, two) = tokio::join!(send(), send());
        assert_eq!(one.done(), two.done());
        let counts = assistant.ask("{ patrols { totalCount } tickets { totalCount } }").await;
        assert_eq!(counts.at("/data"), &json!({ "patrols": { "totalCount": 1 }, "tickets": { "totalCount": 1 } }));
    }

    async fn times_that_cannot_be_true_are_refused_and_nothing_is_kept(app) {
        hung_long_ago(app).await;
        let assistant = app.actor("assistant").await;
        let cases = [
            ("/finishedAt", json!("2026-11-24T02:00:01Z"), json!(["INVALID", "input.finishedAt"])),
            ("/finishedAt", json!("2026-11-21T02:00:00Z"), json!(["INVALID", "input.finishedAt"])),
            ("/startedAt", json!("2026-11-16T01:59:59Z"), json!(["INVALID", "input.startedAt"])),
            ("/startedAt", json!("2026-11-20T00:00:00Z"), json!(["INVALID", "input.finishedAt"])),
            ("/steps/1/passedAt", json!("2026-11-23T16:05:00Z"), json!(["INVALID", "input.steps.1.passedAt"])),
            ("/steps/1/passedAt", json!("2026-11-23T16:41:00Z"), json!(["INVALID", "input.steps.1.passedAt"])),
            ("/steps/1/code", json!("B-DOOR"), json!(["INVALID", "input.steps.1.code"])),
            ("/findings/1/foundAt", json!("2026-11-21T23:00:00Z"), json!(["INVALID", "input.findings.1.foundAt"])),
            ("/findings/1/what", json!(""), json!(["INVALID", "input.findings.1.what"])),
            ("/clientId", json!(" "), json!(["INVALID", "input.clientId"])),
        ];
        for (place, value, expected) in cases {
            let mut input = walked(app);
            *input.pointer_mut(place).unwrap() = value;
            assert_eq!(code(&assistant.act("patrolSync", input, "").await.0), expected, "{place}");
        }
        let counts = assistant.ask("{ patrols { totalCount } findings { totalCount } tickets { totalCount } }").await;
        assert_eq!(counts.at("/data"), &json!({ "patrols": { "totalCount": 0 }, "findings": { "totalCount": 0 }, "tickets": { "totalCount": 0 } }));
    }

    async fn nobody_walks_a_building_twice_at_a_time(app) {
        hung_long_ago(app).await;
        let assistant = app.actor("assistant").await;
        assistant.act("patrolSync", walked(app), "").await.done();
        let mut other = walked(app);
        other["clientId"] = json!("phone-8");
        let answer = assistant.act("patrolSync", other.clone(), "").await;
        let message = "you were on another patrol of A栋 from 2026-11-23T16:00:00+00:00 to 2026-11-23T16:40:00+00:00; one person walks it once at a time";
        assert_eq!(why(&answer.0), json!(["INVALID", "input.startedAt", message]));
        app.actor("supervisor").await.act("patrolSync", other, "").await.done();
        let patrol = start(&assistant, &app.world.a).await;
        app.advance(TimeDelta::minutes(10));
        let now = json!({
            "clientId": "phone-9", "buildingId": app.world.a, "startedAt": "2026-11-24T01:00:00Z",
            "finishedAt": "2026-11-24T02:05:00Z", "steps": [],
        });
        assert_eq!(code(&assistant.act("patrolSync", now.clone(), "").await.0), json!(["INVALID", "input.startedAt"]));
        assistant.act("patrolFinish", json!({ "patrolId": patrol }), "").await.done();
        assert_eq!(code(&assistant.act("patrolSync", now, "").await.0), json!(["INVALID", "input.startedAt"]));
    }
}
