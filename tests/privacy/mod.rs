//! Personal data: handed out to whom they are of, and erased without a trace.

mod export;
mod person;
mod request;
mod restore;
mod retention;
mod staff;
mod trace;

use concierge::base::Id;
use concierge::domain::privacy::{Erased, Reason, Subject, erase};
use serde_json::json;

use crate::support::App;

pub use person::Person;

/// Erases an occupant as the command line does.
async fn erase_occupant(app: &App, id: &str, dry_run: bool) -> concierge::domain::Result<Erased> {
    let whose = Subject::Occupant(Id::parse(id).unwrap());
    erase(&app.running.domain, whose, Reason::OwnRequest, dry_run).await
}

/// Ends all that keeps an occupant here; from tomorrow on they are gone.
async fn move_out(app: &App, occupancy: &str) {
    let head = app.actor("head").await;
    head.act("occupancyMoveOut", json!({ "id": occupancy, "toOn": "2026-11-23" }), "").await.done();
    app.advance(chrono::TimeDelta::days(1));
}
