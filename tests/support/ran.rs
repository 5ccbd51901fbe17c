//! What the suite ran on and with, since a machine may lack some of it; `make test` says so in its last lines.

use std::path::PathBuf;

/// The suite ran on this database.
pub fn on(database: &str) {
    note("ran-on", database);
}

/// The suite ran with these clients.
pub fn with(clients: &str) {
    note("ran-with", clients);
}

fn note(how: &str, what: &str) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(how);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(what), "").unwrap();
}
