use serde_json::json;

use super::{create, invalid, refresh, refusal, sign_in, who};
use crate::on_both;
use crate::support::world::PASSWORD;
use crate::support::{Actor, Answer};

async fn change(actor: &Actor, present: &str, new: &str) -> Answer {
    let input = json!({ "presentPassword": present, "newPassword": new });
    actor.act("accountChangePassword", input, "done").await
}

on_both! {
    async fn a_new_password_ends_the_other_sessions(app) {
        let (phone, desk) = (sign_in(app, "lin-yi").await, sign_in(app, "lin-yi").await);
        let household = sign_in(app, "lin-er").await;
        let mut socket = app.socket(&phone.actor).await;
        let mut own = app.socket(&desk.actor).await;
        assert_eq!(change(&desk.actor, PASSWORD, "a better one").await.done().at("/done"), &json!(true));
        assert_eq!(socket.closed().await.0, 4403);
        assert_eq!(who(app, phone.actor.token.as_deref().unwrap()).await, invalid());
        assert_eq!(refresh(app, &phone.refresh).await.refusal(), "INVALID");
        assert_eq!(who(app, desk.actor.token.as_deref().unwrap()).await.0, 200);
        assert_eq!(who(app, household.actor.token.as_deref().unwrap()).await.0, 200);
        own.send(json!({ "type": "ping" })).await;
        own.expect(json!({ "type": "pong" })).await;
        refresh(app, &desk.refresh).await.done();
        assert_eq!(create(app, "lin-yi", PASSWORD).await.refusal(), "INVALID");
        create(app, "lin-yi", "a better one").await.done();
    }

    async fn the_present_password_is_asked(app) {
        let phone = sign_in(app, "lin-yi").await;
        for present in ["", "wrong", &PASSWORD.to_uppercase()] {
            let refused = change(&phone.actor, present, "a better one").await;
            assert_eq!(refused.at("/userErrors"), &refusal("presentPassword", "the present password is wrong"));
            assert_eq!(refused.at("/done"), &json!(false));
        }
        create(app, "lin-yi", PASSWORD).await.done();
    }

    async fn a_password_keeps_the_rules(app) {
        let phone = sign_in(app, "wang-lin").await;
        for (new, message) in [
            (String::new(), "a password has at least 8 characters; this has 0"),
            ("七个汉字不够长".to_owned(), "a password has at least 8 characters; this has 7"),
            ("x".repeat(129), "a password has at most 128 characters; this has 129"),
            ("nul\u{0}nul\u{0}nul".to_owned(), "a password holds no NUL character"),
            ("Wang-Lin".to_owned(), "the password must differ from the sign-in name"),
        ] {
            let refused = change(&phone.actor, PASSWORD, &new).await;
            assert_eq!(refused.at("/userErrors"), &refusal("newPassword", message));
        }
        for new in ["八个汉字正好够用", &"密".repeat(128), " spaces stay "] {
            change(&phone.actor, PASSWORD, new).await.done();
            create(app, "wang-lin", new).await.done();
            change(&phone.actor, new, PASSWORD).await.done();
        }
    }
}
