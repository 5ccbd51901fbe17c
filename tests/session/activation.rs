use chrono::TimeDelta;
use serde_json::json;

use super::{activate, create, invalid, invite, refusal, sign_in, who};
use crate::on_both;
use crate::support::App;
use crate::support::contents::contents;
use crate::support::world::PASSWORD;

const NEW: &str = "a password of mine";
const WRONG: &str = "the code is not valid; ask the front desk for a new one";

/// A code for 林一, from the desk.
async fn code(app: &App) -> String {
    invite(&app.actor("desk").await, "occupantId", &app.world.lin_yi).await.done().text("/code")
}

on_both! {
    async fn a_code_sets_login_and_password_and_signs_in(app) {
        let before = sign_in(app, "lin-yi").await;
        let mut socket = app.socket(&before.actor).await;
        let answer = activate(app, &code(app).await, "Lin.Yi@Example.com", NEW).await.done();
        assert_eq!(who(app, &answer.text("/tokens/accessToken")).await, (200, "lin.yi@example.com".to_owned()));
        assert_eq!(socket.closed().await.0, 4403, "who had the old password is out");
        assert_eq!(who(app, before.actor.token.as_deref().unwrap()).await, invalid());
        create(app, "lin.yi@example.com", NEW).await.done();
        for (login, password) in [("lin-yi", PASSWORD), ("lin-yi", NEW), ("lin.yi@example.com", PASSWORD)] {
            assert_eq!(create(app, login, password).await.refusal(), "INVALID");
        }
    }

    async fn a_code_is_read_however_it_is_typed(app) {
        let typed: [fn(&str) -> String; 6] = [
            |code| code.to_lowercase(),
            |code| code.replace('-', ""),
            |code| code.replace('-', " "),
            |code| code.chars().map(|c| format!("{c}-")).collect(),
            |code| code.replace('0', "o").replace('1', "l"),
            |code| {
                let full = |c: char| char::from_u32(u32::from(c) + 0xFEE0).unwrap();
                code.chars().map(|c| if c.is_ascii_alphanumeric() { full(c) } else { c }).collect()
            },
        ];
        for written in typed {
            let code = written(&code(app).await);
            activate(app, &code, "lin-yi", NEW).await.done();
        }
    }

    async fn a_code_is_good_once_and_for_seven_days(app) {
        let used = code(app).await;
        activate(app, &used, "lin-yi", NEW).await.done();
        assert_eq!(activate(app, &used, "lin-yi", NEW).await.at("/userErrors"), &refusal("code", WRONG));
        let (void, newest) = (code(app).await, code(app).await);
        assert_eq!(activate(app, &void, "lin-yi", NEW).await.at("/userErrors"), &refusal("code", WRONG));
        app.advance(TimeDelta::days(7) - TimeDelta::seconds(1));
        activate(app, &newest, "lin-yi", NEW).await.done();
        let old = code(app).await;
        app.advance(TimeDelta::days(7));
        assert_eq!(activate(app, &old, "lin-yi", NEW).await.at("/userErrors"), &refusal("code", WRONG));
    }

    async fn what_is_no_code_is_refused(app) {
        for code in ["", "00000-00000", "7KX2M-9QA4", "7KX2M-9QA4U", "\u{0}", "票据", &"0".repeat(100_000)] {
            assert_eq!(activate(app, code, "lin-yi", NEW).await.at("/userErrors"), &refusal("code", WRONG));
        }
        create(app, "lin-yi", PASSWORD).await.done();
    }

    async fn a_slip_does_not_spend_the_code(app) {
        let code = code(app).await;
        let before = contents(app.database_url()).await;
        let slips = [
            ("x", NEW, "login", "\"x\" cannot be a login; use 2 to 64 letters, digits or any of . - _ @ +"),
            ("lin yi", NEW, "login", "\"lin yi\" cannot be a login; use 2 to 64 letters, digits or any of . - _ @ +"),
            ("", NEW, "login", "a text is needed here; this one is empty"),
            ("lin-yi", "short", "password", "a password has at least 8 characters; this has 5"),
            ("lin-yi-lin-yi", "Lin-Yi-Lin-Yi", "password", "the password must differ from the sign-in name"),
        ];
        for (login, password, field, message) in slips {
            assert_eq!(activate(app, &code, login, password).await.at("/userErrors"), &refusal(field, message));
        }
        let long = json!({ "code": code, "login": "lin-yi", "password": NEW, "client": "x".repeat(101) });
        let refused = app.nobody().act("accountActivate", long, "tokens { accessToken }").await;
        assert_eq!(
            refused.at("/userErrors"),
            &refusal("client", "the text has 101 characters; at most 100 are kept")
        );
        let taken = activate(app, &code, "LIN-ER", NEW).await;
        assert_eq!(
            taken.at("/userErrors"),
            &json!([{
                "__typename": "Duplicate", "code": "DUPLICATE", "field": ["input", "login"],
                "message": "the login \"lin-er\" is taken; choose another",
            }])
        );
        assert_eq!(contents(app.database_url()).await, before);
        activate(app, &code, "lin-yi", NEW).await.done();
    }

    async fn of_two_who_use_a_code_at_once_one_is_in(app) {
        let code = code(app).await;
        let (one, two) = tokio::join!(activate(app, &code, "one-lin", NEW), activate(app, &code, "two-lin", NEW));
        let mut given: Vec<_> = [one, two].iter().map(|answer| !answer.at("/tokens").is_null()).collect();
        given.sort();
        assert_eq!(given, [false, true]);
    }
}
