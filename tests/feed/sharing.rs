//! What is the same for many is executed once, and only that.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use super::file;
use crate::on_both;
use crate::support::ws::Ws;
use crate::support::{Actor, App};

const PLACE: &str = "subscription { complaintFeed { ... on TicketChanged { ticket { number community { name } building { name } unit { number } } } } }";
const ACTIONS: &str =
    "subscription { complaintFeed { ... on TicketChanged { ticket { number viewerActions } } } }";
const PHONE: &str = "subscription { complaintFeed { ... on TicketChanged { ticket { contactPhone } } } }";

async fn open(actor: &Actor, query: &str) -> Ws {
    let mut ws = Ws::ready(&actor.url, actor.token.as_deref()).await;
    ws.subscribe("1", query).await;
    // Caught up, of which nothing was selected.
    assert_eq!(ws.data("1").await, json!({ "complaintFeed": {} }));
    ws
}

/// How many statements there have been, once nothing is left to be done.
async fn settled(app: &App) -> u64 {
    let (mut statements, mut unchanged) = (0, 0);
    while unchanged < 20 {
        app.nobody().ask("{ serverTime }").await;
        let now = app.running.domain.statements();
        unchanged = if now == statements { unchanged + 1 } else { 0 };
        statements = now;
    }
    statements
}

/// How many statements a complaint costs with these listeners, all of whom are told it.
async fn cost(app: &App, desk: &Actor, screens: &mut [Ws]) -> u64 {
    // The least of a few: at the first time everything that is prepared and remembered gets prepared.
    let mut least = u64::MAX;
    for _ in 0..3 {
        let before = settled(app).await;
        file(desk, "COMPLAINT", ("unitId", &app.world.a101)).await;
        for screen in screens.iter_mut() {
            screen.data("1").await;
        }
        least = least.min(settled(app).await - before);
    }
    least
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_see_the_same_are_told_by_one_execution() {
    let app = App::with(|config| config.feed.poll_every = Duration::from_secs(3600)).await;
    let (desk, mate) = (app.actor("desk").await, app.actor("desk2").await);
    let mut one = vec![open(&desk, PLACE).await];
    let alone = cost(&app, &desk, &mut one).await;
    let mut many = Vec::new();
    for _ in 0..5 {
        many.push(open(&desk, PLACE).await);
        many.push(open(&mate, PLACE).await);
    }
    assert_eq!(cost(&app, &desk, &mut many).await, alone);
    drop((one, many));

    let mut one = vec![open(&desk, ACTIONS).await];
    let alone = cost(&app, &desk, &mut one).await;
    let mut two = vec![open(&desk, ACTIONS).await, open(&mate, ACTIONS).await, open(&mate, ACTIONS).await];
    // The ticket is loaded once more, for the other account.
    assert_eq!(cost(&app, &desk, &mut two).await, alone + 1);
    app.stop().await;
}

on_both! {
    async fn each_gets_their_own_actions(app) {
        let (resident, desk) = (app.actor("lin-yi").await, app.actor("desk").await);
        let mut told = Vec::new();
        let mut screens = Vec::new();
        for login in ["desk", "supervisor", "executive"] {
            screens.push(open(&app.actor(login).await, ACTIONS).await);
        }
        file(&resident, "COMPLAINT", ("unitId", &app.world.a101)).await;
        for screen in &mut screens {
            told.push(screen.data("1").await["complaintFeed"]["ticket"]["viewerActions"].take());
        }
        let seen = desk.ask("{ ticket(number: \"XH-20261123-0001\") { viewerActions } }").await;
        assert_eq!(&told[0], seen.at("/data/ticket/viewerActions"));
        assert!(told[1].as_array().unwrap().contains(&json!("REJECT")), "{told:?}");
        assert_eq!(told[2], json!([]));
    }

    async fn a_phone_is_whole_only_for_who_may_see_it_whole(app) {
        let resident = app.actor("lin-yi").await;
        let (mut desk, mut group) =
            (open(&app.actor("desk").await, PHONE).await, open(&app.actor("group").await, PHONE).await);
        for _ in 0..3 {
            file(&resident, "COMPLAINT", ("unitId", &app.world.a101)).await;
            let masked = json!({ "contactPhone": "138******01" });
            let whole = json!({ "contactPhone": "13800000001" });
            assert_eq!(group.data("1").await["complaintFeed"]["ticket"], masked);
            assert_eq!(desk.data("1").await["complaintFeed"]["ticket"], whole);
        }
    }

    async fn a_complaint_about_somebody_is_not_told_to_them(app) {
        let resident = app.actor("lin-yi").await;
        let (mut desk, mut mate) =
            (open(&app.actor("desk").await, PLACE).await, open(&app.actor("desk2").await, PLACE).await);
        let input = json!({
            "kind": "COMPLAINT", "unitId": app.world.a101, "description": "态度差", "aboutStaffId": app.world.staff("desk2"),
        });
        let about = resident.act("ticketFile", input, "ticket { number }").await.done().text("/ticket/number");
        let next = file(&resident, "COMPLAINT", ("unitId", &app.world.a101)).await;
        let number = |told: Value| told["complaintFeed"]["ticket"]["number"].clone();
        assert_eq!(number(desk.data("1").await), json!(about));
        assert_eq!(number(desk.data("1").await), json!(next.number));
        assert_eq!(number(mate.data("1").await), json!(next.number));
    }
}

/// What is shared among those who see a community is one ticket that all of them see. A field through which another
/// ticket is seen, or counted, depends on the rest of what a viewer sees: `fanout::template` must know it by name.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_way_from_a_feed_to_another_ticket_is_known() {
    let app = App::on_sqlite().await;
    let query = "{ __schema { types { name possibleTypes { name } fields(includeDeprecated: true) { name
        type { name ofType { name ofType { name ofType { name } } } } } } } }";
    let answer = app.nobody().ask(query).await;
    let types = answer.at("/data/__schema/types").as_array().unwrap();
    let mut ways = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut next = vec!["Subscription".to_owned()];
    while let Some(name) = next.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let kind = types.iter().find(|kind| kind["name"] == name).unwrap();
        for possible in kind["possibleTypes"].as_array().into_iter().flatten() {
            next.push(possible["name"].as_str().unwrap().to_owned());
        }
        for field in kind["fields"].as_array().into_iter().flatten() {
            let mut leads_to = &field["type"];
            while !leads_to["ofType"].is_null() {
                leads_to = &leads_to["ofType"];
            }
            let to = leads_to["name"].as_str().unwrap();
            if ["Ticket", "TicketConnection", "TicketCount", "DeskFigures"].contains(&to) {
                ways.insert(format!("{name}.{}", field["name"].as_str().unwrap()));
            }
            next.push(to.to_owned());
        }
    }
    // The first and the last show the ticket that has changed.
    let known = [
        "Subscription.deskChanged",
        "Ticket.mergedInto",
        "Ticket.previous",
        "Ticket.repeatOf",
        "TicketChanged.ticket",
        "WorkOrder.ticket",
    ];
    assert_eq!(ways.iter().map(String::as_str).collect::<Vec<_>>(), known);
    app.stop().await;
}
