//! The suite: every test goes through the front door, on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, missing_docs)]
#![allow(unreachable_pub, dead_code)]

mod support;

mod feed;
mod http;
mod jobs;
mod loaders;
mod staff;
mod ticket;
