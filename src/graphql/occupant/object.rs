//! A person or company that lives or works in units (业主、住户).

use async_graphql::{ID, Object};

use crate::domain::Occupant as Row;

/// A person or company that lives or works in units (业主、住户).
#[derive(Clone, Debug)]
pub(in crate::graphql) struct Occupant(pub(in crate::graphql) Row);

impl From<Row> for Occupant {
    fn from(row: Row) -> Self {
        Self(row)
    }
}

/// A person or company that lives or works in units (业主、住户).
#[Object]
impl Occupant {
    /// Its id.
    pub(in crate::graphql) async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }
}
