//! What one gateway changes, sockets at another one feel.

use serde_json::json;

use super::{changed, complaint, post_of, screen, seen, sight_changed, told};
use crate::support::App;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rights_granted_and_taken_at_one_gateway_change_at_the_other() {
    let Some(app) = App::on_postgres().await else { return };
    let (second, url) = app.second().await;
    let (head, admin) = (app.actor("head").await, app.actor("admin").await);
    let (resident, elsewhere) = (app.actor("lin-yi").await, app.actor("zhao-yuan").await);
    let there = app.actor("yunshan-desk").await.at(&url);
    assert_eq!(seen(&there).await, json!([]));
    let mut desk = screen(&url, &there).await;
    let input = json!({
        "staffId": app.world.staff("yunshan-desk"), "role": "SUPERVISOR", "communityId": app.world.xinghe, "fromOn": "2026-11-01",
    });
    let post = admin.act("postGrant", input, "post { id }").await.done().text("/post/id");
    assert_eq!(told(&mut desk).await, sight_changed());
    complaint(&resident, &app.world.a101, "一").await;
    assert_eq!(told(&mut desk).await, changed("一"));
    assert_eq!(seen(&there).await, json!(["一"]));

    let assistant = app.actor("assistant").await.at(&url);
    let mut patrol = screen(&url, &assistant).await;
    let end = json!({ "id": post_of(&app, "assistant").await, "toOn": "2026-11-22" });
    head.act("postEnd", end, "").await.done();
    assert_eq!(told(&mut patrol).await, sight_changed());
    assert_eq!(seen(&assistant).await, json!([]));

    head.act("postEnd", json!({ "id": post, "toOn": "2026-11-22" }), "").await.done();
    assert_eq!(told(&mut desk).await, sight_changed());
    assert_eq!(seen(&there).await, json!([]));
    complaint(&resident, &app.world.a101, "二").await;
    complaint(&elsewhere, &app.world.c101, "三").await;
    assert_eq!(told(&mut desk).await, changed("三"));
    second.stop().await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_building_in_charge_changes_at_the_other_gateway() {
    let Some(app) = App::on_postgres().await else { return };
    let (second, url) = app.second().await;
    let supervisor = app.actor("supervisor").await;
    let tenant = app.actor("chen-zu").await;
    let assistant = app.actor("assistant").await.at(&url);
    let mut patrol = screen(&url, &assistant).await;
    let input = json!({ "staffId": app.world.staff("assistant"), "buildingId": app.world.b });
    let made = supervisor.act("chargeGrant", input, "charge { id }").await.done();
    assert_eq!(told(&mut patrol).await, sight_changed());
    complaint(&tenant, &app.world.b201, "一").await;
    assert_eq!(told(&mut patrol).await, changed("一"));
    supervisor.act("chargeEnd", made.at("/charge").clone(), "").await.done();
    assert_eq!(told(&mut patrol).await, sight_changed());
    assert_eq!(seen(&assistant).await, json!([]));
    second.stop().await;
    app.stop().await;
}
