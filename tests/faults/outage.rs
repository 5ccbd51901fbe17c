//! The database goes away and comes back.

use std::time::Duration;

use concierge::app::Running;
use concierge::config::{Config, DatabaseUrl};
use serde_json::{Value, json};

use super::cable::Cable;
use super::fault;
use crate::feed::{Screen, file};
use crate::support::{Actor, App};

const PATIENCE: Duration = Duration::from_secs(60);

fn tickets(actor: &Actor) -> reqwest::RequestBuilder {
    let body = json!({ "query": "{ tickets(first: 1) { nodes { id } } }" });
    let request = reqwest::Client::new().post(format!("{}/graphql", actor.url)).json(&body);
    request.bearer_auth(actor.token.as_deref().unwrap())
}

fn at(app: &App, path: &str) -> reqwest::RequestBuilder {
    reqwest::Client::new().get(format!("{}{path}", app.url))
}

/// Files a complaint as a client does: the same again, with its key, until it is told that it is done.
async fn file_until_done(actor: &Actor, unit: &str) -> String {
    let input =
        json!({ "idempotencyKey": "kept", "kind": "COMPLAINT", "unitId": unit, "description": "停电了" });
    let filing = async {
        loop {
            let answer = actor.act("ticketFile", input.clone(), "ticket { number }").await;
            match answer.at("/ticket/number") {
                Value::String(number) => return number.clone(),
                _ => assert_eq!(answer.error(), "UNAVAILABLE"),
            }
        }
    };
    tokio::time::timeout(PATIENCE, filing).await.expect("it does not heal")
}

/// A gateway whose database is at the end of a cable, with a desk's screen open at it; and another gateway that goes on
/// serving, with a line of its own.
struct Behind {
    cable: Cable,
    app: App,
    other: (Running, String),
    desk: Actor,
    resident: Actor,
    screen: Screen,
}

impl Behind {
    async fn a_cable(change: impl FnOnce(&mut Config)) -> Option<Self> {
        let mut cable = None;
        let app = App::on_postgres_with(|config| {
            let (line, url) = Cable::to(&config.database.url);
            config.database.url = url;
            config.database.acquire_timeout = Duration::from_millis(500);
            change(config);
            cable = Some(line);
        });
        let (app, cable) = (app.await?, cable?);
        let direct = DatabaseUrl::new(app.database_url());
        let other = app.second_with(|config| config.database.url = direct).await;
        let (desk, resident) = (app.actor("desk").await, app.actor("lin-yi").await);
        let screen = Screen::open(&desk, "complaintFeed").await;
        let mut behind = Self { cable, app, other, desk, resident, screen };
        let before = file(&behind.resident, "COMPLAINT", ("unitId", &behind.app.world.a101)).await;
        assert_eq!(behind.screen.told().await, format!("FILE {}", before.number));
        Some(behind)
    }

    /// Files a complaint at the other gateway, and gives its number.
    async fn filed_at_the_other(&self) -> String {
        let resident = self.resident.at(&self.other.1);
        file(&resident, "COMPLAINT", ("unitId", &self.app.world.a101)).await.number
    }

    /// It heals by itself, and the screen is told what was filed `during` the outage and after it, each once.
    async fn heals(mut self, during: String) {
        let after = file_until_done(&self.resident, &self.app.world.a101).await;
        assert_eq!(fault(at(&self.app, "/readyz")).await.0, 200);
        let last = self.filed_at_the_other().await;
        let told = self.screen.told_next(3).await;
        assert_eq!(told, [during, after, last].map(|number| format!("FILE {number}")));
        self.other.0.stop().await;
        self.app.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_goes_and_comes_back_and_nobody_misses_anything() {
    let Some(behind) = Box::pin(Behind::a_cable(|_| {})).await else { return };
    let Behind { cable, app, desk, resident, .. } = &behind;

    cable.cut();
    let gone = (503, Some("5".to_owned()), json!("UNAVAILABLE"));
    assert_eq!(fault(tickets(desk)).await, gone);
    assert_eq!(fault(at(app, "/readyz")).await, gone);
    assert_eq!(fault(at(app, "/healthz")).await, (200, None, Value::Null));
    let refused = resident.act(
        "ticketFile",
        json!({ "kind": "COMPLAINT", "unitId": app.world.a101, "description": "x" }),
        "",
    );
    assert_eq!(refused.await.error(), "UNAVAILABLE");
    let during = behind.filed_at_the_other().await;

    cable.mend();
    behind.heals(during).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_falls_silent_and_what_hangs_on_it_is_given_up() {
    let behind = Behind::a_cable(|config| {
        config.database.answer_timeout = Duration::from_millis(1_000);
        config.http.request_timeout = Duration::from_millis(1_500);
    });
    let Some(behind) = Box::pin(behind).await else { return };
    let Behind { cable, app, desk, .. } = &behind;

    cable.hush();
    // Each is told, none waits for an answer that never comes.
    for asked in [tickets(desk), tickets(desk), at(app, "/readyz")] {
        let (status, _, code) = fault(asked).await;
        assert!(matches!(status, 503 | 504), "{status} {code}");
    }
    let during = behind.filed_at_the_other().await;

    cable.speak();
    behind.heals(during).await;
}
