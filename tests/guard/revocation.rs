//! What ends a session at one gateway closes its sockets at another: it is told by the feed, within the second of its poll
//! should the bell be missed.

use serde_json::json;

use crate::support::App;
use crate::support::world::PASSWORD;
use crate::support::ws::Ws;

const ENDED: (u16, &str) = (4403, "Session ended");

async fn closed(socket: &mut Ws) -> (u16, String) {
    socket.closed().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_closes_sockets_elsewhere() {
    let Some(app) = App::on_postgres().await else { return };
    let (second, url) = app.second().await;
    let (phone, tablet) = (app.actor("lin-yi").await, app.actor("lin-yi").await);
    let mut here = Ws::ready(&url, phone.token.as_deref()).await;
    let mut other = Ws::ready(&url, tablet.token.as_deref()).await;
    here.subscribe("1", "subscription { myTicketsChanged { __typename } }").await;
    here.data("1").await;
    phone.act("sessionEnd", json!({}), "").await.done();
    assert_eq!(closed(&mut here).await, (ENDED.0, ENDED.1.to_owned()));
    other.send(json!({ "type": "ping" })).await;
    other.expect(json!({ "type": "pong" })).await;
    second.stop().await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_password_closes_the_sockets_of_other_devices_elsewhere() {
    let Some(app) = App::on_postgres().await else { return };
    let (second, url) = app.second().await;
    let (phone, tablet) = (app.actor("lin-yi").await, app.actor("lin-yi").await);
    let mut lost = Ws::ready(&url, phone.token.as_deref()).await;
    let mut own = Ws::ready(&url, tablet.token.as_deref()).await;
    let input = json!({ "presentPassword": PASSWORD, "newPassword": "a better one" });
    tablet.act("accountChangePassword", input, "").await.done();
    assert_eq!(closed(&mut lost).await, (ENDED.0, ENDED.1.to_owned()));
    own.send(json!({ "type": "ping" })).await;
    own.expect(json!({ "type": "pong" })).await;
    second.stop().await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_leaves_is_out_elsewhere_too() {
    let Some(app) = App::on_postgres().await else { return };
    let (second, url) = app.second().await;
    let worker = app.actor("quality").await;
    let mut socket = Ws::ready(&url, worker.token.as_deref()).await;
    let id = app.world.staff("quality");
    let version = app
        .actor("admin")
        .await
        .ask_with("query($id: ID!) { node(id: $id) { ... on Staff { version } } }", json!({ "id": id }))
        .await;
    let input = json!({ "id": id, "expectedVersion": version.at("/data/node/version") });
    app.actor("admin").await.act("staffClose", input, "").await.done();
    assert_eq!(closed(&mut socket).await, (ENDED.0, ENDED.1.to_owned()));
    let there = worker.at(&url).ask("{ viewer { login } }").await;
    assert_eq!(there.error(), "UNAUTHENTICATED");
    second.stop().await;
    app.stop().await;
}
