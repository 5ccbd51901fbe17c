//! Holds the house to its plan: who uses whom, and how long a file may be.

mod rules;
mod source;

use std::fs;
use std::path::Path;

use self::rules::broken;

/// A file that is longer has more than one thing to say.
const LONGEST: usize = 500;

/// Every Rust file below `folder`, by its path from the package's root.
fn files(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut open = vec![root.join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_room_uses_only_what_it_may() {
    let found: Vec<_> = files("src").iter().flat_map(|(file, text)| broken(file, text)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_file_is_too_long() {
    let all = ["src", "tests", "migrations/src"].into_iter().flat_map(files);
    let lengths = all.map(|(file, text)| (file, text.lines().count()));
    let long: Vec<_> = lengths.filter(|(_, lines)| *lines > LONGEST).collect();
    assert!(long.is_empty(), "more than {LONGEST} lines: {long:?}");
}

/// What `broken` says of one line of code, without the place.
fn said(file: &str, code: &str) -> Vec<String> {
    let prefix = format!("{file}:1: ");
    broken(file, code).iter().map(|line| line.strip_prefix(&prefix).unwrap_or(line).to_owned()).collect()
}

#[test]
fn what_breaks_the_table_is_found() {
    for (file, code, expected) in [
        ("src/graphql/x.rs", "use crate::storage::ticket;", "graphql never uses storage"),
        (
            "src/graphql/x.rs",
            "use crate::{domain::Viewer, storage::{self, ticket}};",
            "graphql never uses storage",
        ),
        ("src/graphql/x/y.rs", "use super::super::super::http::State;", "graphql never uses http"),
        ("src/graphql/x.rs", "fn f() { crate::storage::connect(); }", "graphql never uses storage"),
        ("src/graphql/x.rs", "m! { a => crate::storage::ticket::Model }", "graphql never uses storage"),
        (
            "src/graphql/x.rs",
            "macro_rules! m { () => { $crate::storage::f() } }",
            "graphql never uses storage",
        ),
        (
            "src/graphql/x.rs",
            "use sea_orm::{EntityTrait, QueryFilter as Q};",
            "graphql never uses the crate sea_orm",
        ),
        ("src/graphql/x.rs", "fn f(r: ::axum::Router) {}", "graphql never uses the crate axum"),
        (
            "src/graphql/x.rs",
            "fn f() { domain.db.read() }",
            "graphql never reaches through the domain into the database",
        ),
        ("src/http/x.rs", "use crate::storage::Database;", "http never uses storage"),
        ("src/http/x.rs", "fn f(e: sea_orm::DbErr) {}", "http never uses the crate sea_orm"),
        ("src/domain/x.rs", "use async_graphql::ID;", "domain never uses the crate async_graphql"),
        ("src/domain/ticket/x.rs", "use axum::Json;", "domain never uses the crate axum"),
        ("src/domain/ticket.rs", "use crate::auth::Caller;", "domain never uses auth"),
        (
            "src/domain/unit.rs",
            "use crate::domain::ticket::File;",
            "unit comes before ticket and does not use it",
        ),
        ("src/domain/unit/x.rs", "use super::super::staff;", "unit comes before staff and does not use it"),
        (
            "src/domain/mod.rs",
            "pub use crate::storage::ticket::{Model, Entity};",
            "domain re-exports rows, never storage::ticket::Entity",
        ),
        (
            "src/domain/mod.rs",
            "pub(crate) use crate::storage::ticket;",
            "domain re-exports rows, never storage::ticket",
        ),
        (
            "src/domain/mod.rs",
            "pub use crate::storage::ticket::*;",
            "domain re-exports rows, never storage::ticket::*",
        ),
        ("src/domain/weather.rs", "", "weather has no place in the order of nouns; give it one"),
        ("src/storage/x.rs", "use crate::domain::Error;", "storage never uses domain"),
        ("src/base/x.rs", "use crate::config::Config;", "base never uses config"),
        ("src/live/mod.rs", "use crate::graphql::Gateway;", "live never uses graphql"),
        ("src/auth/x.rs", "use crate::http::State;", "auth never uses http"),
        ("src/auth/x.rs", "fn f() { x().unwrap() }", "an unwrap or expect without #[expect(…, reason = …)]"),
        (
            "src/auth/x.rs",
            "#[expect(clippy::expect_used, reason = \"r\")] fn f() {} fn g() { x().expect(\"y\") }",
            "an unwrap or expect without #[expect(…, reason = …)]",
        ),
        (
            "src/auth/x.rs",
            "#[allow(clippy::unwrap_used)] fn f() { x().unwrap() }",
            "an unwrap or expect without #[expect(…, reason = …)]",
        ),
        ("src/kitchen.rs", "", "src/kitchen.rs: kitchen stands in no row of the table; give it one"),
    ] {
        assert!(said(file, code).contains(&expected.to_owned()), "{file}: {code}: {:?}", said(file, code));
    }
}

#[test]
fn what_keeps_the_table_is_let_be() {
    for (file, code) in [
        (
            "src/graphql/x.rs",
            "use crate::{auth::Caller, domain::{self, ticket::Filter}, base::Id, live::Live};",
        ),
        ("src/graphql/x.rs", "use super::error::fault; use async_graphql::Object;"),
        ("src/graphql/x.rs", "/// Unlike `crate::storage::ticket`.\nfn f() { g(\"crate::storage\"); }"),
        (
            "src/domain/ticket/x.rs",
            "use super::lifecycle; use crate::domain::unit; use crate::storage::{ticket, among};",
        ),
        ("src/domain/staff.rs", "use super::team::lead;"),
        (
            "src/domain/mod.rs",
            "pub use crate::storage::ticket::{Model as Ticket, Status}; pub use ticket::file;",
        ),
        ("src/auth/x.rs", "#[cfg(test)] mod tests { use axum::Router; fn f() { x().unwrap() } }"),
        ("src/auth/oidc/tests.rs", "use axum::Router;"),
        (
            "src/auth/x.rs",
            "fn f() { #[expect(clippy::expect_used, reason = \"r\")] let x = g(h()).expect(\"y\"); }",
        ),
        ("src/auth/x.rs", "fn f() { x.unwrap_or_default(); unwrap(); }"),
        ("src/app/commands.rs", "use crate::storage; fn f() { x().unwrap() }"),
        ("src/base/x.rs", "use super::id::Kind; use crate::base::Scope;"),
    ] {
        assert_eq!(said(file, code), Vec::<String>::new(), "{file}: {code}");
    }
}
