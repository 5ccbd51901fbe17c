//! A building of a community (楼宇).

use async_graphql::{ID, Object};

use crate::domain::Building as Row;

/// A building of a community (楼宇).
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Building(pub(in crate::graphql) Row);

impl From<Row> for Building {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// A building of a community (楼宇).
#[Object]
impl Building {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }
}
