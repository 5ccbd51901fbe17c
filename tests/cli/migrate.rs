//! The schema of the database, up and down.

use sea_orm::ConnectionTrait;

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
        // The migrator's own table stays.
        let left: Vec<_> = tables(&database.url).await;
        assert!(nothing.is_empty() && left.iter().all(|line| line.contains("seaql_migrations")), "{left:?}");

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

async fn told(url: &str, statements: &[&str]) {
    let connection = sea_orm::Database::connect(url).await.unwrap();
    for sql in statements {
        connection.execute_unprepared(sql).await.unwrap();
    }
    connection.close().await.unwrap();
}

/// As the next release will do it: expand first.
const NEXT_RELEASE: &[&str] = &[
    "ALTER TABLE community ADD COLUMN slogan text",
    "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20990101_000001_slogan', 0)",
    "INSERT INTO schema_release (number, applied_at) SELECT MAX(number) + 1, MAX(applied_at) FROM schema_release",
];

/// And as the one after it will.
const RELEASE_AFTER: &[&str] = &[
    "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20990201_000001_anthem', 0)",
    "INSERT INTO schema_release (number, applied_at) SELECT MAX(number) + 1, MAX(applied_at) FROM schema_release",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_release_serves_beside_the_next_one_and_refuses_what_is_further_ahead() {
    for database in empty_databases().await {
        let home = Home::new().with("DATABASE_URL", &*database.url).with("CONCIERGE_AUTH__SECRET", SECRET);
        home.done(&["account", "create", "--admin", "--login", "me"]);
        told(&database.url, NEXT_RELEASE).await;

        let gateway = home.serve();
        let mut admin = crate::support::Actor::nobody(&gateway.url, &reqwest::Client::new());
        admin.token = Some(home.done(&["token", "--login", "me"]).trim_end().to_owned());
        let create = r#"mutation { communityCreate(input: { code: "XH", name: "星河·国际", timeZone: "Asia/Shanghai" })
            { community { name } userErrors { code } } }"#;
        assert_eq!(admin.ask(create).await.at("/data/communityCreate/community/name"), "星河·国际");
        let (code, log) = gateway.terminate();
        assert_eq!(code, Some(0), "{log}");
        assert!(log.contains("one schema release ahead of this program"), "{log}");
        let status = home.done(&["migrate", "status"]);
        assert!(status.ends_with("unknown  m20990101_000001_slogan\n"), "{status}");
        let ran = home.run(&["migrate", "down"]);
        assert_eq!(ran.code, 1, "what it does not know it does not take back");

        told(&database.url, RELEASE_AFTER).await;
        let before = tables(&database.url).await;
        for command in [&["serve"][..], &["migrate"], &["token", "--login", "me"], &["migrate", "down"]] {
            let ran = home.run(command);
            assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{command:?}: {}", ran.err);
            let said = "it does not know m20990101_000001_slogan, m20990201_000001_anthem. Start the program";
            assert!(ran.err.contains(said), "{command:?}: {}", ran.err);
        }
        assert_eq!(tables(&database.url).await, before);
    }
}
