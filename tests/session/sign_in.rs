use serde_json::json;

use super::{create, refusal, sign_in, who};
use crate::on_both;
use crate::support::App;
use crate::support::world::PASSWORD;

/// The whole answer, as it is on the wire, and how many passwords were hashed for it.
async fn tried(app: &App, login: &str, password: &str) -> (u16, String, u64) {
    let before = app.running.auth.passwords_computed();
    let query = "mutation($login: String!, $password: String!) {
        sessionCreate(input: { login: $login, password: $password }) {
            tokens { accessToken } userErrors { code field message }
        }
    }";
    let body = json!({ "query": query, "variables": { "login": login, "password": password } });
    let response = app.client.post(format!("{}/graphql", app.url)).json(&body).send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.text().await.unwrap(), app.running.auth.passwords_computed() - before)
}

on_both! {
    async fn a_session_is_created(app) {
        let answer = create(app, "lin-yi", PASSWORD).await.done();
        assert_eq!(answer.at("/tokens/expiresAt"), &json!("2026-11-23T02:15:00.000000Z"));
        let token = answer.text("/tokens/accessToken");
        assert_eq!(who(app, &token).await, (200, "lin-yi".to_owned()));
    }

    async fn case_and_spaces_of_a_login_do_not_matter(app) {
        for login in ["LIN-YI", " Lin-Yi ", "lin-yi\t"] {
            create(app, login, PASSWORD).await.done();
        }
        for password in [PASSWORD.to_uppercase(), format!("{PASSWORD} "), format!(" {PASSWORD}")] {
            assert_eq!(create(app, "lin-yi", &password).await.refusal(), "INVALID", "{password:?}");
        }
    }

    async fn a_wrong_password_and_an_unknown_login_look_and_cost_the_same(app) {
        let wrong = tried(app, "lin-yi", "not the password").await;
        assert_eq!(wrong.2, 1);
        let message = "the login or the password is wrong";
        let expected = json!({ "data": { "sessionCreate": {
            "tokens": null,
            "userErrors": [{ "code": "INVALID", "field": ["input", "password"], "message": message }],
        } } });
        assert_eq!(wrong.1, expected.to_string());
        for login in ["nobody-of-this-name", "", "票据", "lin\u{0}yi", &"x".repeat(100_000)] {
            assert_eq!(tried(app, login, "not the password").await, wrong, "{}", login.len());
        }
        assert_eq!(tried(app, "lin-yi", "").await, wrong);
        assert_eq!(tried(app, "lin-yi", &"密".repeat(30_000)).await, wrong);
        assert_eq!(tried(app, "lin-yi", "\u{0}").await, wrong);
    }

    async fn devices_are_listed_newest_first(app) {
        let phone = app.nobody();
        let input = json!({ "login": "lin-yi", "password": PASSWORD, "client": " 手机 " });
        let opened = phone.act("sessionCreate", input, "tokens { accessToken }").await.done();
        app.advance(chrono::TimeDelta::minutes(1));
        let desk = sign_in(app, "lin-yi").await;
        let sessions = "{ viewer { sessions { client createdAt usedAt current } } }";
        let shown = |client: Option<&str>, at, current| {
            json!({ "client": client, "createdAt": at, "usedAt": at, "current": current })
        };
        let (first, second) = ("2026-11-23T02:00:00.000000Z", "2026-11-23T02:01:00.000000Z");
        assert_eq!(
            desk.actor.ask(sessions).await.at("/data/viewer/sessions"),
            &json!([shown(None, second, true), shown(Some("手机"), first, false)])
        );
        let mut phone = phone;
        phone.token = Some(opened.text("/tokens/accessToken"));
        assert_eq!(
            phone.ask(sessions).await.at("/data/viewer/sessions"),
            &json!([shown(None, second, false), shown(Some("手机"), first, true)])
        );
    }

    async fn a_device_is_called_by_a_short_text(app) {
        for (client, message) in [
            ("x".repeat(101), "the text has 101 characters; at most 100 are kept"),
            ("a\u{0}b".to_owned(), "the text holds the control character U+0000; remove it"),
        ] {
            let input = json!({ "login": "lin-yi", "password": PASSWORD, "client": client });
            let answer = app.nobody().act("sessionCreate", input, "tokens { accessToken }").await;
            assert_eq!(answer.at("/userErrors"), &refusal("client", message));
            assert_eq!(answer.at("/tokens"), &json!(null));
        }
    }
}
