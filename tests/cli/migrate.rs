//! The schema of the database, up and down.

use super::process::Home;
use super::{SECRET, empty_databases};
use crate::support::contents::tables;

#[tokio::test(flavor = "multi_thread")]
async fn migrations_go_up_and_down_and_up_again() {
    for database in empty_databases().await {
        let home = Home::new().with("DATABASE_URL", &*database.url);
        let status = home.done(&["migrate", "status"]);
        let steps = status.lines().count();
        assert!(steps >= 5 && status.lines().all(|line| line.starts_with("pending  m2026")), "{status}");
        let nothing = tables(&database.url).await;

        assert_eq!(home.done(&["migrate"]), "");
        assert_eq!(home.done(&["migrate", "status"]), status.replace("pending", "applied"));
        let all = tables(&database.url).await;
        assert!(all.len() > nothing.len() + 50, "{all:?}");
        assert_eq!(home.done(&["migrate", "up"]), "", "once more changes nothing");

        assert_eq!(home.done(&["migrate", "down"]), "");
        let partly = home.done(&["migrate", "status"]);
        assert_eq!(partly.lines().filter(|line| line.starts_with("applied")).count(), steps - 1);
        home.done(&["migrate", "down", "--steps", &(steps - 1).to_string()]);
        assert_eq!(home.done(&["migrate", "status"]), status);
        assert_eq!(tables(&database.url).await, nothing);

        home.done(&["migrate", "up"]);
        assert_eq!(tables(&database.url).await, all);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_gateways_migrate_at_once() {
    for database in empty_databases().await {
        let home = Home::new().with("DATABASE_URL", &*database.url).with("CONCIERGE_AUTH__SECRET", SECRET);
        std::thread::scope(|scope| {
            let running: Vec<_> = (0..3).map(|_| scope.spawn(|| home.run(&["migrate"]))).collect();
            for ran in running {
                let ran = ran.join().unwrap();
                assert_eq!(ran.code, 0, "{}", ran.err);
            }
        });
        assert!(!home.done(&["migrate", "status"]).contains("pending"));
    }
}

#[test]
fn a_database_out_of_reach_is_named_without_its_password() {
    let home = Home::new()
        .with("DATABASE_URL", "postgres://me:hunter2@127.0.0.1:9/concierge")
        .with("CONCIERGE_DATABASE__ACQUIRE_TIMEOUT", "1s");
    let ran = home.run(&["migrate", "status"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("error: the database: "), "{}", ran.err);
    assert!(!ran.err.contains("hunter2"), "{}", ran.err);
}
