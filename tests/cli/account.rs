//! Accounts made and reset by who runs the program, and tokens for scripts.

use serde_json::{Value, json};

use super::process::{Home, Ran};
use super::{SECRET, empty_databases};
use crate::support::Actor;

const CREATE: [&str; 5] = ["account", "create", "--admin", "--login", "me"];

/// The password that was printed, under its login.
fn printed(ran: &Ran) -> String {
    assert_eq!(ran.code, 0, "{}", ran.err);
    let password =
        ran.out.strip_prefix("login:    me\npassword: ").unwrap().trim_end_matches('\n').to_owned();
    assert_eq!(password.len(), 19, "four groups of four");
    assert!(!ran.err.contains(&password));
    password
}

async fn signs_in(url: &str, password: &str) -> bool {
    let input = json!({ "login": "me", "password": password });
    let answer = Actor::nobody(url, &reqwest::Client::new())
        .act("sessionCreate", input, "tokens { accessToken }")
        .await;
    !answer.at("/tokens").is_null()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_account_is_made_and_reset() {
    for database in empty_databases().await {
        let home = Home::new().with("DATABASE_URL", &*database.url).with("CONCIERGE_AUTH__SECRET", SECRET);
        let password = printed(&home.run(&CREATE));
        let gateway = home.serve();
        assert!(signs_in(&gateway.url, &password).await);

        let token = home.done(&["token", "--login", "ME"]);
        let mut actor = Actor::nobody(&gateway.url, &reqwest::Client::new());
        actor.token = Some(token.trim_end().to_owned());
        let viewer = actor.ask("{ viewer { login staff { name } posts { role community { id } } } }").await;
        assert_eq!(
            viewer.at("/data/viewer"),
            &json!({
                "login": "me", "staff": { "name": "me" },
                "posts": [{ "role": "ADMIN", "community": null }],
            })
        );

        let reset = printed(&home.run(&["account", "reset", "--login", "me"]));
        assert!(!signs_in(&gateway.url, &password).await);
        assert!(signs_in(&gateway.url, &reset).await);

        let reset = ["account", "reset", "--login", "me", "--password-stdin"];
        let ran = home.run_with(&reset, "correct horse\nnot read\n");
        assert_eq!((ran.code, ran.out.as_str()), (0, "login:    me\n"));
        assert!(!ran.err.contains("correct horse"), "{}", ran.err);
        assert!(signs_in(&gateway.url, "correct horse").await);
        assert_eq!(gateway.terminate().0, Some(0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_ends_sessions_on_a_running_gateway() {
    for database in empty_databases().await {
        let home = Home::new().with("DATABASE_URL", &*database.url).with("CONCIERGE_AUTH__SECRET", SECRET);
        home.done(&CREATE);
        let gateway = home.serve();
        let token = home.done(&["token", "--login", "me"]).trim_end().to_owned();
        let mut socket = crate::support::ws::Ws::ready(&gateway.url, Some(&token)).await;
        home.done(&["account", "reset", "--login", "me"]);
        assert_eq!(socket.closed().await, (4403, "Session ended".to_owned()));
        let mut actor = Actor::nobody(&gateway.url, &reqwest::Client::new());
        actor.token = Some(token);
        assert_eq!(actor.ask("{ viewer { login } }").await.error(), "UNAUTHENTICATED");
    }
}

#[test]
fn what_cannot_be_is_said() {
    let home = Home::new();
    home.done(&CREATE);
    for (line, input, said) in [
        (&CREATE[..], "", "the login \"me\" is taken; choose another"),
        (&["account", "create", "--login", "a b"], "", "\"a b\" cannot be a login"),
        (
            &["account", "create", "--login", "you", "--password-stdin"],
            "short\n",
            "a password has at least 8 characters; this has 5",
        ),
        (
            &["account", "create", "--login", "you", "--password-stdin"],
            "",
            "a password has at least 8 characters; this has 0",
        ),
        (&["account", "reset", "--login", "you"], "", "there is no account with the login \"you\""),
        (&["token", "--login", "you"], "", "there is no account with the login \"you\""),
    ] {
        let ran = home.run_with(line, input);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{line:?}");
        assert!(ran.err.starts_with("error: ") && ran.err.contains(said), "{line:?}: {}", ran.err);
    }
}

#[test]
fn an_account_without_the_flag_is_no_admin() {
    let home = Home::new();
    home.done(&["account", "create", "--login", "ann", "--name", "安"]);
    let gateway = home.serve();
    let token = home.done(&["token", "--login", "ann"]);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let viewer = runtime.block_on(async {
        let mut actor = Actor::nobody(&gateway.url, &reqwest::Client::new());
        actor.token = Some(token.trim_end().to_owned());
        actor.ask("{ viewer { staff { name } posts { role } } }").await
    });
    assert_eq!(
        viewer.at("/data/viewer"),
        &json!({ "staff": { "name": "安" }, "posts": Value::Array(vec![]) })
    );
}
