//! One matter raised, through the front door: a file an operation or a small group of them, and the tables beneath.

mod case;
mod play;

mod ending;
mod file;
mod handling;
mod idempotency;
mod order;
mod pressing;
mod text;
mod working;
