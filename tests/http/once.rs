//! A mutation's field runs once however often it stands there; two names make two.

use serde_json::{Value, json};

use crate::on_both;
use crate::support::{Actor, App, ws::Ws};

const FILE: &str = "ticketFile(input: $input) { ticket { id } }";

/// The same under a condition.
fn file_if(condition: &str) -> String {
    FILE.replacen(") {", &format!(") {condition} {{"), 1)
}

fn document(body: &str, fragments: &str) -> String {
    format!(
        "mutation($input: TicketFileInput!, $yes: Boolean = true, $no: Boolean!) {{ {body} }} {fragments}"
    )
}

fn variables(app: &App) -> Value {
    let input = json!({ "kind": "REPAIR", "unitId": app.world.a101, "description": "厨房水管漏水" });
    json!({ "input": input, "no": false })
}

async fn filed(desk: &Actor) -> u64 {
    desk.ask("{ tickets { totalCount } }").await.at("/data/tickets/totalCount").as_u64().unwrap()
}

/// Runs it over HTTP and on the socket, each of which must file so many tickets; the answer over HTTP.
async fn files(app: &App, desk: &Actor, query: &str, more: u64) -> Value {
    let before = filed(desk).await;
    let answer = desk.ask_with(query, variables(app)).await.0;
    assert_eq!(filed(desk).await - before, more, "{query}: {answer}");
    let mut ws: Ws = app.socket(desk).await;
    let payload = json!({ "query": query, "variables": variables(app) });
    ws.send(json!({ "id": "1", "type": "subscribe", "payload": payload })).await;
    ws.message().await;
    assert_eq!(filed(desk).await - before, 2 * more, "on the socket: {query}");
    answer
}

on_both! {
    async fn a_repeated_field_files_one_ticket(app) {
        let desk = app.actor("desk").await;
        let used = "u: sessionEnd(input: {}) @include(if: $no) { done }";
        let used = format!("{used} v: sessionEnd(input: {{}}) @skip(if: $yes) {{ done }}");
        let fragments = format!("fragment F on Mutation {{ {FILE} }} fragment G on Mutation {{ ...F ... {{ {FILE} }} }}");
        for (body, fragments) in [
            (format!("{FILE} {FILE} {FILE}"), ""),
            (format!("{FILE} ... on Mutation {{ {FILE} ... {{ {FILE} }} }}"), ""),
            ("...F ...F ...G ...G".to_owned(), fragments.as_str()),
            (format!("...G {FILE} ...F"), fragments.as_str()),
            (["@skip(if: $yes)", "@include(if: $yes)", "@skip(if: $no)"].map(file_if).join(" "), ""),
            (
                format!("...F @skip(if: $yes) ...G @include(if: $yes) {}", file_if("@include(if: $no)")),
                fragments.as_str(),
            ),
        ] {
            let answer = files(app, &desk, &document(&format!("{used} {body}"), fragments), 1).await;
            assert!(answer["data"]["ticketFile"]["ticket"]["id"].is_string(), "{answer}");
            assert!(answer.get("errors").is_none(), "{answer}");
        }
    }

    async fn what_repetitions_select_comes_together(app) {
        let desk = app.actor("desk").await;
        let used = "u: sessionEnd(input: {}) @skip(if: $yes) { done } v: sessionEnd(input: {}) @include(if: $no) { done }";
        let body = "ticketFile(input: $input) { ticket { status unit { number } } } ...F";
        let fragment = "fragment F on Mutation { ticketFile(input: $input) { ticket { unit { floor } } userErrors { code } } }";
        let answer = files(app, &desk, &document(&format!("{used} {body}"), fragment), 1).await;
        let ticket = json!({ "status": "NEW", "unit": { "number": "101", "floor": 1 } });
        assert_eq!(answer["data"], json!({ "ticketFile": { "ticket": ticket, "userErrors": [] } }), "{answer}");
    }

    async fn each_name_files_a_ticket_in_order(app) {
        let desk = app.actor("desk").await;
        let used = "u: sessionEnd(input: {}) @skip(if: $yes) { done } v: sessionEnd(input: {}) @include(if: $no) { done }";
        let one = |name: &str| format!("{name}: ticketFile(input: $input) {{ ticket {{ number }} }}");
        let body = format!("{used} {} {} ...F {}", one("b"), one("a"), one("b"));
        let fragment = format!("fragment F on Mutation {{ {} }}", one("c"));
        let answer = files(app, &desk, &document(&body, &fragment), 3).await;
        let numbers: Vec<_> = ["b", "a", "c"].map(|name| answer["data"][name]["ticket"]["number"].as_str()).into();
        assert!(numbers.is_sorted() && numbers[0].is_some() && numbers[0] != numbers[2], "{answer}");
    }

    async fn one_name_for_two_things_is_refused_and_files_nothing(app) {
        let desk = app.actor("desk").await;
        let used = "u: sessionEnd(input: {}) @skip(if: $yes) { done } v: sessionEnd(input: {}) @include(if: $no) { done }";
        let other = r#"ticketFile(input: { kind: ENQUIRY, description: "?" }) { ticket { id } }"#;
        for body in [format!("{FILE} {other}"), format!("{FILE} ... on Mutation {{ {other} }}")] {
            let answer = files(app, &desk, &document(&format!("{used} {body}"), ""), 0).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{answer}");
        }
    }
}
