//! What strangers send, read as the gateway reads it: one function a fuzz target. Each panics when something does not
//! hold that must. `fuzz/` shares this file with the tests that replay its corpus.

use std::sync::LazyLock;

use concierge::base::{Cursor, Id, Page, id};
use concierge::{exchange, http, live};

/// No refusal is longer, whatever was sent: it does not give back what it got.
const LONGEST: usize = 1_000;

pub fn document(bytes: &[u8]) {
    if let Ok(text) = str::from_utf8(bytes) {
        told(http::probe::document(text));
    }
}

pub fn body(bytes: &[u8]) {
    told(http::probe::body(bytes));
}

pub fn message(bytes: &[u8]) {
    if let Ok(text) = str::from_utf8(bytes) {
        told(http::probe::message(text));
    }
}

pub fn cursor(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    match live::Cursor::parse(text) {
        Ok(cursor) => assert_eq!(live::Cursor::parse(&cursor.to_string()), Ok(cursor)),
        Err(error) => told(Err(error.to_string())),
    }
    match Page::read("tickets/CREATED_AT/DESC", (Some(1), Some(text)), (None, None), (20, 100)) {
        Ok(page) => {
            let again = page.after.as_ref().map(Cursor::encode);
            let again =
                Page::read("tickets/CREATED_AT/DESC", (Some(1), again.as_deref()), (None, None), (20, 100));
            assert_eq!(again, Ok(page));
        }
        Err(error) => told(Err(error.to_string())),
    }
}

pub fn id(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    match Id::<id::kind::Ticket>::parse(text) {
        Ok(id) => assert_eq!(id.to_string(), text, "one thing has one id"),
        Err(error) => told(Err(error.to_string())),
    }
}

pub fn table(bytes: &[u8]) {
    static RUNTIME: LazyLock<tokio::runtime::Runtime> =
        LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap());
    let file = std::env::temp_dir().join(format!("concierge_table_{}", std::process::id()));
    std::fs::write(&file, bytes).unwrap();
    let read = RUNTIME.block_on(exchange::look(&file));
    std::fs::remove_file(&file).unwrap();
    told(read.map(|_| ()).map_err(|refused| refused.to_string()));
}

fn told(read: Result<(), String>) {
    if let Err(said) = read {
        assert!(said.len() <= LONGEST, "{} bytes: {said}", said.len());
        assert!(!said.contains('\n'), "{said:?}");
    }
}
