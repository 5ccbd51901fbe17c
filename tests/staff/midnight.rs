//! A post is held until the midnight of its last day, where it is held.

use std::time::Duration;

use chrono::TimeDelta;
use concierge::config::Config;
use serde_json::json;

use super::{changed, complaint, post_of, screen, seen, sight_changed, told};
use crate::support::App;

/// Heartbeats come often, as it is with one that a midnight is noticed.
fn lively(config: &mut Config) {
    config.feed.heartbeat_every = Duration::from_millis(50);
}

async fn check(app: &App) {
    // 23:50 in Shanghai.
    app.advance(TimeDelta::hours(13) + TimeDelta::minutes(50));
    let (head, desk, resident) =
        (app.actor("head").await, app.actor("desk").await, app.actor("lin-yi").await);
    let admin = app.actor("admin").await;
    head.act("postEnd", json!({ "id": post_of(app, "desk").await, "toOn": "2026-11-23" }), "").await.done();
    let begins = json!({
        "staffId": app.world.staff("yunshan-desk"), "role": "FRONT_DESK", "communityId": app.world.xinghe, "fromOn": "2026-11-24",
    });
    admin.act("postGrant", begins, "").await.done();
    let next = app.actor("yunshan-desk").await;
    let (mut old, mut new) = (screen(&app.url, &desk).await, screen(&app.url, &next).await);
    app.advance(TimeDelta::minutes(9));
    complaint(&resident, &app.world.a101, "一").await;
    assert_eq!(told(&mut old).await, changed("一"), "the day is not over");
    assert_eq!((seen(&desk).await, seen(&next).await), (json!(["一"]), json!([])));

    app.advance(TimeDelta::minutes(1));
    assert_eq!((told(&mut old).await, told(&mut new).await), (sight_changed(), sight_changed()));
    assert_eq!((seen(&desk).await, seen(&next).await), (json!([]), json!(["一"])));
    complaint(&resident, &app.world.a101, "二").await;
    // The first one may be on its way to them still, and then is judged by what they see now.
    let mut heard = told(&mut new).await;
    if heard == changed("一") {
        heard = told(&mut new).await;
    }
    assert_eq!(heard, changed("二"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    let app = App::with(lively).await;
    check(&app).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    let Some(app) = App::on_postgres_with(lively).await else { return };
    check(&app).await;
    app.stop().await;
}
