//! One ticket by its number, and counts by status.

use serde_json::json;

use super::play::{At, Play};
use crate::on_both;

on_both! {
    async fn by_number(app) {
        let play = Play::on(app);
        let id = play.raise("COMPLAINT").await;
        let query = "query($number: String!) { ticket(number: $number) { id } }";
        for number in ["XH-20261123-0001", "xh-20261123-0001", "  XH-20261123-0001\n"] {
            assert_eq!(play.asks("desk", query, json!({ "number": number })).await["ticket"], json!({ "id": id }));
        }
        for number in ["XH-20261123-0002", "", "  ", "XH-20261123-000_", "%", "' OR 1=1 --"] {
            assert_eq!(play.asks("desk", query, json!({ "number": number })).await["ticket"], json!(null), "{number}");
        }
        let number = json!({ "number": "XH-20261123-0001" });
        for login in ["lin-er", "wang-lin", "zhao-yuan", "worker", "assistant2", "yunshan-desk", "yunshan-head", "admin"] {
            assert_eq!(play.asks(login, query, number.clone()).await["ticket"], json!(null), "{login}");
        }
        for (number, message) in [
            ("XH\u{0}".to_owned(), "the text holds the control character U+0000; remove it"),
            ("X".repeat(65), "the text has 65 characters; at most 64 are kept"),
        ] {
            let answer = play.actor("desk").await.ask_with(query, json!({ "number": number })).await;
            assert_eq!(answer.error(), "INVALID");
            assert_eq!(answer.at("/errors/0/message"), message);
        }
    }

    async fn numbers_count_by_community_and_day(app) {
        let play = Play::on(app);
        play.raise("REPAIR").await;
        let elsewhere = json!({ "kind": "REPAIR", "unitId": app.world.c101, "description": "漏水" });
        play.file("zhao-yuan", elsewhere).await;
        // Fourteen hours on it is the next day in Shanghai and still the 23rd in UTC.
        play.later(chrono::TimeDelta::hours(14)).await;
        play.raise("REPAIR").await;
        let seen = play.asks("group", "{ tickets(orderBy: CREATED_ASC) { nodes { number } } }", json!({})).await;
        let mut numbers = seen["tickets"]["nodes"].as_array().unwrap().iter().map(|node| node["number"].as_str().unwrap()).collect::<Vec<_>>();
        numbers.sort_unstable();
        assert_eq!(numbers, ["XH-20261123-0001", "XH-20261124-0001", "YS-20261123-0001"]);
    }

    async fn counts_by_status(app) {
        let play = Play::on(app);
        for at in [At::New, At::New, At::Assigned, At::OnHold, At::Resolved, At::Closed, At::Rejected, At::Cancelled] {
            play.at(at, "REPAIR").await;
        }
        let query = "query($filter: TicketFilter) { ticketCounts(filter: $filter) { status count } }";
        for (login, filter, expected) in [
            (
                "desk",
                json!(null),
                json!([["ASSIGNED", 1], ["CANCELLED", 1], ["CLOSED", 1], ["NEW", 2], ["ON_HOLD", 1], ["REJECTED", 1], ["RESOLVED", 1]]),
            ),
            ("desk", json!({ "open": true }), json!([["ASSIGNED", 1], ["NEW", 2], ["ON_HOLD", 1]])),
            ("desk", json!({ "kinds": ["COMPLAINT"] }), json!([])),
            ("lin-er", json!({ "statuses": ["NEW"] }), json!([["NEW", 2]])),
            ("wang-lin", json!(null), json!([])),
            ("yunshan-desk", json!(null), json!([])),
        ] {
            let counts = play.asks(login, query, json!({ "filter": filter })).await;
            let counts = counts["ticketCounts"].as_array().unwrap().iter();
            let mut counts = counts.map(|one| json!([one["status"], one["count"]])).collect::<Vec<_>>();
            counts.sort_by_key(ToString::to_string);
            assert_eq!(json!(counts), expected, "{login}");
        }
    }
}
