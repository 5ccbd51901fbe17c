use serde_json::json;

use super::{list, quiet, settle};
use crate::support::picture::PDF;
use crate::support::{Actor, App};

/// The list, what is selected of each of its rows, and how many statements that adds to the list's own.
const LISTS: [(&str, &str, u64); 25] = [
    ("communities", "name clockTargets { priority }", 0),
    ("buildings", "name", 0),
    ("buildings", "community { name }", 1),
    ("buildings", "entrances { name }", 1),
    ("buildings", "entrances { name building { name } }", 2),
    ("buildings", "assistants { name title }", 1),
    ("buildings", "units { nodes { number } }", 1),
    ("buildings", "units(last: 1) { totalCount nodes { number } }", 2),
    ("buildings", "few: units(first: 1) { nodes { number } } all: units { nodes { number } }", 2),
    ("buildings", "units { nodes { occupancies { kind occupant { name phone } } } }", 4),
    ("units", "community { name } building { name } entrance { name }", 3),
    ("facilities", "name community { name } building { name }", 2),
    ("units", "occupancies { kind }", 1),
    ("units", "documents { id }", 1),
    ("occupants", "documents { id files { id } }", 2),
    ("documents", "title note", 0),
    ("documents", "files { url }", 1),
    ("documents", "community { name } unit { number } occupant { name } filedBy { name }", 4),
    ("documents", "readings { id } more: readings(last: 50) { id }", 2),
    ("units", "occupancies { unit { number } occupant { name } }", 3),
    ("occupants", "name", 0),
    ("occupants", "community { name }", 1),
    ("occupants", "occupancies { kind }", 1),
    ("occupants", "occupancies { unit { building { name } } }", 3),
    ("occupants", "phone", 1),
];

/// More places and people, which stand first in their lists.
async fn fill(app: &App, supervisor: &Actor) {
    for place in 0..12 {
        let input =
            json!({ "communityId": app.world.xinghe, "name": format!("{place:03}"), "kind": "MIXED" });
        let building =
            supervisor.act("buildingCreate", input, "building { id }").await.done().text("/building/id");
        let input = json!({ "buildingId": building, "kind": "SHARED", "name": format!("{place:03}") });
        supervisor.act("facilityCreate", input, "").await.done();
        let input = json!({ "buildingId": building, "name": "1" });
        let entrance =
            supervisor.act("entranceCreate", input, "entrance { id }").await.done().text("/entrance/id");
        let input = json!({ "entranceId": entrance, "number": format!("{place:03}"), "usage": "SHOP" });
        let unit = supervisor.act("unitCreate", input, "unit { id }").await.done().text("/unit/id");
        let name = format!("{place:03}");
        let input = json!({ "communityId": app.world.xinghe, "kind": "PERSON", "name": name, "phone": "13800000000" });
        let occupant =
            supervisor.act("occupantCreate", input, "occupant { id }").await.done().text("/occupant/id");
        let input =
            json!({ "unitId": unit, "occupantId": occupant, "kind": "OWNER", "fromOn": "2026-11-01" });
        supervisor.act("occupancyMoveIn", input, "").await.done();
        let input = json!({ "unitId": unit, "occupantId": occupant, "category": "OTHER", "title": "x", "files": [null] });
        supervisor.act_with("documentFile", input, &[("files.0", "a.pdf", PDF)], "").await.done();
    }
}

async fn check_list(app: &App, viewer: &Actor, name: &str, fields: &str, first: usize, expected: u64) {
    let query = format!("{{ {name}(first: {first}) {{ nodes {{ {fields} }} }} }}");
    let (rows, spent) = list(app, viewer, &format!("/data/{name}/nodes"), &query, expected).await;
    assert!(rows == first || name == "communities", "{rows} of {first} {name}");
    assert_eq!(spent, expected, "{fields}, of {first} {name}");
}

async fn check(app: &App) {
    let (supervisor, worker) = (app.actor("supervisor").await, app.actor("worker").await);
    fill(app, &supervisor).await;
    settle(app).await;
    for (name, fields, expected) in LISTS {
        for first in [1, 12] {
            check_list(app, &supervisor, name, fields, first, 1 + expected).await;
        }
    }
    // Who does not see the numbers anyway is asked for their work orders too.
    for first in [1, 12] {
        check_list(app, &worker, "occupants", "phone", first, 3).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    let app = App::with(quiet).await;
    check(&app).await;
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    let Some(app) = App::on_postgres_with(quiet).await else { return };
    check(&app).await;
    app.stop().await;
}
