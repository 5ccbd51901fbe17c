//! One matter raised, through the front door.

mod file;
