//! Personal data: handed out to the person they are of, and erased. What is erased is replaced in place; the line, its
//! ids and all that is counted stay.

mod erase;
mod export;
mod export_staff;
mod replay;
mod request;
mod retention;

pub use crate::storage::erasure::{Kind as SubjectKind, Reason};
pub use crate::storage::privacy_request::{Kind, Model as PrivacyRequest, State};
pub use erase::{Erased, Subject, erase};
pub use export::{export, export_own};
pub use replay::replay;
pub use request::{Filter, Sort, SortBy, count, fulfil, list, refuse, request};
pub use retention::{KeptFor, LetGo, let_go};
