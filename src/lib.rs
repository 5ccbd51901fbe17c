//! concierge: one GraphQL gateway for a property company's customer service.

pub mod base;
pub mod domain;
pub mod live;
pub mod storage;
