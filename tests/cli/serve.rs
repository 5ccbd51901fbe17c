//! `concierge serve`.

use std::fs;

use serde_json::{Value, json};

use super::process::{Home, PATIENCE};
use super::{SECRET, empty_databases};
use crate::support::Actor;

async fn ready(url: &str) -> Value {
    reqwest::get(format!("{url}/readyz")).await.unwrap().json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn with_nothing_set_it_makes_its_own_database() {
    let home = Home::new();
    let gateway = home.serve();
    assert_eq!(ready(&gateway.url).await, json!({ "status": "ready" }));
    let data = home.folder.join("data");
    assert!(data.join("concierge.db").is_file());
    home.done(&["backup", "copy"]);
    #[cfg(unix)]
    for (path, mode) in [
        (data.clone(), 0o700),
        (data.join("secret"), 0o600),
        (data.join("concierge.db"), 0o600),
        (data.join("files"), 0o700),
        (home.folder.join("copy"), 0o700),
        (home.folder.join("copy/concierge.db"), 0o600),
    ] {
        use std::os::unix::fs::PermissionsExt;
        let found = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(found, mode, "{} is its owner's alone", path.display());
    }
    home.done(&["account", "create", "--admin", "--login", "me"]);
    let mut actor = Actor::nobody(&gateway.url, &reqwest::Client::new());
    actor.token = Some(home.done(&["token", "--login", "me"]).trim_end().to_owned());
    let viewer = "{ viewer { login } }";
    assert_eq!(actor.ask(viewer).await.at("/data/viewer/login"), "me");
    let (code, log) = gateway.terminate();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("stopping"), "{log}");
    // The secret and the database outlive the process, and so do the sessions.
    let again = home.serve();
    assert_eq!(actor.at(&again.url).ask(viewer).await.at("/data/viewer/login"), "me");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_stops_in_order_while_sockets_are_open() {
    for database in empty_databases().await {
        let home = Home::new().with("DATABASE_URL", &*database.url).with("CONCIERGE_AUTH__SECRET", SECRET);
        let gateway = home.serve();
        assert_eq!(ready(&gateway.url).await, json!({ "status": "ready" }));
        home.done(&["account", "create", "--login", "me"]);
        let token = home.done(&["token", "--login", "me"]);
        let mut socket = crate::support::ws::Ws::ready(&gateway.url, Some(token.trim_end())).await;
        socket.subscribe("1", "subscription { myTicketsChanged { __typename } }").await;
        socket.data("1").await;
        let stopping = tokio::task::spawn_blocking(move || gateway.terminate());
        assert_eq!(socket.closed().await, (1001, "Server is shutting down".to_owned()));
        drop(socket);
        let (code, log) = stopping.await.unwrap();
        assert_eq!(code, Some(0), "{log}");
        assert!(!log.contains("WARN") && !log.contains("ERROR"), "{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_is_named() {
    let (first, second) = (Home::new(), Home::new());
    let gateway = first.serve();
    let address = gateway.url.trim_start_matches("http://");
    let ran = second.run(&["serve", "--listen", address]);
    assert_eq!(ran.code, 1);
    let said =
        format!("error: cannot listen on {address}; is another program there? --listen chooses another: ");
    assert!(ran.err.contains(&said), "{}", ran.err);
    assert_eq!(ready(&gateway.url).await, json!({ "status": "ready" }));
}

#[test]
fn with_postgresql_a_secret_is_asked_for_before_anything_else() {
    let home = Home::new().with("DATABASE_URL", "postgres://127.0.0.1:9/concierge");
    let ran = home.run(&["serve"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("openssl rand -base64 32"), "{}", ran.err);
    assert!(ran.err.contains("CONCIERGE_AUTH__SECRET"), "{}", ran.err);
}

/// The metrics, once the gateway has looked for the first time for what is due by the clock, which nobody is told.
async fn metrics_of_its_jobs(url: &str) -> String {
    let until_there = async {
        loop {
            let text = reqwest::get(format!("{url}/metrics")).await.unwrap().text().await.unwrap();
            if text.contains("concierge_jobs_last_success_timestamp_seconds ") {
                return text;
            }
        }
    };
    tokio::time::timeout(PATIENCE, until_there).await.expect("its jobs were never done")
}

#[tokio::test(flavor = "multi_thread")]
async fn it_tells_what_operators_watch() {
    for database in empty_databases().await {
        let home = Home::new().with("DATABASE_URL", &*database.url).with("CONCIERGE_AUTH__SECRET", SECRET);
        home.done(&["seed", "--days", "10"]);
        let gateway = home.serve();
        let resident =
            Actor::sign_in(&gateway.url, &reqwest::Client::new(), "resident", concierge::seed::PASSWORD)
                .await;
        let mut socket = crate::support::ws::Ws::ready(&gateway.url, resident.token.as_deref()).await;
        socket.subscribe("1", "subscription { myTicketsChanged { __typename } }").await;
        socket.data("1").await;
        let home = "{ viewer { occupant { occupancies { unit { id } } } } }";
        let unit = resident.ask(home).await.text("/data/viewer/occupant/occupancies/0/unit/id");
        let input = json!({ "kind": "ENQUIRY", "unitId": unit, "description": "几点关门？" });
        resident.act("ticketFile", input, "").await.done();
        socket.data("1").await;

        let text = metrics_of_its_jobs(&gateway.url).await;
        let value = |name: &str| -> f64 {
            let line = text.lines().find(|line| line.split(' ').next() == Some(name));
            let line = line.unwrap_or_else(|| panic!("no {name} in {text}"));
            line.rsplit(' ').next().unwrap().parse().unwrap()
        };
        assert!(value("concierge_feed_lag_seconds_count") >= 1.0);
        assert!(value("concierge_feed_head") >= 1.0);
        assert!(value("concierge_jobs_last_success_timestamp_seconds") > 1.0e9);
        let pools: &[_] = if database.url.starts_with("sqlite") { &["read", "write"] } else { &["all"] };
        let open = |pool: &str| {
            let of = |state| format!("concierge_database_connections{{pool=\"{pool}\",state=\"{state}\"}}");
            value(&of("used")) + value(&of("idle"))
        };
        for pool in pools {
            assert!(open(pool) >= 1.0, "{pool}");
        }
        // Opened when something dear is asked for first.
        assert!(open("apart") <= 1.0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_sqlite_has_one_gateway() {
    let home = Home::new();
    let gateway = home.serve();
    let second = home.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(second.code, 1);
    assert!(
        second.err.contains("concierge.db already; SQLite is for one gateway: stop that one first"),
        "{}",
        second.err
    );
    // Nor is anything restored under the feet of one.
    home.done(&["backup", "copy"]);
    let (data, away) = (home.folder.join("data/concierge.db"), home.folder.join("away.db"));
    fs::rename(&data, &away).unwrap();
    let restored = home.run(&["restore", "copy"]);
    assert_eq!(restored.code, 1);
    assert!(restored.err.contains("another gateway serves"), "{}", restored.err);
    assert!(!data.exists());
    fs::rename(&away, &data).unwrap();
    gateway.terminate();
    home.serve();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_watched_is_there_before_anything_happens() {
    let home = Home::new();
    let gateway = home.serve();
    let metrics = reqwest::get(format!("{}/metrics", gateway.url)).await.unwrap().text().await.unwrap();
    for line in [
        "concierge_feed_head 0",
        "concierge_feed_failures_total 0",
        "concierge_jobs_failures_total 0",
        "concierge_jobs_last_success_timestamp_seconds ",
    ] {
        assert!(metrics.lines().any(|found| found.starts_with(line)), "{line}: {metrics}");
    }
}
