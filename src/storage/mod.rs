//! The rows: SeaORM entities, the finders that take a viewer's [`Scope`](crate::base::Scope), and the two databases
//! behind them. Nothing above this room knows which database it is.

pub mod account;
pub mod attachment;
pub mod audit;
pub mod blob;
pub mod building;
pub mod category;
pub mod charge;
pub mod community;
mod connect;
pub mod entrance;
pub mod epoch;
pub mod erasure;
pub mod event;
pub mod external_ref;
pub mod facility;
mod id;
pub mod idempotency;
mod keyset;
mod keyset_each;
mod ledger;
pub mod occupancy;
pub mod occupant;
pub mod post;
pub mod privacy_request;
pub mod release;
pub mod search;
pub mod session;
mod sql;
pub mod staff;
pub mod team;
pub mod ticket;
pub mod ticket_counter;
pub mod ticket_event;
pub mod unit;
pub mod work_order;

pub use connect::{Database, MigrationLock, Settings, Statements, connect};
pub use keyset::{ListError, Order, Rows, page};
pub use keyset_each::page_of_each;
pub use ledger::Ledger;
pub use sql::{Turn, among, contains, take_turn};
