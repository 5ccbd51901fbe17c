//! A resolver panics, in earnest: the test's clock is put so near to the end of the calendar that a session would end
//! after it, and nothing else does.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::on_both;
use crate::support::App;
use crate::support::stream::{EVENT_STREAM, Events, asked};
use crate::support::ws::Ws;

/// What would end after the calendar.
const SIGN_IN: &str = "mutation { sessionCreate(input: { login: \"desk\", password: \"open-sesame-1\" }) { userErrors { code } } }";

/// Puts the clock near the end of the calendar, and back when it is told so.
struct EndOfTime<'a>(&'a App, TimeDelta);

impl<'a> EndOfTime<'a> {
    fn comes(app: &'a App) -> Self {
        let left = DateTime::<Utc>::MAX_UTC - TimeDelta::days(3) - app.clock.now();
        app.advance(left);
        Self(app, left)
    }

    fn passes(self) {
        self.0.advance(-self.1);
    }
}

/// A dear operation runs on a thread of its own, which outlives its panic.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_dear_panics_alike() {
    let app = App::with(|config| (config.limits.light_cost, config.limits.dear_at_once) = (0, 1)).await;
    let end = EndOfTime::comes(&app);
    for _ in 0..2 {
        assert_eq!(app.nobody().ask(SIGN_IN).await.error(), "INTERNAL");
    }
    end.passes();
    assert_eq!(app.actor("desk").await.ask("{ viewer { login } }").await.at("/data/viewer/login"), "desk");
    app.stop().await;
}

on_both! {
    async fn a_panic_is_one_requests_own(app) {
        let end = EndOfTime::comes(app);
        let request = reqwest::Client::new().post(format!("{}/graphql", app.url)).header("x-request-id", "panicked-1");
        let response = request.json(&json!({ "query": SIGN_IN })).send().await.unwrap();
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers()["x-request-id"], "panicked-1");
        let body: Value = response.json().await.unwrap();
        let error = json!({
            "message": "Something went wrong on our side.",
            "extensions": { "code": "INTERNAL", "requestId": "panicked-1" },
        });
        assert_eq!(body, json!({ "errors": [error] }));
        // The same gateway goes on, for others at once and for everybody afterwards.
        assert_eq!(app.nobody().ask("{ __typename }").await.at("/data/__typename"), "Query");
        end.passes();
        assert_eq!(app.actor("desk").await.ask("{ viewer { login } }").await.at("/data/viewer/login"), "desk");
    }

    async fn whoever_asks_for_a_stream_is_told_alike(app) {
        let end = EndOfTime::comes(app);
        let answer = asked(&app.nobody(), EVENT_STREAM, SIGN_IN, &json!({})).send().await.unwrap();
        assert_eq!(answer.status(), 500);
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL", "{answer}");
        end.passes();
        let mut events = Events::open(asked(&app.nobody(), EVENT_STREAM, "{ __typename }", &json!({}))).await;
        assert_eq!(events.result().await, json!({ "data": { "__typename": "Query" } }));
    }

    async fn on_a_socket_it_ends_the_operation_and_not_the_socket(app) {
        let mut others = Ws::ready(&app.url, None).await;
        let mut socket = Ws::ready(&app.url, None).await;
        let end = EndOfTime::comes(app);
        socket.subscribe("1", SIGN_IN).await;
        let told = socket.message().await;
        assert_eq!((&told["type"], &told["id"]), (&json!("error"), &json!("1")), "{told}");
        assert_eq!(told["payload"][0]["extensions"]["code"], "INTERNAL");
        assert!(told["payload"][0]["extensions"]["requestId"].is_string(), "{told}");
        socket.subscribe("1", "{ __typename }").await;
        assert_eq!(socket.data("1").await, json!({ "__typename": "Query" }));
        others.subscribe("1", "{ __typename }").await;
        assert_eq!(others.data("1").await, json!({ "__typename": "Query" }));
        end.passes();
        let mut desk = app.socket(&app.actor("desk").await).await;
        desk.subscribe("1", "{ viewer { login } }").await;
        assert_eq!(desk.data("1").await, json!({ "viewer": { "login": "desk" } }));
    }
}
