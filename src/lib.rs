//! concierge: one GraphQL gateway for a property company's customer service.
//!
//! A request falls through the house once, top to bottom:
//!
//! ```text
//! http → graphql/<noun> → domain/<noun> → storage/<noun>
//! ```
//!
//! and an event climbs back up: the transaction that made a change writes a row, `live` tails the rows, and
//! `graphql::fanout` executes for the subscribers. `tests/architecture` holds who may use whom.

pub mod app;
pub mod auth;
pub mod backup;
pub mod base;
pub mod cli;
pub mod config;
pub mod domain;
pub mod exchange;
pub mod graphql;
pub mod http;
pub mod jobs;
pub mod live;
pub mod seed;
pub mod storage;
