//! The rows: SeaORM entities, the finders that take a viewer's [`Scope`](crate::base::Scope), and the two databases
//! behind them. Nothing above this room knows which database it is.

pub mod account;
pub mod building;
pub mod category;
pub mod charge;
pub mod checkpoint;
pub mod community;
mod connect;
pub mod entrance;
pub mod epoch;
pub mod event;
pub mod finding;
mod id;
pub mod idempotency;
mod inspected;
mod keyset;
mod keyset_each;
pub mod occupancy;
pub mod occupant;
pub mod patrol;
pub mod patrol_plan;
pub mod patrol_step;
pub mod post;
pub mod release;
pub mod session;
pub mod spot_check;
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
pub use sql::{Turn, among, contains, take_turn};
