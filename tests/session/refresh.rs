use chrono::TimeDelta;
use serde_json::json;

use super::{device, invalid, refresh, refusal, sign_in, who};
use crate::on_both;

const REFUSED: &str = "the refresh token is not valid; sign in again";

on_both! {
    async fn each_refresh_gives_the_next_pair(app) {
        let mut phone = sign_in(app, "lin-yi").await;
        for _ in 0..3 {
            app.advance(TimeDelta::minutes(20));
            let answer = refresh(app, &phone.refresh).await.done();
            let next = device(app, &answer);
            assert_ne!(next.refresh, phone.refresh);
            assert_eq!(who(app, next.actor.token.as_deref().unwrap()).await.0, 200);
            phone = next;
        }
        let used = phone.actor.ask("{ viewer { sessions { createdAt usedAt } } }").await;
        assert_eq!(
            used.at("/data/viewer/sessions"),
            &json!([{ "createdAt": "2026-11-23T02:00:00.000000Z", "usedAt": "2026-11-23T03:00:00.000000Z" }])
        );
    }

    async fn a_spent_token_ends_the_session_and_its_sockets(app) {
        let (thief, other) = (sign_in(app, "lin-yi").await, sign_in(app, "lin-yi").await);
        let mut socket = app.socket(&thief.actor).await;
        let mut others = app.socket(&other.actor).await;
        let owner = device(app, &refresh(app, &thief.refresh).await.done());
        let answer = refresh(app, &thief.refresh).await;
        assert_eq!(answer.at("/userErrors"), &refusal("refreshToken", REFUSED));
        assert_eq!(answer.at("/tokens"), &json!(null));
        assert_eq!(socket.closed().await, (4403, "Session ended".to_owned()));
        let newest = refresh(app, &owner.refresh).await;
        assert_eq!(newest.at("/userErrors"), &refusal("refreshToken", REFUSED), "the whole family has ended");
        for token in [&thief.actor.token, &owner.actor.token] {
            assert_eq!(who(app, token.as_deref().unwrap()).await, invalid());
        }
        refresh(app, &other.refresh).await.done();
        others.send(json!({ "type": "ping" })).await;
        others.expect(json!({ "type": "pong" })).await;
    }

    async fn a_session_lasts_thirty_days_from_its_last_use(app) {
        let phone = sign_in(app, "lin-yi").await;
        app.advance(TimeDelta::days(29));
        let phone = device(app, &refresh(app, &phone.refresh).await.done());
        app.advance(TimeDelta::days(30) - TimeDelta::seconds(1));
        let phone = device(app, &refresh(app, &phone.refresh).await.done());
        app.advance(TimeDelta::days(30));
        assert_eq!(refresh(app, &phone.refresh).await.at("/userErrors"), &refusal("refreshToken", REFUSED));
        let fresh = sign_in(app, "lin-yi").await;
        let sessions = fresh.actor.ask("{ viewer { sessions { current } } }").await;
        assert_eq!(sessions.at("/data/viewer/sessions"), &json!([{ "current": true }]));
    }

    async fn what_is_no_refresh_token_is_refused(app) {
        let phone = sign_in(app, "lin-yi").await;
        let access = phone.actor.token.clone().unwrap();
        let cut = phone.refresh[..70].to_owned();
        for token in ["", "\u{0}", "票据", &access, &cut, &format!("{}A", phone.refresh), &"A".repeat(100_000)] {
            assert_eq!(refresh(app, token).await.at("/userErrors"), &refusal("refreshToken", REFUSED));
        }
        refresh(app, &phone.refresh).await.done();
    }

    async fn of_two_refreshes_at_once_one_is_a_theft(app) {
        let phone = sign_in(app, "lin-yi").await;
        let (one, two) = tokio::join!(refresh(app, &phone.refresh), refresh(app, &phone.refresh));
        let mut given: Vec<_> = [one, two].iter().map(|answer| !answer.at("/tokens").is_null()).collect();
        given.sort();
        assert_eq!(given, [false, true]);
    }
}
