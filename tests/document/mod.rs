//! The archives: documents filed, changed, withdrawn, and who has read them.

mod file;
mod keep;
mod readings;
mod sight;

use serde_json::{Value, json};

use crate::support::picture::PDF;
use crate::support::{Actor, App};

/// An input that would do: a contract of 林一's about their home.
fn contract(app: &App) -> Value {
    json!({
        "occupantId": app.world.lin_yi, "unitId": app.world.a101, "category": "CONTRACT", "title": "购房合同",
        "files": [null],
    })
}

/// `base` with the fields of `other` put over it.
fn with(base: &Value, other: Value) -> Value {
    let (Value::Object(mut all), Value::Object(other)) = (base.clone(), other) else { panic!("{base}") };
    all.extend(other);
    all.into()
}

/// Files a contract of 林一's that is so confidential, and gives its id and that of its file.
async fn filed(app: &App, by: &str, confidentiality: &str) -> (String, String) {
    let input = with(&contract(app), json!({ "confidentiality": confidentiality }));
    let files: &[(&str, &str, &[u8])] = &[("files.0", "合同.pdf", PDF)];
    let done =
        app.actor(by).await.act_with("documentFile", input, files, "document { id files { id } }").await;
    let done = done.done();
    (done.text("/document/id"), done.text("/document/files/0/id"))
}

/// The ids of the documents in the viewer's list.
async fn listed(actor: &Actor, filter: Value) -> Vec<String> {
    let query = "query($filter: DocumentFilter) { documents(filter: $filter) { totalCount nodes { id } } }";
    let answer = actor.ask_with(query, json!({ "filter": filter })).await;
    let found = answer.at("/data/documents");
    let nodes = found["nodes"].as_array().unwrap_or_else(|| panic!("{answer:?}"));
    assert_eq!(found["totalCount"], nodes.len());
    nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect()
}

/// A document again by its id.
async fn again(actor: &Actor, id: &str, fields: &str) -> Value {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on Document {{ {fields} }} }} }}");
    actor.ask_with(&query, json!({ "id": id })).await.at("/data/node").clone()
}

/// A link to what a document holds.
async fn link(actor: &Actor, id: &str) -> String {
    again(actor, id, "files { url }").await["files"][0]["url"].as_str().unwrap().to_owned()
}
