//! One matter raised, through the front door: a file an operation or a small group of them, and the tables beneath.

mod case;
mod play;

mod ending;
mod file;
mod handling;
mod idempotency;
mod life;
mod lifecycle;
mod list;
mod lookup;
mod order;
mod policy;
mod pressing;
mod search;
mod sight;
mod sla;
mod subject;
mod text;
mod working;
