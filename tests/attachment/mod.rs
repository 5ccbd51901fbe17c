//! Photos and documents: uploaded, attached, served, taken away, swept.

mod attach;
mod form;
mod link;
mod redact;
mod s3;
mod sight;
mod stores;
mod sweep;
mod upload;

use serde_json::{Value, json};

use crate::support::{Actor, App};

/// All that an attachment tells.
pub const FIELDS: &str = "id kind status url thumbnailUrl mediaType bytes width height fileName uploadedAt";

/// 林一's complaint, without a photo yet.
pub async fn complaint(app: &App) -> String {
    let input = json!({ "kind": "COMPLAINT", "unitId": app.world.a101, "description": "漏水" });
    app.actor("lin-yi").await.act("ticketFile", input, "ticket { id }").await.done().text("/ticket/id")
}

/// What a viewer sees of a ticket's attachments.
pub async fn seen(actor: &Actor, ticket: &str, fields: &str) -> Value {
    let query =
        format!("query($id: ID!) {{ node(id: $id) {{ ... on Ticket {{ attachments {{ {fields} }} }} }} }}");
    actor.ask_with(&query, json!({ "id": ticket })).await.at("/data/node/attachments").clone()
}

/// Comments with attachments that were uploaded before.
pub async fn comment(actor: &Actor, ticket: &str, visibility: &str, attachments: &[&str]) {
    let input =
        json!({ "id": ticket, "text": "见图", "visibility": visibility, "attachmentIds": attachments });
    actor.act("ticketComment", input, "").await.done();
}

/// A link to a file of an attachment.
pub async fn link(actor: &Actor, attachment: &str, field: &str) -> String {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on Attachment {{ {field} }} }} }}");
    let answer = actor.ask_with(&query, json!({ "id": attachment })).await;
    answer.text(&format!("/data/node/{field}"))
}
