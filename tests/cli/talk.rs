//! What the program says of itself.

use super::process::Home;

const COMMANDS: &[&str] =
    &["serve", "migrate", "seed", "schema", "backup", "restore", "account", "token", "config", "completions"];

#[test]
fn help_names_every_command() {
    let home = Home::new();
    let help = home.done(&["--help"]);
    for word in COMMANDS.iter().chain(&["Exit codes"]) {
        assert!(help.contains(word), "{word}: {help}");
    }
    for command in COMMANDS {
        assert!(home.done(&[command, "--help"]).contains("Usage: concierge"), "{command}");
    }
    assert_eq!(home.done(&["--version"]), format!("concierge {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_usage_ends_with_two() {
    let home = Home::new();
    for line in [&["fly"][..], &[], &["serve", "--no-such-flag"], &["token"], &["completions", "no-shell"]] {
        let ran = home.run(line);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{line:?}");
        assert!(ran.err.contains("--help"), "{line:?}: {}", ran.err);
    }
}

#[test]
fn completions_are_printed_for_every_shell() {
    let home = Home::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        assert!(home.done(&["completions", shell]).contains("concierge"), "{shell}");
    }
}

#[test]
fn the_schema_is_the_file_in_the_repository() {
    assert_eq!(Home::new().done(&["schema"]), include_str!("../../schema.graphql"));
}

#[test]
fn settings_are_shown_with_their_origin_and_without_secrets() {
    let home = Home::new()
        .with("CONCIERGE_AUTH__SECRET", "a very secret secret, of 32 bytes or more")
        .with("DATABASE_URL", "postgres://me:hunter2@db.example/concierge")
        .with("CONCIERGE_HTTP__BODY_BYTES", "65536");
    let ran = home.run(&["config", "--data-dir", "/elsewhere"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(!ran.out.contains("hunter2") && !ran.out.contains("very secret"), "{}", ran.out);
    let line = |begins: &str| {
        let found = ran.out.lines().find(|line| line.starts_with(begins));
        let line = found.unwrap_or_else(|| panic!("no {begins} in {}", ran.out));
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("secret ="), "secret = \"***\" # CONCIERGE_AUTH__SECRET");
    assert_eq!(line("url ="), "url = \"postgres://me:***@db.example/concierge\" # DATABASE_URL");
    assert_eq!(line("body_bytes ="), "body_bytes = 65536 # CONCIERGE_HTTP__BODY_BYTES");
    assert_eq!(line("data_dir ="), "data_dir = \"/elsewhere\" # --data-dir");
    assert_eq!(line("listen ="), "listen = \"127.0.0.1:8080\" # default");
    toml::from_str::<toml::Table>(&ran.out).unwrap();
}

#[test]
fn settings_that_cannot_be_are_all_named() {
    let home = Home::new().with("CONCIERGE_HTTP__BODY_BITES", "1").with("CONCIERGE_AUTH__SECRET", "short");
    let ran = home.run(&["config"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("CONCIERGE_HTTP__BODY_BITES"), "{}", ran.err);
    let home = Home::new().with("CONCIERGE_AUTH__SECRET", "hush").with("CONCIERGE_FEED__BATCH", "0");
    let ran = home.run(&["serve"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("auth.secret (from CONCIERGE_AUTH__SECRET): has 4 bytes"), "{}", ran.err);
    assert!(ran.err.contains("feed.batch (from CONCIERGE_FEED__BATCH)"), "{}", ran.err);
    assert!(!ran.err.contains("hush"), "{}", ran.err);
}
