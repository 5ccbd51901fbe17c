//! The register: communities, buildings, entrances, units, occupants and who lives where.

mod building;
mod closing;
mod community;
mod entrance;
mod facility;
mod lists;
mod moving;
mod nodes;
mod occupant;
mod phones;
mod shapes;
mod unit;

use serde_json::{Value, json};

use crate::support::{Actor, App};

/// Code, path and message of a payload's only user error.
fn refusal(payload: &Value) -> (String, String, String) {
    let errors = payload["userErrors"].as_array().unwrap_or_else(|| panic!("{payload}"));
    let [error] = errors.as_slice() else { panic!("{payload}") };
    let path = error["field"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
    (text("code"), path.collect::<Vec<_>>().join("."), text("message"))
}

/// `base` with the fields of `other` put over it.
fn with(base: &Value, other: Value) -> Value {
    let (Value::Object(mut all), Value::Object(other)) = (base.clone(), other) else { panic!("{base}") };
    all.extend(other);
    all.into()
}

/// Tries each of `wrong`, put over an input that would do: code, path and message of the refusal are as said.
async fn refuses(actor: &Actor, mutation: &str, good: &Value, wrong: Vec<(Value, &str, &str, String)>) {
    for (change, code, path, message) in wrong {
        let shown = change.to_string().chars().take(200).collect::<String>();
        let answer = actor.act(mutation, with(good, change), "").await;
        assert_eq!(refusal(&answer.0), (code.to_owned(), path.to_owned(), message), "{mutation} {shown}");
    }
}

/// How many of everything there are, for whoever sees all.
async fn totals(app: &App) -> Value {
    let admin = app.actor("admin").await;
    let query = "{ communities { totalCount } buildings { totalCount nodes { entrances { id } } } units { totalCount }
        occupants { totalCount nodes { occupancies { toOn } } } }";
    admin.ask(query).await.at("/data").clone()
}

/// A thing again by its id.
async fn again(actor: &Actor, id: &str, kind: &str, fields: &str) -> Value {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {fields} }} }} }}");
    actor.ask_with(&query, json!({ "id": id })).await.at("/data/node").clone()
}

fn long() -> String {
    "长".repeat(101)
}

fn too_long(max: usize) -> String {
    format!("the text has 101 characters; at most {max} are kept")
}

const NUL: &str = "the text holds the control character U+0000; remove it";
const EMPTY: &str = "a text is needed here; this one is empty";
const MAY_NOT: &str = "you may not change the register here; assistants do in the buildings in their charge, supervisors, managers and ADMIN everywhere in the community";

/// An id of a kind that nothing has.
fn nobody(kind: &str) -> String {
    format!("{kind}:01900000-0000-7000-8000-000000000000")
}

fn unknown(kind: &str) -> String {
    format!("there is no {kind} {}", nobody(kind))
}
