//! The audit trail: what is written down, who reads it, and that it cannot be changed.

mod guard;
mod readings;
mod trail;

use serde_json::{Value, json};

use crate::support::{Actor, App};

/// The lines of these actions that somebody reads, newest first.
async fn lines(actor: &Actor, actions: &[&str], fields: &str) -> Vec<Value> {
    let query = format!(
        "query($actions: [AuditAction!]) {{ auditTrail(filter: {{ actions: $actions }}) {{ nodes {{ {fields} }} }} }}"
    );
    let answer = actor.ask_with(&query, json!({ "actions": actions })).await;
    answer.at("/data/auditTrail/nodes").as_array().unwrap_or_else(|| panic!("{answer:?}")).clone()
}

/// What was handed on is written in the background: asks until there are so many lines.
async fn awaited(app: &App, actions: &[&str], fields: &str, count: usize) -> Vec<Value> {
    let admin = app.actor("admin").await;
    loop {
        let found = lines(&admin, actions, fields).await;
        assert!(found.len() <= count, "{found:?}");
        if found.len() == count {
            return found;
        }
        tokio::task::yield_now().await;
    }
}
