//! A department or crew of a community (部门、班组).

use async_graphql::{ID, Object};

use crate::domain::Team as Row;

/// A department or crew of a community (部门、班组).
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Team(pub(in crate::graphql) Row);

impl From<Row> for Team {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// A department or crew of a community (部门、班组).
#[Object]
impl Team {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }
}
