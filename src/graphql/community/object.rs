//! One managed estate (小区).

use async_graphql::{ID, Object};

use crate::domain::Community as Row;

/// One managed estate (小区).
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Community(pub(in crate::graphql) Row);

impl From<Row> for Community {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// One managed estate (小区).
#[Object]
impl Community {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }
}
