use clap::error::ErrorKind;

use super::*;

fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(line.split_whitespace())
}

fn command(line: &str) -> Command {
    parse(line).unwrap().command
}

#[test]
fn the_definition_holds_together() {
    Cli::command().debug_assert();
}

#[test]
fn every_command_is_understood() {
    let made = PasswordFrom { stdin: false };
    for (line, expected) in [
        ("concierge serve", Command::Serve(Serve::default())),
        (
            "concierge serve --demo --listen 0.0.0.0:80",
            Command::Serve(Serve {
                demo: true,
                listen: Some(([0, 0, 0, 0], 80).into()),
                trusted_only: false,
            }),
        ),
        ("concierge migrate", Command::Migrate { direction: None }),
        (
            "concierge migrate down --steps 2",
            Command::Migrate { direction: Some(Migrate::Down { steps: 2 }) },
        ),
        ("concierge migrate status", Command::Migrate { direction: Some(Migrate::Status) }),
        ("concierge seed", Command::Seed(Seed { days: 365, seed: 1 })),
        ("concierge seed --days 10 --seed 7", Command::Seed(Seed { days: 10, seed: 7 })),
        ("concierge schema", Command::Schema),
        (
            "concierge account create --admin --login ann --name 安 --password-stdin",
            Command::Account(Account::Create {
                admin: true,
                login: "ann".into(),
                name: Some("安".into()),
                password: PasswordFrom { stdin: true },
            }),
        ),
        (
            "concierge account reset --login ann",
            Command::Account(Account::Reset { login: "ann".into(), password: made }),
        ),
        ("concierge token --login ann", Command::Token { login: "ann".into() }),
        ("concierge config", Command::Config),
        ("concierge completions zsh", Command::Completions { shell: Shell::Zsh }),
    ] {
        assert_eq!(command(line), expected, "{line}");
    }
}

#[test]
fn wrong_usage_ends_with_two_and_help_with_none() {
    for line in [
        "concierge",
        "concierge fly",
        "concierge token",
        "concierge migrate down --steps 0",
        "concierge serve --listen here",
    ] {
        assert_eq!(parse(line).unwrap_err().exit_code(), i32::from(exit::USAGE), "{line}");
    }
    let help = parse("concierge --help").unwrap_err();
    assert_eq!((help.kind(), help.exit_code()), (ErrorKind::DisplayHelp, 0));
    assert!(help.to_string().contains("Exit codes: 0 done, 1 it failed, 2 wrong usage or settings."));
}

#[test]
fn a_flag_sets_its_knob_before_and_after_the_command() {
    let flags =
        parse("concierge --data-dir /d serve --listen [::1]:9 --database-url sqlite://x").unwrap().flags();
    let flags: Vec<_> = flags.iter().map(|flag| (flag.name, flag.key, flag.value.as_str())).collect();
    assert_eq!(
        flags,
        [
            ("--database-url", "database.url", "sqlite://x"),
            ("--data-dir", "data_dir", "/d"),
            ("--listen", "listen", "[::1]:9"),
        ]
    );
}

#[test]
fn completions_name_the_commands() {
    for shell in [Shell::Bash, Shell::Elvish, Shell::Fish, Shell::PowerShell, Shell::Zsh] {
        let mut script = Vec::new();
        write_completions(shell, &mut script).unwrap();
        let script = String::from_utf8(script).unwrap();
        assert!(script.contains("migrate") && script.contains("completions"), "{shell}");
    }
}
