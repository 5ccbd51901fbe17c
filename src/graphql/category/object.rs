//! A node of the category tree: place × category × problem.

use async_graphql::{ID, Object};

use crate::domain::Category as Row;

/// A node of the category tree: place × category × problem.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Category(pub(in crate::graphql) Row);

impl From<Row> for Category {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// A node of the category tree: place × category × problem.
#[Object]
impl Category {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Stable name for programs.
    async fn code(&self) -> &str {
        &self.0.code
    }
}
