//! The command `concierge`.
fn main() {}
