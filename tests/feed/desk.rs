//! The front desk's figures.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{act, assign, file};
use crate::on_both;
use crate::support::ws::Ws;
use crate::support::{Actor, App};

async fn open(actor: &Actor) -> Ws {
    let mut ws = Ws::ready(&actor.url, actor.token.as_deref()).await;
    ws.subscribe("1", "subscription { deskChanged { waiting unassigned dueSoon overdue } }").await;
    ws
}

async fn figures(ws: &mut Ws) -> Value {
    let figures = ws.data("1").await["deskChanged"].take();
    json!([figures["waiting"], figures["unassigned"], figures["dueSoon"], figures["overdue"]])
}

on_both! {
    async fn figures_come_at_once_and_with_every_change(app) {
        let (desk, far) = (app.actor("desk").await, app.actor("yunshan-desk").await);
        let mut screen = open(&desk).await;
        let mut other = open(&far).await;
        assert_eq!(figures(&mut screen).await, json!([0, 0, 0, 0]));
        assert_eq!(figures(&mut other).await, json!([0, 0, 0, 0]));
        let ticket = file(&desk, "COMPLAINT", ("unitId", &app.world.a101)).await;
        assert_eq!(figures(&mut screen).await, json!([1, 1, 0, 0]));
        file(&desk, "REPAIR", ("unitId", &app.world.a101)).await;
        assert_eq!(figures(&mut screen).await, json!([2, 2, 0, 0]));
        act(&desk, "ticketAcknowledge", &ticket).await;
        assert_eq!(figures(&mut screen).await, json!([1, 2, 0, 0]));
        assign(&desk, &ticket, &app.world.staff("supervisor")).await;
        assert_eq!(figures(&mut screen).await, json!([1, 1, 0, 0]));
        // The other community's desk counts none of it.
        file(&far, "COMPLAINT", ("unitId", &app.world.c101)).await;
        assert_eq!(figures(&mut other).await, json!([1, 1, 0, 0]));
        assert_eq!(figures(&mut open(&desk).await).await, json!([1, 1, 0, 0]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn time_alone_makes_due_soon_and_overdue() {
    let app = App::with(|config| {
        config.feed.heartbeat_every = Duration::from_millis(100);
        config.auth.access_token_ttl = Duration::from_secs(30 * 24 * 60 * 60);
    })
    .await;
    let desk = app.actor("desk").await;
    let mut screen = open(&desk).await;
    file(&desk, "COMPLAINT", ("unitId", &app.world.a101)).await;
    while figures(&mut screen).await != json!([1, 1, 0, 0]) {}
    for (further, figure) in [(TimeDelta::minutes(200), [1, 1, 1, 0]), (TimeDelta::days(10), [1, 1, 0, 1])] {
        app.advance(further);
        while figures(&mut screen).await != json!(figure) {}
    }
    app.stop().await;
}
