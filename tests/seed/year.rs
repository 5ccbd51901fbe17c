//! A year of the demo estate has the shape of a real one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Timelike};
use concierge::seed::{Life, PASSWORD};
use serde_json::{Value, json};

use super::{all, planted};
use crate::support::{Actor, App};

/// When a ticket was raised, as it is counted on the estate.
fn raised(ticket: &Value) -> DateTime<FixedOffset> {
    let at = DateTime::parse_from_rfc3339(ticket["createdAt"].as_str().unwrap()).unwrap();
    at.with_timezone(&FixedOffset::east_opt(8 * 3_600).unwrap())
}

fn values(rows: &[Value], pointer: &str) -> BTreeSet<String> {
    rows.iter().filter_map(|row| row.pointer(pointer)?.as_str()).map(str::to_owned).collect()
}

fn texts(of: &[&str]) -> BTreeSet<String> {
    of.iter().map(|text| (*text).to_owned()).collect()
}

fn share(rows: &[&Value], has: impl Fn(&Value) -> bool) -> f64 {
    rows.iter().filter(|row| has(row)).count() as f64 / rows.len() as f64
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_year_has_the_patterns_of_real_life() {
    let app = App::empty(false).await.unwrap();
    planted(&app, Life::YEAR).await.unwrap();
    let group = app.actor_with("group", PASSWORD).await;
    everybody_is_there(&group).await;
    let fields =
        "kind status description place rating createdAt channel escalationLevel reopenCount repeatOf { id }
        category { code } unit { usage } aboutStaff { id } workOrders { appointmentOutcome }";
    let tickets = all(&group, "tickets", fields).await;
    assert!(tickets.len() > 500, "{}", tickets.len());
    everything_happens(&tickets);
    days_and_seasons_differ(&tickets);
    the_lift_keeps_failing(&tickets);
    most_are_content(&tickets);
    rounds_are_walked(&app, &group).await;
    app.stop().await;
}

async fn everybody_is_there(group: &Actor) {
    let communities = all(group, "communities", "id name").await;
    assert_eq!(values(&communities, "/name"), texts(&["星河·国际", "星河·国际东苑", "星河·国际南苑"]));
    let staff = all(group, "staffMembers", "posts { role }").await;
    let posts = staff.iter().flat_map(|one| one["posts"].as_array().unwrap().clone()).collect::<Vec<_>>();
    let roles = [
        "FRONT_DESK",
        "WORKER",
        "ASSISTANT",
        "SUPERVISOR",
        "CENTER_SUPERVISOR",
        "SERVICE_MANAGER",
        "PROJECT_HEAD",
        "GROUP_SERVICE",
        "QUALITY_OFFICE",
        "EXECUTIVE",
        "PERSONNEL",
        "ADMIN",
    ];
    assert_eq!(values(&posts, "/role"), texts(&roles));
    let units = all(group, "units", "usage").await;
    assert_eq!(values(&units, "/usage"), texts(&["RESIDENCE", "OFFICE", "SHOP", "STALL"]));
}

fn everything_happens(tickets: &[Value]) {
    let kinds = texts(&["COMPLAINT", "REPAIR", "SERVICE", "ENQUIRY", "SUGGESTION"]);
    assert_eq!(values(tickets, "/kind"), kinds);
    let statuses = texts(&[
        "NEW",
        "ASSIGNED",
        "IN_PROGRESS",
        "ON_HOLD",
        "RESOLVED",
        "CLOSED",
        "REJECTED",
        "CANCELLED",
        "MERGED",
    ]);
    assert!(values(tickets, "/status").is_superset(&statuses), "{:?}", values(tickets, "/status"));
    assert_eq!(values(tickets, "/channel"), texts(&["APP", "PHONE", "COUNTER", "PATROL"]));
    assert_eq!(values(tickets, "/unit/usage"), texts(&["RESIDENCE", "OFFICE", "SHOP", "STALL"]));
    let count = |has: &dyn Fn(&Value) -> bool| tickets.iter().filter(|one| has(one)).count();
    assert!(count(&|one| one["escalationLevel"].as_i64() > Some(0)) > 10);
    assert!(count(&|one| one["reopenCount"].as_i64() > Some(0)) > 5);
    assert!(count(&|one| !one["repeatOf"].is_null()) > 5);
    assert!(count(&|one| !one["aboutStaff"].is_null()) > 2);
    let outcomes =
        tickets.iter().flat_map(|one| one["workOrders"].as_array().unwrap()).cloned().collect::<Vec<_>>();
    assert_eq!(values(&outcomes, "/appointmentOutcome"), texts(&["KEPT", "MISSED"]));
    let waiting = |one: &Value| one["kind"] == "COMPLAINT" && one["status"] == "NEW";
    assert!(count(&waiting) >= 3, "somebody waits at each desk");
    assert!(
        !tickets.iter().any(|one| one["description"].as_str().unwrap().contains(['{', '}'])),
        "all places are filled"
    );
}

fn days_and_seasons_differ(tickets: &[Value]) {
    let homes = tickets.iter().filter(|one| one["unit"]["usage"] == "RESIDENCE").collect::<Vec<_>>();
    let evening = share(&homes, |one| (18..22).contains(&raised(one).hour()));
    assert!(evening > 0.28, "four hours of twenty-four bring {evening}");
    let mut days: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    for leak in tickets.iter().filter(|one| one["category"]["code"] == "WATER") {
        *days.entry(raised(leak).date_naive()).or_default() += 1;
    }
    let wettest = days.values().max().unwrap();
    assert!(*wettest >= 9, "a rainstorm brings many leaks on one day, and the most were {wettest}");
    let cooling = tickets.iter().filter(|one| one["category"]["code"] == "AIRCON").collect::<Vec<_>>();
    assert!(share(&cooling, |one| (5..=9).contains(&raised(one).month())) > 0.7);
    let heating = tickets.iter().filter(|one| one["category"]["code"] == "HEATING").collect::<Vec<_>>();
    assert!(share(&heating, |one| matches!(raised(one).month(), 11 | 12 | 1..=3)) > 0.7);
}

fn the_lift_keeps_failing(tickets: &[Value]) {
    let stops = tickets.iter().filter(|one| one["place"] == "2栋1单元客梯").collect::<Vec<_>>();
    let days = stops.iter().map(|one| raised(one).date_naive()).collect::<BTreeSet<_>>();
    assert!(days.len() >= 10, "{days:?}");
    assert!(stops.iter().any(|one| one["status"] == "MERGED"), "several say it");
    assert!(stops.iter().any(|one| !one["repeatOf"].is_null()), "and again");
}

fn most_are_content(tickets: &[Value]) {
    let rated = tickets.iter().filter(|one| !one["rating"].is_null()).collect::<Vec<_>>();
    assert!(rated.len() > 200, "{}", rated.len());
    let content = share(&rated, |one| one["rating"].as_i64() >= Some(4));
    assert!((0.96..1.0).contains(&content), "{content}");
    let complaints = tickets.iter().filter(|one| one["kind"] == "COMPLAINT");
    let asked = complaints
        .filter(|one| one["status"] != "CANCELLED" && one["status"] != "MERGED")
        .collect::<Vec<_>>();
    let handled =
        share(&asked, |one| ["RESOLVED", "CLOSED", "REJECTED"].iter().any(|end| one["status"] == *end));
    assert!(handled > 0.9, "{handled}");
}

async fn rounds_are_walked(app: &App, group: &Actor) {
    let query = "query($id: ID!, $day: Date!) { patrolCompliance(communityId: $id, weekOf: $day, weeks: 50) { owed done } }";
    let supervisor = app.actor_with("supervisor", PASSWORD).await;
    let xinghe = supervisor
        .ask("{ communities(first: 1) { nodes { id } } }")
        .await
        .text("/data/communities/nodes/0/id");
    let told = supervisor.ask_with(query, json!({ "id": xinghe, "day": "2025-12-01" })).await;
    let weeks = told.at("/data/patrolCompliance").as_array().unwrap().iter().collect::<Vec<_>>();
    assert_eq!(weeks.len(), 5 * 50, "five buildings");
    let kept = share(&weeks, |one| one["done"].as_i64() >= one["owed"].as_i64());
    assert!((0.5..0.95).contains(&kept), "most weeks are kept, and not all: {kept}");
    let findings = all(group, "findings", "mendedOnSpot checkedAt ticket { channel }").await;
    assert!(findings.iter().any(|one| one["mendedOnSpot"] == true));
    assert!(findings.iter().any(|one| one["ticket"]["channel"] == "PATROL" && !one["checkedAt"].is_null()));
    let checks = all(group, "spotChecks", "publishedAt confirmedAt").await;
    assert!(checks.iter().any(|one| !one["publishedAt"].is_null() && !one["confirmedAt"].is_null()));
}
