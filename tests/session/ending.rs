use serde_json::json;

use super::{invalid, refresh, sign_in, who};
use crate::on_both;
use crate::support::App;
use crate::support::ws::Ws;

const ENDED: u16 = 4403;

on_both! {
    async fn signing_out_ends_the_session_and_its_sockets(app) {
        let (phone, desk) = (sign_in(app, "lin-yi").await, sign_in(app, "lin-yi").await);
        let (mut first, mut second) = (app.socket(&phone.actor).await, app.socket(&phone.actor).await);
        let mut other = app.socket(&desk.actor).await;
        first.subscribe("1", "subscription { myTicketsChanged { __typename } }").await;
        first.data("1").await;
        phone.actor.act("sessionEnd", json!({}), "done").await.done();
        assert_eq!(first.closed().await.0, ENDED);
        assert_eq!(second.closed().await.0, ENDED);
        assert_eq!(who(app, phone.actor.token.as_deref().unwrap()).await, invalid());
        assert_eq!(refresh(app, &phone.refresh).await.refusal(), "INVALID");
        let mut late = Ws::open(&app.url).await;
        late.init(phone.actor.token.as_deref()).await;
        assert_eq!(late.closed().await, (4403, "Forbidden".to_owned()));
        other.send(json!({ "type": "ping" })).await;
        other.expect(json!({ "type": "pong" })).await;
    }

    async fn a_session_is_ended_from_another_device(app) {
        let phone = sign_in(app, "lin-yi").await;
        let id = phone.actor.ask("{ viewer { sessions { id } } }").await.text("/data/viewer/sessions/0/id");
        let desk = sign_in(app, "lin-yi").await;
        let mut socket = app.socket(&phone.actor).await;
        let done = desk.actor.act("sessionEnd", json!({ "id": id }), "done").await.done();
        assert_eq!(done.at("/done"), &json!(true));
        assert_eq!(socket.closed().await.0, ENDED);
        assert_eq!(who(app, phone.actor.token.as_deref().unwrap()).await, invalid());
        assert_eq!(who(app, desk.actor.token.as_deref().unwrap()).await.0, 200);
        let again = desk.actor.act("sessionEnd", json!({ "id": id }), "done").await;
        assert_eq!(again.refusal(), "NOT_FOUND");
        assert_eq!(again.at("/done"), &json!(false));
    }

    async fn a_session_of_somebody_else_is_not_there(app) {
        let (lin_er, admin) = (sign_in(app, "lin-er").await, sign_in(app, "admin").await);
        let id = lin_er.actor.ask("{ viewer { sessions { id } } }").await.text("/data/viewer/sessions/0/id");
        let refused = admin.actor.act("sessionEnd", json!({ "id": id }), "done").await;
        assert_eq!(
            refused.at("/userErrors"),
            &json!([{
                "__typename": "NotFound", "code": "NOT_FOUND", "field": ["input", "id"],
                "message": format!("there is no session {id}"),
            }])
        );
        let unit = app.world.a101.clone();
        for wrong in ["", "x", "session:1", &unit, "session:\u{0}"] {
            let refused = admin.actor.act("sessionEnd", json!({ "id": wrong }), "done").await;
            assert_eq!(refused.refusal(), "INVALID", "{wrong}");
        }
        assert_eq!(who(app, lin_er.actor.token.as_deref().unwrap()).await.0, 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_reaches_the_sockets_of_another_gateway() {
    let Some(app) = App::on_postgres().await else { return };
    let (second, url) = app.second().await;
    let phone = sign_in(&app, "lin-yi").await;
    let mut socket = Ws::ready(&url, phone.actor.token.as_deref()).await;
    phone.actor.act("sessionEnd", json!({}), "done").await.done();
    assert_eq!(socket.closed().await.0, ENDED);
    let there = phone.actor.at(&url).ask("{ viewer { login } }").await;
    assert_eq!(there.error(), "UNAUTHENTICATED");
    second.stop().await;
    app.stop().await;
}
