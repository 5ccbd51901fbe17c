//! The schema's manners, asked of the schema itself.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::App;

const INTROSPECTION: &str = "{ __schema { types {
    name kind description
    interfaces { name }
    fields(includeDeprecated: true) {
        name description type { ...Named }
        args(includeDeprecated: true) { name description type { ...Named } }
    }
    inputFields(includeDeprecated: true) { name description type { ...Named } }
    enumValues(includeDeprecated: true) { name description }
} } }
fragment Named on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// Types with an `id` that `node` does not find again, and why.
const NOT_NODES: [(&str, &str); 3] = [
    ("AuditEntry", "a line of the audit trail, read by `auditTrail` alone"),
    ("TicketEvent", "a line of a ticket's timeline, read with its ticket"),
    ("Session", "one of the viewer's own devices; `sessionEnd` takes its id"),
];

/// What mutations begin with.
const NOUNS: [&str; 27] = [
    "account",
    "attachment",
    "building",
    "category",
    "charge",
    "checkpoint",
    "community",
    "dataTransfer",
    "document",
    "entrance",
    "facility",
    "finding",
    "occupancy",
    "occupant",
    "patrol",
    "patrolPlan",
    "post",
    "privacy",
    "privacyRequest",
    "register",
    "session",
    "spotCheck",
    "staff",
    "team",
    "ticket",
    "unit",
    "workOrder",
];

/// The types of the schema, without those that GraphQL itself has.
async fn types() -> Vec<Value> {
    let app = App::with(|_| {}).await;
    let answer = app.nobody().ask(INTROSPECTION).await;
    app.stop().await;
    assert_eq!(answer.at("/errors"), &Value::Null);
    let types = answer.at("/data/__schema/types").as_array().unwrap();
    types.iter().filter(|kind| !name(kind).starts_with("__")).cloned().collect()
}

fn name(thing: &Value) -> &str {
    thing["name"].as_str().unwrap()
}

fn list<'a>(thing: &'a Value, what: &str) -> impl Iterator<Item = &'a Value> {
    thing[what].as_array().into_iter().flatten()
}

/// A type as it is written: `[ID!]!`.
fn written(kind: &Value) -> String {
    match kind["kind"].as_str().unwrap() {
        "NON_NULL" => format!("{}!", written(&kind["ofType"])),
        "LIST" => format!("[{}]", written(&kind["ofType"])),
        _ => name(kind).to_owned(),
    }
}

fn of_type<'a>(types: &'a [Value], wanted: &str) -> &'a Value {
    types.iter().find(|kind| name(kind) == wanted).unwrap()
}

#[test]
fn the_file_is_what_the_code_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql");
    let written = fs::read_to_string(file).unwrap();
    assert!(
        written == concierge::graphql::sdl(),
        "schema.graphql is old; run `make schema` and look at what changed"
    );
}

#[tokio::test]
async fn everything_is_described() {
    let mut silent = Vec::new();
    let mut ask = |thing: &Value, path: String| {
        if thing["description"].as_str().is_none_or(|text| text.trim().is_empty()) {
            silent.push(path);
        }
    };
    for kind in types().await {
        let of = name(&kind);
        ask(&kind, of.to_owned());
        for field in list(&kind, "fields") {
            ask(field, format!("{of}.{}", name(field)));
            // The one argument of every mutation is told by its type.
            for argument in list(field, "args").filter(|argument| name(argument) != "input") {
                ask(argument, format!("{of}.{}({}:)", name(field), name(argument)));
            }
        }
        for part in list(&kind, "inputFields").chain(list(&kind, "enumValues")) {
            ask(part, format!("{of}.{}", name(part)));
        }
    }
    assert!(silent.is_empty(), "without a description: {}", silent.join(", "));
}

#[tokio::test]
async fn mutations_take_one_input_and_answer_with_user_errors() {
    let types = types().await;
    let mut wrong = Vec::new();
    for mutation in list(of_type(&types, "Mutation"), "fields") {
        let called = name(mutation);
        let mut verb = NOUNS.iter().filter_map(|noun| {
            let rest = called.strip_prefix(noun)?;
            Some(rest.strip_prefix('s').unwrap_or(rest))
        });
        if !verb.any(|verb| verb.starts_with(char::is_uppercase)) {
            wrong.push(format!("{called} is not a noun and a verb"));
        }
        let arguments: Vec<_> =
            list(mutation, "args").map(|argument| (name(argument), written(&argument["type"]))).collect();
        if !matches!(&arguments[..], [("input", kind)] if kind.ends_with("Input!")) {
            wrong.push(format!("{called} takes {arguments:?}"));
        }
        let payload = written(&mutation["type"]);
        let errors = list(of_type(&types, payload.trim_end_matches('!')), "fields")
            .find(|field| name(field) == "userErrors")
            .map(|field| written(&field["type"]));
        if !payload.ends_with("Payload!") || errors.as_deref() != Some("[UserError!]!") {
            wrong.push(format!("{called} answers {payload} with userErrors {errors:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn lists_that_grow_are_connections() {
    const ARGUMENTS: [&str; 6] = ["filter", "orderBy", "first", "after", "last", "before"];
    let types = types().await;
    let mut wrong = Vec::new();
    for kind in &types {
        for field in list(kind, "fields") {
            let shown = written(&field["type"]);
            if !shown.trim_end_matches('!').ends_with("Connection") {
                continue;
            }
            let arguments: Vec<_> = list(field, "args").map(name).collect();
            // Within its parent a list is narrowed by it; whoever wants another order asks the root.
            let needed = if name(kind) == "Query" { &ARGUMENTS[..] } else { &ARGUMENTS[2..] };
            let missing: Vec<_> = needed.iter().filter(|wanted| !arguments.contains(*wanted)).collect();
            if !missing.is_empty() {
                wrong.push(format!("{}.{} has no {missing:?}", name(kind), name(field)));
            }
            let parts: Vec<_> =
                list(of_type(&types, shown.trim_end_matches('!')), "fields").map(name).collect();
            let absent =
                ["pageInfo", "edges", "nodes", "totalCount"].iter().any(|part| !parts.contains(part));
            if absent {
                wrong.push(format!("{shown} has only {parts:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn what_has_an_id_is_a_node() {
    let mut without = Vec::new();
    for kind in types().await.iter().filter(|kind| kind["kind"] == "OBJECT") {
        let has_id =
            list(kind, "fields").any(|field| name(field) == "id" && written(&field["type"]) == "ID!");
        if has_id && !list(kind, "interfaces").any(|interface| name(interface) == "Node") {
            without.push(name(kind).to_owned());
        }
    }
    without.sort();
    let mut excused = NOT_NODES.map(|(name, _)| name.to_owned()).to_vec();
    excused.sort();
    assert_eq!(without, excused);
}
