//! The official audit of GraphQL over HTTP, npm's `graphql-http`: every MUST, SHOULD and MAY.

use super::server::server;
use crate::support::node::Node;

/// How many checks that version of the audit makes which `tests/clients/package-lock.json` names.
const CHECKS: usize = 61;

#[tokio::test]
async fn every_check_of_the_official_audit_passes() {
    let server = server().await;
    let Some(mut audit) = Node::run("audit.mjs", &[&format!("{}/graphql", server.url)]) else { return };
    let mut passed = 0;
    let mut failed = Vec::new();
    while let Some(check) = audit.next().await {
        match check["status"].as_str() {
            Some("ok") => passed += 1,
            _ => failed.push(format!("{} {}: {}", check["id"], check["name"], check["reason"])),
        }
    }
    assert_eq!((passed, failed), (CHECKS, Vec::new()));
}
