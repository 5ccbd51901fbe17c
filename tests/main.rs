//! The suite: every test goes through the front door, on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, missing_docs)]
#![allow(unreachable_pub, dead_code)]

mod support;

mod architecture;
mod attachment;
mod audit;
mod cli;
mod docs;
mod document;
mod documents;
mod exchange;
mod faults;
mod feed;
mod fuzz;
mod guard;
mod http;
mod inspection;
mod jobs;
mod loaders;
mod permission;
mod privacy;
mod real_hour;
mod register;
mod schema;
mod seed;
mod session;
mod staff;
mod ticket;
mod transfer;
