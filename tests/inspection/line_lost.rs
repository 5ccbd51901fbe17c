//! A patrol that was begun with a line and finished without one.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{code, hang, pass, round, start, why};
use crate::on_both;
use crate::support::App;

const ALL: &str = "patrol { id clientId state onDay startedAt finishedAt complete remarks version
    steps { checkpoint { code } passedAt } missing { code } findings { what foundAt ticket { channel } } }";

const COUNTS: &str = "{ patrols { totalCount } findings { totalCount } tickets { totalCount } }";

/// Begun at 10:00 in Shanghai, past the door at 10:05, found at 10:06 that something is dirty; then the line is lost. It
/// is 11:00 now. What the phone sends of the rest.
async fn begun(app: &App) -> Value {
    round(app).await;
    let assistant = app.actor("assistant").await;
    let patrol = start(&assistant, &app.world.a).await;
    app.advance(TimeDelta::minutes(5));
    pass(&assistant, &patrol, "A-DOOR").await;
    app.advance(TimeDelta::minutes(1));
    let dirt = json!({ "patrolId": patrol, "what": "脏", "severity": "MINOR", "mendedOnSpot": true });
    assistant.act("findingReport", dirt, "").await.done();
    app.advance(TimeDelta::minutes(54));
    json!({
        "clientId": "phone-7",
        "patrolId": patrol,
        "buildingId": app.world.a,
        "startedAt": "2026-11-23T02:00:00Z",
        "finishedAt": "2026-11-23T02:40:00Z",
        "remarks": "线断了",
        "steps": [
            { "code": "A-DOOR", "passedAt": "2026-11-23T02:10:00Z" },
            { "code": "A-ROOF", "passedAt": "2026-11-23T02:30:00Z" },
        ],
        "findings": [{ "foundAt": "2026-11-23T02:31:00Z", "what": "灯坏", "severity": "MAJOR" }],
    })
}

on_both! {
    async fn it_is_finished_with_the_times_of_the_phone_and_once(app) {
        let rest = begun(app).await;
        // The roof's second checkpoint hangs since after the end, and is not missed.
        hang(app, &app.world.a, "A-LATE", 3).await;
        let assistant = app.actor("assistant").await;
        let made = assistant.act("patrolSync", rest.clone(), ALL).await.done();
        assert_eq!(made.at("/patrol"), &json!({
            "id": rest["patrolId"],
            "clientId": "phone-7",
            "state": "FINISHED",
            "onDay": "2026-11-23",
            "startedAt": "2026-11-23T02:00:00.000000Z",
            "finishedAt": "2026-11-23T02:40:00.000000Z",
            "complete": true,
            "remarks": "线断了",
            "version": 2,
            "steps": [
                { "checkpoint": { "code": "A-DOOR" }, "passedAt": "2026-11-23T02:05:00.000000Z" },
                { "checkpoint": { "code": "A-ROOF" }, "passedAt": "2026-11-23T02:30:00.000000Z" },
            ],
            "missing": [],
            "findings": [
                { "what": "脏", "foundAt": "2026-11-23T02:06:00.000000Z", "ticket": null },
                { "what": "灯坏", "foundAt": "2026-11-23T02:31:00.000000Z", "ticket": { "channel": "PATROL" } },
            ],
        }));
        app.advance(TimeDelta::days(30));
        let assistant = app.actor("assistant").await;
        assert_eq!(assistant.act("patrolSync", rest.clone(), ALL).await.done(), made, "however late it is sent again");
        let mut other = rest.clone();
        other["remarks"] = json!("另一次");
        assert_eq!(code(&assistant.act("patrolSync", other.clone(), "").await.0), json!(["KEY_REUSED", "input.clientId"]));
        let counts = assistant.ask(COUNTS).await;
        assert_eq!(counts.at("/data"), &json!({ "patrols": { "totalCount": 1 }, "findings": { "totalCount": 2 }, "tickets": { "totalCount": 1 } }));
    }

    async fn sent_by_two_lines_at_once_it_is_finished_once(app) {
        let rest = begun(app).await;
        let assistant = app.actor("assistant").await;
        let send = || assistant.act("patrolSync", rest.clone(), ALL);
        let (one, two) = tokio::join!(send(), send());
        assert_eq!(one.done(), two.done());
        let counts = assistant.ask(COUNTS).await;
        assert_eq!(counts.at("/data"), &json!({ "patrols": { "totalCount": 1 }, "findings": { "totalCount": 2 }, "tickets": { "totalCount": 1 } }));
        let mut other = rest;
        other["clientId"] = json!("phone-8");
        let message = "the patrol is FINISHED and no longer under way; begin a new one";
        assert_eq!(why(&assistant.act("patrolSync", other, "").await.0), json!(["INVALID", "input.patrolId", message]));
    }

    async fn a_rest_that_cannot_be_is_refused_and_nothing_is_kept(app) {
        let rest = begun(app).await;
        let (assistant, supervisor) = (app.actor("assistant").await, app.actor("supervisor").await);
        let other = start(&supervisor, &app.world.a).await;
        let early = "2026-11-23T01:59:59+00:00 lies before the patrol began, at 2026-11-23T02:00:00+00:00";
        let walked = |at: &str| format!("the patrol was still walked at 2026-11-23T02:{at}:00+00:00; it ended after that");
        let only = json!([]);
        let on_it = format!("you are on a patrol of A栋 since 2026-11-23T02:00:00+00:00; to finish it send the patrolId {}",
            rest["patrolId"].as_str().unwrap());
        let cases = [
            (json!({ "startedAt": "2026-11-23T01:59:59Z" }), json!(["INVALID", "input.startedAt", early])),
            (json!({ "finishedAt": "2026-11-23T03:00:01Z" }), json!(["INVALID", "input.finishedAt", "2026-11-23T03:00:01+00:00 lies in the future"])),
            (json!({ "finishedAt": "2026-11-23T02:04:00Z", "steps": only, "findings": only }), json!(["INVALID", "input.finishedAt", walked("05")])),
            (json!({ "finishedAt": "2026-11-23T02:05:30Z", "steps": only, "findings": only }), json!(["INVALID", "input.finishedAt", walked("06")])),
            (json!({ "steps": [{ "code": "A-ROOF", "passedAt": "2026-11-23T01:59:00Z" }] }), json!(["INVALID", "input.steps.0.passedAt",
                "2026-11-23T01:59:00+00:00 is out of order; steps go from the start to the end of the patrol"])),
            (json!({ "buildingId": app.world.b }), json!(["INVALID", "input.buildingId", "the patrol was begun in another building"])),
            (json!({ "patrolId": null }), json!(["INVALID", "input.startedAt", on_it])),
        ];
        for (changes, expected) in cases {
            let mut input = rest.clone();
            input.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
            assert_eq!(why(&assistant.act("patrolSync", input, "").await.0), expected, "{changes}");
        }
        let message = "only who began a patrol goes on with it";
        assert_eq!(why(&supervisor.act("patrolSync", rest.clone(), "").await.0), json!(["FORBIDDEN", null, message]));
        let mut unseen = rest.clone();
        unseen["patrolId"] = json!(start(&supervisor, &app.world.b).await);
        unseen["buildingId"] = json!(app.world.b);
        assert_eq!(code(&assistant.act("patrolSync", unseen, "").await.0), json!(["NOT_FOUND", "input.patrolId"]));
        assert_eq!(code(&app.actor("yunshan-head").await.act("patrolSync", rest.clone(), "").await.0), json!(["NOT_FOUND", "input.buildingId"]));
        let counts = supervisor.ask("{ patrols(filter: { states: [FINISHED] }) { totalCount } findings { totalCount } tickets { totalCount } }").await;
        assert_eq!(counts.at("/data"), &json!({ "patrols": { "totalCount": 0 }, "findings": { "totalCount": 1 }, "tickets": { "totalCount": 0 } }));
        supervisor.act("patrolFinish", json!({ "patrolId": other }), "").await.done();
    }

    async fn one_that_was_given_up_is_sent_whole(app) {
        let mut rest = begun(app).await;
        app.advance(TimeDelta::hours(25));
        concierge::domain::inspection::run_due(&app.running.domain).await.unwrap();
        let assistant = app.actor("assistant").await;
        let message = "the patrol was given up, since it took more than 24 hours; send all that was walked without a patrolId";
        assert_eq!(why(&assistant.act("patrolSync", rest.clone(), "").await.0), json!(["INVALID", "input.patrolId", message]));
        rest.as_object_mut().unwrap().remove("patrolId");
        let made = assistant.act("patrolSync", rest, "patrol { state complete steps { passedAt } }").await.done();
        assert_eq!(made.at("/patrol"), &json!({
            "state": "FINISHED", "complete": true,
            "steps": [{ "passedAt": "2026-11-23T02:10:00.000000Z" }, { "passedAt": "2026-11-23T02:30:00.000000Z" }],
        }));
    }
}
